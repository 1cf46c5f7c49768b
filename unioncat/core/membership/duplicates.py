"""Libraries that may be one and the same, for a person to look at.

1. The same name (`name_key`) in the same commune.
2. The same name in the same province, when one of them states no commune.
3. Within 100 metres and with similar names (85 of 100 and more; the order of the words does not count). A point at
   which more than 30 libraries lie is the middle of a town or province and says nothing.

Closed libraries are not compared: their successor may well have their name.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, floor, radians, sin, sqrt

from rapidfuzz.fuzz import token_sort_ratio

from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus, MemberLibrary, Position
from unioncat.core.membership.names import name_key
from unioncat.core.normalise.vietnamese import plain

NEAR_METRES = 100.0
NEAR_DEGREES = 0.002
"""More than 100 metres, eastwards up to 63 degrees of latitude."""
_MOST_AT_ONE_POINT = 30
_SIMILAR = 85.0
_EARTH_METRES = 6_371_000.0


class Likeness(StrEnum):
    """Why libraries may be one."""

    SAME_COMMUNE = "same name and commune"
    SAME_PROVINCE = "same name and province"
    SAME_PLACE = "similar name within 100 metres"


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Libraries that may be one, by ISIL, and why."""

    isils: tuple[Isil, ...]
    reason: Likeness


def find_duplicates(libraries: Iterable[MemberLibrary]) -> Sequence[DuplicateGroup]:
    """All groups among these libraries, ordered by their first ISIL; their order does not matter."""
    living = [library for library in libraries if library.status is not LibraryStatus.CLOSED]
    named = list(_by_name(living))
    number_of = {isil: number for number, group in enumerate(named) for isil in group.isils}
    placed = [group for group in _by_place(living) if len({number_of.get(i, i) for i in group.isils}) > 1]
    return sorted([*named, *placed], key=lambda group: (group.isils, group.reason))


def duplicates_of(library: MemberLibrary, others: Iterable[MemberLibrary]) -> Sequence[DuplicateGroup]:
    """The groups that a library is in, among others."""
    besides = [other for other in others if other.isil != library.isil]
    return [group for group in find_duplicates([library, *besides]) if library.isil in group.isils]


def metres_between(left: Position, right: Position) -> float:
    """The distance of two points (haversine on a sphere)."""
    low, high = radians(left.latitude), radians(right.latitude)
    east = radians(right.longitude - left.longitude)
    chord = sin((high - low) / 2) ** 2 + cos(low) * cos(high) * sin(east / 2) ** 2
    return 2 * _EARTH_METRES * asin(min(1.0, sqrt(chord)))


def _by_name(libraries: Sequence[MemberLibrary]) -> Iterator[DuplicateGroup]:
    """Rules 1 and 2. Where someone states no commune, all of this name in the province are one group."""
    named: dict[tuple[str, str | None], list[MemberLibrary]] = defaultdict(list)
    for library in libraries:
        named[name_key(library.name), library.place.province_code or library.province].append(library)
    for those in named.values():
        communes: dict[str, list[MemberLibrary]] = defaultdict(list)
        for library in those:
            communes[library.place.commune_code or plain(library.place.commune or "")].append(library)
        if "" in communes:
            yield from _group(those, Likeness.SAME_PROVINCE)
        else:
            for together in communes.values():
                yield from _group(together, Likeness.SAME_COMMUNE)


def _by_place(libraries: Sequence[MemberLibrary]) -> Iterator[DuplicateGroup]:
    """Rule 3: libraries of neighbouring cells of a grid are compared."""
    cells: dict[tuple[int, int], list[tuple[MemberLibrary, Position]]] = defaultdict(list)
    crowds: dict[Position, int] = defaultdict(int)
    located = [
        (library, library.place.position) for library in libraries if library.place.position is not None
    ]
    for _, position in located:
        crowds[position] += 1
    for library, position in located:
        if crowds[position] <= _MOST_AT_ONE_POINT:
            cells[_cell(position)].append((library, position))
    for cell in cells:
        yield from _near(cell, cells)


def _near(
    cell: tuple[int, int], cells: Mapping[tuple[int, int], Sequence[tuple[MemberLibrary, Position]]]
) -> Iterator[DuplicateGroup]:
    south, west = cell
    around = [(south + north, west + east) for north in (-1, 0, 1) for east in (-1, 0, 1)]
    neighbours = [entry for other in around for entry in cells.get(other, ())]
    for library, here in cells[cell]:
        for other, there in neighbours:
            if (
                library.isil < other.isil
                and metres_between(here, there) <= NEAR_METRES
                and _alike(library, other)
            ):
                yield DuplicateGroup((library.isil, other.isil), Likeness.SAME_PLACE)


def _alike(left: MemberLibrary, right: MemberLibrary) -> bool:
    return token_sort_ratio(name_key(left.name), name_key(right.name)) >= _SIMILAR


def _group(libraries: Sequence[MemberLibrary], reason: Likeness) -> Iterator[DuplicateGroup]:
    if len(libraries) > 1:
        yield DuplicateGroup(tuple(sorted(library.isil for library in libraries)), reason)


def _cell(position: Position) -> tuple[int, int]:
    """A square of the grid."""
    return floor(position.latitude / NEAR_DEGREES), floor(position.longitude / NEAR_DEGREES)
