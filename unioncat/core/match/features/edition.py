"""Editions (MARC 250). Printings are no editions; a first edition is as none.

1. Different numbers from the second edition on: veto.
2. The same number, but only one side calls itself revised, and not exactly the same pages: a person must look.
3. The same number: agree without points.
4. A number on one side only: silent, libraries often leave it out.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import NEEDS_A_PERSON, VETO
from unioncat.core.normalise.description import Description

_NONE = Evidence("edition", Verdict.SILENT, 0, "edition-missing")


def compare_edition(left: Description, right: Description) -> Evidence:
    """Vote on edition numbers."""
    if not left.edition or not right.edition:
        return _NONE
    if left.edition != right.edition:
        low, high = sorted((left.edition, right.edition))
        return Evidence("edition", Verdict.VETO, VETO, "edition-differs", (str(low), str(high)))
    if left.revised != right.revised and not (left.pages and left.pages == right.pages):
        return Evidence("edition", Verdict.DISAGREE, NEEDS_A_PERSON, "edition-revised-on-one-side")
    return Evidence("edition", Verdict.AGREE, 0, "edition-same", (str(left.edition),))
