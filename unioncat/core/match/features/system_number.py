"""Record numbers of national bibliographies and other agencies (MARC 010, 015, 035).

1. One shared: agree.
2. Otherwise silent: an agency may hold a publication twice.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import IDENTIFIER_SHARED
from unioncat.core.normalise.description import Description

_NONE = Evidence("system number", Verdict.SILENT, 0, "system-number-missing")


def compare_system_number(left: Description, right: Description) -> Evidence:
    """Vote on numbers of other agencies."""
    if shared := left.system_numbers & right.system_numbers:
        return Evidence(
            "system number", Verdict.AGREE, IDENTIFIER_SHARED, "system-number-shared", (min(shared),)
        )
    return _NONE
