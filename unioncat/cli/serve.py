"""Commands that keep running: the API with its pages, and the worker beside it."""

import asyncio
import errno
import socket
from typing import Annotated

import typer

from unioncat.bootstrap import Application, open_application
from unioncat.cli.worker import worker
from unioncat.core.errors import UnioncatError
from unioncat.settings import Settings, load_settings

commands = typer.Typer()

Host = Annotated[str | None, typer.Option(help="Address to listen on; default UNIONCAT_HOST or 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(help="Port; 0 takes any free one; default UNIONCAT_PORT or 8600.")]


@commands.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Serve the pages and the API until Ctrl-C, run harvests that are due, and match and index what comes in."""
    settings = load_settings()

    async def run() -> None:
        with listening(settings, host, port) as listener:
            async with open_application(settings) as application:
                await serve_until_stopped(application, listener)

    asyncio.run(run())


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
    import uvicorn  # with the API, a third of the time that every command would need to start

    from api.app import create_app

    async with worker(feeds=True), application.feed_control() as control:
        app = create_app(application.services, application.feeds, control, application.quality)
        config = uvicorn.Config(app, log_level="warning", lifespan="off")
        print(f"unioncat serves on http://{host}:{port}/  (stop with Ctrl-C)", flush=True)
        await uvicorn.Server(config).serve(sockets=[listener])
