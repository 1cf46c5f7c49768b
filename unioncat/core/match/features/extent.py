"""Extent and size (MARC 300 $a $c).

1. Two sets of the same number of volumes, not both with pages: agree. Either side without a number: silent.
2. Nearly the same number (within two): agree.
3. Within ten pages (and a fifth), or three in a hundred: agree a little.
4. Within ten in a hundred: disagree lightly.
5. More, and one side was described before it was published: disagree lightly.
6. More: disagree; in foreign books of one edition and size lightly where one digit is wrong, missing or displaced.
7. Heights more than two centimetres apart: disagree lightly; more than five: a person must look; else silent.
"""

from rapidfuzz.distance import OSA

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import (
    NEEDS_A_PERSON,
    PAGES_APART,
    PAGES_CLOSE,
    PAGES_DIFFER,
    PAGES_MISTYPED,
    PAGES_SHARED,
    SIZE_DIFFERS,
)
from unioncat.core.normalise.description import Description

_NO_PAGES = Evidence("pages", Verdict.SILENT, 0, "pages-missing")
_NO_SIZE = Evidence("size", Verdict.SILENT, 0, "size-same")


def compare_pages(left: Description, right: Description) -> Evidence:
    """Vote on the number of pages."""
    if not left.pages or not right.pages:
        return _compare_volumes(left, right)
    low, high = sorted((left.pages, right.pages))
    gap = high - low
    values = (str(low), str(high))
    if gap <= 2:
        return Evidence("pages", Verdict.AGREE, PAGES_SHARED, "pages-same", values)
    if gap <= 0.03 * high or (gap <= 10 and gap <= 0.2 * high):
        return Evidence("pages", Verdict.AGREE, PAGES_CLOSE, "pages-close", values)
    if gap < 0.1 * low:
        return Evidence("pages", Verdict.DISAGREE, PAGES_APART, "pages-apart", values)
    if left.prepublication != right.prepublication:
        return Evidence("pages", Verdict.DISAGREE, PAGES_APART, "pages-before-publication", values)
    if _is_mistyped(str(low), str(high)) and _may_be_one_edition(left, right):
        return Evidence("pages", Verdict.DISAGREE, PAGES_MISTYPED, "pages-mistyped", values)
    return Evidence("pages", Verdict.DISAGREE, PAGES_DIFFER, "pages-differ", values)


def _compare_volumes(left: Description, right: Description) -> Evidence:
    if left.volumes == right.volumes > 1:
        return Evidence("pages", Verdict.AGREE, PAGES_SHARED, "pages-volumes-same", (str(left.volumes),))
    return _NO_PAGES


def _is_mistyped(one: str, other: str) -> bool:
    return OSA.distance(one, other) == 1 or sorted(one) == sorted(other)


def _may_be_one_edition(left: Description, right: Description) -> bool:
    edition = left.edition == right.edition and left.revised == right.revised
    return edition and compare_size(left, right) is _NO_SIZE and are_foreign(left, right)


def compare_size(left: Description, right: Description) -> Evidence:
    """Vote on the height."""
    if not left.size or not right.size or abs(left.size - right.size) <= 2:
        return _NO_SIZE
    low, high = sorted((left.size, right.size))
    weight = NEEDS_A_PERSON if high - low > 5 else SIZE_DIFFERS
    return Evidence("size", Verdict.DISAGREE, weight, "size-differs", (str(low), str(high)))
