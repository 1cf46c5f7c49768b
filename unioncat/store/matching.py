"""The graph of descriptions: which are live, their keys, and the verdicts between them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.curation import CuratorDecision, DecisionKind
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.relation import Relation
from unioncat.core.normalise.description import description_from_json
from unioncat.pipeline.unit_of_work import (
    PairVerdict,
    PendingBatch,
    StandingDecisions,
    StoredDescription,
)
from unioncat.store.copying import copy_rows
from unioncat.store.held import COUNTED, COUNTED_ROWS, OF_HELD_SOURCE

_MATCHER_LOCK = 0x756E6903

_BEGIN_ANEW = (
    text("DELETE FROM pair_verdict"),
    text("DELETE FROM pair_relation"),
    text("DELETE FROM match_key"),
    text("UPDATE description SET matched = false WHERE matched"),
)

_QUEUE_ALL = text("""
    INSERT INTO pending_match (source_record_id)
    SELECT id FROM source_record WHERE NOT deleted ORDER BY id
""")

_SET_POLICY = text("""
    INSERT INTO matching_policy (id, policy) VALUES (1, :policy) ON CONFLICT (id) DO UPDATE SET policy = :policy
""")

_TAKEN = f"RETURNING source_record_id, former_description_id, harvest_id, {OF_HELD_SOURCE} AS waits"

_TAKE = text(f"""
    DELETE FROM pending_match WHERE id IN (SELECT id FROM pending_match ORDER BY id LIMIT :limit)
    {_TAKEN}
""")

_TAKE_OF = text(f"DELETE FROM pending_match WHERE source_record_id = ANY(:records) {_TAKEN}")

_PRESENT = text(f"""
    SELECT DISTINCT description_id FROM {COUNTED_ROWS} r
    WHERE id = ANY(:ids) AND description_id IS NOT NULL
""")

_LIVENESS = text(f"""
    SELECT id, matched, EXISTS (SELECT FROM {COUNTED} s WHERE s.description_id = d.id AND NOT s.deleted) live
    FROM description d WHERE id = ANY(:ids)
""")

_LOAD = text("SELECT id, fingerprint, content::text AS content, keys FROM description WHERE id = ANY(:ids)")

_MARK = text("UPDATE description SET matched = :matched WHERE id = ANY(:ids)")

_LEAVE = text("DELETE FROM match_key WHERE description_id = ANY(:ids)")

# Reading stops at the limit: a key that half the catalogue shares costs no more than another.
_SHARING = text("""
    SELECT k.key, ARRAY(SELECT m.description_id FROM match_key m WHERE m.key = k.key LIMIT :limit) AS ids
    FROM unnest(CAST(:keys AS text[])) AS k(key)
""")

_MEETING = text("""
    SELECT mine.id, m.description_id AS other
    FROM unnest(CAST(:ids AS bigint[]), CAST(:keys AS text[])) AS mine(id, key)
    JOIN match_key m ON m.key = mine.key AND m.description_id <> mine.id
    GROUP BY mine.id, m.description_id HAVING count(DISTINCT split_part(mine.key, ':', 1)) > 1
""")

_FORGET = text("""
    DELETE FROM pair_verdict WHERE low = ANY(:ids) OR high = ANY(:ids) RETURNING low, high, outcome
""")

_KEEP = text("""
    INSERT INTO pair_verdict (low, high, outcome, score, pattern)
    SELECT * FROM unnest(CAST(:low AS bigint[]), CAST(:high AS bigint[]), CAST(:outcome AS text[]),
        CAST(:score AS real[]), CAST(:pattern AS text[]))
""")

_FORGET_RELATIONS = text("DELETE FROM pair_relation WHERE low = ANY(:ids) OR high = ANY(:ids)")

_KEEP_RELATIONS = text("""
    INSERT INTO pair_relation (low, high, kind)
    SELECT * FROM unnest(CAST(:low AS bigint[]), CAST(:high AS bigint[]), CAST(:kind AS text[]))
""")

_STANDING = text(f"""
    SELECT d.id, d.kind, m.side, m.source_record_id, r.description_id FROM curator_decision d
    JOIN decision_member m ON m.decision_id = d.id JOIN {COUNTED_ROWS} r ON r.id = m.source_record_id AND NOT r.deleted
    WHERE d.withdrawn IS NULL AND d.id IN (
        SELECT touching.decision_id FROM source_record s JOIN decision_member touching ON touching.source_record_id = s.id
        WHERE s.description_id = ANY(:ids) AND NOT s.deleted
            AND NOT EXISTS (SELECT FROM held_match h WHERE h.source_record_id = s.id)
        UNION ALL
        SELECT touching.decision_id FROM held_match h JOIN decision_member touching USING (source_record_id)
        WHERE h.former_description_id = ANY(:ids)
    ) ORDER BY d.id
""")

_SAME = text("""
    SELECT low, high, score FROM pair_verdict WHERE outcome = 'same' AND low = ANY(:ids)
    UNION SELECT low, high, score FROM pair_verdict WHERE outcome = 'same' AND high = ANY(:ids)
""")


class MatchingTables:
    """Implements `Matching`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self) -> None:
        """Wait until no other matcher works."""
        await self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MATCHER_LOCK})

    async def policy(self) -> str | None:
        """The policy by which the verdicts were made."""
        found: str | None = await self._connection.scalar(text("SELECT policy FROM matching_policy"))
        return found

    async def begin_anew(self, policy: str) -> int:
        """Empty the graph and queue all live records."""
        for statement in _BEGIN_ANEW:
            await self._connection.execute(statement)
        await self._connection.execute(_SET_POLICY, {"policy": policy})
        return (await self._connection.execute(_QUEUE_ALL)).rowcount

    async def take_pending(self, limit: int) -> PendingBatch:
        """Take the oldest changed records from the queue."""
        return await self._taken(_TAKE, {"limit": limit})

    async def take_pending_of(self, records: Collection[int]) -> PendingBatch:
        """Take these records from the queue, if they are in it."""
        return await self._taken(_TAKE_OF, {"records": list(records)})

    async def _taken(self, statement: TextClause, parameters: Mapping[str, object]) -> PendingBatch:
        rows = (await self._connection.execute(statement, parameters)).all()
        records = {row.source_record_id for row in rows}
        present = await self._connection.scalars(_PRESENT, {"ids": list(records)})
        otherwise = {row.source_record_id for row in rows if row.harvest_id is None}
        return PendingBatch(
            frozenset(records),
            frozenset(present)
            | {row.former_description_id for row in rows if row.former_description_id is not None},
            {row.source_record_id: row.harvest_id for row in rows if row.source_record_id not in otherwise},
            frozenset(row.harvest_id for row in rows if row.waits),
        )

    async def liveness(
        self, descriptions: Collection[int]
    ) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Live ones, new ones, dead ones."""
        rows = (await self._connection.execute(_LIVENESS, {"ids": list(descriptions)})).all()
        return (
            frozenset(row.id for row in rows if row.live),
            frozenset(row.id for row in rows if row.live and not row.matched),
            frozenset(row.id for row in rows if row.matched and not row.live),
        )

    async def load(self, descriptions: Collection[int]) -> Mapping[int, StoredDescription]:
        """Descriptions by number."""
        rows = await self._connection.execute(_LOAD, {"ids": list(descriptions)})
        return {
            row.id: StoredDescription(
                row.id,
                Fingerprint(row.fingerprint),
                description_from_json(json.loads(row.content)),
                frozenset(row.keys),
            )
            for row in rows
        }

    async def enter(self, descriptions: Iterable[StoredDescription]) -> None:
        """Put descriptions into the graph."""
        pairs = sorted((key, d.id) for d in descriptions for key in d.keys)
        if pairs:
            await copy_rows(self._connection, "match_key", ("key", "description_id"), pairs)
            await self._connection.execute(_MARK, {"matched": True, "ids": sorted({n for _, n in pairs})})

    async def leave(self, descriptions: Collection[int]) -> None:
        """Take descriptions out of the graph."""
        if descriptions:
            await self._connection.execute(_LEAVE, {"ids": list(descriptions)})
            await self._connection.execute(_MARK, {"matched": False, "ids": list(descriptions)})

    async def sharing(self, keys: Collection[str], limit: int | None = None) -> Mapping[str, frozenset[int]]:
        """The descriptions under each key that has some."""
        if not keys:
            return {}
        rows = await self._connection.execute(_SHARING, {"keys": list(keys), "limit": limit})
        return {row.key: frozenset(row.ids) for row in rows if row.ids}

    async def meeting(self, keys: Mapping[int, Collection[str]]) -> Mapping[int, frozenset[int]]:
        """For each description and some of its keys, who shares two of these of different types."""
        if not keys:
            return {}
        ids, values = zip(*((number, key) for number, own in keys.items() for key in own), strict=True)
        found: dict[int, set[int]] = {}
        for row in await self._connection.execute(_MEETING, {"ids": list(ids), "keys": list(values)}):
            found.setdefault(row.id, set()).add(row.other)
        return {number: frozenset(others) for number, others in found.items()}

    async def forget_verdicts(self, descriptions: Collection[int]) -> frozenset[int]:
        """Drop verdicts and relations; returns who was judged SAME as one of these."""
        await self._connection.execute(_FORGET_RELATIONS, {"ids": list(descriptions)})
        rows = await self._connection.execute(_FORGET, {"ids": list(descriptions)})
        return frozenset(n for row in rows if row.outcome == Outcome.SAME for n in (row.low, row.high))

    async def save_verdicts(self, verdicts: Iterable[PairVerdict]) -> None:
        """Keep verdicts."""
        kept = list(verdicts)
        if kept:
            await self._connection.execute(
                _KEEP,
                {
                    "low": [verdict.left for verdict in kept],
                    "high": [verdict.right for verdict in kept],
                    "outcome": [verdict.outcome for verdict in kept],
                    "score": [verdict.score for verdict in kept],
                    "pattern": [verdict.pattern for verdict in kept],
                },
            )

    async def save_relations(self, relations: Iterable[tuple[int, int, Relation]]) -> None:
        """Keep relations, each from the smaller to the larger number."""
        kept = [
            (low, high, kind) if low < high else (high, low, kind.inverse) for low, high, kind in relations
        ]
        if kept:
            low, high, kinds = zip(*kept, strict=True)
            parameters = {"low": list(low), "high": list(high), "kind": list(kinds)}
            await self._connection.execute(_KEEP_RELATIONS, parameters)

    async def standing(self, descriptions: Collection[int]) -> StandingDecisions:
        """The decisions in which live records of these descriptions stand."""
        rows = (await self._connection.execute(_STANDING, {"ids": list(descriptions)})).all()
        decisions = tuple(_decision(list(group)) for _, group in groupby(rows, key=lambda row: row.id))
        return StandingDecisions(decisions, {row.source_record_id: row.description_id for row in rows})

    async def same_pairs(self, descriptions: Collection[int]) -> Sequence[PairVerdict]:
        """The SAME verdicts that touch one of these."""
        rows = await self._connection.execute(_SAME, {"ids": list(descriptions)})
        return [PairVerdict(row.low, row.high, Outcome.SAME, row.score) for row in rows]


def _decision(rows: Sequence[Row[Any]]) -> CuratorDecision:
    sides = [frozenset(row.source_record_id for row in rows if row.side == side) for side in (0, 1)]
    return CuratorDecision(rows[0].id, DecisionKind(rows[0].kind), *sides)
