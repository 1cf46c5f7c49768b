"""Numbers of standards and legal acts (`TCVN 5638:1991`, `45/2013/QH13`).

1. Either side without one: silent.
2. One shared: agree.
3. None shared: veto; the year is part of the number.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import IDENTIFIER_SHARED, VETO
from unioncat.core.normalise.description import Description

_NONE = Evidence("standard", Verdict.SILENT, 0, "standard-missing")


def compare_standard(left: Description, right: Description) -> Evidence:
    """Vote on numbers of standards."""
    if not left.standards or not right.standards:
        return _NONE
    if shared := left.standards & right.standards:
        return Evidence("standard", Verdict.AGREE, IDENTIFIER_SHARED, "standard-shared", (min(shared),))
    low, high = sorted((min(left.standards), min(right.standards)))
    return Evidence("standard", Verdict.VETO, VETO, "standard-differs", (low, high))
