"""Source records, rejected records and the queue of the matcher."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.delivery import DeliveredRecord, RecordFormat, RejectedRecord
from unioncat.core.identifiers import Fingerprint, SourceId
from unioncat.pipeline.outcomes import KnownRecord, PagePlan, RecordWrite, StoredRecord
from unioncat.pipeline.packing import pack, unpack
from unioncat.pipeline.reading import ReadDescription, ReadRecord, RecordContent
from unioncat.store.copying import copy_rows

_KNOWN = text("""
    SELECT identifier, id, content_hash, deleted, description_id FROM source_record
    WHERE source_id = :source AND identifier = ANY(:identifiers)
""")

# The keys of a description, none of which holds a line break, come as one text.
_DESCRIBE = text("""
    INSERT INTO description (fingerprint, content, keys)
    SELECT fingerprint, CAST(content AS json), string_to_array(keys, chr(10))
    FROM unnest(CAST(:fingerprints AS text[]), CAST(:contents AS text[]), CAST(:keys AS text[]))
        AS read (fingerprint, content, keys)
    ON CONFLICT (fingerprint) DO NOTHING
""")

_NUMBERS = text("SELECT fingerprint, id FROM description WHERE fingerprint = ANY(:fingerprints)")

_NEW_IDS = text("SELECT nextval('source_record_id') FROM generate_series(1, :count)")

_KEEP_FORMER = text("""
    INSERT INTO superseded_record (source_record_id, format, raw, harvest_id)
    SELECT id, format, raw, harvest_id FROM source_record WHERE id = ANY(:ids) AND marc IS NOT NULL
""")

_SUPERSEDE = text("""
    INSERT INTO superseded_record (source_record_id, format, raw, harvest_id)
    VALUES (:id, :format, :raw, :harvest)
""")

_COLUMNS = (
    "id",
    "source_id",
    "identifier",
    "control_number",
    "format",
    "raw",
    "content_hash",
    "datestamp",
    "deleted",
    "marc",
    "holdings",
    "findings",
    "description_id",
    "harvest_id",
)

_CHANGE = text(f"""
    UPDATE source_record SET {", ".join(f"{name} = :{name}" for name in _COLUMNS[3:])} WHERE id = :id
""")

_BURY = text("""
    UPDATE source_record SET deleted = true, datestamp = :datestamp, harvest_id = :harvest WHERE id = :id
""")

_REJECT = text("""
    INSERT INTO rejected_record (source_id, harvest_id, place, kind, reason, format, identifier, datestamp, raw,
                                 content_hash)
    VALUES (:source, :harvest, :place, :kind, :reason, :format, :identifier, :datestamp, :raw, :content_hash)
    ON CONFLICT (source_id, content_hash) DO UPDATE SET
        harvest_id = excluded.harvest_id, place = excluded.place, kind = excluded.kind, reason = excluded.reason,
        format = excluded.format, identifier = excluded.identifier, datestamp = excluded.datestamp
""")

# A record that is read now was rejected before: under the same bytes, or the same identifier.
_ACQUIT = text("""
    DELETE FROM rejected_record
    WHERE source_id = :source AND (content_hash = ANY(:hashes) OR identifier = ANY(:identifiers))
""")

_REJECTED = text("""
    SELECT id, place, format, identifier, datestamp, raw FROM rejected_record
    WHERE source_id = :source AND id > :after ORDER BY id LIMIT :limit
""")

_ACCOUNTED = text("""
    SELECT identifier FROM source_record WHERE source_id = :source AND identifier = ANY(:identifiers) AND NOT deleted
    UNION
    SELECT identifier FROM rejected_record WHERE source_id = :source AND identifier = ANY(:identifiers)
""")


_STORED = text("""
    SELECT r.id, r.identifier, r.format, r.raw, r.datestamp, r.marc::text AS marc, r.holdings::text AS holdings,
        r.findings::text AS findings, r.description_id, d.fingerprint
    FROM source_record r JOIN description d ON d.id = r.description_id
    WHERE r.source_id = :source AND r.id > :after AND NOT r.deleted AND r.marc IS NOT NULL
    ORDER BY r.id LIMIT :limit
""")

_REREAD = text("""
    UPDATE source_record SET marc = CAST(:marc AS json), holdings = CAST(:holdings AS json),
        findings = CAST(:findings AS json), description_id = :description_id
    WHERE id = :id
""")

_NAMELESS = text("""
    SELECT EXISTS (SELECT FROM rejected_record
                   WHERE source_id = :source AND harvest_id = :harvest AND identifier IS NULL)
""")


class RecordsTable:
    """Implements `Records`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(self, source: SourceId, identifiers: Collection[str]) -> Mapping[str, KnownRecord]:
        """The records of a source under these identifiers."""
        rows = await self._connection.execute(_KNOWN, {"source": source, "identifiers": list(identifiers)})
        return {
            row.identifier: KnownRecord(row.id, row.content_hash, row.deleted, row.description_id)
            for row in rows
        }

    async def save(self, source: SourceId, harvest: int, received: str, plan: PagePlan) -> None:
        """Write a page, a handful of statements whatever its size."""
        contents = [w.read.content for w in plan.writes if w.read.content]
        numbers = await self._describe([content.description for content in contents])
        ids = await self._ids(plan.writes)
        buried = [w for w in plan.writes if w.read.content is None and w.known]
        changed = [w for w in plan.writes if w.read.content is not None and w.known]
        await self._connection.execute(_KEEP_FORMER, {"ids": [w.known.id for w in changed if w.known]})
        rows = {w.read.identifier: _row(w.read, ids, numbers, source, harvest, received) for w in plan.writes}
        await copy_rows(
            self._connection,
            "source_record",
            _COLUMNS,
            [rows[w.read.identifier] for w in plan.writes if not w.known],
        )
        await self._many(
            _CHANGE, [dict(zip(_COLUMNS, rows[w.read.identifier], strict=True)) for w in changed]
        )
        await self._many(_BURY, [_burial(w.read, ids, harvest, received) for w in buried])
        await self._many(_SUPERSEDE, [_superseded(read, ids, harvest) for read in plan.superseded])
        await copy_rows(
            self._connection, "pending_match", _QUEUED, [_queued(w, ids, harvest) for w in plan.writes]
        )
        await self._acquit(source, [*(w.read for w in plan.writes), *plan.unchanged])
        await self._many(_REJECT, [_rejection(r, source, harvest) for r in plan.rejected])

    async def rejected(
        self, source: SourceId, after: int, limit: int
    ) -> Sequence[tuple[int, DeliveredRecord]]:
        """The next rejected records of a source with their numbers, as they were delivered."""
        rows = await self._connection.execute(_REJECTED, {"source": source, "after": after, "limit": limit})
        return [
            (
                row.id,
                DeliveredRecord(
                    unpack(row.raw), RecordFormat(row.format), row.place, row.identifier, row.datestamp
                ),
            )
            for row in rows
        ]

    async def stored(self, source: SourceId, after: int, limit: int) -> Sequence[StoredRecord]:
        """The next live records of a source."""
        rows = await self._connection.execute(_STORED, {"source": source, "after": after, "limit": limit})
        return [
            StoredRecord(
                row.id,
                DeliveredRecord(
                    unpack(row.raw),
                    RecordFormat(row.format),
                    f"stored record {row.identifier}",
                    row.identifier,
                    row.datestamp,
                ),
                row.marc,
                row.holdings,
                row.findings,
                row.description_id,
                row.fingerprint,
            )
            for row in rows
        ]

    async def reread(self, changed: Sequence[tuple[StoredRecord, RecordContent]]) -> None:
        """Write what stored records say now, and queue them with what the matcher saw of them."""
        numbers = await self._describe([content.description for _, content in changed])
        rows = [
            {
                "id": one.id,
                "marc": content.marc,
                "holdings": content.holdings,
                "findings": content.findings,
                "description_id": numbers[content.description.fingerprint],
            }
            for one, content in changed
        ]
        await self._many(_REREAD, rows)
        queued = [(one.id, one.description_id, None) for one, _ in changed]
        await copy_rows(self._connection, "pending_match", _QUEUED, queued)

    async def accounted(self, source: SourceId, identifiers: Collection[str]) -> frozenset[str]:
        """Which of these identifiers are live or rejected records of the source."""
        asked = {"source": source, "identifiers": list(identifiers)}
        return frozenset(await self._connection.scalars(_ACCOUNTED, asked))

    async def has_nameless_rejections(self, source: SourceId, harvest: int) -> bool:
        """Whether a run rejected records that have no identifier."""
        return bool(await self._connection.scalar(_NAMELESS, {"source": source, "harvest": harvest}))

    async def _acquit(self, source: SourceId, read: Collection[ReadRecord]) -> None:
        """What is read now is no longer among the rejected records."""
        if read:
            named = [r.identifier for r in read if r.delivered.identifier is not None]
            hashes = [r.content_hash for r in read if r.delivered.raw]
            await self._connection.execute(
                _ACQUIT, {"source": source, "hashes": hashes, "identifiers": named}
            )

    async def _describe(self, read: Collection[ReadDescription]) -> Mapping[Fingerprint, int]:
        """Store each distinct description once; in a fixed order, so that two harvests never wait in a ring."""
        distinct = sorted({d.fingerprint: d for d in read}.items())
        numbers = await self._numbers([name for name, _ in distinct])
        missing = [d for name, d in distinct if name not in numbers]
        if not missing:
            return numbers
        stored = {
            "fingerprints": [d.fingerprint for d in missing],
            "contents": [d.content for d in missing],
            "keys": ["\n".join(d.keys) for d in missing],
        }
        await self._connection.execute(_DESCRIBE, stored)
        return {**numbers, **await self._numbers([d.fingerprint for d in missing])}

    async def _numbers(self, fingerprints: Sequence[Fingerprint]) -> dict[Fingerprint, int]:
        rows = await self._connection.execute(_NUMBERS, {"fingerprints": list(fingerprints)})
        return {Fingerprint(row.fingerprint): row.id for row in rows}

    async def _ids(self, writes: Sequence[RecordWrite]) -> Mapping[str, int]:
        new = [w.read.identifier for w in writes if w.known is None]
        drawn = (await self._connection.scalars(_NEW_IDS, {"count": len(new)})).all()
        known = {w.read.identifier: w.known.id for w in writes if w.known}
        return known | dict(zip(new, drawn, strict=True))

    async def _many(self, statement: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            await self._connection.execute(statement, rows)


_QUEUED = ("source_record_id", "former_description_id", "harvest_id")


def _row(
    read: ReadRecord,
    ids: Mapping[str, int],
    numbers: Mapping[Fingerprint, int],
    source: SourceId,
    harvest: int,
    received: str,
) -> tuple[Any, ...]:
    """The values of `_COLUMNS`; a deletion of a record that was never seen has no content."""
    content = read.content
    return (
        ids[read.identifier],
        source,
        read.identifier,
        read.control_number,
        read.delivered.format,
        content.raw if content else pack(read.delivered.raw),
        read.content_hash,
        read.delivered.datestamp or received,
        read.deleted,
        content and content.marc,
        content and content.holdings,
        content and content.findings,
        numbers[content.description.fingerprint] if content else None,
        harvest,
    )


def _burial(read: ReadRecord, ids: Mapping[str, int], harvest: int, received: str) -> dict[str, Any]:
    return {
        "id": ids[read.identifier],
        "datestamp": read.delivered.datestamp or received,
        "harvest": harvest,
    }


def _superseded(read: ReadRecord, ids: Mapping[str, int], harvest: int) -> dict[str, Any]:
    return {
        "id": ids[read.identifier],
        "format": read.delivered.format,
        "raw": pack(read.delivered.raw),
        "harvest": harvest,
    }


def _queued(write: RecordWrite, ids: Mapping[str, int], harvest: int) -> tuple[int, int | None, int]:
    former = write.known.description_id if write.known and not write.known.deleted else None
    return ids[write.read.identifier], former, harvest


def _rejection(rejected: RejectedRecord, source: SourceId, harvest: int) -> dict[str, Any]:
    delivered = rejected.delivered
    return {
        "source": source,
        "harvest": harvest,
        "place": delivered.place,
        "kind": rejected.kind,
        "reason": rejected.reason,
        "format": delivered.format,
        "identifier": delivered.identifier,
        "datestamp": delivered.datestamp,
        "raw": pack(delivered.raw),
        "content_hash": hashlib.sha256(delivered.raw).digest(),
    }
