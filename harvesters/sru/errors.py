"""What the diagnostics of SRU (info:srw/diagnostic/1) mean for a harvest: the same errors as those of Z39.50.

| error | codes | |
|---|---|---|
| Busy | 2 | the server is unavailable for now |
| Refused | 3 | it wants to know who asks |
| LostSet | 51, 52 | a result set is gone |
| OutOfRange | 61 | the position is behind the end |
| Unsupported | 4 to 39, 66 to 72, 80 to 93, 110 to 120 | it cannot do what was asked |
| Objection | any other | |
"""

from collections.abc import Sequence

from harvesters.sru.responses import DIAGNOSTICS
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Busy, LostSet, Objection, OutOfRange, Refused, Unsupported

_MEANINGS = {
    1: "general system error",
    2: "the server is unavailable for now",
    3: "who asks must be known to the server",
    4: "operation not supported",
    5: "version not supported",
    6: "value of a parameter not supported",
    7: "a parameter is missing",
    8: "parameter not supported",
    10: "error in the query",
    13: "quotation marks in the query",
    16: "index not supported",
    19: "relation not supported",
    20: "relation modifier not supported",
    22: "combination of relation and index not supported",
    27: "an empty term",
    28: "wildcards not supported",
    31: "wildcards in this place not supported",
    36: "term not valid for the index",
    37: "boolean operator not supported",
    50: "result sets not supported",
    51: "result set does not exist",
    60: "too many records found",
    61: "position out of range",
    64: "the record cannot be given now",
    65: "the record cannot be given",
    66: "schema not known",
    67: "record not available in this schema",
    68: "not entitled to the record",
    71: "packing of records not supported",
}
_KINDS: dict[type[Objection], frozenset[int]] = {
    Busy: frozenset((2,)),
    Refused: frozenset((3, 68)),
    LostSet: frozenset((51, 52)),
    OutOfRange: frozenset((61,)),
    Unsupported: frozenset((*range(4, 40), 50, 66, 67, *range(69, 73), *range(80, 94), *range(110, 121))),
}


def meaning(diagnostic: Diagnostic) -> str:
    """What a diagnostic says."""
    known = _MEANINGS.get(diagnostic.code) if diagnostic.set_oid == DIAGNOSTICS else None
    return known or "diagnostic of the server"


def objection(server: str, diagnostics: Sequence[Diagnostic]) -> Objection:
    """The error that the first diagnostic is."""
    first = diagnostics[0] if diagnostics else Diagnostic(1, "no diagnostic", DIAGNOSTICS)
    codes_of = _KINDS.items() if first.set_oid == DIAGNOSTICS else ()
    kind = next((kind for kind, codes in codes_of if first.code in codes), Objection)
    return kind(server, first, meaning(first))
