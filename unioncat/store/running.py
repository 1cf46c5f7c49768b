"""When feeds are to be harvested, and how it went."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import SourceState
from unioncat.pipeline.feeds_port import FeedStanding
from unioncat.store.schema import harvest_source

_ACCEPTED = harvest_source.c.state == SourceState.ACCEPTED


class RunningTable:
    """Implements `Running`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def standing(self, source: SourceId) -> FeedStanding:
        """How a feed stands; raises NotRegistered."""
        columns = (harvest_source.c.due, harvest_source.c.failures, harvest_source.c.message)
        query = select(*columns).where(harvest_source.c.id == source)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotRegistered(f"There is no source {source}; list them with: unioncat source list")
        return FeedStanding(source, row.due, row.failures, row.message)

    async def save_standing(self, standing: FeedStanding) -> None:
        """Keep how a feed stands."""
        statement = update(harvest_source).where(harvest_source.c.id == standing.source)
        await self._connection.execute(
            statement.values(due=standing.due, failures=standing.failures, message=standing.message)
        )

    async def due(self, now: datetime, limit: int) -> Sequence[SourceId]:
        """Accepted feeds whose time has come, the longest waiting first."""
        query = select(harvest_source.c.id).where(_ACCEPTED, harvest_source.c.due <= now)
        ordered = query.order_by(harvest_source.c.due, harvest_source.c.id).limit(limit)
        return [SourceId(number) for number in await self._connection.scalars(ordered)]

    async def unplanned(self, limit: int) -> Sequence[SourceId]:
        """Accepted feeds that have a schedule but no time for their next run."""
        query = select(harvest_source.c.id).where(
            _ACCEPTED, harvest_source.c.due.is_(None), harvest_source.c.schedule.is_not(None)
        )
        ordered = query.order_by(harvest_source.c.id).limit(limit)
        return [SourceId(number) for number in await self._connection.scalars(ordered)]
