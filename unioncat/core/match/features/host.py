"""Where an article or chapter stands (MARC 773).

1. Not two articles, or either side without a host: silent.
2. The same host: agree without points.
3. Another host: veto.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import VETO
from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description

_NONE = Evidence("host", Verdict.SILENT, 0, "host-missing")


def compare_host(left: Description, right: Description) -> Evidence:
    """Vote on the hosts of articles."""
    if not left.host or not right.host:
        return _NONE
    if words(left.host).flat_joined == words(right.host).flat_joined:
        return Evidence("host", Verdict.AGREE, 0, "host-same", (min(left.host, right.host),))
    low, high = sorted((left.host, right.host))
    return Evidence("host", Verdict.VETO, VETO, "host-differs", (low, high))
