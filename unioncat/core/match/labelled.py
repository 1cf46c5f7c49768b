"""Decisions of people as labelled pairs, by which the matcher is measured.

1. A pair has one record of either side. `Same` and `different` hold for every such pair.
2. Two records of one description tell the matcher nothing, and are left out.
3. The pairs come in a fixed order: the first records of both sides, then those next to them.
"""

from collections.abc import Hashable, Sequence
from typing import TypeVar

Record = TypeVar("Record")


def choose_labelled(
    left: Sequence[tuple[Record, Hashable]], right: Sequence[tuple[Record, Hashable]], most: int
) -> list[tuple[Record, Record]]:
    """At most `most` pairs of the records of two sides, each given with its description."""
    places = sorted(
        ((i, j) for i in range(len(left)) for j in range(len(right)) if left[i][1] != right[j][1]),
        key=lambda place: (sum(place), place),
    )
    return [(left[i][0], right[j][0]) for i, j in places[:most]]
