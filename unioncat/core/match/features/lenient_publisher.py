"""Publishers where another one alone does not make another publication (`PUBLISHER=lenient`, see `policy.py`).

1. As in `publisher.py`, but what speaks against a pair is lighter: a partner company only, and names that differ.
2. It does not weigh so little that a person, a year or pages less would do.
"""

from dataclasses import replace

from unioncat.core.match.evidence import Evidence
from unioncat.core.match.features.publisher import compare_publisher
from unioncat.core.match.weights import (
    PUBLISHER_DIFFERS,
    PUBLISHER_DIFFERS_LENIENTLY,
    PUBLISHER_INDIRECT,
    PUBLISHER_WORDED_DIFFERENTLY,
)
from unioncat.core.normalise.description import Description

_LIGHTER = {
    PUBLISHER_DIFFERS: PUBLISHER_DIFFERS_LENIENTLY,
    PUBLISHER_INDIRECT: PUBLISHER_WORDED_DIFFERENTLY,
}


def compare_publisher_leniently(left: Description, right: Description) -> Evidence:
    """Vote on publishers."""
    said = compare_publisher(left, right)
    return replace(said, weight=_LIGHTER[said.weight]) if said.weight in _LIGHTER else said
