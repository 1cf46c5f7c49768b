"""Whatever is killed when, the indexer, the engine or the database: afterwards `verify` finds no difference (laws 1 to 5).

`UNIONCAT_KILLS` says how often each engine is killed around.
"""

import asyncio
import contextlib
import os
import random
import signal
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from deliveries import a_deletion, a_random_delivery, a_source, deliver
from elastic_clusters import one_node
from elastic_node import ElasticNode
from killable_indexer import indexer_in_a_process
from sqlalchemy.exc import DBAPIError

from unioncat.bootstrap import open_engine
from unioncat.core.errors import UnioncatError
from unioncat.core.index.request import SearchRequest
from unioncat.core.registry import HarvestSource
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.pipeline.verify import verify_store
from unioncat.reading_pool import ReadingPool
from unioncat.settings import Settings
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

KILLS = int(os.environ.get("UNIONCAT_KILLS", "8"))
IDENTIFIERS = 60
PATIENCE = 90.0


@dataclass
class Site:
    """A store, an engine and an indexer that can be killed and are started again."""

    settings: Settings
    postgres: Path
    start_engine: Callable[[], ElasticNode] | None
    indexer: BaseProcess
    engine: ElasticNode | None = None
    resources: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def kill(self, victim: str) -> None:
        """Kill one of three as a power failure does, and start it again."""
        if victim == "database":
            pid_file = self.postgres / "server" / "data" / "postmaster.pid"
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
            self.resources.enter_context(embedded_postgres(self.postgres))
        elif victim == "engine":
            assert self.engine
            assert self.start_engine
            self.engine.kill()
            self.engine = self.start_engine()
        else:
            self.indexer.kill()
            self.indexer.join()
            self.indexer = indexer_in_a_process(self.settings)


@pytest.fixture(params=["embedded", "elasticsearch"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """Everything on its own, so that no other test is hit."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="unioncat-")))
        home.chmod(0o755)  # so that PostgreSQL, which does not run as root, may enter
        postgres = home / "postgres"
        server = stack.enter_context(embedded_postgres(postgres))
        asyncio.run(ensure_database(server, "killed"))
        settings = Settings(home=home, database_url=database_url(server, "killed"))
        start, node = None, None
        if request.param == "elasticsearch":
            port = _free_port()
            start = stack.enter_context(one_node(port))
            node = start()
            settings = settings.model_copy(
                update={"engine": "elasticsearch", "es_url": f"http://127.0.0.1:{port}"}
            )
        opened = Site(settings, postgres, start, indexer_in_a_process(settings), node, stack)
        try:
            yield opened
        finally:
            opened.indexer.kill()
            opened.indexer.join()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def test_after_every_kill_verify_finds_no_difference(site: Site) -> None:
    draw = random.Random(11)
    victims = ("indexer", "database") if site.engine is None else ("indexer", "database", "engine")
    store, pool = PostgresStore(site.settings.database_url or ""), ReadingPool()
    await _until(store.migrate)
    source = await a_source(store)
    engine = open_engine(site.settings, pool)
    for _ in range(KILLS):
        writing = asyncio.create_task(_write(store, source, draw))
        await asyncio.sleep(draw.uniform(0.05, 1.0))
        await asyncio.to_thread(site.kill, draw.choice(victims))
        await writing

        async def is_settled() -> None:
            async with store.work() as work:
                counts, last = await work.audit.counts(), await work.changes.last()
            assert counts["waiting_for_matcher"] == 0
            assert await engine.index.position() == last > 0
            await engine.index.search(SearchRequest())  # all shards are back

        await _until(is_settled)
        findings = await verify_store(store, engine.index)
        assert [finding for finding in findings if finding.broken] == []
        assert findings[-1].count > 0
    await engine.close()
    await store.close()
    pool.close()


async def _write(store: PostgresStore, source: HarvestSource, draw: random.Random) -> None:
    """Some deliveries: records that are new, changed and gone. What is cut off is delivered again."""
    for _ in range(draw.randint(2, 6)):
        records = [
            a_deletion(identifier) if draw.random() < 0.2 else a_random_delivery(draw, identifier)
            for identifier in draw.sample([f"r{number}" for number in range(IDENTIFIERS)], 8)
        ]

        async def once(records: list = records) -> None:
            await deliver(store, source, records, 3)

        await _until(once)


async def _until(act: Callable[[], Awaitable[None]]) -> None:
    """Again and again, until it comes to its end."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return await act()
        except (AssertionError, UnioncatError, DBAPIError, OSError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
