"""Jobs in PostgreSQL: each source has one lock for what runs and one for what waits."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job as Row
from procrastinate.jobs import Status
from sqlalchemy.engine import URL, make_url

from unioncat.core.errors import StoreUnavailable
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestKind
from unioncat.pipeline.jobs import Job, JobState, QueuedJob

SCHEMA = "jobs"
"""The PostgreSQL schema of the library's tables."""

TASK = "run-feed"
"""The library's name for what is done with each of our jobs."""

HARVESTS, OTHERS = "harvests", "others"
"""Two lanes: runs without turns (audits, retries) never take the slots of harvests."""

_STATES = {Status.TODO.value: JobState.QUEUED, Status.DOING.value: JobState.RUNNING}
_CONNECT_SECONDS = 5


class PostgresQueue:
    """Implements `JobQueue`."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def put(self, job: Job, priority: int = 0) -> bool:
        """Add a job; False when one of its source waits already."""
        lock = _lock(job.source)
        task = self.app.configure_task(
            TASK, lock=lock, queueing_lock=lock, priority=priority, queue=lane_of(job.kind)
        )
        with store_errors():
            try:
                await task.defer_async(**_payload(job))
            except AlreadyEnqueued:
                return False
        return True

    async def active(self, source: SourceId | None = None) -> Sequence[QueuedJob]:
        """What waits and runs, of one source or of all, oldest first."""
        rows = [row for status in (Status.DOING, Status.TODO) for row in await self._rows(source, status)]
        return [queued_job(row) for row in rows]

    async def stop(self, source: SourceId) -> bool:
        """Drop what waits of a source, and ask what runs to end."""
        waiting, running = await self._rows(source, Status.TODO), await self._rows(source, Status.DOING)
        with store_errors():
            dropped = [await self._cancel(row) for row in (*waiting, *running)]
        return any(dropped)

    async def _cancel(self, row: Row) -> bool:
        return row.id is not None and await self.app.job_manager.cancel_job_by_id_async(
            row.id, abort=True, delete_job=row.status == Status.TODO.value
        )

    async def _rows(self, source: SourceId | None, status: Status) -> list[Row]:
        lock = None if source is None else _lock(source)
        with store_errors():
            return list(await self.app.job_manager.list_jobs_async(task=TASK, lock=lock, status=status.value))


@asynccontextmanager
async def open_queue(database_url: str, connections: int = 2) -> AsyncIterator[PostgresQueue]:
    """The queue in the database of this SQLAlchemy URL; it connects when it is used."""
    connector = PsycopgConnector(
        kwargs=connection_arguments(make_url(database_url)),
        min_size=0,
        max_size=connections,
        timeout=_CONNECT_SECONDS,
    )
    app = App(connector=connector)
    await app.open_async()
    try:
        yield PostgresQueue(app)
    finally:
        await app.close_async()


def connection_arguments(url: URL) -> dict[str, Any]:
    """What psycopg is told instead of an SQLAlchemy URL for asyncpg; a unix socket stands in the query."""
    host = url.query.get("host", url.host)
    arguments = {
        "host": host if isinstance(host, str) else ",".join(host or ()),
        "port": url.port or 5432,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        "sslmode": url.query.get("sslmode", url.query.get("ssl")),
        "connect_timeout": _CONNECT_SECONDS,
        "options": f"-c search_path={SCHEMA}",
    }
    return {name: value for name, value in arguments.items() if value}


def lane_of(kind: HarvestKind) -> str:
    """The lane in which a kind of run waits."""
    return HARVESTS if kind is HarvestKind.HARVEST else OTHERS


def queued_job(row: Row) -> QueuedJob:
    """A job from the library's row."""
    return QueuedJob(row.id or 0, job_of(row.task_kwargs), _STATES[row.status or "todo"], row.attempts)


def job_of(payload: Mapping[str, Any]) -> Job:
    """A job from what `put` stored."""
    return Job(
        SourceId(payload["source"]), HarvestKind(payload["kind"]), payload["since"], payload["requested_by"]
    )


@contextmanager
def store_errors() -> Iterator[None]:
    """The library's errors of the database as ours."""
    try:
        yield
    except (ConnectorException, OSError) as error:
        cause = str(error.__cause__ or error).strip().splitlines() or [type(error).__name__]
        raise StoreUnavailable(
            f"The job queue does not answer ({cause[0]}); check UNIONCAT_DATABASE_URL and that the server runs"
        ) from error


def _payload(job: Job) -> dict[str, Any]:
    return {
        "source": int(job.source),
        "kind": job.kind.value,
        "since": job.since,
        "requested_by": job.requested_by,
    }


def _lock(source: SourceId) -> str:
    return f"source {source}"
