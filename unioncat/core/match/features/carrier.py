"""Content and carrier (MARC leader/06, 007, 008/23, 245$h, 300, 338).

1. Different content (text, score, map, film …) or a different known carrier: veto.
2. A doubtful carrier on one side only (a reproduction note, a link without extent): a person must look.
3. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import NEEDS_A_PERSON, VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("carrier", Verdict.SILENT, 0, "carrier-same")


def compare_carrier(left: Description, right: Description) -> Evidence:
    """Vote on what the publication is made of."""
    if left.content != right.content:
        return _veto("content-differs", left.content, right.content)
    if left.carrier != right.carrier:
        return _veto("carrier-differs", left.carrier, right.carrier)
    if left.doubt != right.doubt:
        doubt = max(left.doubt, right.doubt)
        return Evidence("carrier", Verdict.DISAGREE, NEEDS_A_PERSON, "carrier-uncertain", (doubt,))
    return _SAME


def _veto(code: str, left: str, right: str) -> Evidence:
    return Evidence("carrier", Verdict.VETO, VETO, code, (min(left, right), max(left, right)))
