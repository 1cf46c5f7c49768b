"""Years (MARC 260/264 $c, 008).

1. A serial, or a side without a year: silent.
2. Equal years, or a year and the neighbouring copyright year of the other side: agree.
3. Spans that overlap (`[196-?]` and 1964): agree a little.
4. At most two years apart, and one side was described before it was published: disagree lightly.
5. Neighbouring years: disagree lightly; for textbooks, which are printed every year, a person must look.
6. Foreign books disagree lightly where the years are of two printings: 008 of one gives the year of the other, or
   both state the same edition (`3d ed.`, `Rev. ed.`) with as many pages.
7. Otherwise: disagree.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import (
    NEEDS_A_PERSON,
    YEAR_DIFFERS,
    YEAR_NEIGHBOUR,
    YEAR_OF_PRINTING,
    YEAR_POSSIBLE,
    YEAR_SHARED,
)
from unioncat.core.normalise.description import Description

_PRINTING_GAP = 1
"""A book may be dated a year before or after its copyright; what is more is another printing or edition."""
_COUNTED_DIFFERENTLY = 2
_DELAY = 2
"""By how many years books come later than announced."""
_NONE = Evidence("year", Verdict.SILENT, 0, "no year on one side")


def compare_year(left: Description, right: Description) -> Evidence:
    """Vote on years of publication."""
    if not left.years or not right.years or "serial" in (left.level, right.level):
        return _NONE
    if left.years == right.years:
        return Evidence("year", Verdict.AGREE, YEAR_SHARED, f"both of {_span(left.years)}")
    spans = " / ".join(sorted((_span(left.years), _span(right.years))))
    if _is_copyright(left, right) or _is_copyright(right, left):
        return Evidence("year", Verdict.AGREE, YEAR_SHARED, f"year and copyright year: {spans}")
    gap = max(left.years[0], right.years[0]) - min(left.years[-1], right.years[-1])
    if gap <= 0:
        return Evidence("year", Verdict.AGREE, YEAR_POSSIBLE, f"possibly one year: {spans}")
    if gap <= _DELAY and (left.prepublication or right.prepublication):
        years = sorted((_span(left.years), _span(right.years)))
        return Evidence("year", Verdict.DISAGREE, YEAR_NEIGHBOUR, "year-before-publication", tuple(years))
    if gap == 1:
        weight = NEEDS_A_PERSON if _is_textbook(left) or _is_textbook(right) else YEAR_NEIGHBOUR
        return Evidence("year", Verdict.DISAGREE, weight, f"neighbouring years: {spans}")
    if are_foreign(left, right) and (_is_coded(left, right) or _is_of_one_edition(left, right)):
        return Evidence("year", Verdict.DISAGREE, YEAR_OF_PRINTING, f"perhaps years of printings: {spans}")
    return Evidence("year", Verdict.DISAGREE, YEAR_DIFFERS, f"different years: {spans}")


def _span(years: tuple[int, ...]) -> str:
    return "-".join(map(str, years))


def _is_copyright(one: Description, other: Description) -> bool:
    return one.copyright in other.years and abs(one.years[0] - one.copyright) <= _PRINTING_GAP


def _is_coded(left: Description, right: Description) -> bool:
    """Whether one side gives the year of the other in 008: of its two years it cannot be sure."""
    return left.coded in right.years or right.coded in left.years or 0 < left.coded == right.coded


def _is_of_one_edition(left: Description, right: Description) -> bool:
    """Whether both state the same edition, which is not the first, with as many pages."""
    if left.edition != right.edition or left.revised != right.revised:
        return False
    stated = left.edition > 1 or left.revised
    return stated and bool(left.pages) and abs(left.pages - right.pages) <= _COUNTED_DIFFERENTLY


def _is_textbook(side: Description) -> bool:
    return bool(side.roles or side.grade or side.series)
