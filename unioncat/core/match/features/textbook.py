"""Textbooks: role, school grade, official series (words of MARC 245 and 490).

1. Different roles (pupil's book, teacher's book, exercises …): veto.
2. Grades on both sides that differ: veto.
3. Official series on both sides that differ: veto.
4. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("textbook", Verdict.SILENT, 0, "no difference of role, grade or series")


def compare_textbook(left: Description, right: Description) -> Evidence:
    """Vote on role, grade and series of textbooks."""
    if left.roles != right.roles:
        roles = sorted("+".join(sorted(side)) or "no role" for side in (left.roles, right.roles))
        return _veto(f"{roles[0]} and {roles[1]}")
    if left.grade != right.grade and left.grade and right.grade:
        low, high = sorted((left.grade, right.grade))
        return _veto(f"grade {low} and grade {high}")
    if left.series != right.series and left.series and right.series:
        series = sorted((left.series, right.series))
        return _veto(f"series {series[0]} and series {series[1]}")
    return _SAME


def _veto(reason: str) -> Evidence:
    return Evidence("textbook", Verdict.VETO, VETO, reason)
