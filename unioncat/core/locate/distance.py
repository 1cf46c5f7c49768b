"""How far a library is, as the crow flies.

1. Along the great circle (`metres_between`).
2. A library without coordinates is in the middle of its province (`membership/provinces.toml`): its distance is then
   about right, and said to be so. Without a province it has none.
"""

from dataclasses import dataclass

from unioncat.core.library import MemberLibrary, Position
from unioncat.core.membership.duplicates import metres_between
from unioncat.core.membership.statement import with_province_code
from unioncat.core.membership.units import current_units


@dataclass(frozen=True, slots=True)
class Distance:
    """Kilometres; `exact` unless a province stands for one of the two points."""

    km: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """From where distances are told; `exact` unless it is the middle of a province."""

    position: Position
    exact: bool = True


def place_of(library: MemberLibrary) -> Origin | None:
    """Where a library is (rule 2)."""
    if library.place.position is not None:
        return Origin(library.place.position)
    code = with_province_code(library).place.province_code
    unit = next((unit for unit in current_units() if unit.code == code), None)
    return Origin(unit.position, exact=False) if unit else None


def distance_to(library: MemberLibrary, origin: Origin | None) -> Distance | None:
    """How far a library is from where one asks; None when one of the two places is not known."""
    place = place_of(library)
    if origin is None or place is None:
        return None
    return Distance(metres_between(origin.position, place.position) / 1000, origin.exact and place.exact)
