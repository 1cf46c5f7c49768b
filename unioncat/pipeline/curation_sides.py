"""The two sides of pairs: whose records they are, and what people said about these before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from unioncat.core.errors import Conflict, UnknownEntry
from unioncat.core.identifiers import mint_master_id
from unioncat.core.match.curation import CuratorDecision, DecisionKind, parting, reach, uniting
from unioncat.pipeline.curation_port import PairId, PairSide
from unioncat.pipeline.unit_of_work import UnitOfWork

Sides = tuple[PairSide, PairSide]


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing decisions around some master records, and the members of these."""

    decisions: Sequence[CuratorDecision]
    members: Mapping[int, frozenset[int]]

    def of(self, master: int) -> frozenset[int]:
        """The records of a master record; raises Conflict when they went elsewhere this very moment."""
        if master not in self.members:
            raise Conflict(f"The records of {mint_master_id(master)} are being matched anew: look again")
        return self.members[master]

    def part(self, left: int, right: int) -> CuratorDecision | None:
        """The decision that forbids to unite two master records, with all that people united with them."""
        ones, others = (reach(self.of(serial), self.decisions) for serial in (left, right))
        return parting(ones, others, self.decisions)

    def unite(self, left: int, right: int) -> CuratorDecision | None:
        """The decision by which two master records are to be one already, though the matcher has not come to it."""
        ones, others = reach(self.of(left), self.decisions), self.of(right)
        return uniting(ones, others, self.decisions) if ones & others else None

    def spoken(self, left: int, right: int) -> CuratorDecision | None:
        """The decision that speaks of two master records already."""
        ones, others = self.of(left), self.of(right)
        return parting(ones, others, self.decisions) or uniting(ones, others, self.decisions)

    def with_one(self, decision: CuratorDecision) -> "Standing":
        """The same with a decision more."""
        return Standing([*self.decisions, decision], self.members)


@dataclass(frozen=True, slots=True)
class PairSides:
    """All ways to pair the records of two descriptions, master record by master record, those of two first."""

    id: PairId
    both: Sequence[Sides]
    standing: Standing

    @property
    def shown(self) -> Sides:
        """The two sides that people see: of two master records of which nobody has spoken, if there are any."""
        waiting = (
            (left, right)
            for left, right in self.both
            if left.master != right.master and self.standing.spoken(left.master, right.master) is None
        )
        return next(waiting, self.both[0])


async def sides_of_pair(work: UnitOfWork, pair: PairId) -> PairSides:
    """The sides of a pair; raises UnknownEntry when no library has a record of one description."""
    sides = await work.curation.sides((pair.low, pair.high))
    lows, highs = ([side for side in sides if side.description == one] for one in (pair.low, pair.high))
    for number, found in ((pair.low, lows), (pair.high, highs)):
        if not found:
            raise UnknownEntry(
                f"There is no pair {pair}: no library has a record of description {number} now"
            )
    both = [(left, right) for left in lows for right in highs]
    both.sort(key=lambda one: (one[0].master == one[1].master, one[0].master, one[1].master))
    return PairSides(pair, both, await standing_around(work, {side.master for side in sides}))


async def standing_around(work: UnitOfWork, masters: Collection[int]) -> Standing:
    """What people said of the records of master records, and of those that they united with them."""
    members = {
        serial: frozenset(member.id for member in found)
        for serial, found in (await work.curation.members(masters)).items()
    }
    asked: set[int] = set()
    new = {record for group in members.values() for record in group}
    known: dict[int, CuratorDecision] = {}
    while new:
        found = await work.curation.standing(new)
        known |= {decision.id: decision for decision in found}
        asked |= new
        new = {
            record
            for decision in found
            if decision.kind is DecisionKind.SAME
            for record in decision.left | decision.right
        } - asked
    return Standing([known[number] for number in sorted(known)], members)
