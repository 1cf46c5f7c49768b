"""ISSN of serials (MARC 022 $a). The ISSN of an article's or a book's series says nothing about it.

1. Not two serials, or either without ISSN: silent.
2. One shared: agree.
3. None shared: veto, the title was changed or the medium is another.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import IDENTIFIER_SHARED, VETO
from unioncat.core.normalise.description import Description

_NONE = Evidence("issn", Verdict.SILENT, 0, "issn-missing")


def compare_issn(left: Description, right: Description) -> Evidence:
    """Vote on ISSNs."""
    if left.level != "serial" or right.level != "serial" or not left.issns or not right.issns:
        return _NONE
    if shared := left.issns & right.issns:
        return Evidence("issn", Verdict.AGREE, IDENTIFIER_SHARED, "issn-shared", (min(shared),))
    low, high = sorted((min(left.issns), min(right.issns)))
    return Evidence("issn", Verdict.VETO, VETO, "issn-differs", (low, high))
