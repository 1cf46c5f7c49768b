"""Numbers of standards and legal acts (`TCVN 5638:1991`, `45/2013/QH13`).

1. Either side without a number of the same kind (standard, legal act): silent.
2. One shared: agree; for legal acts without points, many houses publish their texts.
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
        weight = IDENTIFIER_SHARED if any(map(_is_standard, shared)) else 0
        return Evidence("standard", Verdict.AGREE, weight, "standard-shared", (min(shared),))
    low, high = sorted((min(left.standards), min(right.standards)))
    if _is_standard(low) is not _is_standard(high):
        return _NONE
    return Evidence("standard", Verdict.VETO, VETO, "standard-differs", (low, high))


def _is_standard(number: str) -> bool:
    """Whether a number is that of a standard (`TCVN 5638:1991`), not of a legal act (`93/2020/nd-cp`)."""
    return not number.islower()
