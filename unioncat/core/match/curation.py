"""What people decided about source records, and how it divides the descriptions of a component.

1. A decision `same` says that all its records are of one publication; `different`, that none of its left side is of
   one publication with any of its right side.
2. A record that stands in decisions is told from others of the same description: records of one description with the
   same decisions are one node of the graph, see `node_of`.
3. Decisions speak only of live records. What is withdrawn is not there.
4. `Same` unites whole master records, so it cannot be said against a standing `different` between their records: that
   one is withdrawn first. `Different` may be said against `same`; it takes its records out of what that unites.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.identifiers import Fingerprint


class DecisionKind(StrEnum):
    """What a person said. The value is kept in the store: never change it."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class CuratorDecision:
    """What a person said about source records, given by their numbers in the store.

    Of a split, `right` are those that leave.
    """

    id: int
    kind: DecisionKind
    left: frozenset[int]
    right: frozenset[int]


Sides = tuple[tuple[int, int], ...]
"""The decisions in which a record stands, and its side in each (0 left, 1 right), in the order of their numbers."""

Node = tuple[Fingerprint, Sides]
"""Records that nothing tells apart: of one description, and with the same decisions."""


def sides_of(decisions: Iterable[CuratorDecision]) -> Mapping[int, Sides]:
    """For each record that stands in decisions, where."""
    found: dict[int, list[tuple[int, int]]] = {}
    for decision in sorted(decisions, key=lambda one: one.id):
        for side, records in enumerate((decision.left, decision.right)):
            for record in records:
                found.setdefault(record, []).append((decision.id, side))
    return {record: tuple(sides) for record, sides in found.items()}


def are_parted(one: Node, other: Node, different: Collection[int]) -> bool:
    """Whether one of the decisions `different` keeps two nodes apart."""
    if not one[1] or not other[1]:
        return False
    sides = dict(one[1])
    return any(number in different and sides.get(number, side) != side for number, side in other[1])


def reach(records: Iterable[int], decisions: Iterable[CuratorDecision]) -> frozenset[int]:
    """Records with those that standing decisions `same` unite with them, less what a `different` parts from them."""
    standing = sorted(decisions, key=lambda one: one.id)
    found, grown = set(records), True
    while grown:
        grown = False
        for decision in standing:
            members = decision.left | decision.right
            if decision.kind is not DecisionKind.SAME or members.isdisjoint(found):
                continue
            for record in sorted(members - found):
                if parting(found, (record,), standing) is None:
                    found.add(record)
                    grown = True
    return frozenset(found)


def parting(
    one: Collection[int], other: Collection[int], decisions: Iterable[CuratorDecision]
) -> CuratorDecision | None:
    """The oldest decision `different` that says of some of `one` that they are not what some of `other` are."""
    found = (
        decision
        for decision in decisions
        if decision.kind is DecisionKind.DIFFERENT
        and (
            _touches(decision.left, one, decision.right, other)
            or _touches(decision.right, one, decision.left, other)
        )
    )
    return min(found, key=lambda decision: decision.id, default=None)


def uniting(
    one: Collection[int], other: Collection[int], decisions: Iterable[CuratorDecision]
) -> CuratorDecision | None:
    """The oldest decision `same` that speaks of some of `one` and of some of `other`."""
    found = (
        decision
        for decision in decisions
        if decision.kind is DecisionKind.SAME
        and _touches(decision.left | decision.right, one, decision.left | decision.right, other)
    )
    return min(found, key=lambda decision: decision.id, default=None)


def _touches(
    side: frozenset[int], one: Collection[int], across: frozenset[int], other: Collection[int]
) -> bool:
    return not side.isdisjoint(one) and not across.isdisjoint(other)


class Effect(StrEnum):
    """What a decision does now. The value is part of the API: never change it."""

    IN_FORCE = "in-force"
    WAITING = "waiting"
    """The matcher has not yet come to it."""
    OVERRULED = "overruled"
    """A `same` whose records a `different` parts."""
    INERT = "inert"
    """All records of one side are gone; it counts again when one comes back."""
    WITHDRAWN = "withdrawn"


def effect_of(
    kind: DecisionKind, left: Collection[int], right: Collection[int], *, withdrawn: bool, parted: bool
) -> Effect:
    """What a decision does, by the master records of the live records of its sides.

    `parted` says whether some other decision `different` parts two of these masters.
    """
    if withdrawn:
        return Effect.WITHDRAWN
    if not left or not right:
        return Effect.INERT
    if kind is DecisionKind.DIFFERENT:
        return Effect.WAITING if set(left) & set(right) else Effect.IN_FORCE
    if len({*left, *right}) == 1:
        return Effect.IN_FORCE
    return Effect.OVERRULED if parted else Effect.WAITING
