"""What curators decide: same, different or later about a pair; merge; split; undo.

1. Every decision is signed: who, and why.
2. `Same` unites two master records: it speaks of all their live records. `Different` speaks of the live records of the
   two descriptions of the pair, as parts of the two master records shown. A split speaks of those that stay and those
   that leave.
3. `Same` against a standing `different` is refused, and names it. What is so already is told and not repeated.
4. Afterwards the matcher looks at all these records again.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations

from unioncat.core.errors import Conflict, InvalidDecision, UnknownEntry
from unioncat.core.identifiers import ControlNumber, Isil, MasterId, mint_master_id
from unioncat.core.match.curation import CuratorDecision, DecisionKind, parting
from unioncat.core.match.evidence import Outcome
from unioncat.pipeline.curation_port import (
    DecisionView,
    MasterMember,
    NewDecision,
    PairId,
    Signed,
)
from unioncat.pipeline.curation_sides import PairSides, Standing, sides_of_pair, standing_around
from unioncat.pipeline.unit_of_work import Store, UnitOfWork

_SHORTEST_WHY = 3
_LONGEST_WHY = 1000


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: its number, or with `made` false the one that says so already (None: the matcher does)."""

    made: bool
    decision: int | None
    masters: tuple[MasterId, ...] = ()


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did: the decisions withdrawn, and how many pairs that were put off wait again."""

    decisions: Sequence[int]
    recalled: int = 0


def sign(who: str, why: str) -> Signed:
    """Who decides, and why; raises InvalidDecision when no reason is given."""
    said = " ".join(why.split())
    if not _SHORTEST_WHY <= len(said) <= _LONGEST_WHY or not said.isprintable():
        raise InvalidDecision(
            f"A decision needs its reason in words, of {_SHORTEST_WHY} to {_LONGEST_WHY} letters: say why"
        )
    if not who.strip():
        raise InvalidDecision("A decision needs the name of who takes it")
    return Signed(" ".join(who.split()), said)


# --- pairs ------------------------------------------------------------------------------------------


async def decide_pair(store: Store, pair: PairId, kind: DecisionKind, signed: Signed) -> Decided:
    """Say that the two sides of a pair are, or are not, one publication; raises UnknownEntry, Conflict."""
    async with store.work() as work:
        await work.curation.lock_decisions()
        found = await sides_of_pair(work, pair)
        masters = _masters_of(found)
        async with naming(work):
            new = judge_pair(found, kind, "pair")
        if not isinstance(new, NewDecision):
            return Decided(made=False, decision=new, masters=masters)
        verdict = await work.curation.verdict(pair)
        kept = NewDecision(
            new.kind,
            new.origin,
            new.left,
            new.right,
            verdict.pattern if verdict else None,
            {"pair": str(pair)} | (asdict(verdict) if verdict else {}),
        )
        return Decided(made=True, decision=await _keep(work, kept, signed), masters=masters)


def judge_pair(found: PairSides, kind: DecisionKind, origin: str) -> NewDecision | int | None:
    """The decision that is to be made; or what says so already: the number of a decision, None for the matcher.

    Raises Conflict.
    """
    if kind is DecisionKind.SAME:
        return _judge_same(found, origin)
    said: CuratorDecision | None = None
    for left, right in (found.shown, *found.both):
        said = parting(left.records, right.records, found.standing.decisions)
        if said is None:
            return NewDecision(kind, origin, left.records, right.records)
    return said.id if said else None


def _judge_same(found: PairSides, origin: str) -> NewDecision | int | None:
    left, right = (side.master for side in found.shown)
    if left == right:
        return None
    standing = found.standing
    refuse_parted(standing, left, right)
    said = standing.unite(left, right)
    if said:
        return said.id
    return NewDecision(DecisionKind.SAME, origin, standing.of(left), standing.of(right))


def refuse_parted(standing: Standing, left: int, right: int) -> None:
    """Raise Parted when a person said that two master records are not one (rule 3)."""
    against = standing.part(left, right)
    if against:
        raise Parted(against.id, mint_master_id(left), mint_master_id(right))


class Parted(Conflict):
    """A standing decision says that two master records are not one."""

    def __init__(self, decision: int, left: MasterId, right: MasterId, by: str = "") -> None:
        super().__init__(f"Decision {decision}{by} keeps {left} and {right} apart: undo it first")
        self.decision, self.left, self.right = decision, left, right


@asynccontextmanager
async def naming(work: UnitOfWork) -> AsyncIterator[None]:
    """Say in a refusal who took the decision that stands against it, when and why."""
    try:
        yield
    except Parted as parted:
        view = await work.curation.decision(parted.decision)
        by = f" of {view.signed.who} on {view.made:%Y-%m-%d} ({view.signed.why})"
        raise Parted(parted.decision, parted.left, parted.right, by) from None


async def put_off(store: Store, pair: PairId, until: date | None, signed: Signed) -> None:
    """Decide later: on a day, or when one of the two descriptions changes.

    Raises UnknownEntry for a pair that the matcher did not leave to people, InvalidDecision for a day that has passed.
    """
    check_until(until)
    async with store.work() as work:
        verdict = await work.curation.verdict(pair)
        if verdict is None or verdict.outcome != Outcome.REVIEW:
            raise UnknownEntry(
                f"There is no pair {pair} in the queue: the matcher did not leave it to people"
            )
        await work.curation.defer([pair], until, signed, None)
        await work.commit()


def check_until(until: date | None) -> None:
    """Raise InvalidDecision for a day that has passed."""
    if until is not None and until <= date.today():
        raise InvalidDecision(
            f"{until} has come already: put the pair off to a later day, or to no day at all"
        )


async def recall(store: Store, pair: PairId) -> None:
    """Take a pair that was put off back into the queue; raises UnknownEntry."""
    async with store.work() as work:
        if not await work.curation.recall(pair):
            raise UnknownEntry(f"The pair {pair} was not put off; those that were: unioncat review later")
        await work.commit()


# --- merge and split --------------------------------------------------------------------------------


async def merge_masters(store: Store, masters: Sequence[MasterId], signed: Signed) -> Decided:
    """Say that the records of two or more master records are of one publication.

    An identifier that redirects stands for its target. Raises UnknownEntry, InvalidDecision, Conflict.
    """
    if len(set(masters)) < 2:
        raise InvalidDecision("Name two master records at least to merge them")
    async with store.work() as work:
        await work.curation.lock_decisions()
        serials = list(dict.fromkeys([serial for _, serial in await _live(work, masters)]))
        if len(serials) == 1:
            return Decided(made=False, decision=None, masters=(mint_master_id(serials[0]),))
        standing = await standing_around(work, serials)
        first, *others = serials
        shown = tuple(map(mint_master_id, serials))
        async with naming(work):
            for one, other in combinations(serials, 2):
                refuse_parted(standing, one, other)
        united = [standing.unite(first, other) for other in others]
        if all(united):
            return Decided(made=False, decision=united[0].id if united[0] else None, masters=shown)
        right = frozenset[int]().union(*(standing.of(serial) for serial in others))
        new = NewDecision(DecisionKind.SAME, "merge", standing.of(first), right)
        return Decided(made=True, decision=await _keep(work, new, signed), masters=shown)


async def split_master(
    store: Store, master: MasterId, leave: Sequence[tuple[Isil, ControlNumber]], signed: Signed
) -> Decided:
    """Say that some records of a master record are of another publication than the rest.

    Raises UnknownEntry for a record that it does not have, InvalidDecision when none or all would leave.
    """
    async with store.work() as work:
        await work.curation.lock_decisions()
        ((_, serial),) = await _live(work, [master])
        members = (await work.curation.members([serial])).get(serial, ())
        leaving = {record for wanted in leave for record in _find(members, wanted, master)}
        staying = frozenset(member.id for member in members) - leaving
        if not leaving or not staying:
            said = "none of them" if not leaving else f"all {len(members)}"
            raise InvalidDecision(
                f"Name some of the records of {master}, but not all, that leave it: not {said}"
            )
        standing = await standing_around(work, [serial])
        said_so = parting(staying, leaving, standing.decisions)
        if said_so and staying <= said_so.left | said_so.right and leaving <= said_so.left | said_so.right:
            return Decided(made=False, decision=said_so.id, masters=(mint_master_id(serial),))
        new = NewDecision(DecisionKind.DIFFERENT, "split", staying, frozenset(leaving))
        number = await _keep(work, new, signed)
        return Decided(made=True, decision=number, masters=(mint_master_id(serial),))


async def _live(work: UnitOfWork, masters: Collection[MasterId]) -> list[tuple[MasterId, int]]:
    states = await work.curation.states(masters)
    found = []
    for master in masters:
        state = states.get(master)
        if state is None:
            raise UnknownEntry(f"No record was ever called '{master}'")
        if state.serial is None:
            raise UnknownEntry(f"The last library that had '{master}' has withdrawn its record")
        found.append((master, state.serial))
    return found


def _find(
    members: Sequence[MasterMember], wanted: tuple[Isil, ControlNumber], master: MasterId
) -> frozenset[int]:
    isil, number = wanted
    found = frozenset(m.id for m in members if m.isil.lower() == isil.lower() and m.control_number == number)
    if not found:
        raise UnknownEntry(f"{master} has no record {number} of {isil}")
    return found


# --- undo -------------------------------------------------------------------------------------------


async def withdraw(store: Store, number: int, signed: Signed) -> Undone:
    """Undo one decision; nothing is undone twice. Raises UnknownEntry."""
    async with store.work() as work:
        await work.curation.lock_decisions()
        await work.curation.decision(number)
        return await _withdraw(work, [number], 0, signed)


async def withdraw_batch(store: Store, batch: int, signed: Signed) -> Undone:
    """Undo a whole bulk: its decisions, or what it put off. Raises UnknownEntry."""
    async with store.work() as work:
        await work.curation.lock_decisions()
        numbers = await work.curation.of_batch(batch)
        recalled = await work.curation.recall_batch(batch)
        if not numbers and not recalled:
            raise UnknownEntry(f"There is no bulk {batch}; decisions are listed by: unioncat decisions")
        return await _withdraw(work, numbers, recalled, signed)


async def _withdraw(work: UnitOfWork, numbers: Sequence[int], recalled: int, signed: Signed) -> Undone:
    done = await work.curation.withdraw(numbers, signed)
    await work.curation.look_again(await work.curation.records_of(done))
    await work.commit()
    return Undone(done, recalled)


async def look_up(store: Store, number: int) -> DecisionView:
    """One decision; raises UnknownEntry."""
    async with store.work() as work:
        return await work.curation.decision(number)


async def _keep(work: UnitOfWork, decision: NewDecision, signed: Signed) -> int:
    (number,) = await work.curation.save([decision], signed)
    await work.curation.look_again(decision.left | decision.right)
    await work.commit()
    return number


def _masters_of(found: PairSides) -> tuple[MasterId, ...]:
    return tuple(dict.fromkeys(mint_master_id(side.master) for side in found.shown))
