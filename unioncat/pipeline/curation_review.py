"""A pair for people: both records side by side, and what the matcher says about them now."""

from collections.abc import Sequence
from dataclasses import dataclass

from unioncat.core.errors import Conflict
from unioncat.core.match.comparison import ComparedRow, compare_records
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import MatchDecision
from unioncat.core.match.policy import policy_named
from unioncat.pipeline.curation_port import Example, MasterBrief, PairId
from unioncat.pipeline.curation_sides import sides_of_pair
from unioncat.pipeline.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class ReviewSide:
    """One side: its master record, how many records share the description, and the one that is shown."""

    master: MasterBrief
    records: int
    example: Example


@dataclass(frozen=True, slots=True)
class Comparison:
    """A pair with all that a person needs to decide."""

    id: PairId
    left: ReviewSide
    right: ReviewSide
    decision: MatchDecision
    rows: Sequence[ComparedRow]


async def compare_pair(store: Store, pair: PairId) -> Comparison:
    """Both sides of a pair; raises UnknownEntry when no library has a record of one of them, Conflict."""
    async with store.work() as work:
        left, right = (await sides_of_pair(work, pair)).shown
        found = await work.curation.descriptions((pair.low, pair.high))
        policy = policy_named(await work.matching.policy())
        decision = decide(found[pair.low][1], found[pair.high][1], policy)
        briefs = await work.curation.briefs({left.master, right.master})
        if not {left.master, right.master} <= briefs.keys():
            raise Conflict(f"The records of the pair {pair} are being matched anew: look again")
        sides = [
            ReviewSide(briefs[side.master], len(side.records), await work.curation.example(side))
            for side in (left, right)
        ]
    rows = compare_records(sides[0].example.marc, sides[1].example.marc, decision)
    return Comparison(pair, sides[0], sides[1], decision, rows)
