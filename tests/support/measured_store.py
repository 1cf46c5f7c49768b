"""Stores for benchmarks: a database of its own, synthetic records in it, and matchers as processes beside."""

import asyncio
import hashlib
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from harvesters.files import FileHarvester
from unioncat.core.delivery import ReadingRules
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import NEW_SOURCE, HarvestCounts, HarvestSource, Protocol
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.garbage import look_seldom
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.match import MatchReport, match_pending
from unioncat.reading_pool import ReadingPool
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

_PAUSE = 0.2  # seconds between two looks of a matcher


@asynccontextmanager
async def bench_store(home: Path, name: str = "bench") -> AsyncIterator[PostgresStore]:
    """An empty, migrated store on the private PostgreSQL, as the product starts it."""
    look_seldom()
    with embedded_postgres(home / "postgres") as server:
        await ensure_database(server, name)
        store = PostgresStore(database_url(server, name))
        try:
            await store.migrate()
            yield store
        finally:
            await store.close()


async def a_library(store: PostgresStore, isil: str = "VN-BENCH") -> HarvestSource:
    """A library with a source for files."""
    async with store.work() as work:
        await work.registry.save_library(MemberLibrary(Isil(isil), "Benchmark", None, "Hà Nội"))
        source = await work.sources.save(
            HarvestSource(
                NEW_SOURCE, Isil(isil), Protocol.FILE, "upload", "auto", None, ReadingRules("default")
            )
        )
        await work.commit()
    return source


async def import_file(
    store: PostgresStore, source: HarvestSource, path: Path, pool: ReadingPool
) -> HarvestCounts:
    """Harvest a file; matching is for others."""
    return await run_harvest(store, source, FileHarvester(path), read=pool.read)


@asynccontextmanager
async def matchers(store: PostgresStore, count: int) -> AsyncIterator[list[subprocess.Popen[str]]]:
    """Matchers in processes of their own; at the end they work off the queue and leave."""
    started = [_matcher(store.address) for _ in range(count)]
    try:
        yield started
        for process in started:
            assert process.stdin
            process.stdin.close()
        loop = asyncio.get_running_loop()
        for process in started:
            if await loop.run_in_executor(None, process.wait):
                raise RuntimeError("a matcher failed")
    finally:
        for process in started:
            process.kill()


def _matcher(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, __file__, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


async def match_until_told(url: str) -> MatchReport:
    """Match what waits until standard input is closed and nothing waits any more."""
    look_seldom()
    store, pool, told, total = PostgresStore(url), ReadingPool(), asyncio.Event(), MatchReport()
    waiting = asyncio.create_task(_told(told))
    try:
        while True:
            last = told.is_set()
            total += await match_pending(store, merge=pool.merge)
            if last:
                return total
            await asyncio.sleep(_PAUSE)
    finally:
        waiting.cancel()
        pool.close()
        await store.close()


async def _told(told: asyncio.Event) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()
    told.set()


async def partition(store: PostgresStore) -> tuple[int, str]:
    """How many clusters the live records are in, and a mark that is the same for the same clusters."""
    first: dict[str, str] = {}
    lines: list[str] = []
    async with store.work() as work:
        async for isil, control_number, master_id in work.audit.clusters():
            name = f"{isil} {control_number}"
            lines.append(f"{name} {first.setdefault(master_id, name)}\n")
    return len(first), hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


def peak_memory(usages: Iterable[int] = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) -> float:
    """MiB of the largest process so far."""
    return max(resource.getrusage(usage).ru_maxrss for usage in usages) / 1024


if __name__ == "__main__":
    report = asyncio.run(match_until_told(sys.argv[1]))
    print(f"{report.records} {report.pairs} {report.masters}")
