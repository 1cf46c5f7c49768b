"""One decision for all open pairs of a pattern.

1. First a dry run: how many pairs it is about, ten of them, and a token.
2. What is applied is what was shown: the token names the pairs and the records on both sides of each. When one of
   these has changed, nothing is applied.
3. At most BULK pairs at a time, those that are first in the queue.
4. Pairs that a standing decision keeps from being the same are left out and told.
5. All decisions of a bulk have its number, and are undone with it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from unioncat.core.errors import Conflict, InvalidDecision
from unioncat.core.match.curation import CuratorDecision, DecisionKind
from unioncat.pipeline.curation_decide import Parted, check_until, judge_pair
from unioncat.pipeline.curation_port import NewDecision, OpenPair, PairId, PairSide, Signed
from unioncat.pipeline.curation_queue import Asked, QueuedPair, filter_of, with_masters
from unioncat.pipeline.curation_sides import PairSides, Standing, standing_around
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

BULK = 500
_SAMPLES = 10
_NOT_YET_NUMBERED = 2**62


@dataclass(frozen=True, slots=True)
class BulkWish:
    """What is to be decided about which pairs: `kind` None puts them off until a day (None: until something changes)."""

    asked: Asked
    kind: DecisionKind | None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class BulkPreview:
    """What a bulk would decide: so many pairs (`more`: there are others for the next bulk), the first, and its token."""

    pairs: int
    more: bool
    samples: Sequence[QueuedPair]
    token: str


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What a bulk did. `batch` is its number (None: it did nothing); `refused` are pairs with the decision against each."""

    batch: int | None
    decided: int
    already: int
    refused: Sequence[tuple[PairId, int]]


@dataclass(frozen=True, slots=True)
class _Chosen:
    pairs: Sequence[OpenPair]
    more: bool
    sides: Mapping[tuple[int, int], PairSide]

    def token(self, wish: BulkWish) -> str:
        """Names the wish, the pairs, and the records on both sides."""
        asked = wish.asked
        parts = [asked.pattern, asked.isil, asked.source, asked.min_score, wish.kind, str(wish.until)]
        named = [
            [pair.id.low, pair.id.high, *(sorted(side.records) for side in self.of(pair))]
            for pair in self.pairs
        ]
        return sha256(json.dumps([parts, named]).encode()).hexdigest()[:24]

    def of(self, pair: OpenPair) -> tuple[PairSide, PairSide]:
        """The two sides of a pair."""
        return self.sides[pair.id.low, pair.left], self.sides[pair.id.high, pair.right]


async def preview_bulk(store: Store, wish: BulkWish) -> BulkPreview:
    """What a bulk would decide; raises InvalidDecision, NotRegistered."""
    async with store.work() as work:
        chosen = await _choose(work, wish)
        samples = await with_masters(work, chosen.pairs[:_SAMPLES])
    return BulkPreview(len(chosen.pairs), chosen.more, samples, chosen.token(wish))


async def apply_bulk(store: Store, wish: BulkWish, token: str, signed: Signed) -> BulkDone:
    """Decide what was shown under this token; raises Conflict when something of it has changed since."""
    async with store.work() as work:
        await work.curation.lock_decisions()
        chosen = await _choose(work, wish)
        if chosen.token(wish) != token:
            raise Conflict("The pairs are not those of the dry run any more: look at them again")
        done = await (
            _defer(work, chosen, wish, signed)
            if wish.kind is None
            else _decide(work, chosen, wish.kind, signed)
        )
        await work.commit()
    return done


async def _choose(work: UnitOfWork, wish: BulkWish) -> _Chosen:
    if not wish.asked.pattern:
        raise InvalidDecision("Name the pattern; the patterns are listed by: unioncat review patterns")
    check_until(wish.until)
    pairs = await work.curation.open_pairs(await filter_of(work, wish.asked), None, BULK + 1)
    chosen = pairs[:BULK]
    numbers = {number for pair in chosen for number in (pair.id.low, pair.id.high)}
    sides = await work.curation.sides(numbers)
    return _Chosen(chosen, len(pairs) > BULK, {(side.description, side.master): side for side in sides})


async def _defer(work: UnitOfWork, chosen: _Chosen, wish: BulkWish, signed: Signed) -> BulkDone:
    if not chosen.pairs:
        return BulkDone(None, 0, 0, ())
    batch = await work.curation.new_batch()
    await work.curation.defer([pair.id for pair in chosen.pairs], wish.until, signed, batch)
    return BulkDone(batch, len(chosen.pairs), 0, ())


async def _decide(work: UnitOfWork, chosen: _Chosen, kind: DecisionKind, signed: Signed) -> BulkDone:
    serials = {serial for pair in chosen.pairs for serial in (pair.left, pair.right)}
    made, already, refused = _judge(chosen, kind, await standing_around(work, serials))
    numbers = await work.curation.save(made, signed, bulk=True)
    await work.curation.look_again({record for one in made for record in one.left | one.right})
    return BulkDone(numbers[0] if numbers else None, len(made), already, refused)


def _judge(
    chosen: _Chosen, kind: DecisionKind, standing: Standing
) -> tuple[list[NewDecision], int, list[tuple[PairId, int]]]:
    """The decisions to be made, in the order of the queue: each counts for those behind it."""
    made: list[NewDecision] = []
    already, refused = 0, []
    for pair in chosen.pairs:
        try:
            new = judge_pair(PairSides(pair.id, [chosen.of(pair)], standing), kind, "bulk")
        except Parted as parted:
            refused.append((pair.id, parted.decision))
            continue
        if not isinstance(new, NewDecision):
            already += 1
            continue
        evidence = {"pair": str(pair.id), "outcome": "review", "score": pair.score, "pattern": pair.pattern}
        number = _NOT_YET_NUMBERED + len(made)
        standing = standing.with_one(CuratorDecision(number, kind, new.left, new.right))
        made.append(NewDecision(kind, new.origin, new.left, new.right, pair.pattern, evidence))
    return made, already, refused
