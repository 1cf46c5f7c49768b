"""What people decided about source records, and how it divides the descriptions of a component.

1. A decision `same` says that all its records are of one publication; `different`, that none of its left side is of
   one publication with any of its right side.
2. A record that stands in decisions is told from others of the same description: records of one description with the
   same decisions are one node of the graph, see `node_of`.
3. Decisions speak only of live records. What is withdrawn is not there.
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
