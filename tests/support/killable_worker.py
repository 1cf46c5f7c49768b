"""A worker of the queue in a process of its own, which a test kills."""

import asyncio
import multiprocessing

from running_worker import working
from scripted_feeds import Behaviour, ScriptedFeeds

from unioncat.core.identifiers import SourceId
from unioncat.store.engine import PostgresStore


async def _work(database: str, source: SourceId) -> None:
    store = PostgresStore(database)
    feeds = ScriptedFeeds(store, {source: Behaviour.GOOD}, pages=40, page_seconds=0.05)
    async with working(store, feeds) as worker:
        await worker.task


def _run(database: str, source: SourceId) -> None:
    asyncio.run(_work(database, source))


def worker_in_a_process(database: str, source: SourceId) -> multiprocessing.process.BaseProcess:
    """Start a worker whose feed gives forty pages, slowly."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_run, args=(database, source), daemon=True)
    process.start()
    return process
