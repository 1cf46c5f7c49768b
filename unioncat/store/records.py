"""Source records, rejected records and the queue of the matcher."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.delivery import RejectedRecord
from unioncat.core.identifiers import Fingerprint, SourceId
from unioncat.core.normalise.description import description_to_json
from unioncat.core.parse.compact import to_compact
from unioncat.pipeline.outcomes import KnownRecord, PagePlan, RecordWrite
from unioncat.pipeline.reading import ReadDescription
from unioncat.store.packing import holdings_to_json, pack, to_json

_KNOWN = text("""
    SELECT identifier, id, content_hash, deleted, description_id FROM source_record
    WHERE source_id = :source AND identifier = ANY(:identifiers)
""")

_DESCRIBE = text("""
    INSERT INTO description (fingerprint, content, keys) VALUES (:fingerprint, :content, :keys)
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

_SAVE = text("""
    INSERT INTO source_record (id, source_id, identifier, control_number, format, raw, content_hash, datestamp,
                               deleted, marc, holdings, findings, description_id, harvest_id)
    VALUES (:id, :source, :identifier, :control_number, :format, :raw, :content_hash, :datestamp,
            :deleted, :marc, :holdings, :findings, :description_id, :harvest)
    ON CONFLICT (id) DO UPDATE SET
        control_number = excluded.control_number, format = excluded.format, raw = excluded.raw,
        content_hash = excluded.content_hash, datestamp = excluded.datestamp, deleted = excluded.deleted,
        marc = excluded.marc, holdings = excluded.holdings, findings = excluded.findings,
        description_id = excluded.description_id, harvest_id = excluded.harvest_id
""")

_BURY = text("""
    UPDATE source_record SET deleted = true, datestamp = :datestamp, harvest_id = :harvest WHERE id = :id
""")

_QUEUE = text("""
    INSERT INTO pending_match (source_record_id, former_description_id) VALUES (:id, :former)
""")

_REJECT = text("""
    INSERT INTO rejected_record (source_id, harvest_id, place, reason, raw, content_hash)
    VALUES (:source, :harvest, :place, :reason, :raw, :content_hash)
    ON CONFLICT (source_id, content_hash) DO UPDATE SET
        harvest_id = excluded.harvest_id, place = excluded.place, reason = excluded.reason
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
        numbers = await self._describe([w.read.description for w in plan.writes if w.read.description])
        ids = await self._ids(plan.writes)
        buried = [w for w in plan.writes if w.read.marc is None and w.known]
        saved = [w for w in plan.writes if w.read.marc is not None or not w.known]
        await self._connection.execute(_KEEP_FORMER, {"ids": [w.known.id for w in saved if w.known]})
        await self._many(_SAVE, [_row(w, ids, numbers, source, harvest, received) for w in saved])
        await self._many(
            _BURY,
            [
                {
                    "id": ids[w.read.identifier],
                    "datestamp": w.read.delivered.datestamp or received,
                    "harvest": harvest,
                }
                for w in buried
            ],
        )
        await self._many(
            _SUPERSEDE,
            [
                {
                    "id": ids[read.identifier],
                    "format": read.delivered.format,
                    "raw": pack(read.delivered.raw),
                    "harvest": harvest,
                }
                for read in plan.superseded
            ],
        )
        await self._many(_QUEUE, [_queued(w, ids) for w in plan.writes])
        await self._many(_REJECT, [_rejection(r, source, harvest) for r in plan.rejected])

    async def _describe(self, read: Collection[ReadDescription]) -> Mapping[Fingerprint, int]:
        """Store each distinct description once; in a fixed order, so that two harvests never wait in a ring."""
        distinct = sorted({d.fingerprint: d for d in read}.items())
        numbers = await self._numbers([name for name, _ in distinct])
        missing = [d for name, d in distinct if name not in numbers]
        await self._many(
            _DESCRIBE,
            [
                {
                    "fingerprint": d.fingerprint,
                    "content": to_json(description_to_json(d.description)),
                    "keys": sorted(d.keys),
                }
                for d in missing
            ],
        )
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


def _row(
    write: RecordWrite,
    ids: Mapping[str, int],
    numbers: Mapping[Fingerprint, int],
    source: SourceId,
    harvest: int,
    received: str,
) -> dict[str, Any]:
    read = write.read
    return {
        "id": ids[read.identifier],
        "source": source,
        "identifier": read.identifier,
        "control_number": read.control_number,
        "format": read.delivered.format,
        "raw": pack(read.delivered.raw),
        "content_hash": read.content_hash,
        "datestamp": read.delivered.datestamp or received,
        "deleted": read.deleted,
        "marc": None if read.marc is None else to_json(to_compact(read.marc)),
        "holdings": to_json(holdings_to_json(read.holdings)),
        "findings": to_json(read.findings) if read.findings else None,
        "description_id": numbers[read.description.fingerprint] if read.description else None,
        "harvest": harvest,
    }


def _queued(write: RecordWrite, ids: Mapping[str, int]) -> dict[str, Any]:
    former = write.known.description_id if write.known and not write.known.deleted else None
    return {"id": ids[write.read.identifier], "former": former}


def _rejection(rejected: RejectedRecord, source: SourceId, harvest: int) -> dict[str, Any]:
    return {
        "source": source,
        "harvest": harvest,
        "place": rejected.place,
        "reason": rejected.reason,
        "raw": pack(rejected.raw),
        "content_hash": hashlib.sha256(rejected.raw).digest(),
    }
