"""Records that wait for a person before they are matched.

To the matcher a held record is what it was when the matcher last saw it: it has its former description, or, if it had
none, is not there yet. So clusters stay as if the harvest had not come, whatever other libraries deliver meanwhile.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import ControlNumber, Isil, MasterId, SourceId
from unioncat.pipeline.held_port import HarvestJoins, JoinedMasters

COUNTED = """(
    SELECT r.id, r.source_id, r.control_number, r.description_id, r.deleted, r.master_serial, r.member
    FROM source_record r WHERE NOT EXISTS (SELECT FROM held_match h WHERE h.source_record_id = r.id)
    UNION ALL
    SELECT r.id, r.source_id, r.control_number, h.former_description_id, h.former_description_id IS NULL,
        r.master_serial, r.member
    FROM held_match h JOIN source_record r ON r.id = h.source_record_id
)"""
"""The source records as the matcher counts them, to be found by description; stands in place of `source_record`."""

COUNTED_ROWS = """(
    SELECT r.id, CASE WHEN h.source_record_id IS NULL THEN r.description_id ELSE h.former_description_id END
            AS description_id,
        CASE WHEN h.source_record_id IS NULL THEN r.deleted ELSE h.former_description_id IS NULL END AS deleted,
        r.master_serial, r.member
    FROM source_record r LEFT JOIN held_match h ON h.source_record_id = r.id
)"""
"""The same, to be found by their numbers or masters."""

OF_HELD_SOURCE = """harvest_id IN (
    SELECT run.id FROM alarm a JOIN harvest first ON first.id = a.harvest_id
    JOIN harvest run ON run.source_id = first.source_id WHERE a.kind = 'merges-held' AND a.closed IS NULL
)"""
"""Whether a row of the queue comes from a source that waits for a person."""

_ADD = text("""
    UPDATE harvest h SET merged = h.merged + added.masters
    FROM harvest_source s, (
        SELECT run.id, count(*) AS masters
        FROM unnest(CAST(:harvests AS bigint[]), CAST(:serials AS bigint[])) AS joined(harvest, serial)
        JOIN harvest run ON run.id = joined.harvest AND joined.serial <= run.serial_before GROUP BY run.id
    ) added
    WHERE h.id = added.id AND s.id = h.source_id RETURNING h.id, h.merged, h.source_id, s.isil
""")

_MASTERS = text("SELECT count(*) FROM master_record WHERE status = 'live'")

_RELEASED = text("""
    SELECT h.id FROM harvest h WHERE h.id = ANY(:harvests) AND EXISTS (
        SELECT FROM alarm a WHERE a.kind = 'merges-held' AND a.subject = h.source_id::text
            AND a.closed_by IS NOT NULL AND a.closed >= h.started)
""")

_SOURCES = text("SELECT DISTINCT source_id FROM harvest WHERE id = ANY(:harvests) ORDER BY source_id")

# The oldest row of a record says what the matcher last saw of it. Without an open alarm nothing would ever give it back.
_HOLD = text("""
    WITH taken AS (
        DELETE FROM pending_match p USING harvest h WHERE h.id = p.harvest_id AND h.source_id = :source
            AND EXISTS (SELECT FROM alarm a WHERE a.kind = 'merges-held' AND a.subject = h.source_id::text
                AND a.closed IS NULL)
        RETURNING p.id, p.source_record_id, p.former_description_id, p.harvest_id
    )
    INSERT INTO held_match (source_record_id, former_description_id, harvest_id)
    SELECT DISTINCT ON (source_record_id) source_record_id, former_description_id, harvest_id
    FROM taken ORDER BY source_record_id, id
    ON CONFLICT (source_record_id) DO NOTHING
""")

_RELEASE = text("""
    WITH freed AS (
        DELETE FROM held_match m USING source_record r WHERE r.id = m.source_record_id AND r.source_id = :source
        RETURNING m.source_record_id, m.former_description_id, m.harvest_id
    )
    INSERT INTO pending_match (source_record_id, former_description_id, harvest_id)
    SELECT source_record_id, former_description_id, harvest_id FROM freed ORDER BY source_record_id
""")

_RECOUNT = text("""
    UPDATE alarm SET detail = (detail::jsonb || jsonb_build_object('records', (
        SELECT count(*) FROM held_match m JOIN source_record r ON r.id = m.source_record_id
        WHERE r.source_id = CAST(:source AS bigint))))::json
    WHERE kind = 'merges-held' AND subject = CAST(CAST(:source AS bigint) AS text) AND closed IS NULL
""")

_JOINED = text("""
    SELECT w.place, o.master_id AS joined_id, o.document->>'title' AS joined_title,
        t.master_id AS into_id, t.document->>'title' AS into_title, s.isil, r.control_number
    FROM unnest(CAST(:joined AS bigint[]), CAST(:targets AS bigint[]), CAST(:records AS bigint[]))
        WITH ORDINALITY AS w(joined, target, record, place)
    JOIN master_record o ON o.serial = w.joined JOIN master_record t ON t.serial = w.target
    JOIN source_record r ON r.id = w.record JOIN harvest_source s ON s.id = r.source_id ORDER BY w.place
""")


class HeldTable:
    """Implements `Held`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_joined(self, joined: Mapping[int, Sequence[int]]) -> Sequence[HarvestJoins]:
        """Count master records that harvests joined, of those that were there when they began."""
        pairs = [(harvest, serial) for harvest, serials in sorted(joined.items()) for serial in serials]
        values = {"harvests": [one for one, _ in pairs], "serials": [serial for _, serial in pairs]}
        rows = await self._connection.execute(_ADD, values)
        return sorted(
            (HarvestJoins(row.id, SourceId(row.source_id), Isil(row.isil), row.merged) for row in rows),
            key=lambda one: one.harvest,
        )

    async def count_masters(self) -> int:
        """Live master records."""
        return int(await self._connection.scalar(_MASTERS) or 0)

    async def released(self, harvests: Collection[int]) -> frozenset[int]:
        """Those that a person released."""
        return frozenset(await self._connection.scalars(_RELEASED, {"harvests": list(harvests)}))

    async def sources_of(self, harvests: Collection[int]) -> Sequence[SourceId]:
        """The sources of harvests."""
        rows = await self._connection.scalars(_SOURCES, {"harvests": list(harvests)})
        return [SourceId(number) for number in rows]

    async def hold(self, source: SourceId) -> int:
        """Move what a source delivered from the queue of the matcher to what is held."""
        return (await self._connection.execute(_HOLD, {"source": source})).rowcount

    async def release(self, source: SourceId) -> int:
        """Move it back."""
        return (await self._connection.execute(_RELEASE, {"source": source})).rowcount

    async def recount(self, source: SourceId) -> None:
        """Write into the alarm how many records wait."""
        await self._connection.execute(_RECOUNT, {"source": source})

    async def joined_masters(self, joins: Sequence[tuple[int, int, int]]) -> Sequence[JoinedMasters]:
        """What master records are called, and the record that would join them."""
        old, targets, records = (list(column) for column in zip(*joins, strict=True))
        rows = await self._connection.execute(
            _JOINED, {"joined": old, "targets": targets, "records": records}
        )
        return [
            JoinedMasters(
                MasterId(row.joined_id),
                row.joined_title or "",
                MasterId(row.into_id),
                row.into_title or "",
                Isil(row.isil),
                ControlNumber(row.control_number),
            )
            for row in rows
        ]
