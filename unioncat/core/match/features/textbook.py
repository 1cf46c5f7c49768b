"""Textbooks: role, school grade, official series (words of MARC 245 and 490).

1. Different roles (pupil's book, teacher's book, exercises …): veto.
2. Grades on both sides that differ: veto.
3. Official series on both sides that differ: veto.
4. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("textbook", Verdict.SILENT, 0, "textbook-same")


def compare_textbook(left: Description, right: Description) -> Evidence:
    """Vote on role, grade and series of textbooks."""
    if left.roles != right.roles:
        one, other = sorted("+".join(sorted(side)) for side in (left.roles, right.roles))
        return _veto("textbook-role-differs", one or "no role", other)
    if left.grade != right.grade and left.grade and right.grade:
        low, high = sorted((left.grade, right.grade))
        return _veto("textbook-grade-differs", str(low), str(high))
    if left.series != right.series and left.series and right.series:
        return _veto("textbook-series-differs", *sorted((left.series, right.series)))
    return _SAME


def _veto(code: str, *values: str) -> Evidence:
    return Evidence("textbook", Verdict.VETO, VETO, code, values)
