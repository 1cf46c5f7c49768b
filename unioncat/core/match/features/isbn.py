"""ISBN (MARC 020 $a). Only valid numbers of the publication itself; the ISBN of a set joins nothing.

1. One shared valid ISBN: agree.
2. Valid ISBNs on both sides, none shared: disagree; it does not split by itself.
3. A misprinted ISBN one digit away from one of the other side: agree a little.
4. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import IDENTIFIER_SHARED, ISBN_DIFFERS, ISBN_MISPRINT
from unioncat.core.normalise.description import Description

_NONE = Evidence("isbn", Verdict.SILENT, 0, "isbn-missing")
_DIFFERENT = Evidence("isbn", Verdict.DISAGREE, ISBN_DIFFERS, "isbn-differs")


def compare_isbn(left: Description, right: Description) -> Evidence:
    """Vote on ISBNs."""
    if shared := left.isbns & right.isbns:
        return Evidence("isbn", Verdict.AGREE, IDENTIFIER_SHARED, "isbn-shared", (min(shared),))
    if left.isbns and right.isbns:
        return _DIFFERENT
    if left.wrong_isbns or right.wrong_isbns:
        return _compare_misprints(left, right)
    return _NONE


def _compare_misprints(left: Description, right: Description) -> Evidence:
    candidates = {
        (min(wrong, isbn), max(wrong, isbn))
        for one, other in ((left, right), (right, left))
        for wrong in one.wrong_isbns
        for isbn in other.isbns | other.wrong_isbns
    }
    for one, other in sorted(candidates):
        if len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) < 2:
            return Evidence("isbn", Verdict.AGREE, ISBN_MISPRINT, "isbn-misprint", (one, other))
    return _NONE
