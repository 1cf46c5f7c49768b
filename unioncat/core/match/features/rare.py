"""Early and hand-made books: states and re-cuts cannot be told apart from records.

1. Either side is one: a person must look.
2. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import NEEDS_A_PERSON
from unioncat.core.normalise.description import Description

_NONE = Evidence("rare", Verdict.SILENT, 0, "no early or hand-made book")


def compare_rare(left: Description, right: Description) -> Evidence:
    """Vote on early and hand-made books."""
    if left.rare or right.rare:
        reason = " / ".join(sorted(filter(None, {left.rare, right.rare})))
        return Evidence("rare", Verdict.DISAGREE, NEEDS_A_PERSON, f"book in hand needed: {reason}")
    return _NONE
