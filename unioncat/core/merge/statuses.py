"""Whether a holding can be had, from what its library says of the pieces.

1. A word of `statuses.toml` says available or unavailable; any other word, and none, say nothing. What stands behind a
   comma, or tells until when, adds nothing to that: "not available until 2026-12-24, on hold".
2. One available piece makes a holding available. If all pieces are said to be unavailable, it is.
3. An online resource (an address and no copies) is available.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from unioncat.core.merge.holding import Holding
from unioncat.core.normalise.vietnamese import plain

_MORE = re.compile(r"(?:,| until ).*", re.DOTALL)


class Availability(StrEnum):
    """Whether something can be had now."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@lru_cache(maxsize=1 << 10)
def read_status(said: str | None) -> Availability:
    """What a library's word for a state means (rule 1)."""
    word = _MORE.sub("", said or "")
    return _words().get(plain(word), Availability.UNKNOWN)


def availability_of(holding: Holding) -> Availability:
    """Whether a holding can be had, by the catalogue (rules 2 and 3)."""
    if holding.url and not holding.copies:
        return Availability.AVAILABLE
    return together([read_status(item.status) for item in holding.items])


def together(said: list[Availability]) -> Availability:
    """What is true of several pieces together (rule 2)."""
    if Availability.AVAILABLE in said:
        return Availability.AVAILABLE
    if said and all(one is Availability.UNAVAILABLE for one in said):
        return Availability.UNAVAILABLE
    return Availability.UNKNOWN


@cache
def _words() -> Mapping[str, Availability]:
    table = tomllib.loads(files(__package__).joinpath("statuses.toml").read_text("utf-8"))
    return {plain(word): Availability(meaning) for meaning, words in table.items() for word in words}
