"""Places of publication (MARC 260/264 $a).

1. Either side without one: silent.
2. One shared: agree without points, most books of a country come from two cities.
3. None shared: silent. Houses have several places and libraries give the first or the nearest; the publisher judges.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.normalise.description import Description

_NONE = Evidence("place", Verdict.SILENT, 0, "place-missing")
_OTHER = Evidence("place", Verdict.SILENT, 0, "place-differs")


def compare_place(left: Description, right: Description) -> Evidence:
    """Vote on places."""
    if not left.places or not right.places:
        return _NONE
    if shared := left.places & right.places:
        return Evidence("place", Verdict.AGREE, 0, "place-shared", (min(shared),))
    return _OTHER
