"""Theses (MARC 502, 245) and their summaries.

1. A thesis and its summary: veto.
2. A thesis and a book that was published (it has an ISBN, or a publisher which the thesis lacks): veto.
3. A thesis and a record that does not say: a person must look.
4. Two theses, or none: silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import NEEDS_A_PERSON, VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("thesis", Verdict.SILENT, 0, "thesis-same")


def compare_work(left: Description, right: Description) -> Evidence:
    """Vote on thesis, summary of a thesis, and book."""
    if left.work == right.work:
        return _SAME
    if left.work and right.work:
        return Evidence("thesis", Verdict.VETO, VETO, "thesis-and-summary")
    book = right if left.work else left
    if book.isbns or book.publishers:
        return Evidence("thesis", Verdict.VETO, VETO, "thesis-and-book")
    return Evidence("thesis", Verdict.DISAGREE, NEEDS_A_PERSON, "thesis-on-one-side")
