"""Publishers (MARC 260/264 $b).

1. Either side without one: silent.
2. One shared, or one name begins with the other and has three words at least (not of two known houses): agree.
3. One side names only a partner company: a person must look.
4. Names in different scripts, or in one of which the other stands: silent.
5. Vietnamese houses, none shared: disagree.
6. Other names, worded alike: agree; worded differently: disagree lightly, they vary from library to library.
"""

from rapidfuzz.fuzz import token_set_ratio

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import (
    PUBLISHER_DIFFERS,
    PUBLISHER_INDIRECT,
    PUBLISHER_SHARED,
    PUBLISHER_WORDED_DIFFERENTLY,
)
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.lists import aliases_of
from unioncat.core.normalise.vietnamese import is_vietnamese_syllable, syllable_key

_NONE = Evidence("publisher", Verdict.SILENT, 0, "publisher-missing")
_UNCLEAR = Evidence("publisher", Verdict.SILENT, 0, "publisher-unclear")
_INDIRECT = Evidence("publisher", Verdict.DISAGREE, PUBLISHER_INDIRECT, "publisher-partner-only")
_LIKE = 80
_HOUSES = frozenset(map(syllable_key, aliases_of("publishers", "aliases").values()))
"""Houses of the list of aliases, which are told apart even where one name begins with the other."""


def compare_publisher(left: Description, right: Description) -> Evidence:
    """Vote on publishers."""
    if not (left.publishers or left.partners) or not (right.publishers or right.partners):
        return _NONE
    if shared := left.publishers & right.publishers:
        return _agree(min(shared))
    if not left.publishers or not right.publishers:
        shared = left.partners & right.partners
        return _agree(min(shared)) if shared and left.publishers == right.publishers else _INDIRECT
    vietnamese = left.accented or right.accented or "vie" in left.languages | right.languages
    differs = PUBLISHER_DIFFERS if vietnamese else PUBLISHER_WORDED_DIFFERENTLY
    pairs = [(min(one, other), max(one, other)) for one in left.publishers for other in right.publishers]
    return max((_compare(*pair, differs) for pair in sorted(pairs)), key=lambda evidence: evidence.weight)


def _agree(name: str) -> Evidence:
    return Evidence("publisher", Verdict.AGREE, PUBLISHER_SHARED, "publisher-shared", (name,))


def _compare(one: str, other: str, differs: float) -> Evidence:
    if not one.isascii() or not other.isascii():
        return _UNCLEAR
    if one in _HOUSES and other in _HOUSES:
        return Evidence("publisher", Verdict.DISAGREE, differs, "publisher-differs", (one, other))
    shorter, longer = sorted((one.split(), other.split()), key=len)
    if longer[: len(shorter)] == shorter and len(shorter) > 2:
        return _agree(one)
    if differs > PUBLISHER_DIFFERS and token_set_ratio(one, other) >= _LIKE:
        return _agree(one)
    if set(shorter) <= set(longer) or _is_abbreviation(shorter) != _is_abbreviation(longer):
        return _UNCLEAR
    return Evidence("publisher", Verdict.DISAGREE, differs, "publisher-differs", (one, other))


def _is_abbreviation(name: list[str]) -> bool:
    return len(name) == 1 and len(name[0]) < 7 and not is_vietnamese_syllable(name[0])
