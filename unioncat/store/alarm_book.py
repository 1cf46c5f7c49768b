"""The alarms that were raised, and what became of them."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.alarms import AlarmKind
from unioncat.core.errors import UnknownEntry
from unioncat.pipeline.alarms_port import Alarm, AlarmFilter, NewAlarm
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.packing import to_json

_WATCH_LOCK = 0x756E6905

# Of an alarm that is open already the row is written anew, which xmax shows.
_KEEP = text("""
    INSERT INTO alarm AS a (kind, subject, facts, harvest_id, detail)
    SELECT :kind, :subject, :facts, :harvest, CAST(:detail AS json)
    WHERE NOT EXISTS (SELECT FROM alarm
        WHERE kind = :kind AND subject = :subject AND facts = :facts AND closed_by IS NOT NULL)
    ON CONFLICT (kind, subject) WHERE closed IS NULL
        DO UPDATE SET facts = excluded.facts, detail = excluded.detail
    RETURNING a.*, a.detail::text AS detail_text, a.xmax = 0 AS is_new
""")

_CLOSE = text("""
    UPDATE alarm SET closed = now(), closed_by = :who, closed_why = :why
    WHERE id = ANY(:numbers) AND closed IS NULL RETURNING id
""")

_LISTED = text("""
    SELECT a.*, a.detail::text AS detail_text FROM alarm a
    WHERE (CAST(:kind AS text) IS NULL OR a.kind = :kind)
        AND (CAST(:is_open AS boolean) IS NULL OR (a.closed IS NULL) = :is_open)
        AND (CAST(:before AS bigint) IS NULL OR a.id < :before)
    ORDER BY a.id DESC LIMIT :limit
""")

_ONE = text("SELECT a.*, a.detail::text AS detail_text FROM alarm a WHERE a.id = :number")

_OPEN_ABOUT = text("SELECT subject, id FROM alarm WHERE kind = :kind AND closed IS NULL ORDER BY id")

_COUNT_OPEN = text("SELECT count(*) FROM alarm WHERE closed IS NULL")

_HAS_NEWS = text("""
    SELECT EXISTS (SELECT FROM crossed_key) OR coalesce((SELECT seq FROM alarm_watch), 0)
        <> coalesce((SELECT max(seq) FROM change), 0)
""")

_WATCHED = text("SELECT seq FROM alarm_watch")

_MOVE_WATCHED = text("""
    INSERT INTO alarm_watch (id, seq) VALUES (1, :seq) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq
""")


class AlarmBook:
    """The part of `Alarms` that keeps them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, new: NewAlarm) -> Alarm | None:
        """Raise it, unless it is open already or a person closed the same facts."""
        values = {"kind": new.kind, "subject": new.subject, "facts": new.facts, "harvest": new.harvest}
        kept = await self._connection.execute(_KEEP, values | {"detail": to_json(dict(new.detail))})
        row = kept.one_or_none()
        return _alarm(row) if row is not None and row.is_new else None

    async def close(self, numbers: Collection[int], signed: Signed | None) -> Sequence[int]:
        """Close those that are open."""
        if not numbers:
            return []
        said = {"who": signed and signed.who, "why": signed and signed.why, "numbers": list(numbers)}
        return sorted(await self._connection.scalars(_CLOSE, said))

    async def alarm(self, number: int) -> Alarm:
        """One alarm; raises UnknownEntry."""
        row = (await self._connection.execute(_ONE, {"number": number})).one_or_none()
        if row is None:
            raise UnknownEntry(f"There is no alarm {number}; they are listed by: unioncat alarms list --all")
        return _alarm(row)

    async def listed(self, wanted: AlarmFilter, before: int | None, limit: int) -> Sequence[Alarm]:
        """Alarms, the newest first."""
        asked = {"kind": wanted.kind, "is_open": wanted.is_open, "before": before, "limit": limit}
        return [_alarm(row) for row in await self._connection.execute(_LISTED, asked)]

    async def count_open(self) -> int:
        """How many are open."""
        return int(await self._connection.scalar(_COUNT_OPEN) or 0)

    async def open_about(self, kind: AlarmKind) -> Mapping[str, int]:
        """The open alarms of a kind by what they are about."""
        rows = await self._connection.execute(_OPEN_ABOUT, {"kind": kind})
        return {row.subject: row.id for row in rows}

    async def has_news(self) -> bool:
        """Whether there is anything to look at."""
        return bool(await self._connection.scalar(_HAS_NEWS))

    async def lock_watch(self) -> None:
        """Wait until nobody else looks."""
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WATCH_LOCK})

    async def watched(self) -> int:
        """How far it was looked."""
        return int(await self._connection.scalar(_WATCHED) or 0)

    async def move_watched(self, seq: int) -> None:
        """So far it was looked."""
        await self._connection.execute(_MOVE_WATCHED, {"seq": seq})


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(
        row.id,
        AlarmKind(row.kind),
        row.subject,
        json.loads(row.detail_text),
        row.harvest_id,
        row.raised,
        row.closed,
        row.closed_by,
        row.closed_why,
    )
