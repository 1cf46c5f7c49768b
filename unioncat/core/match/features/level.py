"""Bibliographic level (MARC leader/07).

1. The same level: silent.
2. A serial and a monograph, an article and its host, a book and its chapter: veto.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("level", Verdict.SILENT, 0, "level-same")


def compare_level(left: Description, right: Description) -> Evidence:
    """Vote on the bibliographic level."""
    if left.level == right.level:
        return _SAME
    low, high = sorted((left.level, right.level))
    return Evidence("level", Verdict.VETO, VETO, "level-differs", (low, high))
