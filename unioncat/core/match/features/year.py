"""Years (MARC 260/264 $c, 008).

1. A serial, or a side without a year: silent.
2. Equal years, or a year and the neighbouring copyright year of the other side: agree.
3. Spans that overlap (`[196-?]` and 1964): agree a little.
4. At most two years apart, and one side was described before it was published: disagree lightly.
5. Neighbouring years: disagree lightly; for schoolbooks, and for coursebooks without a common ISBN, which are
   printed every year, a person must look.
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
from unioncat.core.normalise.vietnamese import syllable_key

_PRINTING_GAP = 1
"""A book may be dated a year before or after its copyright; what is more is another printing or edition."""
_COUNTED_DIFFERENTLY = 2
_COURSEBOOK = tuple(map(syllable_key, ("giáo trình", "bài giảng", "tập bài giảng")))
_DELAY = 2
"""By how many years books come later than announced."""
_NONE = Evidence("year", Verdict.SILENT, 0, "year-missing")


def compare_year(left: Description, right: Description) -> Evidence:
    """Vote on years of publication."""
    if not left.years or not right.years or "serial" in (left.level, right.level):
        return _NONE
    if left.years == right.years:
        return Evidence("year", Verdict.AGREE, YEAR_SHARED, "year-same", (_span(left.years),))
    spans = _spans(left, right)
    if _is_copyright(left, right) or _is_copyright(right, left):
        return Evidence("year", Verdict.AGREE, YEAR_SHARED, "year-of-copyright", spans)
    gap = max(left.years[0], right.years[0]) - min(left.years[-1], right.years[-1])
    if gap <= 0:
        return Evidence("year", Verdict.AGREE, YEAR_POSSIBLE, "year-possible", spans)
    if gap <= _DELAY and (left.prepublication or right.prepublication):
        return Evidence("year", Verdict.DISAGREE, YEAR_NEIGHBOUR, "year-before-publication", spans)
    if gap == 1:
        weight = NEEDS_A_PERSON if _is_printed_every_year(left, right) else YEAR_NEIGHBOUR
        return Evidence("year", Verdict.DISAGREE, weight, "year-neighbour", spans)
    if are_foreign(left, right) and (_is_coded(left, right) or _is_of_one_edition(left, right)):
        return Evidence("year", Verdict.DISAGREE, YEAR_OF_PRINTING, "year-printing-possible", spans)
    return Evidence("year", Verdict.DISAGREE, YEAR_DIFFERS, "year-differs", spans)


def _spans(left: Description, right: Description) -> tuple[str, str]:
    one, other = _span(left.years), _span(right.years)
    return min(one, other), max(one, other)


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


def _is_printed_every_year(left: Description, right: Description) -> bool:
    """Whether the two are schoolbooks, or coursebooks (giáo trình) that no ISBN holds together."""
    if _is_textbook(left) or _is_textbook(right):
        return True
    return left.title.startswith(_COURSEBOOK) and left.isbns.isdisjoint(right.isbns)


def _is_textbook(side: Description) -> bool:
    return bool(side.roles or side.grade or side.series)
