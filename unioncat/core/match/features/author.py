"""Persons and bodies (MARC 1XX, 7XX, 245 $c). Which of them is the heading does not matter.

1. One shared person: agree. Foreign names agree when surname and initials fit and one word at most is misspelt;
   Vietnamese names must be equal.
2. One shared body, or one whose name is nearly the same: agree.
3. Vietnamese names that differ in a lost accent or in hỏi for ngã, which people confuse: agree a little.
4. Persons on both sides, none shared: disagree; lightly in foreign books where two names differ by a slip or share a
   surname and the first letter of another name.
5. Otherwise silent.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_set_ratio

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import AUTHOR_DIFFERS, AUTHOR_MISSPELT, AUTHOR_NEARLY, AUTHOR_SHARED
from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.vietnamese import folded_word

_NONE = Evidence("author", Verdict.SILENT, 0, "author-missing")
_LIKE = 85
_LONG_NAME = 8
_LEAST_SYLLABLES = 2
_SLIP = 4.5
"""Letters that count for a word with a slip."""
_ONE_TONE = str.maketrans("ˀ", "ˇ")
"""Hỏi and ngã of syllable keys."""
_DIFFERENT = Evidence("author", Verdict.DISAGREE, AUTHOR_DIFFERS, "author-differs")


def compare_author(left: Description, right: Description) -> Evidence:
    """Vote on persons and bodies."""
    if shared := left.persons & right.persons:
        return _agree(min(shared))
    toned = left.accented and right.accented
    if fitting := [min(pair) for pair in _pairs(left.persons, right.persons) if is_same_name(*pair, toned)]:
        return _agree(min(fitting))
    if fitting := [min(pair) for pair in _pairs(left.bodies, right.bodies) if _is_same_body(*pair)]:
        return _agree(min(fitting))
    if not left.persons or not right.persons:
        return _NONE
    if toned and (alike := [pair for pair in _pairs(left.persons, right.persons) if _is_misspelt(*pair)]):
        return Evidence("author", Verdict.AGREE, AUTHOR_MISSPELT, "author-misspelt", min(alike))
    if are_foreign(left, right) and (
        alike := [pair for pair in _pairs(left.persons, right.persons) if is_nearly_same_name(*pair)]
    ):
        return Evidence("author", Verdict.DISAGREE, AUTHOR_NEARLY, "author-nearly", min(alike))
    return _DIFFERENT


def _pairs(left: frozenset[str], right: frozenset[str]) -> Iterator[tuple[str, str]]:
    return ((min(one, other), max(one, other)) for one in left for other in right)


def _agree(name: str) -> Evidence:
    return Evidence("author", Verdict.AGREE, AUTHOR_SHARED, "author-shared", (name,))


def _is_same_body(one: str, other: str) -> bool:
    return one == other or token_set_ratio(one, other) >= _LIKE


@lru_cache(maxsize=1 << 16)
def is_same_name(one: str, other: str, toned: bool) -> bool:
    """Whether two syllable keys of names may be one person."""
    first, second = words(one), words(other)
    if toned and (one, other) != (" ".join(first.flat), " ".join(second.flat)):
        return sorted(first.toned) == sorted(second.toned) or first.toned_joined == second.toned_joined
    if sorted(first.flat) == sorted(second.flat) or first.flat_joined == second.flat_joined:
        return True
    return _fits(first.flat, second.flat)


@lru_cache(maxsize=1 << 14)
def is_nearly_same_name(one: str, other: str) -> bool:
    """Whether two foreign names may be one that was misspelt, or given with another form of a name."""
    first, second = words(one).flat, words(other).flat
    if set(first) & set(second):
        left, right = (
            [word for word in name if word not in rest] for name, rest in ((first, second), (second, first))
        )
        return any(word[0] == further[0] for word in left for further in right)
    return OSA.distance("".join(first), "".join(second)) <= 2 and len("".join(first)) >= _LONG_NAME


@lru_cache(maxsize=1 << 14)
def _is_misspelt(one: str, other: str) -> bool:
    """Whether two Vietnamese names differ only in accents that one of them lost, and in hỏi for ngã."""
    first, second = words(one), words(other)
    if len(first.flat) < _LEAST_SYLLABLES or sorted(first.flat) != sorted(second.flat):
        return False
    left, right = Counter(first.toned), Counter(second.toned)
    over = ((left - right).elements(), (right - left).elements())
    pairs = zip(*(sorted(side, key=folded_word) for side in over), strict=True)
    return all(
        folded_word(word) in (word, further) or word.translate(_ONE_TONE) == further.translate(_ONE_TONE)
        for word, further in pairs
    )


def _fits(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a long word is shared, and every further word of the shorter name fits one of the longer.

    One slip is allowed: two names of which two words are misspelt are two names.
    """
    shorter, longer = sorted((one, other), key=lambda name: (len(name), name))
    rest = list(longer)
    fitted = [_take(word, rest) for word in sorted(shorter, key=len, reverse=True)]
    return all(fitted) and max(fitted) > 3 and fitted.count(_SLIP) <= 1


def _take(word: str, rest: list[str]) -> float:
    """Take a word that fits out of `rest`; returns how many letters fit, _SLIP where one of them is wrong."""
    if word in rest:
        rest.remove(word)
        return len(word)
    for other in rest:
        if min(len(word), len(other)) > 4 and OSA.distance(word, other) == 1:
            rest.remove(other)
            return _SLIP
    for other in rest:
        short, long = sorted((word, other), key=len)
        if (len(short) <= 2 < len(long) or len(short) > 3) and long.startswith(short):
            rest.remove(other)
            return 1
    return 0
