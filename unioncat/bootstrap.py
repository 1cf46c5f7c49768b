"""The only place where the parts are put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from harvesters.files import FileHarvester
from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.delivery import ReadingRules
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import NEW_SOURCE, HarvestCounts, HarvestSource, Protocol
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.pipeline.index import Progress as IndexProgress
from unioncat.pipeline.index import index_pending, rebuild_index
from unioncat.pipeline.ingest import Progress, check_profile, run_harvest
from unioncat.pipeline.match import MatchReport, match_pending
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.pipeline.services import Services
from unioncat.reading_pool import ReadingPool
from unioncat.search.embedded import TantivyIndex, TantivyWriter
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
    reading: ReadingPool

    async def harvest(
        self, source_id: SourceId, progress: Progress = lambda counts, total: None
    ) -> HarvestCounts:
        """Harvest a registered OAI-PMH source: resume, or what changed since the last complete run."""
        async with self.store.work() as work:
            source = await work.sources.get(source_id)
        if source.protocol is not Protocol.OAI_PMH:
            raise UnioncatError(
                f"Source {source.id} takes files; deliver one with: unioncat import FILE --library {source.isil}"
            )
        plan = await plan_harvest(self.store, source)
        harvester = OaiPmhHarvester(source.address, source.metadata_prefix, source.set_spec, *plan.window)
        return await run_harvest(
            self.store,
            source,
            harvester,
            resume=plan.resume,
            window=plan.window,
            progress=progress,
            read=self.reading.read,
        )

    async def register_feed(
        self, isil: Isil, address: str, prefix: str, set_spec: str | None, profile: str
    ) -> HarvestSource:
        """Register an OAI-PMH feed of a registered library."""
        async with self.store.work() as work:
            await work.registry.library(isil)
            rules = ReadingRules(check_profile(profile))
            source = await work.sources.save(
                HarvestSource(NEW_SOURCE, isil, Protocol.OAI_PMH, address, prefix, set_spec, rules)
            )
            await work.commit()
        return source

    async def import_file(
        self, path: Path, isil: Isil, profile: str, progress: Progress = lambda counts, total: None
    ) -> HarvestCounts:
        """Import a file of records as a delivery of a registered library."""
        harvester = FileHarvester(path)
        async with self.store.work() as work:
            await work.registry.library(isil)
            rules = ReadingRules(check_profile(profile))
            source = await work.sources.save(
                HarvestSource(NEW_SOURCE, isil, Protocol.FILE, "upload", "auto", None, rules)
            )
            await work.commit()
        return await run_harvest(self.store, source, harvester, progress=progress, read=self.reading.read)

    async def catch_up(
        self,
        matched: Callable[[MatchReport], None] = lambda report: None,
        indexed: IndexProgress = lambda done: None,
    ) -> tuple[MatchReport, int]:
        """Match, merge and index everything that changed."""
        report = await match_pending(self.store, matched)
        return report, await index_pending(self.store, self._writer, indexed)

    async def reindex(self, progress: IndexProgress = lambda done: None) -> int:
        """Build the index anew beside the live one and switch to it; returns the number of documents."""
        async with TantivyWriter.rebuild(self.settings.index_home) as writer:
            return await rebuild_index(self.store, writer, progress)

    async def _writer(self) -> TantivyWriter:
        return await TantivyWriter.open(self.settings.index_home)


@asynccontextmanager
async def open_application(settings: Settings) -> AsyncIterator[Application]:
    """Start what is needed (a private PostgreSQL unless UNIONCAT_DATABASE_URL names one), migrate, connect.

    Raises StoreUnavailable.
    """
    with ExitStack() as stack:
        url = settings.database_url
        if url is None:
            server = stack.enter_context(embedded_postgres(settings.postgres_home, settings.pg_bin))
            url = database_url(server, _DATABASE)
            await ensure_database(server, _DATABASE)
        store = PostgresStore(url)
        reading = ReadingPool()
        stack.callback(reading.close)
        search = TantivyIndex(settings.index_home)
        try:
            await store.migrate()
            services = Services(PostgresCatalogue(store), search, settings.language)
            yield Application(settings, store, services, reading)
        finally:
            await search.close()
            await store.close()
