"""The worker: a second process that matches and indexes what comes in, while the first one harvests or serves."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from unioncat.bootstrap import open_application
from unioncat.core.errors import UnioncatError
from unioncat.settings import load_settings

commands = typer.Typer()


@commands.command(hidden=True)
def work() -> None:
    """Match and index what comes in, until standard input is closed."""

    async def run() -> None:
        closed = asyncio.create_task(_end_of_input())
        async with open_application(load_settings()) as application:
            said: str | None = None
            while not closed.done():
                try:
                    await application.catch_up()
                    said = None
                except (
                    UnioncatError
                ) as error:  # the database restarts, the disk is full: try again, say it once
                    if str(error) != said:
                        print(f"unioncat: {error}", file=sys.stderr, flush=True)
                    said = str(error)
                await asyncio.wait([closed], timeout=1.0 if said is None else 10.0)

    asyncio.run(run())


async def _end_of_input() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


@asynccontextmanager
async def worker() -> AsyncIterator[None]:
    """Run the worker while inside; at the end it finishes what waits for it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "unioncat.cli",
        "work",
        stdin=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()
