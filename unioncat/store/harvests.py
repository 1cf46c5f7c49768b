"""Runs of sources, their counts and checkpoints."""

from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import Checkpoint, Harvest, HarvestCounts, HarvestStatus
from unioncat.store.schema import harvest, harvest_source

_COUNTED = ("delivered", "created", "updated", "unchanged", "deleted", "rejected")


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
    )


class HarvestsTable:
    """Implements `Harvests`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def start(self, source: SourceId, window_from: str | None, window_until: str | None) -> int:
        """Begin a run. The caller is the only one: a run of this source that still says so was cut off."""
        cut_off = update(harvest).where(
            harvest.c.source_id == source, harvest.c.status == HarvestStatus.RUNNING
        )
        await self._connection.execute(
            cut_off.values(
                status=HarvestStatus.FAILED,
                finished=func.now(),
                message="The run was cut off; another one follows",
            )
        )
        statement = insert(harvest).values(
            source_id=source,
            status=HarvestStatus.RUNNING,
            window_from=window_from,
            window_until=window_until,
        )
        return int((await self._connection.execute(statement.returning(harvest.c.id))).scalar_one())

    async def advance(self, harvest_id: int, counts: HarvestCounts, checkpoint: Checkpoint) -> None:
        """Add a page's counts and move the checkpoint."""
        added = {name: harvest.c[name] + getattr(counts, name) for name in _COUNTED}
        statement = update(harvest).where(harvest.c.id == harvest_id)
        await self._connection.execute(
            statement.values(checkpoint=checkpoint.state, status=HarvestStatus.RUNNING, **added)
        )

    async def finish(self, harvest_id: int, status: HarvestStatus, message: str | None) -> None:
        """End a run."""
        statement = update(harvest).where(harvest.c.id == harvest_id)
        await self._connection.execute(statement.values(status=status, message=message, finished=func.now()))

    async def newest(self, source: SourceId) -> tuple[Harvest, Checkpoint | None] | None:
        """The newest run of a source."""
        return await self._newest(harvest.c.source_id == source)

    async def newest_complete(self, source: SourceId) -> tuple[Harvest, Checkpoint | None] | None:
        """The newest run that came to its end."""
        return await self._newest(
            (harvest.c.source_id == source) & (harvest.c.status == HarvestStatus.COMPLETE)
        )

    async def _newest(self, condition: ColumnElement[bool]) -> tuple[Harvest, Checkpoint | None] | None:
        query = (
            select(harvest, harvest_source.c.isil)
            .join(harvest_source, harvest_source.c.id == harvest.c.source_id)
            .where(condition)
            .order_by(harvest.c.id.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return harvest_of(row), None if row.checkpoint is None else Checkpoint(row.checkpoint)
