"""What is known about the quality of a source's records, counted in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import JSON, Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import SourceId
from unioncat.pipeline.feeds_port import FaultCount, RejectedEntry
from unioncat.pipeline.packing import to_json, unpack

_MOST_VALUES = 30

# A record counts once for each kind; the first five of each kind are its examples.
_FAULTS = text("""
    WITH found AS (
        SELECT r.id, f.value ->> 0 AS kind, min(f.value ->> 1) AS detail
        FROM source_record r CROSS JOIN LATERAL json_array_elements(r.findings) f
        WHERE r.source_id = :source AND NOT r.deleted AND r.findings IS NOT NULL
        GROUP BY 1, 2
    ), numbered AS (
        SELECT id, kind, detail, count(*) OVER (PARTITION BY kind) AS total,
            row_number() OVER (PARTITION BY kind ORDER BY id) AS number
        FROM found
    )
    SELECT n.kind, n.total, r.control_number AS name, coalesce(m.master_id, '') AS place, n.detail
    FROM numbered n JOIN source_record r ON r.id = n.id
        LEFT JOIN master_record m ON m.serial = r.master_serial AND r.member
    WHERE n.number <= 5 ORDER BY n.total DESC, n.kind, n.number
""")

_REJECTIONS = text("""
    WITH numbered AS (
        SELECT id, kind, count(*) OVER (PARTITION BY kind) AS total,
            row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS number
        FROM rejected_record WHERE source_id = :source
    )
    SELECT n.kind, n.total, coalesce(r.identifier, '') AS name, r.place, r.reason AS detail
    FROM numbered n JOIN rejected_record r ON r.id = n.id
    WHERE n.number <= 5 ORDER BY n.total DESC, n.kind, n.number
""")

_LIVE = text("SELECT count(*) FROM source_record WHERE source_id = :source AND NOT deleted")
_TOMBSTONES = text("SELECT count(*) FROM source_record WHERE source_id = :source AND deleted")

# Fields lie as [tag, indicators, [code, value, code, value …]].
_VALUES = text("""
    WITH newest AS (
        SELECT marc -> 1 AS fields FROM source_record
        WHERE source_id = :source AND NOT deleted ORDER BY id DESC LIMIT :limit
    ), wanted AS (
        SELECT f.value ->> 0 AS tag, f.value -> 2 AS parts
        FROM newest CROSS JOIN LATERAL json_array_elements(fields) f
        WHERE f.value ->> 0 IN ('250', '260', '264', '300')
    ), pairs AS (
        SELECT tag || (parts ->> at) AS subfield, parts ->> (at + 1) AS value
        FROM wanted CROSS JOIN LATERAL generate_series(0, json_array_length(parts) - 2, 2) at
    )
    SELECT subfield, value, count(*) AS total FROM pairs
    WHERE subfield IN ('250a', '260b', '264b', '300a') GROUP BY 1, 2 HAVING count(*) > 1
    ORDER BY total DESC, subfield, value LIMIT :most
""")

_SNAPSHOT = text("UPDATE harvest SET quality = CAST(:quality AS json) WHERE id = :harvest")

_TREND = text("""
    SELECT coalesce(finished, started) AS at, quality FROM harvest
    WHERE source_id = :source AND quality IS NOT NULL ORDER BY id DESC LIMIT :limit
""").columns(quality=JSON)

_REJECTED = text("""
    SELECT id, kind, reason, place, identifier, format, raw FROM rejected_record
    WHERE source_id = :source AND id > :after ORDER BY id LIMIT :limit
""")


class QualityQueries:
    """Implements `Quality`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def faults(self, source: SourceId) -> Sequence[FaultCount]:
        """The findings of the live records, most frequent first."""
        return _counted((await self._connection.execute(_FAULTS, {"source": source})).all())

    async def rejections(self, source: SourceId) -> Sequence[FaultCount]:
        """The rejected records by kind, most frequent first."""
        return _counted((await self._connection.execute(_REJECTIONS, {"source": source})).all())

    async def live(self, source: SourceId) -> int:
        """How many live records the source has."""
        return int(await self._connection.scalar(_LIVE, {"source": source}) or 0)

    async def tombstones(self, source: SourceId) -> int:
        """How many records of the source are deleted."""
        return int(await self._connection.scalar(_TOMBSTONES, {"source": source}) or 0)

    async def values(self, source: SourceId, limit: int) -> Sequence[tuple[str, str, int]]:
        """Contents of 250$a, 260$b/264$b and 300$a that several of the newest `limit` live records share."""
        asked = {"source": source, "limit": limit, "most": _MOST_VALUES}
        rows = await self._connection.execute(_VALUES, asked)
        return [(row.subfield, row.value, row.total) for row in rows]

    async def save_snapshot(self, harvest: int, snapshot: Mapping[str, int]) -> None:
        """Keep the numbers of the source as they are at the end of a run."""
        await self._connection.execute(_SNAPSHOT, {"harvest": harvest, "quality": to_json(dict(snapshot))})

    async def trend(self, source: SourceId, limit: int) -> Sequence[tuple[datetime, Mapping[str, int]]]:
        """The snapshots of the newest runs, oldest first."""
        rows = (await self._connection.execute(_TREND, {"source": source, "limit": limit})).all()
        return [(row.at, row.quality) for row in reversed(rows)]

    async def rejected(self, source: SourceId, after: int, limit: int) -> Sequence[RejectedEntry]:
        """The next rejected records of a source, with the reasons."""
        rows = await self._connection.execute(_REJECTED, {"source": source, "after": after, "limit": limit})
        return [
            RejectedEntry(
                row.id, row.kind, row.reason, row.place, row.identifier, row.format, unpack(row.raw)
            )
            for row in rows
        ]


def _counted(rows: Sequence[Row[Any]]) -> list[FaultCount]:
    """Rows that are ordered by kind as counts with their examples."""
    counted = []
    for _, group in groupby(rows, key=lambda row: row.kind):
        members = list(group)
        examples = tuple((row.name, row.place, row.detail) for row in members)
        counted.append(FaultCount(members[0].kind, members[0].total, examples))
    return counted
