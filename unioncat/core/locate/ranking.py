"""Whom to ask first.

1. Each reason has its points (`weights.toml`); a library's rank follows from their sum.
2. A group counts on the days of the group and of both memberships; the day itself is the last.
3. The best group counts once: an agreement, else another group.
4. Nearer is never worse; a library whose place is not known has no points for it.
5. Load counts for each request up to a limit.
6. Equal points: the nearer one, then by ISIL, so that the order is total.
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from unioncat.core.library import MemberLibrary
from unioncat.core.locate.distance import Distance
from unioncat.core.locate.wording import Reason
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.merge.statuses import Availability

_MANY_COPIES = 3


@dataclass(frozen=True, slots=True)
class Membership:
    """A library in a group."""

    group: LibraryGroup
    member: GroupMember

    def holds_on(self, day: date) -> bool:
        """Whether group and membership are in force (rule 2)."""
        return all(
            (one.starts is None or one.starts <= day) and (one.ends is None or day <= one.ends)
            for one in (self.group, self.member)
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of one library that has a publication."""

    library: MemberLibrary
    own: bool = False
    shared: LibraryGroup | None = None
    distance: Distance | None = None
    availability: Availability = Availability.UNKNOWN
    copies: int = 0
    digital: bool = False
    other_edition: bool = False
    load: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """An offer with its points and the reasons for them, the weightiest first."""

    offer: Offer
    points: int
    reasons: tuple[Reason, ...]


def shared_group(one: Iterable[Membership], other: Iterable[Membership], day: date) -> LibraryGroup | None:
    """The group that counts for two libraries on a day (rules 2 and 3)."""
    mine = {membership.group.code for membership in one if membership.holds_on(day)}
    both = [m.group for m in other if m.holds_on(day) and m.group.code in mine]
    return min(both, key=lambda group: (group.type is not GroupType.AGREEMENT, group.name), default=None)


def rank(offers: Iterable[Offer]) -> Sequence[Ranked]:
    """The libraries, the one to ask first first."""
    return sorted((_ranked(offer) for offer in offers), key=_place)


def _ranked(offer: Offer) -> Ranked:
    reasons = sorted(_reasons(offer), key=lambda reason: -abs(reason.points))
    return Ranked(offer, sum(reason.points for reason in reasons), tuple(reasons))


def _place(ranked: Ranked) -> tuple[int, float, str]:
    distance = ranked.offer.distance
    return -ranked.points, distance.km if distance else math.inf, ranked.offer.library.isil


def _reasons(offer: Offer) -> Iterator[Reason]:
    points = _weights()["points"]
    lending = offer.library.lending
    if offer.shared is not None:
        code = "agreement" if offer.shared.type is GroupType.AGREEMENT else "group"
        yield Reason(code, (offer.shared.name,), points[code])
    facts = {
        "own": offer.own,
        "no-loan": lending.lends is False,
        "lends": lending.lends is True,
        "fee": lending.fee is True,
        "digital": offer.digital,
        "available": offer.availability is Availability.AVAILABLE,
        "unavailable": offer.availability is Availability.UNAVAILABLE,
        "other-edition": offer.other_edition,
    }
    yield from (Reason(code, (), points[code]) for code, holds in facts.items() if holds)
    if offer.copies >= _MANY_COPIES:
        yield Reason("copies", (str(offer.copies),), points["copies"])
    if offer.load:
        yield Reason("load", (str(offer.load),), load_points(offer.load))
    if offer.distance is not None and not offer.own:
        code = "distance" if offer.distance.exact else "distance-about"
        yield Reason(code, (f"{offer.distance.km:.0f}",), distance_points(offer.distance.km))


def distance_points(km: float) -> int:
    """The points of a distance (rule 4)."""
    steps = sorted((int(limit), points) for limit, points in _weights()["distance"].items())
    return next((points for limit, points in steps if km <= limit), 0)


def load_points(requests: int) -> int:
    """The points that requests take (rule 5)."""
    each: int = _weights()["points"]["load"]
    limit: int = _weights()["limits"]["load"]
    return max(each * requests, limit)


@cache
def _weights() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("weights.toml").read_text("utf-8"))
