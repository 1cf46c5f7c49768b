"""Decisions of people about source records."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import ControlNumber, Isil, MasterId, mint_master_id
from unioncat.core.marc import MarcRecord
from unioncat.core.match.curation import CuratorDecision, DecisionKind, effect_of
from unioncat.core.parse.compact import from_compact
from unioncat.pipeline.curation_port import (
    DecisionFilter,
    DecisionRecord,
    DecisionView,
    LabelledDecision,
    MasterMember,
    MasterState,
    NewDecision,
    Signed,
)
from unioncat.pipeline.packing import to_json

_DECISION_LOCK = 0x756E6904

_STATES = text("""
    SELECT m.master_id, CASE m.status WHEN 'live' THEN m.serial WHEN 'redirect' THEN m.redirect_to END AS serial
    FROM master_record m WHERE m.master_id = ANY(:ids)
""")

_MEMBERS = text("""
    SELECT r.id, r.master_serial, s.isil, r.control_number
    FROM source_record r JOIN harvest_source s ON s.id = r.source_id
    WHERE r.master_serial = ANY(:serials) AND r.member AND NOT r.deleted ORDER BY s.isil, r.control_number, r.id
""")

_STANDING = text("""
    SELECT d.id, d.kind, m.side, m.source_record_id FROM curator_decision d
    JOIN decision_member m ON m.decision_id = d.id JOIN source_record r ON r.id = m.source_record_id AND NOT r.deleted
    WHERE d.withdrawn IS NULL AND d.id IN (
        SELECT decision_id FROM decision_member WHERE source_record_id = ANY(:records)
    ) ORDER BY d.id
""")

_NEW_IDS = text(
    "SELECT nextval(pg_get_serial_sequence('curator_decision', 'id')) FROM generate_series(1, :count)"
)

_SAVE = text("""
    INSERT INTO curator_decision (id, kind, origin, batch, who, why, pattern, evidence) OVERRIDING SYSTEM VALUE
    SELECT id, kind, origin, :batch, :who, :why, pattern, CAST(evidence AS json)
    FROM unnest(CAST(:ids AS bigint[]), CAST(:kinds AS text[]), CAST(:origins AS text[]), CAST(:patterns AS text[]),
        CAST(:evidence AS text[])) AS new(id, kind, origin, pattern, evidence)
""")

_SAVE_MEMBERS = text("""
    INSERT INTO decision_member (decision_id, source_record_id, side)
    SELECT * FROM unnest(CAST(:decisions AS bigint[]), CAST(:records AS bigint[]), CAST(:sides AS smallint[]))
""")

_WITHDRAW = text("""
    UPDATE curator_decision SET withdrawn = now(), withdrawn_by = :who, withdrawn_why = :why
    WHERE id = ANY(:ids) AND withdrawn IS NULL RETURNING id
""")

_OF_BATCH = text("SELECT id FROM curator_decision WHERE batch = :batch ORDER BY id")

_RECORDS_OF = text("""
    SELECT DISTINCT m.source_record_id FROM decision_member m
    JOIN source_record r ON r.id = m.source_record_id AND NOT r.deleted WHERE m.decision_id = ANY(:ids)
""")

_LOOK_AGAIN = text("""
    INSERT INTO pending_match (source_record_id) SELECT unnest(CAST(:records AS bigint[])) ORDER BY 1
""")

_HISTORY = """
    SELECT d.*, d.evidence::text AS evidence_text FROM curator_decision d WHERE {} ORDER BY d.id DESC LIMIT :limit
"""

_OF_RECORD = """
    d.id IN (SELECT m.decision_id FROM source_record r JOIN harvest_source s ON s.id = r.source_id
             JOIN decision_member m ON m.source_record_id = r.id
             WHERE lower(s.isil) = lower(:isil) AND r.control_number = :control_number)
"""

_SIDES = text("""
    SELECT m.decision_id, m.side, count(*) AS records,
        array_agg(DISTINCT r.master_serial) FILTER (WHERE r.member AND NOT r.deleted) AS masters
    FROM decision_member m JOIN source_record r ON r.id = m.source_record_id
    WHERE m.decision_id = ANY(:ids) GROUP BY m.decision_id, m.side
""")

_PARTING = text("""
    SELECT DISTINCT d.id FROM source_record a JOIN decision_member ma ON ma.source_record_id = a.id
    JOIN curator_decision d ON d.id = ma.decision_id AND d.withdrawn IS NULL AND d.kind = 'different'
    JOIN decision_member mb ON mb.decision_id = d.id AND mb.side <> ma.side
    JOIN source_record b ON b.id = mb.source_record_id
    WHERE a.master_serial = ANY(:serials) AND NOT a.deleted AND b.master_serial = ANY(:serials) AND NOT b.deleted
        AND a.master_serial <> b.master_serial ORDER BY d.id
""")

_DECISION_RECORDS = text("""
    SELECT m.side, s.isil, r.control_number, CASE WHEN r.member AND NOT r.deleted THEN r.master_serial END AS master
    FROM decision_member m JOIN source_record r ON r.id = m.source_record_id
    JOIN harvest_source s ON s.id = r.source_id
    WHERE m.decision_id = :id ORDER BY m.side, s.isil, r.control_number, r.id
""")

_LABELLED = text("""
    SELECT d.*, m.side, m.record, m.description_id FROM (
        SELECT id, kind, pattern, made, who, why FROM curator_decision WHERE id > :after AND withdrawn IS NULL ORDER BY id LIMIT :limit
    ) AS d LEFT JOIN LATERAL (
        SELECT k.side, r.description_id, min(r.id) AS record,
            row_number() OVER (PARTITION BY k.side ORDER BY min(r.id)) AS place
        FROM decision_member k JOIN source_record r ON r.id = k.source_record_id AND NOT r.deleted
        WHERE k.decision_id = d.id GROUP BY k.side, r.description_id
    ) AS m ON m.place <= :examples ORDER BY d.id, m.side, m.record
""")

_MARC = text("SELECT id, marc::text AS marc FROM source_record WHERE id = ANY(:ids) AND marc IS NOT NULL")


class DecisionTables:
    """Implements `Decisions`."""

    _connection: AsyncConnection

    async def lock_decisions(self) -> None:
        """Wait until nobody else decides."""
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _DECISION_LOCK})

    async def states(self, master_ids: Collection[MasterId]) -> Mapping[MasterId, MasterState]:
        """How identifiers stand."""
        rows = await self._connection.execute(_STATES, {"ids": list(master_ids)})
        return {MasterId(row.master_id): MasterState(MasterId(row.master_id), row.serial) for row in rows}

    async def members(self, masters: Collection[int]) -> Mapping[int, Sequence[MasterMember]]:
        """The live records of master records."""
        found: defaultdict[int, list[MasterMember]] = defaultdict(list)
        for row in await self._connection.execute(_MEMBERS, {"serials": list(masters)}):
            member = MasterMember(row.id, Isil(row.isil), ControlNumber(row.control_number))
            found[row.master_serial].append(member)
        return found

    async def standing(self, records: Collection[int]) -> Sequence[CuratorDecision]:
        """The standing decisions that speak of one of these records."""
        rows = (await self._connection.execute(_STANDING, {"records": list(records)})).all()
        return [_decision(list(group)) for _, group in groupby(rows, key=lambda row: row.id)]

    async def save(
        self, decisions: Sequence[NewDecision], signed: Signed, *, bulk: bool = False
    ) -> Sequence[int]:
        """Keep decisions."""
        ids = list(await self._connection.scalars(_NEW_IDS, {"count": len(decisions)}))
        if not ids:
            return ids
        rows = {
            "ids": ids,
            "kinds": [decision.kind for decision in decisions],
            "origins": [decision.origin for decision in decisions],
            "patterns": [decision.pattern for decision in decisions],
            "evidence": [None if one.evidence is None else to_json(dict(one.evidence)) for one in decisions],
        }
        said = {"batch": ids[0] if bulk else None, "who": signed.who, "why": signed.why}
        await self._connection.execute(_SAVE, rows | said)
        members = [
            (number, record, side)
            for number, decision in zip(ids, decisions, strict=True)
            for side, records in enumerate((decision.left, decision.right))
            for record in sorted(records)
        ]
        numbers, records, sides = (list(column) for column in zip(*members, strict=True))
        await self._connection.execute(
            _SAVE_MEMBERS, {"decisions": numbers, "records": records, "sides": sides}
        )
        return ids

    async def new_batch(self) -> int:
        """A number for a bulk that makes no decision."""
        return int(await self._connection.scalar(_NEW_IDS, {"count": 1}))

    async def withdraw(self, decisions: Collection[int], signed: Signed) -> Sequence[int]:
        """Withdraw those that stand."""
        said = {"ids": list(decisions), "who": signed.who, "why": signed.why}
        return sorted(await self._connection.scalars(_WITHDRAW, said))

    async def of_batch(self, batch: int) -> Sequence[int]:
        """The decisions of a bulk."""
        return list(await self._connection.scalars(_OF_BATCH, {"batch": batch}))

    async def records_of(self, decisions: Collection[int]) -> frozenset[int]:
        """The live records that these speak of."""
        return frozenset(await self._connection.scalars(_RECORDS_OF, {"ids": list(decisions)}))

    async def look_again(self, records: Collection[int]) -> None:
        """Have the matcher look at records again."""
        await self._connection.execute(_LOOK_AGAIN, {"records": list(records)})

    # --- history --------------------------------------------------------------------------------

    async def history(self, wanted: DecisionFilter, before: int | None, limit: int) -> Sequence[DecisionView]:
        """Decisions, the newest first."""
        clauses: list[str] = ["true"]
        parameters: dict[str, Any] = {"limit": limit}
        isil, control_number = wanted.record or (None, None)
        for clause, name, value in (
            ("d.who = :who", "who", wanted.who),
            ("d.batch = :batch", "batch", wanted.batch),
            ("d.id < :before", "before", before),
            ("(d.withdrawn IS NULL) = :standing", "standing", wanted.standing),
            (_OF_RECORD, "isil", isil),
        ):
            if value is not None:
                clauses.append(clause)
                parameters[name] = value
        if control_number is not None:
            parameters["control_number"] = control_number
        rows = await self._connection.execute(text(_HISTORY.format(" AND ".join(clauses))), parameters)
        return await self._views(rows.all())

    async def decision(self, number: int) -> DecisionView:
        """One decision."""
        query = text(_HISTORY.format("d.id = :id"))
        rows = (await self._connection.execute(query, {"id": number, "limit": 1})).all()
        if not rows:
            raise UnknownEntry(f"There is no decision {number}; they are listed by: unioncat decisions")
        return (await self._views(rows))[0]

    async def _views(self, rows: Sequence[Row[Any]]) -> Sequence[DecisionView]:
        found = await self._connection.execute(_SIDES, {"ids": [row.id for row in rows]})
        sides = {(row.decision_id, row.side): row for row in found}
        return [await self._view(row, sides.get((row.id, 0)), sides.get((row.id, 1))) for row in rows]

    async def _view(self, row: Row[Any], left: Row[Any] | None, right: Row[Any] | None) -> DecisionView:
        kind, withdrawn = DecisionKind(row.kind), row.withdrawn is not None
        ones, others = (list(side.masters or ()) if side else [] for side in (left, right))
        masters = sorted({*ones, *others})
        parting: list[int] = []
        if kind is DecisionKind.SAME and not withdrawn and len(masters) > 1:
            parting = list(await self._connection.scalars(_PARTING, {"serials": masters}))
        return DecisionView(
            row.id,
            kind,
            row.origin,
            row.batch,
            row.made,
            Signed(row.who, row.why),
            row.pattern,
            json.loads(row.evidence_text) if row.evidence_text else None,
            row.withdrawn,
            Signed(row.withdrawn_by, row.withdrawn_why) if withdrawn else None,
            left.records if left else 0,
            right.records if right else 0,
            tuple(map(mint_master_id, masters)),
            effect_of(kind, ones, others, withdrawn=withdrawn, parted=bool(parting)),
            tuple(parting),
        )

    async def decision_records(self, number: int) -> Sequence[DecisionRecord]:
        """The records of a decision."""
        return [
            DecisionRecord(
                row.side,
                Isil(row.isil),
                ControlNumber(row.control_number),
                None if row.master is None else mint_master_id(row.master),
            )
            for row in await self._connection.execute(_DECISION_RECORDS, {"id": number})
        ]

    # --- labelled pairs -------------------------------------------------------------------------

    async def labelled(self, after: int, limit: int, examples: int) -> Sequence[LabelledDecision]:
        """The next standing decisions with the first records of both sides."""
        parameters = {"after": after, "limit": limit, "examples": examples}
        rows = (await self._connection.execute(_LABELLED, parameters)).all()
        return [_labelled(list(group)) for _, group in groupby(rows, key=lambda row: row.id)]

    async def marc(self, records: Collection[int]) -> Mapping[int, MarcRecord]:
        """Records as MARC."""
        rows = await self._connection.execute(_MARC, {"ids": list(records)})
        return {row.id: from_compact(json.loads(row.marc)) for row in rows}


def _decision(rows: Sequence[Row[Any]]) -> CuratorDecision:
    sides = [frozenset(row.source_record_id for row in rows if row.side == side) for side in (0, 1)]
    return CuratorDecision(rows[0].id, DecisionKind(rows[0].kind), *sides)


def _labelled(rows: Sequence[Row[Any]]) -> LabelledDecision:
    first = rows[0]
    left, right = (
        tuple((row.record, row.description_id) for row in rows if row.side == side) for side in (0, 1)
    )
    signed = Signed(first.who, first.why)
    return LabelledDecision(
        first.id, DecisionKind(first.kind), first.pattern, first.made, signed, left, right
    )
