"""Translators (MARC 245 $c, 700 $e): two translations are two publications.

1. Either side without a translator: silent.
2. One shared, or in foreign books two names that differ by a slip: silent, the author's feature counts it.
3. None shared: veto.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.features.author import is_nearly_same_name, is_same_name
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("translator", Verdict.SILENT, 0, "translator-same")


def compare_translator(left: Description, right: Description) -> Evidence:
    """Vote on translators."""
    if not left.translators or not right.translators or left.translators & right.translators:
        return _SAME
    toned = left.accented and right.accented
    if any(is_same_name(one, other, toned) for one in left.translators for other in right.translators):
        return _SAME
    if are_foreign(left, right) and any(
        is_nearly_same_name(one, other) for one in left.translators for other in right.translators
    ):
        return _SAME
    low, high = sorted((min(left.translators), min(right.translators)))
    return Evidence("translator", Verdict.VETO, VETO, "translator-differs", (low, high))
