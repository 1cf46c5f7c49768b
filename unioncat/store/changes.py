"""The outbox: the ordered log of master changes, re-read from the masters as they are now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import MasterId
from unioncat.core.index.stored import StoredDocuments
from unioncat.pipeline.unit_of_work import ChangeBatch
from unioncat.store.shown_libraries import is_due, mark_by_day, show, shown_libraries

_AFTER = text("""
    WITH batch AS (SELECT seq, serial FROM change WHERE seq > :position ORDER BY seq LIMIT :limit)
    SELECT (SELECT max(seq) FROM batch) AS position, serial, master_id, status, version, document::text AS document
    FROM master_record WHERE serial IN (SELECT serial FROM batch)
""")

_LAST = text("SELECT coalesce(max(seq), 0) FROM change")

_EVERYTHING = text("""
    SELECT serial, version, document::text AS document FROM master_record
    WHERE serial > :after AND status = 'live' ORDER BY serial LIMIT :limit
""")

_LIVE = text("SELECT count(*) FROM master_record WHERE status = 'live'")


class ChangesTable:
    """Implements `Changes`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def after(self, position: int, limit: int) -> ChangeBatch | None:
        """The changes after `position`."""
        rows = (await self._connection.execute(_AFTER, {"position": position, "limit": limit})).all()
        if not rows:
            return None
        return ChangeBatch(
            tuple((await self._documents([row for row in rows if row.status == "live"])).read()),
            tuple(MasterId(row.master_id) for row in rows if row.status != "live"),
            rows[0].position,
        )

    async def last(self) -> int:
        """The number of the newest change."""
        return int((await self._connection.execute(_LAST)).scalar_one())

    async def everything(self, after_serial: int, limit: int) -> tuple[StoredDocuments, int] | None:
        """Live documents with a serial above `after_serial`."""
        rows = (await self._connection.execute(_EVERYTHING, {"after": after_serial, "limit": limit})).all()
        return (await self._documents(rows), rows[-1].serial) if rows else None

    async def live(self) -> int:
        """The number of live documents."""
        return int((await self._connection.execute(_LIVE)).scalar_one())

    async def days_changed(self) -> None:
        """Have looked at again what of libraries depends on the day."""
        await mark_by_day(self._connection)

    async def libraries_changed(self) -> bool:
        """Whether the registry says something of libraries that the index may not know."""
        return await is_due(self._connection)

    async def announce_libraries(self, today: date) -> None:
        """Announce the masters of libraries of which the registry says something else."""
        await show(self._connection, today)

    async def _documents(self, rows: Sequence[Any]) -> StoredDocuments:
        """The documents, with what the index knows of their libraries."""
        serials = [row.serial for row in rows]
        return StoredDocuments(
            tuple((row.document, row.version) for row in rows),
            await shown_libraries(self._connection, serials),
        )
