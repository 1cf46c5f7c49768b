"""A matcher and indexer in a process of its own, which a test kills."""

import asyncio
import contextlib
import multiprocessing

from unioncat.bootstrap import open_application
from unioncat.core.errors import UnioncatError
from unioncat.settings import Settings

_PAUSE = 0.1


async def _work(settings: Settings) -> None:
    """Match and index for ever; what is away is waited for."""
    async with open_application(settings) as application:
        while True:
            with contextlib.suppress(UnioncatError):
                await application.catch_up()
            await asyncio.sleep(_PAUSE)


def _run(settings: Settings) -> None:
    while True:
        try:
            asyncio.run(_work(settings))
        except UnioncatError:  # at its start: the database or the engine is away
            continue


def indexer_in_a_process(settings: Settings) -> multiprocessing.process.BaseProcess:
    """Start an indexer, forked from a process that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_run, args=(settings,))
    process.start()
    return process
