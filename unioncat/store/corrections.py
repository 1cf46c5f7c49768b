"""Corrections of curators."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import UnknownEntry
from unioncat.core.marc import MarcRecord
from unioncat.core.merge.correction import Correction, CorrectionAction
from unioncat.core.parse.compact import from_compact, to_compact
from unioncat.pipeline.corrections_port import CorrectionView, NewCorrection
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.packing import to_json

_SAVE = text("""
    INSERT INTO correction (action, tag, replaced, field, who, why)
    VALUES (:action, :tag, :replaced, CAST(:field AS json), :who, :why) RETURNING id
""")

_SAVE_ANCHORS = text("""
    INSERT INTO correction_anchor (correction_id, source_record_id) SELECT :id, unnest(CAST(:records AS bigint[]))
""")

_WITHDRAW = text("""
    UPDATE correction SET withdrawn = now(), withdrawn_by = :who, withdrawn_why = :why
    WHERE id = :id AND withdrawn IS NULL RETURNING id
""")

_KNOWN = text("SELECT id FROM correction WHERE id = :id")

_ANCHORS = text("""
    SELECT a.source_record_id FROM correction_anchor a JOIN source_record r ON r.id = a.source_record_id
    WHERE a.correction_id = :id AND NOT r.deleted
""")

_OF_RECORDS = text("""
    SELECT a.source_record_id, c.*, c.field::text AS field_text FROM correction_anchor a
    JOIN correction c ON c.id = a.correction_id AND c.withdrawn IS NULL
    WHERE a.source_record_id = ANY(:records) ORDER BY c.id
""")

_OF_MASTERS = text("""
    SELECT c.*, c.field::text AS field_text FROM correction c WHERE c.id IN (
        SELECT a.correction_id FROM source_record r JOIN correction_anchor a ON a.source_record_id = r.id
        WHERE r.master_serial = ANY(:serials) AND r.member AND NOT r.deleted
    ) ORDER BY c.id
""")


class CorrectionsTables:
    """Implements `Corrections`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, new: NewCorrection, anchors: Collection[int], signed: Signed) -> int:
        """Keep a correction."""
        field = None if new.field is None else to_json(to_compact(MarcRecord("", (new.field,))))
        stated = {"action": new.action, "tag": new.tag, "replaced": new.replaced, "field": field}
        said = {"who": signed.who, "why": signed.why}
        number = int(await self._connection.scalar(_SAVE, stated | said) or 0)
        await self._connection.execute(_SAVE_ANCHORS, {"id": number, "records": sorted(anchors)})
        return number

    async def withdraw(self, number: int, signed: Signed) -> bool:
        """Withdraw a correction."""
        if await self._connection.scalar(_KNOWN, {"id": number}) is None:
            raise UnknownEntry(f"There is no correction {number}")
        said = {"id": number, "who": signed.who, "why": signed.why}
        return await self._connection.scalar(_WITHDRAW, said) is not None

    async def anchors(self, number: int) -> frozenset[int]:
        """The live records that a correction hangs on."""
        return frozenset(await self._connection.scalars(_ANCHORS, {"id": number}))

    async def of_records(self, records: Collection[int]) -> Mapping[int, Sequence[Correction]]:
        """The standing corrections of each of these records."""
        found: defaultdict[int, list[Correction]] = defaultdict(list)
        for row in await self._connection.execute(_OF_RECORDS, {"records": list(records)}):
            found[row.source_record_id].append(_correction(row))
        return found

    async def of_masters(self, serials: Collection[int]) -> Sequence[CorrectionView]:
        """All corrections of master records."""
        rows = await self._connection.execute(_OF_MASTERS, {"serials": list(serials)})
        return [
            CorrectionView(
                _correction(row),
                row.withdrawn,
                Signed(row.withdrawn_by, row.withdrawn_why) if row.withdrawn else None,
            )
            for row in rows
        ]


def _correction(row: Row[Any]) -> Correction:
    field = from_compact(json.loads(row.field_text)).fields[0] if row.field_text else None
    return Correction(
        row.id,
        CorrectionAction(row.action),
        row.tag,
        row.replaced,
        field,
        row.who,
        row.why,
        row.made.isoformat(),
    )
