"""What a search document says of the libraries that hold the publication, as the registry knows them.

1. Provinces, kinds of library and groups are those of any holding library.
2. It is for loan where a library that does not refuse to lend says that a piece is there.
3. A library that is not registered adds nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from unioncat.core.identifiers import Isil


@dataclass(frozen=True, slots=True)
class ShownLibrary:
    """What searches know of a library: `groups` are codes; `lends` is None when it did not say."""

    province: str | None = None
    kind: str | None = None
    groups: tuple[str, ...] = ()
    lends: bool | None = None


_UNKNOWN = ShownLibrary(lends=False)


def parts_of_libraries(
    libraries: Iterable[Isil], available_at: Iterable[Isil], known: Mapping[Isil, ShownLibrary]
) -> dict[str, Any]:
    """The parts of a search document that follow from its libraries and those where a piece is there."""
    holding = [known.get(isil, _UNKNOWN) for isil in libraries]
    return {
        "provinces": _each({library.province for library in holding}),
        "kinds": _each({library.kind for library in holding}),
        "groups": _each({code for library in holding for code in library.groups}),
        "is_for_loan": any(known.get(isil, _UNKNOWN).lends is not False for isil in available_at),
    }


def _each(values: set[str | None] | set[str]) -> tuple[str, ...]:
    return tuple(sorted(filter(None, values)))
