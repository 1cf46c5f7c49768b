"""Reads the whole store for `verify`, `stats` and exports."""

import hashlib
import json
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import ControlNumber, Isil, MasterId, SourceId
from unioncat.core.index.document_json import document_from_json
from unioncat.core.merge.compact import merged_from_json
from unioncat.pipeline.audit import StoredMaster
from unioncat.pipeline.packing import unpack

_COUNTS = text("""
    SELECT (SELECT count(*) FROM member_library) AS libraries,
        (SELECT count(*) FROM harvest_source) AS sources,
        (SELECT count(*) FROM harvest) AS harvests,
        (SELECT coalesce(sum(delivered), 0) FROM harvest) AS delivered,
        (SELECT count(*) FROM source_record WHERE NOT deleted) AS live_records,
        (SELECT count(*) FROM source_record WHERE deleted) AS deleted_records,
        (SELECT count(*) FROM rejected_record) AS rejected_records,
        (SELECT count(*) FROM superseded_record) AS superseded_versions,
        (SELECT count(*) FROM description WHERE matched) AS descriptions,
        (SELECT count(*) FROM pair_verdict WHERE outcome = 'same') AS same_pairs,
        (SELECT count(*) FROM pair_verdict WHERE outcome = 'review') AS review_pairs,
        (SELECT count(*) FROM master_record WHERE status = 'live') AS masters,
        (SELECT count(*) FROM master_record WHERE status = 'redirect') AS redirects,
        (SELECT count(*) FROM master_record WHERE status = 'ended') AS tombstones,
        (SELECT count(*) FROM (SELECT FROM source_record WHERE NOT deleted AND master_serial IS NOT NULL
            GROUP BY master_serial HAVING count(*) > 1) AS shared) AS masters_of_several_records,
        (SELECT coalesce(max(members), 0) FROM (SELECT count(*) AS members FROM source_record
            WHERE NOT deleted AND master_serial IS NOT NULL GROUP BY master_serial) AS sizes) AS largest_master,
        (SELECT count(*) FROM pending_match) AS waiting_for_matcher,
        (SELECT count(*) FROM held_match) AS waiting_for_a_person,
        (SELECT count(*) FROM alarm WHERE closed IS NULL) AS open_alarms,
        (SELECT coalesce(max(seq), 0) FROM change) AS last_change
""")

_UNBALANCED = text("""
    SELECT id FROM harvest WHERE delivered <> created + updated + unchanged + deleted + rejected ORDER BY id
""")

_CREATED = text("""
    SELECT s.id, coalesce(sum(h.created), 0)::bigint AS created, coalesce(sum(h.deleted), 0)::bigint AS deleted,
        (SELECT count(*) FROM source_record r WHERE r.source_id = s.id) AS stored
    FROM harvest_source s LEFT JOIN harvest h ON h.source_id = s.id GROUP BY s.id ORDER BY s.id
""")

_RAW = text("""
    SELECT id, raw, content_hash FROM source_record WHERE id > :after AND marc IS NOT NULL ORDER BY id LIMIT :limit
""")

_HOMELESS = text("""
    SELECT r.id FROM source_record r LEFT JOIN master_record m ON m.serial = r.master_serial
    WHERE NOT r.deleted AND m.status IS DISTINCT FROM 'live'
        AND NOT EXISTS (SELECT FROM pending_match p WHERE p.source_record_id = r.id)
        AND NOT EXISTS (SELECT FROM held_match h WHERE h.source_record_id = r.id)
    ORDER BY r.id
""")

_MASTERS = text("""
    SELECT m.serial, m.master_id, m.status, m.redirect_to, m.version, m.content::text AS content,
        m.document::text AS document,
        (SELECT array_agg(r.id) FROM source_record r WHERE r.master_serial = m.serial AND r.member) AS members,
        EXISTS (SELECT FROM source_record r WHERE r.master_serial = m.serial AND r.member AND (
            EXISTS (SELECT FROM held_match h WHERE h.source_record_id = r.id)
            OR EXISTS (SELECT FROM pending_match p WHERE p.source_record_id = r.id))) AS waits
    FROM master_record m WHERE m.serial > :after ORDER BY m.serial LIMIT :limit
""")

_CLUSTERS = text("""
    SELECT s.isil, r.control_number, m.master_id FROM source_record r
    JOIN harvest_source s ON s.id = r.source_id JOIN master_record m ON m.serial = r.master_serial
    WHERE NOT r.deleted ORDER BY s.isil COLLATE "C", r.control_number COLLATE "C", r.id
""")


class AuditQueries:
    """Implements `Audit`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def counts(self) -> Mapping[str, int]:
        """Named numbers of the store."""
        row = (await self._connection.execute(_COUNTS)).one()
        return {name: int(value) for name, value in row._mapping.items()}

    async def unbalanced_harvests(self) -> Sequence[int]:
        """Harvests whose counts do not add up."""
        return (await self._connection.scalars(_UNBALANCED)).all()

    async def created_and_stored(self) -> Mapping[SourceId, tuple[int, int, int]]:
        """For each source: records that harvests created, deleted, and records in the store."""
        rows = await self._connection.execute(_CREATED)
        return {SourceId(row.id): (row.created, row.deleted, row.stored) for row in rows}

    async def damaged_records(self, after: int, limit: int) -> tuple[Sequence[int], int, int] | None:
        """The next records whose bytes do not fit their hash; the last number read; how many were read."""
        rows = (await self._connection.execute(_RAW, {"after": after, "limit": limit})).all()
        if not rows:
            return None
        return [row.id for row in rows if not _whole(row.raw, row.content_hash)], rows[-1].id, len(rows)

    async def homeless_records(self) -> Sequence[int]:
        """Live source records without a live master."""
        return (await self._connection.scalars(_HOMELESS)).all()

    async def masters(self, after: int, limit: int) -> Sequence[StoredMaster]:
        """The next master records."""
        rows = await self._connection.execute(_MASTERS, {"after": after, "limit": limit})
        return [_master(row) for row in rows]

    async def clusters(self) -> AsyncIterator[tuple[Isil, ControlNumber, MasterId]]:
        """Every live source record with its master."""
        rows = await self._connection.stream(_CLUSTERS)
        async for row in rows:
            yield Isil(row.isil), ControlNumber(row.control_number), MasterId(row.master_id)


def _whole(packed: bytes, content_hash: bytes) -> bool:
    try:
        return hashlib.sha256(unpack(packed)).digest() == content_hash
    except zlib.error:
        return False


def _master(row: Row[tuple[object, ...]]) -> StoredMaster:
    return StoredMaster(
        row.serial,
        MasterId(row.master_id),
        row.status,
        row.redirect_to,
        merged_from_json(json.loads(row.content)) if row.content else None,
        document_from_json(json.loads(row.document) | {"version": row.version}) if row.document else None,
        frozenset(row.members or ()),
        row.waits,
    )
