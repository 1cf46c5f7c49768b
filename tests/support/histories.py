"""Random histories: adds, changes, deletions and decisions of people, and what must come of them."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from deliveries import a_deletion, a_delivery, a_random_delivery, deliver
from sqlalchemy import text

from unioncat.core.delivery import DeliveredRecord
from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.clusters import candidate_pairs
from unioncat.core.match.curation import CuratorDecision, DecisionKind
from unioncat.core.match.decide import decide
from unioncat.core.match.grouping import group_all
from unioncat.core.match.keys import match_keys
from unioncat.core.match.relate import relate
from unioncat.core.match.relation import Relation
from unioncat.core.normalise.description import Description, describe, fingerprint
from unioncat.core.parse.read import read_record
from unioncat.core.registry import HarvestSource
from unioncat.store.engine import PostgresStore


def a_crowded_delivery(draw: random.Random, identifier: str) -> DeliveredRecord:
    """One of many books whose titles begin alike, so that some of their keys are crowded."""
    return a_delivery(
        identifier,
        f"Giáo trình giải tích {draw.choice(('hàm', 'số', 'phức', 'thực'))} {draw.choice('abcdefghijklm')}",
        draw.choice(("Nguyễn Văn An", "Nguyễn Thị Bình", None)),
        draw.choice(("Giáo dục", None)),
        draw.choice(("2012", "2013", None)),
        pages=draw.choice(("292 tr.", "294 tr.", "310 tr.", "511 tr.")),
    )


Name = tuple[str, str]
"""ISIL and identifier of a record."""
Related = tuple[Fingerprint, Fingerprint, Relation]
"""Two descriptions, the smaller name first, and the relation read from it."""


@dataclass
class History:
    """What happened so far: the live records, the decisions, and the numbers of the records in the store."""

    store: PostgresStore
    sources: dict[str, HarvestSource]
    draw: random.Random
    records: int = 12
    make: Callable[[random.Random, str], DeliveredRecord] = a_random_delivery
    live: dict[Name, DeliveredRecord] = field(default_factory=dict)
    numbers: dict[Name, int] = field(default_factory=dict)
    decisions: dict[int, CuratorDecision] = field(default_factory=dict)

    async def deliver_some(self, most: int = 12) -> None:
        """New, changed and deleted records of one library."""
        isil = self.draw.choice(list(self.sources))
        delivered = {}
        for _ in range(self.draw.randint(1, most)):
            identifier = f"r{self.draw.randint(1, self.records)}"
            gone = self.draw.random() < 0.25
            record = a_deletion(identifier) if gone else self.make(self.draw, identifier)
            delivered[identifier] = record
            if gone:
                self.live.pop((isil, identifier), None)
            else:
                self.live[isil, identifier] = record
        await deliver(self.store, self.sources[isil], list(delivered.values()), size=self.draw.randint(1, 8))
        await self.read_numbers()

    async def delete_all_but(self, count: int) -> None:
        """Delete records until so many are left."""
        doomed = sorted(self.live)[count:]
        for isil, source in self.sources.items():
            gone = [name for name in doomed if name[0] == isil]
            await deliver(self.store, source, [a_deletion(identifier) for _, identifier in gone])
            for name in gone:
                del self.live[name]

    async def decide_something(self) -> None:
        """A decision on some records, or one that is withdrawn."""
        if self.decisions and self.draw.random() < 0.3:
            await self.withdraw(self.draw.choice(list(self.decisions)))
        elif len(self.live) > 1:
            chosen = [
                self.numbers[name] for name in self.draw.sample(sorted(self.live), min(4, len(self.live)))
            ]
            cut = self.draw.randint(1, len(chosen) - 1)
            kind = self.draw.choice(list(DecisionKind))
            await self.decide(kind, frozenset(chosen[:cut]), frozenset(chosen[cut:]))

    def expected(self) -> frozenset[frozenset[Name]]:
        """The clusters that the rules give for what is live and what people decided, made in memory."""
        name_of = {number: name for name, number in self.numbers.items()}
        descriptions = {}
        records: dict[int, Fingerprint] = {}
        for name, delivered in self.live.items():
            description = _described(delivered)
            records[self.numbers[name]] = mark = fingerprint(description)
            descriptions[mark] = description
        decisions = [
            CuratorDecision(d.id, d.kind, d.left & records.keys(), d.right & records.keys())
            for d in self.decisions.values()
        ]
        clusters = group_all(records, descriptions, decisions)
        return frozenset(frozenset(name_of[number] for number in cluster) for cluster in clusters)

    def expected_relations(self) -> frozenset[Related]:
        """How the live descriptions that are not the same belong together, made in memory."""
        live = {fingerprint(d): d for d in map(_described, self.live.values())}
        found = (
            (left, right, _related(live[left], live[right]))
            for left, right in candidate_pairs({name: match_keys(one) for name, one in live.items()})
        )
        return frozenset(_from_the_smaller(*one) for one in found if one[2])

    async def relations(self) -> frozenset[Related]:
        """How descriptions belong together, as the store has it."""
        query = text(
            "SELECT l.fingerprint AS low, h.fingerprint AS high, p.kind FROM pair_relation p "
            "JOIN description l ON l.id = p.low JOIN description h ON h.id = p.high"
        )
        async with self.store.connect() as connection:
            rows = (await connection.execute(query)).all()
        found = [_from_the_smaller(row.low, row.high, Relation(row.kind)) for row in rows]
        assert len(set(found)) == len(found)
        return frozenset(found)

    async def read_numbers(self) -> None:
        """The numbers that the store gave to the records."""
        query = text(
            "SELECT s.isil, r.identifier, r.id FROM source_record r JOIN harvest_source s ON s.id = r.source_id"
        )
        async with self.store.connect() as connection:
            for row in await connection.execute(query):
                self.numbers[row.isil, row.identifier] = row.id

    async def decide(self, kind: DecisionKind, left: frozenset[int], right: frozenset[int]) -> int:
        """Keep a decision; returns its number."""
        async with self.store.work() as work:
            number = await work.connection.scalar(
                text(
                    "INSERT INTO curator_decision (kind, origin, who, why, evidence) "
                    "VALUES (:kind, 'pair', 'test', 'test', :evidence) RETURNING id"
                ),
                {"kind": kind, "evidence": json.dumps({})},
            )
            for side, records in enumerate((left, right)):
                for record in records:
                    await work.connection.execute(
                        text("INSERT INTO decision_member VALUES (:number, :record, :side)"),
                        {"number": number, "record": record, "side": side},
                    )
            await _queue(work, left | right)
            await work.commit()
        self.decisions[number] = CuratorDecision(number, kind, left, right)
        return number

    async def withdraw(self, number: int) -> None:
        """Take a decision back."""
        decision = self.decisions.pop(number)
        async with self.store.work() as work:
            await work.connection.execute(
                text("UPDATE curator_decision SET withdrawn = now() WHERE id = :number"), {"number": number}
            )
            await _queue(work, decision.left | decision.right)
            await work.commit()


@lru_cache(maxsize=4096)
def _described(delivered: DeliveredRecord) -> Description:
    return describe(read_record(delivered).marc)


@lru_cache(maxsize=65536)
def _related(left: Description, right: Description) -> Relation | None:
    return relate(left, right, decide(left, right))


def _from_the_smaller(one: Fingerprint, other: Fingerprint, kind: Relation) -> Related:
    return (one, other, kind) if one < other else (other, one, kind.inverse)


async def _queue(work, records: frozenset[int]) -> None:
    await work.connection.execute(
        text("INSERT INTO pending_match (source_record_id) SELECT unnest(CAST(:records AS bigint[]))"),
        {"records": sorted(records)},
    )
