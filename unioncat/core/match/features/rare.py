"""Early and hand-made books: states and re-cuts cannot be told apart from records.

1. Either side is one: a person must look.
2. Printed by machine before 1830 (1801-1829): disagree lightly, so that nothing less than full agreement will do.
3. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import EARLY_MACHINE_PRESS, NEEDS_A_PERSON
from unioncat.core.normalise.description import Description

_NONE = Evidence("rare", Verdict.SILENT, 0, "rare-none")


_LAST_HAND_PRESS = 1800
_EAST_ASIAN = frozenset({"vie", "chi", "lzh"})


def compare_rare(left: Description, right: Description) -> Evidence:
    """Vote on early and hand-made books."""
    if not left.rare and not right.rare:
        return _NONE
    reasons = (" / ".join(sorted(filter(None, {left.rare, right.rare}))),)
    if _is_machine_made(left) and _is_machine_made(right):
        return Evidence("rare", Verdict.DISAGREE, EARLY_MACHINE_PRESS, "rare-machine-press", reasons)
    return Evidence("rare", Verdict.DISAGREE, NEEDS_A_PERSON, "rare-book-in-hand", reasons)


def _is_machine_made(side: Description) -> bool:
    """Whether nothing but its year speaks for an early book, and the year is of the machine press."""
    if not side.years or not side.rare.startswith("printed in"):
        return not side.rare
    return side.years[-1] > _LAST_HAND_PRESS and _EAST_ASIAN.isdisjoint(side.languages) and not side.accented
