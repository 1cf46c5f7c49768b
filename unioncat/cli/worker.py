"""Workers: processes that run feeds, match and index, while others serve, or harvest by hand."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from unioncat.bootstrap import Application, open_application
from unioncat.core.errors import UnioncatError
from unioncat.settings import load_settings

commands = typer.Typer()

_SECONDS_BETWEEN_LOOKS = 0.5
_SECONDS_AFTER_AN_ERROR = 10.0


@commands.command("worker")
def run_worker() -> None:
    """Run harvests that are due or asked for, match and index, until Ctrl-C; a second Ctrl-C ends it at once."""

    async def run() -> None:
        stop = asyncio.Event()
        _stop_on_signals(stop)
        async with open_application(load_settings()) as application:
            slots = application.settings.harvests_at_once
            print(f"unioncat runs up to {slots} harvests at a time  (stop with Ctrl-C)", flush=True)
            await _work(application, stop, feeds=True)

    _log_to_standard_error()
    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        raise SystemExit(130) from None


@commands.command(hidden=True)
def work(feeds: bool = False) -> None:
    """Match and index what comes in, and run feeds if asked to, until standard input is closed."""

    async def run() -> None:
        stop = asyncio.Event()
        closed = asyncio.create_task(end_of_input(stop))
        async with open_application(load_settings()) as application:
            await _work(application, stop, feeds=feeds)
        closed.cancel()

    _log_to_standard_error()
    asyncio.run(run())


@asynccontextmanager
async def worker(*, feeds: bool = False) -> AsyncIterator[None]:
    """Run a worker while inside, which runs feeds if asked to; at the end it finishes what waits for it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "unioncat.cli", "work", *(["--feeds"] if feeds else [])),
        stdin=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


async def _work(application: Application, stop: asyncio.Event, *, feeds: bool) -> None:
    """Match and index until `stop` is set, and what the last harvests brought after it."""
    if not feeds:
        return await _keep_catching_up(application, stop)
    running = asyncio.create_task(application.run_feeds(stop))
    harvested = asyncio.Event()
    running.add_done_callback(lambda _: harvested.set())
    try:
        await _keep_catching_up(application, harvested)
        return await running
    finally:
        running.cancel()
        await asyncio.wait({running})


async def _keep_catching_up(application: Application, stop: asyncio.Event) -> None:
    """Match and index every second; what is wrong is said once and tried again."""
    said: str | None = None
    while not stop.is_set():
        try:
            await application.catch_up()
            said = None
        except UnioncatError as error:  # the database restarts, the disk is full
            if str(error) != said:
                print(f"unioncat: {error}", file=sys.stderr, flush=True)
            said = str(error)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping], timeout=_SECONDS_AFTER_AN_ERROR if said else _SECONDS_BETWEEN_LOOKS)
        stopping.cancel()


def _stop_on_signals(stop: asyncio.Event) -> None:
    """Ctrl-C and SIGTERM ask the runs to end after their page; the second one ends the process at once."""
    loop, main = asyncio.get_running_loop(), asyncio.current_task()

    def asked() -> None:
        if stop.is_set() and main:
            main.cancel()
        elif not stop.is_set():
            stop.set()
            print(
                "unioncat: stops after the pages that are under way (Ctrl-C again: at once)", file=sys.stderr
            )

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked)


async def end_of_input(stop: asyncio.Event) -> None:
    """Set `stop` when standard input is closed, as it is when the process that started this one is gone."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    stop.set()


def _log_to_standard_error() -> None:
    """Our own warnings in a line; the queue library's are about the same and long."""
    logging.basicConfig(level=logging.WARNING, format="unioncat: %(message)s")
    for name in ("procrastinate", "psycopg"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
