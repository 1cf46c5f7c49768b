"""Harvests in processes that a test kills."""

import asyncio
import multiprocessing
from pathlib import Path

from scripted_provider import HERE

from harvesters.files import FileHarvester
from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import Protocol
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.store.engine import PostgresStore


async def harvest(database: str, source_id: SourceId, address: str) -> None:
    """One harvest of a source, resumed where the last one was cut off."""
    store = PostgresStore(database)
    async with store.work() as work:
        source = await work.sources.get(source_id)
    plan = await plan_harvest(store, source)
    if source.protocol is Protocol.OAI_PMH:
        harvester = OaiPmhHarvester(address, "marc21", None, *plan.window, access=HERE)
    else:
        harvester = FileHarvester(Path(address))
    await run_harvest(store, source, harvester, resume=plan.resume, window=plan.window)
    await store.close()


def _run(database: str, source_id: SourceId, address: str) -> None:
    asyncio.run(harvest(database, source_id, address))


def in_a_process(database: str, source_id: SourceId, address: str) -> multiprocessing.process.BaseProcess:
    """Start a harvest in a process of its own, forked from one that has everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_run, args=(database, source_id, address), daemon=True)
    process.start()
    return process
