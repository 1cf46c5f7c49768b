"""The only place where the parts are put together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from harvesters.availability import adapters
from harvesters.guard import AddressGuard
from harvesters.pacing import Hosts
from harvesters.uploads import UploadSpool
from unioncat.core.errors import StoreUnavailable, UnioncatError
from unioncat.core.registry import HarvestKind
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.feeds import Feeds
from unioncat.garbage import look_seldom
from unioncat.pipeline.availability import LiveAvailability
from unioncat.pipeline.index import LibraryWatch, index_pending, rebuild_index
from unioncat.pipeline.index import Progress as IndexProgress
from unioncat.pipeline.index_doubts import IndexDifference
from unioncat.pipeline.jobs import Job
from unioncat.pipeline.match import MatchReport, match_pending
from unioncat.pipeline.ports import SearchEngine
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.rematch import rematch, rematch_if_changed
from unioncat.pipeline.repair_index import repair_index
from unioncat.pipeline.running import FeedControl, FeedRunner
from unioncat.pipeline.services import Services
from unioncat.pipeline.watch import watch
from unioncat.queue import open_queue, work_off
from unioncat.reading_pool import ReadingPool
from unioncat.search.elasticsearch import Cluster, ClusterAddress
from unioncat.search.engine import elastic_engine, embedded_engine
from unioncat.settings import Settings
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

_DATABASE = "unioncat"


@dataclass(frozen=True, slots=True)
class Application:
    """A running unioncat: store and index of one home."""

    settings: Settings
    store: PostgresStore
    services: Services
    feeds: Feeds
    pool: ReadingPool
    engine: SearchEngine
    libraries: LibraryWatch = field(default_factory=LibraryWatch)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process has seen to it that the verdicts are of its policy. Then it does not change them again:
    of two processes with different settings one says so, instead of both matching in turns for ever."""

    async def run_job(self, job: Job) -> None:
        """Run what the queue of jobs holds; implements `RunFeed`."""
        if job.kind is HarvestKind.RETRY:
            await self.feeds.retry(job.source)
        elif job.kind is HarvestKind.REREAD:
            await self.feeds.reread(job.source)
        elif job.kind is HarvestKind.AUDIT:
            await self.feeds.audit(job.source)
        else:
            await self.feeds.harvest(job.source, since=job.since)

    @asynccontextmanager
    async def feed_control(self) -> AsyncIterator[FeedControl]:
        """Starts and stops runs of feeds and shows them, through the queue of jobs."""
        async with open_queue(self.store.address) as queue:
            yield FeedControl(self.store, queue, self.settings.zone)

    async def run_feeds(self, stop: asyncio.Event) -> None:
        """Work off the queue of jobs, and what is due, until `stop` is set."""
        slots = self.settings.harvests_at_once
        async with open_queue(self.store.address, slots + 6) as queue:
            control = FeedControl(self.store, queue, self.settings.zone)
            runner = FeedRunner(control, self.run_job)

            async def tick() -> None:
                await control.enqueue_due()
                await self._enqueue_uploads(control)

            await work_off(queue, runner, slots, stop, tick=tick)

    @property
    def quality(self) -> QualityDesk:
        """Checks of sources before they are accepted, and reports about what they deliver."""
        return QualityDesk(self.store, self.feeds.probe)

    async def _enqueue_uploads(self, control: FeedControl) -> None:
        """Have delivered what was uploaded; the files of a source that is paused or gone wait."""
        for source_id in self.feeds.uploads.sources():
            try:
                await control.start(source_id, "upload")
            except StoreUnavailable:
                raise
            except UnioncatError:
                continue

    async def catch_up(
        self,
        matched: Callable[[MatchReport], None] = lambda report: None,
        indexed: IndexProgress = lambda done: None,
    ) -> tuple[MatchReport, int]:
        """Match, merge and index everything that changed; everything anew when the policy is another than before."""
        policy = self.settings.matching
        if not self.settled.is_set():
            await rematch_if_changed(self.store, policy.name)
            self.settled.set()
        limits = self.settings.merge_limits
        report = await match_pending(self.store, matched, merge=self.pool.merge, policy=policy, limits=limits)
        await self.libraries.look(self.store, datetime.now(self.settings.zone).date())
        found = await index_pending(self.store, self.engine.open_writer, indexed)
        await watch(self.store, self.settings.large_cluster)
        return report, found

    async def rematch(self) -> int:
        """Have everything judged anew by the next `catch_up`; returns the number of records."""
        return await rematch(self.store, self.settings.matching.name)

    async def reindex(self, progress: IndexProgress = lambda done: None) -> int:
        """Build the index anew beside the live one and switch to it; returns the number of documents."""
        writer = await self.engine.open_rebuild()
        try:
            return await rebuild_index(self.store, writer, progress)
        finally:
            await writer.close()

    async def repair_index(self) -> IndexDifference:
        """Write anew what the index has otherwise than the store; returns what that was."""
        return await repair_index(self.store, self.engine)


def open_engine(settings: Settings, pool: ReadingPool) -> SearchEngine:
    """The search engine of the settings; raises IndexUnavailable."""
    if settings.engine == "embedded":
        return embedded_engine(settings.index_home, pool.call)
    address = ClusterAddress(
        urls=settings.es_nodes,
        name=settings.es_index,
        api_key=settings.es_api_key,
        ca=settings.es_ca,
        shards=settings.es_shards,
        replicas=settings.es_replicas,
    )
    return elastic_engine(Cluster(address, pool.call))


@asynccontextmanager
async def open_application(settings: Settings) -> AsyncIterator[Application]:
    """Start what is needed (a private PostgreSQL unless UNIONCAT_DATABASE_URL names one), migrate, connect.

    Raises StoreUnavailable.
    """
    look_seldom()
    with ExitStack() as stack:
        url = settings.database_url
        if url is None:
            server = stack.enter_context(embedded_postgres(settings.postgres_home, settings.pg_bin))
            url = database_url(server, _DATABASE)
            await ensure_database(server, _DATABASE)
        store = PostgresStore(url, connections=10 + 3 * settings.harvests_at_once)
        reading = ReadingPool()
        stack.callback(reading.close)
        engine = open_engine(settings, reading)
        guard = AddressGuard.of(settings.allowed_networks)
        live = LiveAvailability(adapters(guard), settings.availability_limit)
        try:
            await store.migrate()
            services = Services(PostgresCatalogue(store), engine.index, settings.language, store, live)
            uploads = UploadSpool(settings.uploads_home, settings.largest_upload)
            feeds = Feeds(store, settings, reading.read, Hosts(), uploads)
            yield Application(settings, store, services, feeds, reading, engine)
        finally:
            await live.close()
            await engine.close()
            await store.close()
