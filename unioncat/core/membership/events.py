"""What happened to a library (Circular 01/2020/TT-BVHTTDL: notices of founding, merging, splitting, closing).

1. Merged into: exactly one successor, the library that it is now part of. Split into: two or more. Closed: none, or the
   one that took over. Founded and renamed: none.
2. A library is never its own successor.
3. A library that merged, split or closed is closed; it is closed once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from unioncat.core.errors import Conflict, InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus


class EventKind(StrEnum):
    """What happened. The value is kept in the store: never change it."""

    FOUNDED = "founded"
    RENAMED = "renamed"
    MERGED_INTO = "merged-into"
    SPLIT_INTO = "split-into"
    CLOSED = "closed"


ENDINGS = frozenset({EventKind.MERGED_INTO, EventKind.SPLIT_INTO, EventKind.CLOSED})
"""After these the library is no more."""

_SUCCESSORS = {
    EventKind.FOUNDED: (0, 0, "no successor"),
    EventKind.RENAMED: (0, 0, "no successor"),
    EventKind.MERGED_INTO: (1, 1, "exactly one successor"),
    EventKind.SPLIT_INTO: (2, 99, "two successors or more"),
    EventKind.CLOSED: (0, 1, "one successor at the most"),
}


@dataclass(frozen=True, slots=True)
class LibraryEvent:
    """One event in the life of a library; `document` is the number of the decision, `note` such as the former name."""

    isil: Isil
    kind: EventKind
    day: date
    document: str | None = None
    note: str | None = None
    successors: tuple[Isil, ...] = ()


def check_event(event: LibraryEvent, status: LibraryStatus) -> LibraryStatus:
    """The state of the library after the event; raises InvalidLibrary (rules 1, 2) or Conflict (rule 3)."""
    fewest, most, said = _SUCCESSORS[event.kind]
    if not fewest <= len(set(event.successors)) <= most:
        raise InvalidLibrary(f"'{event.kind}' of {event.isil} takes {said}, not {_list(event.successors)}")
    if event.isil in event.successors:
        raise InvalidLibrary(f"{event.isil} cannot be its own successor; name another library")
    if event.kind not in ENDINGS:
        return status
    if status is LibraryStatus.CLOSED:
        raise Conflict(
            f"{event.isil} is closed already; its events are shown by: unioncat library show {event.isil}"
        )
    return LibraryStatus.CLOSED


def _list(isils: Sequence[Isil]) -> str:
    return ", ".join(isils) if isils else "none"
