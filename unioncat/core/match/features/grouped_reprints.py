"""Edition and year where reprints are one publication (`REPRINT=grouped`, see `policy.py`).

1. Two records may be reprints of one book when both are Vietnamese texts without a generic title, neither is revised,
   they share a publisher, and their numbers of pages are the same (within two).
2. Of such records other numbers of the edition agree without points, and other years say nothing.
3. Everything else is as in `edition.py` and `year.py`.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.features.edition import compare_edition
from unioncat.core.match.features.publisher import compare_publisher
from unioncat.core.match.features.year import compare_year
from unioncat.core.match.foreign import are_foreign
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.topic import is_generic

_COUNTED_DIFFERENTLY = 2


def compare_edition_of_reprints(left: Description, right: Description) -> Evidence:
    """Vote on edition numbers."""
    said = compare_edition(left, right)
    if said.verdict is not Verdict.VETO or not are_reprints(left, right):
        return said
    low, high = sorted((left.edition, right.edition))
    return Evidence("edition", Verdict.AGREE, 0, "edition-reprints", (str(low), str(high)))


def compare_year_of_reprints(left: Description, right: Description) -> Evidence:
    """Vote on years of publication."""
    said = compare_year(left, right)
    if said.verdict is not Verdict.DISAGREE or not are_reprints(left, right):
        return said
    low, high = sorted("-".join(map(str, side.years)) for side in (left, right))
    return Evidence("year", Verdict.SILENT, 0, "year-of-reprints", (low, high))


def are_reprints(left: Description, right: Description) -> bool:
    """Rule 1."""
    if left.revised or right.revised or not left.pages or not right.pages:
        return False
    if abs(left.pages - right.pages) > _COUNTED_DIFFERENTLY or are_foreign(left, right):
        return False
    if is_generic(left.title) or is_generic(right.title):
        return False
    return compare_publisher(left, right).verdict is Verdict.AGREE
