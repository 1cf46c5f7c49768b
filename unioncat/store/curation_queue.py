"""The review queue: pairs that the matcher left to people.

A pair of descriptions is open where a live record of the one and a live record of the other are part of two master
records. Most descriptions are part of one; those whose records a decision parted, of several.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import ControlNumber, Fingerprint, Isil, SourceId, mint_master_id
from unioncat.core.normalise.description import Description, description_from_json
from unioncat.core.parse.compact import from_compact
from unioncat.pipeline.curation_port import (
    DeferredPair,
    Example,
    MasterBrief,
    MasterSize,
    OpenPair,
    PairId,
    PairKey,
    PairSide,
    ReviewFilter,
    Signed,
    StoredVerdict,
)

# A person has spoken of both master records, whichever of their records it was about.
_DECIDED = """
    SELECT FROM source_record a JOIN decision_member ma ON ma.source_record_id = a.id
    JOIN curator_decision d ON d.id = ma.decision_id AND d.withdrawn IS NULL
    JOIN decision_member mb ON mb.decision_id = d.id AND (d.kind = 'same' OR mb.side <> ma.side)
    JOIN source_record b ON b.id = mb.source_record_id
    WHERE a.master_serial = l.master_serial AND NOT a.deleted AND b.master_serial = r.master_serial AND NOT b.deleted
"""

_DEFERRED = """
    SELECT FROM deferred_review p
    WHERE p.low = v.low AND p.high = v.high AND (p.until IS NULL OR p.until > current_date)
"""

_MASTERS_OF = (
    "SELECT DISTINCT master_serial FROM source_record WHERE description_id = {} AND member AND NOT deleted"
)

_OPEN = f"""
    FROM pair_verdict v CROSS JOIN LATERAL (
        SELECT l.master_serial AS left_serial, r.master_serial AS right_serial
        FROM ({_MASTERS_OF.format("v.low")}) AS l, ({_MASTERS_OF.format("v.high")}) AS r
        WHERE l.master_serial <> r.master_serial AND NOT EXISTS ({_DECIDED})
        ORDER BY 1, 2 LIMIT 1
    ) AS masters
    WHERE v.outcome = 'review' AND NOT EXISTS ({_DEFERRED})
"""

_AFTER = """
    v.score <= CAST(:score AS real) AND (v.score < CAST(:score AS real) OR (v.low, v.high) > (:low, :high))
"""

_OF_SOURCES = """
    EXISTS (SELECT FROM source_record s
            WHERE s.description_id IN (v.low, v.high) AND NOT s.deleted AND s.source_id = ANY(:sources))
"""

_SIZES = text("""
    SELECT r.master_serial, count(*) AS records, count(DISTINCT s.isil) AS libraries
    FROM source_record r JOIN harvest_source s ON s.id = r.source_id
    WHERE r.master_serial = ANY(:serials) AND r.member AND NOT r.deleted GROUP BY r.master_serial
""")

_BRIEFS = text("""
    SELECT serial, master_id, document->>'title' AS title, document->>'responsibility' AS responsibility,
        document->>'publisher' AS publisher, CAST(document->>'year' AS integer) AS year
    FROM master_record WHERE serial = ANY(:serials) AND status = 'live'
""")

_VERDICT = text("SELECT outcome, score, pattern FROM pair_verdict WHERE low = :low AND high = :high")

_SIDES = text("""
    SELECT description_id, master_serial, array_agg(id) AS records FROM source_record
    WHERE description_id = ANY(:descriptions) AND NOT deleted AND member
    GROUP BY description_id, master_serial ORDER BY description_id, master_serial
""")

_EXAMPLE = text("""
    SELECT r.id, s.isil, r.control_number, r.marc::text AS marc
    FROM source_record r JOIN harvest_source s ON s.id = r.source_id JOIN member_library l ON l.isil = s.isil
    WHERE r.id = ANY(:records) ORDER BY l.rank, r.id LIMIT 1
""")

_DESCRIPTIONS = text("SELECT id, fingerprint, content::text AS content FROM description WHERE id = ANY(:ids)")

_LIBRARY = text("SELECT isil FROM member_library WHERE lower(isil) = lower(:isil)")

_SOURCES_OF = text("SELECT id FROM harvest_source WHERE isil = :isil ORDER BY id")

_DEFER = text("""
    INSERT INTO deferred_review (low, high, until, batch, who, why)
    SELECT low, high, :until, :batch, :who, :why
    FROM unnest(CAST(:low AS bigint[]), CAST(:high AS bigint[])) AS pair(low, high)
    ON CONFLICT (low, high) DO UPDATE SET until = excluded.until, batch = excluded.batch, who = excluded.who,
        why = excluded.why, made = now()
""")

_RECALL = text("DELETE FROM deferred_review WHERE low = :low AND high = :high RETURNING low")

_RECALL_BATCH = text("DELETE FROM deferred_review WHERE batch = :batch RETURNING low")

_PUT_OFF = text("""
    SELECT low, high, until, batch, made, who, why FROM deferred_review
    WHERE (low, high) > (:low, :high) AND (until IS NULL OR until > current_date) ORDER BY low, high LIMIT :limit
""")


class ReviewQueueTables:
    """Implements `ReviewQueue`."""

    _connection: AsyncConnection

    async def open_pairs(self, wanted: ReviewFilter, after: PairKey | None, limit: int) -> Sequence[OpenPair]:
        """The next open pairs, read in the order of an index: those behind the limit are not looked at."""
        clauses, parameters = _filtered(wanted)
        if after is not None:
            clauses.append(_AFTER)
            parameters |= {"score": -after.score, "low": after.low, "high": after.high}
        query = text(
            f"SELECT v.low, v.high, v.score, v.pattern, left_serial, right_serial {_where(clauses)} "
            "ORDER BY v.score DESC, v.low, v.high LIMIT :limit"
        )
        rows = await self._connection.execute(query, {**parameters, "limit": limit})
        return [
            OpenPair(
                PairId(row.low, row.high), row.score, row.pattern or "", row.left_serial, row.right_serial
            )
            for row in rows
        ]

    async def count_patterns(self, wanted: ReviewFilter) -> Mapping[str, int]:
        """How many open pairs there are of each pattern; looks at every pair that waits."""
        clauses, parameters = _filtered(wanted)
        query = text(
            f"SELECT coalesce(v.pattern, '') AS pattern, count(*) AS pairs {_where(clauses)} GROUP BY 1"
        )
        return {row.pattern: row.pairs for row in await self._connection.execute(query, parameters)}

    async def sizes(self, masters: Collection[int]) -> Mapping[int, MasterSize]:
        """How many libraries and records stand behind master records."""
        rows = await self._connection.execute(_SIZES, {"serials": list(masters)})
        return {row.master_serial: MasterSize(row.libraries, row.records) for row in rows}

    async def briefs(self, masters: Collection[int]) -> Mapping[int, MasterBrief]:
        """Master records in a line each."""
        sizes = await self.sizes(masters)
        rows = await self._connection.execute(_BRIEFS, {"serials": list(masters)})
        return {
            row.serial: MasterBrief(
                row.serial,
                mint_master_id(row.serial),
                row.title or "",
                row.responsibility,
                row.publisher,
                row.year,
                sizes.get(row.serial, MasterSize(0, 0)),
            )
            for row in rows
        }

    async def descriptions(self, numbers: Collection[int]) -> Mapping[int, tuple[Fingerprint, Description]]:
        """Descriptions by number."""
        rows = await self._connection.execute(_DESCRIPTIONS, {"ids": list(numbers)})
        return {
            row.id: (Fingerprint(row.fingerprint), description_from_json(json.loads(row.content)))
            for row in rows
        }

    async def verdict(self, pair: PairId) -> StoredVerdict | None:
        """What the matcher said."""
        found = await self._connection.execute(_VERDICT, {"low": pair.low, "high": pair.high})
        row = found.one_or_none()
        return StoredVerdict(row.outcome, row.score, row.pattern) if row else None

    async def sides(self, descriptions: Collection[int]) -> Sequence[PairSide]:
        """The live records of descriptions, by description and master record."""
        rows = await self._connection.execute(_SIDES, {"descriptions": list(descriptions)})
        return [PairSide(row.description_id, row.master_serial, frozenset(row.records)) for row in rows]

    async def example(self, side: PairSide) -> Example:
        """The record of a side whose library has the first rank."""
        row = (await self._connection.execute(_EXAMPLE, {"records": list(side.records)})).one()
        marc = from_compact(json.loads(row.marc))
        return Example(row.id, Isil(row.isil), ControlNumber(row.control_number), marc)

    async def sources_of(self, isil: Isil) -> Sequence[SourceId]:
        """The feeds of a library."""
        known = await self._connection.scalar(_LIBRARY, {"isil": isil})
        if known is None:
            raise NotRegistered(f"No library is registered as '{isil}': see unioncat library list")
        return [SourceId(n) for n in await self._connection.scalars(_SOURCES_OF, {"isil": known})]

    # --- put off --------------------------------------------------------------------------------

    async def defer(
        self, pairs: Collection[PairId], until: date | None, signed: Signed, batch: int | None
    ) -> None:
        """Put pairs off."""
        columns = {"low": [pair.low for pair in pairs], "high": [pair.high for pair in pairs]}
        said = {"until": until, "batch": batch, "who": signed.who, "why": signed.why}
        await self._connection.execute(_DEFER, columns | said)

    async def recall(self, pair: PairId) -> bool:
        """Take a pair back into the queue."""
        found = await self._connection.execute(_RECALL, {"low": pair.low, "high": pair.high})
        return found.first() is not None

    async def recall_batch(self, batch: int) -> int:
        """Take the pairs of a bulk back into the queue."""
        return len((await self._connection.execute(_RECALL_BATCH, {"batch": batch})).all())

    async def deferred(self, after: PairId | None, limit: int) -> Sequence[DeferredPair]:
        """The pairs that are put off."""
        low, high = (after.low, after.high) if after else (0, 0)
        rows = await self._connection.execute(_PUT_OFF, {"low": low, "high": high, "limit": limit})
        return [
            DeferredPair(PairId(r.low, r.high), r.until, r.batch, r.made, Signed(r.who, r.why)) for r in rows
        ]


def _filtered(wanted: ReviewFilter) -> tuple[list[str], dict[str, Any]]:
    """The conditions of a filter and their parameters."""
    lines = (
        ("v.pattern = :pattern", "pattern", wanted.pattern),
        ("v.score >= CAST(:min_score AS real)", "min_score", wanted.min_score),
        (_OF_SOURCES, "sources", None if wanted.sources is None else list(wanted.sources)),
    )
    stated = [(clause, name, value) for clause, name, value in lines if value is not None]
    return [clause for clause, _, _ in stated], {name: value for _, name, value in stated}


def _where(clauses: Sequence[str]) -> str:
    return " AND ".join([_OPEN, *clauses])
