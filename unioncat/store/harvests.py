"""Runs of sources: counts, checkpoints, what a run has seen, and deletions that wait for a person."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    Text,
    cast,
    exists,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import Checkpoint, Harvest, HarvestCounts, HarvestKind, HarvestStatus
from unioncat.store.schema import harvest, harvest_source

_COUNTED = ("delivered", "created", "updated", "unchanged", "deleted", "rejected")

_SEE = text("""
    INSERT INTO seen_record (harvest_id, identifier) SELECT :harvest, unnest(CAST(:identifiers AS text[]))
    ON CONFLICT DO NOTHING
""")

_UNSEEN = """
    FROM source_record r WHERE r.source_id = :source AND NOT r.deleted AND NOT EXISTS (
        SELECT FROM seen_record s WHERE s.harvest_id = :harvest AND s.identifier = r.identifier)
"""
_LIST_UNSEEN = text(
    f"SELECT r.identifier {_UNSEEN} AND r.identifier > :after ORDER BY r.identifier LIMIT :limit"
)
_COUNT_UNSEEN = text(f"SELECT count(*) {_UNSEEN}")
_COUNT_LIVE = text("SELECT count(*) FROM source_record WHERE source_id = :source AND NOT deleted")
_FORGET = text("DELETE FROM seen_record WHERE harvest_id = :harvest")

_FORGET_CUT_OFF = text("""
    DELETE FROM seen_record WHERE harvest_id IN (SELECT id FROM harvest WHERE source_id = :source AND kind = :kind)
""")

_NEWEST_MASTER = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM master_serial").columns(
    serial=BigInteger
)

_HOLD = text(f"INSERT INTO held_deletion (harvest_id, source_record_id) SELECT :run, r.id {_UNSEEN}")
_HELD = text("""
    SELECT d.harvest_id, r.identifier FROM held_deletion d JOIN source_record r ON r.id = d.source_record_id
    WHERE r.source_id = :source AND NOT r.deleted ORDER BY r.identifier
""")
_RELEASE = text("""
    DELETE FROM held_deletion WHERE harvest_id IN (SELECT id FROM harvest WHERE source_id = :source)
""")


def harvest_of(row: Row[Any]) -> Harvest:
    """A run from a row of `harvest` with the `isil` of its source."""
    return Harvest(
        row.id,
        SourceId(row.source_id),
        Isil(row.isil),
        HarvestStatus(row.status),
        row.started,
        row.finished,
        HarvestCounts(*(getattr(row, name) for name in _COUNTED)),
        row.window_from,
        row.window_until,
        row.message,
        HarvestKind(row.kind),
        row.total,
    )


def runs() -> Select[Any]:
    """All runs, each with the `isil` of its source."""
    joined = harvest.join(harvest_source, harvest_source.c.id == harvest.c.source_id)
    return select(harvest, harvest_source.c.isil).select_from(joined).order_by(harvest.c.id.desc())


class HarvestsTable:
    """Implements `Harvests`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def start(
        self,
        source: SourceId,
        window_from: str | None,
        window_until: str | None,
        kind: HarvestKind = HarvestKind.HARVEST,
    ) -> int:
        """Begin a run. The caller is the only one: a run of this source that still says so was cut off."""
        cut_off = update(harvest).where(_is_running(source), harvest.c.kind == kind)
        await self._connection.execute(
            cut_off.values(
                status=HarvestStatus.FAILED,
                finished=func.now(),
                message="The run was cut off; another one follows",
            )
        )
        statement = insert(harvest).values(
            source_id=source,
            kind=kind,
            status=HarvestStatus.RUNNING,
            window_from=window_from,
            window_until=window_until,
            serial_before=_NEWEST_MASTER.scalar_subquery(),
        )
        return int((await self._connection.execute(statement.returning(harvest.c.id))).scalar_one())

    async def advance(
        self, harvest_id: int, counts: HarvestCounts, checkpoint: Checkpoint, total: int | None = None
    ) -> bool:
        """Add a page's counts and move the checkpoint; returns whether a person has asked to stop."""
        added = {name: harvest.c[name] + getattr(counts, name) for name in _COUNTED}
        if total is not None:
            added["total"] = total
        statement = update(harvest).where(harvest.c.id == harvest_id)
        advanced = statement.values(checkpoint=checkpoint.state, status=HarvestStatus.RUNNING, **added)
        return bool(await self._connection.scalar(advanced.returning(harvest.c.stop_asked)))

    async def ask_to_stop(self, source: SourceId) -> bool:
        """Ask the run that is under way to stop after its page; False when there is none."""
        asked = update(harvest).where(_is_running(source)).values(stop_asked=True)
        return bool((await self._connection.execute(asked)).rowcount)

    async def finish(self, harvest_id: int, status: HarvestStatus, message: str | None) -> None:
        """End a run."""
        said = message and message.replace("\x00", "\ufffd")  # the one sign that PostgreSQL cannot keep
        statement = update(harvest).where(harvest.c.id == harvest_id)
        await self._connection.execute(
            statement.values(status=status, finished=func.now(), message=said, stop_asked=False)
        )

    async def newest(
        self, source: SourceId, kind: HarvestKind = HarvestKind.HARVEST
    ) -> tuple[Harvest, Checkpoint | None] | None:
        """The newest run of a source."""
        return await self._newest((harvest.c.source_id == source) & (harvest.c.kind == kind))

    async def newest_complete(self, source: SourceId) -> tuple[Harvest, Checkpoint | None] | None:
        """The newest harvest that came to its end."""
        return await self._newest(
            (harvest.c.source_id == source)
            & (harvest.c.kind == HarvestKind.HARVEST)
            & (harvest.c.status == HarvestStatus.COMPLETE)
        )

    async def unfinished(self, source: SourceId) -> tuple[Harvest, Checkpoint] | None:
        """The newest harvest that was cut off, unless a later one covered its window."""
        later = harvest.alias()
        covers = later.c.window_from.is_(None) | (later.c.window_from <= harvest.c.window_from)
        covered = exists().where(
            later.c.source_id == source,
            later.c.kind == HarvestKind.HARVEST,
            later.c.status == HarvestStatus.COMPLETE,
            later.c.id > harvest.c.id,
            covers,
        )
        found = await self._newest(
            (harvest.c.source_id == source)
            & (harvest.c.kind == HarvestKind.HARVEST)
            & (harvest.c.status != HarvestStatus.COMPLETE)
            & (cast(harvest.c.checkpoint, Text) != "null")
            & ~covered
        )
        return (found[0], found[1]) if found and found[1] else None

    async def of(self, source: SourceId, limit: int) -> Sequence[Harvest]:
        """The runs of a source, newest first."""
        query = runs().where(harvest.c.source_id == source).limit(limit)
        return [harvest_of(row) for row in await self._connection.execute(query)]

    async def see(self, harvest_id: int, identifiers: Collection[str]) -> None:
        """Note that a run has seen these records."""
        await self._connection.execute(_SEE, {"harvest": harvest_id, "identifiers": list(identifiers)})

    async def unseen(self, source: SourceId, harvest_id: int, after: str, limit: int) -> Sequence[str]:
        """Live records that the run has not seen, by identifier."""
        asked = {"source": source, "harvest": harvest_id, "after": after, "limit": limit}
        return (await self._connection.scalars(_LIST_UNSEEN, asked)).all()

    async def count_unseen(self, source: SourceId, harvest_id: int) -> tuple[int, int]:
        """How many live records the run has not seen, and how many are live."""
        unseen = await self._connection.scalar(_COUNT_UNSEEN, {"source": source, "harvest": harvest_id})
        live = await self._connection.scalar(_COUNT_LIVE, {"source": source})
        return int(unseen or 0), int(live or 0)

    async def forget_seen(self, harvest_id: int) -> None:
        """Drop what a run has seen."""
        await self._connection.execute(_FORGET, {"harvest": harvest_id})

    async def forget_cut_off(self, source: SourceId, kind: HarvestKind) -> None:
        """Drop what earlier runs of this kind have seen."""
        await self._connection.execute(_FORGET_CUT_OFF, {"source": source, "kind": kind})

    async def hold(self, harvest_id: int, source: SourceId, seen_by: int) -> int:
        """Let the deletion of what `seen_by` has not seen wait for a person."""
        await self.release(source)
        asked = {"run": harvest_id, "source": source, "harvest": seen_by}
        return (await self._connection.execute(_HOLD, asked)).rowcount

    async def held(self, source: SourceId) -> tuple[int, Sequence[str]] | None:
        """The run whose deletions wait, and the identifiers."""
        rows = (await self._connection.execute(_HELD, {"source": source})).all()
        return (rows[0].harvest_id, [row.identifier for row in rows]) if rows else None

    async def release(self, source: SourceId) -> None:
        """No deletion of this source waits any more."""
        await self._connection.execute(_RELEASE, {"source": source})

    async def _newest(self, condition: ColumnElement[bool]) -> tuple[Harvest, Checkpoint | None] | None:
        row = (await self._connection.execute(runs().where(condition).limit(1))).one_or_none()
        if row is None:
            return None
        return harvest_of(row), None if row.checkpoint is None else Checkpoint(row.checkpoint)


def _is_running(source: SourceId) -> ColumnElement[bool]:
    return (harvest.c.source_id == source) & (harvest.c.status == HarvestStatus.RUNNING)
