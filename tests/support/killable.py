"""Harvests in processes that a test kills."""

import asyncio
import json
import multiprocessing
import random
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from offices import feeds_of
from scripted_provider import HERE

from harvesters.files import FileHarvester
from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestSource, Protocol
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.store.engine import PostgresStore

KILLS = 50
_LONGEST = 1.5  # seconds until a kill; a slow machine is killed earlier in its run
_IMPORTED = ["api.app", "harvesters.oai_pmh", "harvesters.files", "unioncat.feeds", "unioncat.store.engine"]
"""Not this module: the server of forks does not find tests."""


async def harvest(database: str, source_id: SourceId, address: str) -> None:
    """One harvest of a source, resumed where the last one was cut off."""
    store = PostgresStore(database)
    async with store.work() as work:
        source = await work.sources.get(source_id)
    if source.protocol.is_target:
        with tempfile.TemporaryDirectory() as home:
            await feeds_of(store, Path(home)).harvest(source_id)
        await store.close()
        return
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
    context.set_forkserver_preload(_IMPORTED)
    process = context.Process(target=_run, args=(database, source_id, address), daemon=True)
    process.start()
    return process


async def kill_again_and_again(
    database: str,
    source: HarvestSource,
    address: str,
    next_generation: Callable[[], None],
    seed: int,
    most: int = KILLS,
) -> int:
    """Harvest, kill at a random moment, harvest again; returns how many kills hit a run."""
    chance = random.Random(seed)
    await asyncio.to_thread(in_a_process(database, source.id, address).join)
    next_generation()
    begin = time.monotonic()
    await asyncio.to_thread(in_a_process(database, source.id, address).join)
    longest = min(time.monotonic() - begin, _LONGEST)
    kills = 0
    while kills < most:
        process = in_a_process(database, source.id, address)
        await asyncio.to_thread(process.join, chance.uniform(0.01, longest))
        process.kill()
        await asyncio.to_thread(process.join)
        if process.exitcode == 0:  # it came to its end before
            next_generation()
        else:
            assert process.exitcode == -signal.SIGKILL
            kills += 1
    last = in_a_process(database, source.id, address)
    await asyncio.to_thread(last.join)
    assert last.exitcode == 0
    return kills


async def titles_in(store: PostgresStore, source: HarvestSource) -> dict[str, str]:
    """The live records of a source and their titles, as they are stored."""
    async with store.connect() as connection:
        rows = await connection.exec_driver_sql(
            f"SELECT identifier, marc::text FROM source_record WHERE source_id = {source.id} AND NOT deleted"
        )
        return {row[0]: _title(json.loads(row[1])) for row in rows}


def _title(record: list) -> str:
    return next(field[2][1] for field in record[1] if field[0] == "245")
