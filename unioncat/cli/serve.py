"""Commands that keep running: the API with its pages, and the worker beside it."""

import asyncio
import errno
import socket
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
import uvloop

from unioncat.bootstrap import Application, open_application
from unioncat.cli.worker import end_of_input, worker
from unioncat.core.errors import UnioncatError
from unioncat.settings import Settings, load_settings

commands = typer.Typer()

_SECONDS_BEFORE_ANOTHER = 1.0
_SECONDS_A_CONNECTION_IS_KEPT = 75

Host = Annotated[str | None, typer.Option(help="Address to listen on; default UNIONCAT_HOST or 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(help="Port; 0 takes any free one; default UNIONCAT_PORT or 8600.")]


@commands.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve the pages and the API until Ctrl-C, run harvests that are due, and match and index what comes in.

    As many processes answer as UNIONCAT_SERVERS says, by default one for each processor, four at most.
    """
    settings = load_settings()

    async def run() -> None:
        with listening(settings, host, port) as listener:
            async with open_application(settings) as application, others(settings.servers - 1, listener):
                await serve_until_stopped(application, listener)

    _run(run())


@commands.command(hidden=True)
def answer(listener: int) -> None:
    """Answer at an inherited socket of this number, until standard input is closed."""

    async def run() -> None:
        stop = asyncio.Event()
        closed = asyncio.create_task(end_of_input(stop))
        async with open_application(load_settings()) as application:
            await _answer(application, socket.socket(fileno=listener), stop)
        closed.cancel()

    _run(run())


def _run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


@asynccontextmanager
async def others(count: int, listener: socket.socket) -> AsyncIterator[None]:
    """Have so many other processes answer at the same socket while inside."""
    keeping = [asyncio.create_task(_keep_answering(listener)) for _ in range(count)]
    try:
        yield
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)


async def _keep_answering(listener: socket.socket) -> None:
    """One process, and another one when it dies."""
    number = listener.fileno()
    while True:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "unioncat.cli", "answer", str(number)),
            stdin=asyncio.subprocess.PIPE,
            pass_fds=(number,),
            start_new_session=True,
        )
        try:
            await process.wait()
        finally:
            if process.stdin:
                process.stdin.close()
            await process.wait()
        print("unioncat: a process that answered has died, another one is started", file=sys.stderr)
        await asyncio.sleep(_SECONDS_BEFORE_ANOTHER)


def listening(settings: Settings, host: str | None, port: int | None) -> socket.socket:
    """A bound socket, before anything else is started; raises UnioncatError when the port is taken."""
    address = (host or settings.host, settings.port if port is None else port)
    try:
        listener = socket.create_server(address, reuse_port=False)
    except OverflowError as error:
        raise UnioncatError(f"Port {address[1]} does not exist; ports go from 0 to 65535") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UnioncatError(
                f"Port {address[1]} on {address[0]} is taken by another program; choose another with --port "
                "(0 takes any free one)"
            ) from error
        raise UnioncatError(f"Cannot listen on {address[0]} port {address[1]}: {error.strerror}") from error
    # Else every answer waits for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def serve_until_stopped(application: Application, listener: socket.socket) -> None:
    """Serve on `listener` and run a worker beside it."""
    host, port = listener.getsockname()[:2]
    async with worker(feeds=True):
        print(f"unioncat serves on http://{host}:{port}/  (stop with Ctrl-C)", flush=True)
        await _answer(application, listener, asyncio.Event())


async def _answer(application: Application, listener: socket.socket, stop: asyncio.Event) -> None:
    """Answer at a socket until `stop` is set or a signal comes."""
    import uvicorn  # with the API, a third of the time that every command would need to start

    from api.app import create_app

    async with application.feed_control() as control:
        app = create_app(application.services, application.feeds, control, application.quality)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                timeout_keep_alive=_SECONDS_A_CONNECTION_IS_KEPT,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        server.should_exit = True
        await serving
