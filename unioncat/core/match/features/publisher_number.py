"""Publisher's numbers of recordings and music (MARC 028).

1. Either side without one: silent.
2. One shared: agree.
3. None shared: veto.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import IDENTIFIER_SHARED, VETO
from unioncat.core.normalise.description import Description

_NONE = Evidence("publisher number", Verdict.SILENT, 0, "publisher-number-missing")


def compare_publisher_number(left: Description, right: Description) -> Evidence:
    """Vote on publisher's numbers."""
    if not left.publisher_numbers or not right.publisher_numbers:
        return _NONE
    if shared := left.publisher_numbers & right.publisher_numbers:
        return Evidence(
            "publisher number", Verdict.AGREE, IDENTIFIER_SHARED, "publisher-number-shared", (min(shared),)
        )
    low, high = sorted((min(left.publisher_numbers), min(right.publisher_numbers)))
    return Evidence("publisher number", Verdict.VETO, VETO, "publisher-number-differs", (low, high))
