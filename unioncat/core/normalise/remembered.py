"""Remembering what a rule made of a text: names, publishers and years repeat from record to record.

1. A rule remembers MOST texts; the one that was asked for longest ago is forgotten first.
2. A text of more than LONGEST characters is not remembered: it hardly repeats, and a hostile feed could fill the
   memory with such texts.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

MOST = 20_000
LONGEST = 200

Made = TypeVar("Made")


def remembered(rule: Callable[[str], Made]) -> Callable[[str], Made]:
    """The same rule, applied once to a text that repeats. What it makes must be immutable."""
    known = lru_cache(maxsize=MOST)(rule)

    @wraps(rule)
    def look_up(text: str) -> Made:
        return known(text) if len(text) <= LONGEST else rule(text)

    return look_up
