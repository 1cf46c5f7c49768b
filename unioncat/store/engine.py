"""The connection to PostgreSQL: units of work, and the locks that keep processes apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from unioncat.core.identifiers import SourceId
from unioncat.store.admissions import AdmissionsTables, KeysTable
from unioncat.store.alarms import AlarmsTable
from unioncat.store.audit import AuditQueries
from unioncat.store.availability_services import AvailabilityServicesTable
from unioncat.store.changes import ChangesTable
from unioncat.store.corrections import CorrectionsTables
from unioncat.store.curation import CurationTables
from unioncat.store.failures import is_resource_error, unavailable
from unioncat.store.harvests import HarvestsTable
from unioncat.store.held import HeldTable
from unioncat.store.libraries import LibrariesTables
from unioncat.store.lookup import LookupQueries
from unioncat.store.masters import MastersTable
from unioncat.store.matching import MatchingTables
from unioncat.store.migrations import is_current, migrate
from unioncat.store.placeholders import PlaceholderQueries
from unioncat.store.quality import QualityQueries
from unioncat.store.reading_engine import reading_engine
from unioncat.store.records import RecordsTable
from unioncat.store.registry import RegistryTables
from unioncat.store.running import RunningTable
from unioncat.store.sources import SourcesTable
from unioncat.store.targets import TargetsTables
from unioncat.store.versions import VersionsTable

_INDEXER_LOCK = 0x756E6901
_HARVEST_LOCKS = 0x756E6902


@dataclass(slots=True)
class PostgresWork:
    """One transaction; implements `UnitOfWork`."""

    connection: AsyncConnection
    registry: RegistryTables
    libraries: LibrariesTables
    admissions: AdmissionsTables
    keys: KeysTable
    sources: SourcesTable
    targets: TargetsTables
    harvests: HarvestsTable
    running: RunningTable
    quality: QualityQueries
    placeholders: PlaceholderQueries
    records: RecordsTable
    matching: MatchingTables
    masters: MastersTable
    curation: CurationTables
    corrections: CorrectionsTables
    versions: VersionsTable
    alarms: AlarmsTable
    held: HeldTable
    changes: ChangesTable
    audit: AuditQueries
    lookup: LookupQueries
    availability_services: AvailabilityServicesTable

    @classmethod
    def on(cls, connection: AsyncConnection) -> "PostgresWork":
        """All tables on one connection."""
        return cls(
            connection,
            RegistryTables(connection),
            LibrariesTables(connection),
            AdmissionsTables(connection),
            KeysTable(connection),
            SourcesTable(connection),
            TargetsTables(connection),
            HarvestsTable(connection),
            RunningTable(connection),
            QualityQueries(connection),
            PlaceholderQueries(connection),
            RecordsTable(connection),
            MatchingTables(connection),
            MastersTable(connection),
            CurationTables(connection),
            CorrectionsTables(connection),
            VersionsTable(connection),
            AlarmsTable(connection),
            HeldTable(connection),
            ChangesTable(connection),
            AuditQueries(connection),
            LookupQueries(connection),
            AvailabilityServicesTable(connection),
        )

    async def commit(self) -> None:
        """Make everything durable."""
        await self.connection.commit()


class PostgresStore:
    """The store on one PostgreSQL database; implements `Store`."""

    def __init__(self, url: str, connections: int = 10) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=5, max_overflow=connections - 5, pool_pre_ping=True
        )
        self._reading = reading_engine(url)

    @property
    def address(self) -> str:
        """The URL of the database, with its password."""
        return self.engine.url.render_as_string(hide_password=False)

    async def migrate(self) -> None:
        """Bring the schema to this version; raises StoreUnavailable."""
        async with self.connect() as connection:
            if not await is_current(connection):
                await migrate(connection)
            await connection.commit()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[PostgresWork]:
        """Begin a unit of work; what is not committed at the end is rolled back."""
        async with self.connect() as connection:
            yield PostgresWork.on(connection)

    @asynccontextmanager
    async def indexer_lock(self) -> AsyncIterator[None]:
        """Wait until no other process writes to the index."""
        async with self.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _INDEXER_LOCK})
            yield

    @asynccontextmanager
    async def harvest_lock(self, source: SourceId) -> AsyncIterator[bool]:
        """Try to be the only harvest of a source."""
        async with self.connect() as connection:
            lock = text("SELECT pg_try_advisory_xact_lock(:space, :source)")
            yield bool(await connection.scalar(lock, {"space": _HARVEST_LOCKS, "source": source}))

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()
        await self._reading.dispose()

    @asynccontextmanager
    async def connect(self, *, reads_once: bool = False) -> AsyncIterator[AsyncConnection]:
        """A connection; raises StoreUnavailable.

        One that `reads_once` has no transaction: each statement sees what is committed when it begins
        (see `reading_engine.py`).
        """
        try:
            connection = await (self._reading if reads_once else self.engine).connect()
        except (OSError, DBAPIError) as error:
            raise unavailable(error) from error
        try:
            yield connection
        except DBAPIError as error:
            if error.connection_invalidated or is_resource_error(error):
                raise unavailable(error) from error
            raise
        finally:
            await _give_back(connection)


async def _give_back(connection: AsyncConnection) -> None:
    """Return a connection to the pool; one whose server is gone cannot even be rolled back, and is forgotten."""
    with suppress(DBAPIError):
        await connection.close()
