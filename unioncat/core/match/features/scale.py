"""Scale of maps (MARC 255 $a, 034 $b).

1. Either side without one, or one shared: silent.
2. None shared: veto.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("scale", Verdict.SILENT, 0, "scale-same")


def compare_scale(left: Description, right: Description) -> Evidence:
    """Vote on the scale of maps."""
    if left.scales == right.scales or not left.scales or not right.scales or left.scales & right.scales:
        return _SAME
    low, high = sorted((min(left.scales), min(right.scales)))
    return Evidence("scale", Verdict.VETO, VETO, "scale-differs", (low, high))
