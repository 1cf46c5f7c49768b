"""What can go wrong with a target, and what a harvest does then (Z39.50-2003, appendix ERR.1; bib-1 diagnostics).

| error | meaning | what a harvest does |
|---|---|---|
| Unreachable, Interrupted | no connection, time-out, cut, closed, no BER | connects again, a few times, from the same position |
| Refused | Init was not accepted, or codes 1010 to 1015: credentials | stops: a person must look |
| Unsupported | 107 to 125, 109, 235 to 239 …: the target cannot do what was asked | stops, and the target is probed again |
| Busy | 2, 31, 1005 …: for now | waits, connects again |
| LostSet | 30, 28: the result set is gone | searches again, goes on |
| OutOfRange | 13: the position is behind the end | the result set has shifted |
| Objection | any other diagnostic | stops |
"""

from collections.abc import Sequence

from harvesters.z3950.diagnostics import Diagnostic
from unioncat.core.errors import ProtocolFault, SourceUnreachable


class Unreachable(SourceUnreachable):
    """No connection to the target."""


class Interrupted(SourceUnreachable):
    """The connection was cut, timed out, was closed by the target, or carries no Z39.50."""


class Objection(ProtocolFault):
    """The target answered with a diagnostic."""

    def __init__(self, target: str, diagnostic: Diagnostic, words: str | None = None) -> None:
        detail = f" ({diagnostic.detail})" if diagnostic.detail else ""
        said = meaning(diagnostic.code) if words is None else words
        super().__init__(str(diagnostic.code), f"{target} answers {diagnostic.code}: {said}{detail}")
        self.diagnostic = diagnostic


class Refused(Objection):
    """The target does not let us in, or not with these credentials."""


class Unsupported(Objection):
    """The target cannot do what was asked, today or ever."""


class Busy(Objection):
    """The target is out of something for now."""


class LostSet(Objection):
    """The result set does not exist any more."""


class OutOfRange(Objection):
    """The position asked for is behind the end of the result set."""


_MEANINGS = {
    1: "permanent system error",
    2: "temporary system error",
    3: "unsupported search",
    5: "too many argument words",
    11: "too many characters in a search",
    12: "too many records found",
    13: "position out of range",
    14: "system error when presenting records",
    16: "record larger than the message size",
    17: "record larger than the exceptional record size",
    24: "deleted result set",
    27: "result set no longer exists",
    28: "result set is in use",
    30: "result set does not exist",
    31: "out of resources",
    100: "unspecified error",
    107: "query type not supported",
    108: "malformed query",
    109: "database unavailable",
    110: "operator not supported",
    113: "attribute type not supported",
    114: "use attribute not supported",
    115: "unsupported value of a use attribute",
    116: "term not supported",
    117: "relation attribute not supported",
    118: "structure attribute not supported",
    119: "position attribute not supported",
    120: "truncation attribute not supported",
    121: "attribute set not supported",
    122: "completeness attribute not supported",
    123: "combination of attributes not supported",
    125: "malformed search term",
    128: "illegal name of a result set",
    205: "only one result set can be made",
    227: "no data in the requested syntax",
    235: "database does not exist",
    236: "access to the database denied",
    238: "record not available in the requested syntax",
    239: "record syntax not supported",
    1005: "the target is at its limit of sessions",
    1010: "credentials needed",
    1011: "wrong user or password",
    1012: "wrong user name",
    1013: "wrong password",
    1014: "no searches left",
    1015: "access refused",
}

_KINDS: dict[type[Objection], frozenset[int]] = {
    Refused: frozenset((236, *range(1010, 1019))),
    Busy: frozenset((2, 28, 31, 205, 1005)),
    LostSet: frozenset((24, 27, 30)),
    OutOfRange: frozenset((13,)),
    Unsupported: frozenset((3, *range(107, 127), 227, 235, 238, 239)),
}


def meaning(code: int) -> str:
    """What a diagnostic of bib-1 says."""
    return _MEANINGS.get(code, "diagnostic of the target")


def objection(target: str, diagnostics: Sequence[Diagnostic]) -> Objection:
    """The error that the first diagnostic is."""
    first = diagnostics[0] if diagnostics else Diagnostic(100, "no diagnostic")
    kind = next((kind for kind, codes in _KINDS.items() if first.code in codes), Objection)
    return kind(target, first)
