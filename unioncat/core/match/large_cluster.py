"""Whether a large cluster holds copies of one edition, or was chained together.

1. A wording goes with the most frequent one when it shares more than three in four of its distinctive words with it,
   or is its beginning, or the other way round: a title that was cut short goes with the whole one. More than one member in ten with a
   wording that does not: suspicious.
2. Distinctive are the words that are not of every other title ("giáo trình", "tuyển tập", "the"). Accents count
   where both wordings have some; numbers of both must be the same. Long foreign words with one wrong letter are
   the same (slips, plurals).
3. Members of different volumes: suspicious. A volume is of its own publication, however large the cluster.
4. Members of different editions, unless reprints are grouped: suspicious.
5. More than one member in ten of a year that is more than two years off the most frequent one, unless reprints are
   grouped: suspicious. Serials have no year.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from rapidfuzz.distance import OSA

from unioncat.core.match.policy import DEFAULT, Policy, Reprint
from unioncat.core.normalise.lists import written_words_of
from unioncat.core.normalise.vietnamese import (
    accent_share,
    flat_words,
    is_vietnamese_syllable,
    plain,
    syllable_key,
)

_Value = TypeVar("_Value", bound=Hashable)

_MOST_SHARED = 0.75
_MOST_UNRELATED = 0.1
_YEARS_APART = 2
_SLIP_LETTERS = 5

_EMPTY = frozenset(map(syllable_key, written_words_of("generic_titles", "empty")))
_EMPTY_WITHOUT_ACCENTS = frozenset(map(plain, _EMPTY)) | written_words_of("generic_titles", "connecting")


class ClusterVerdict(StrEnum):
    """What the descriptions of a large cluster say of it."""

    COPIES = "copies"
    SUSPICIOUS = "suspicious"


class Suspicion(StrEnum):
    """In what the members of a cluster differ, though they should be of one edition."""

    TITLES = "titles"
    VOLUMES = "volumes"
    EDITIONS = "editions"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Statement:
    """What some members of a cluster say of title, volume, edition and year, as their descriptions have it."""

    title: str
    volume: tuple[int, ...] = ()
    edition: int = 0
    years: tuple[int, ...] = ()
    """First and last possible year; none of a serial."""
    members: int = 1


def verdict_of(suspicions: Sequence[Suspicion]) -> ClusterVerdict:
    """The verdict that follows from what was found."""
    return ClusterVerdict.SUSPICIOUS if suspicions else ClusterVerdict.COPIES


def judge_cluster(statements: Sequence[Statement], policy: Policy = DEFAULT) -> tuple[Suspicion, ...]:
    """What is suspicious in a cluster of which the members say this; nothing in copies of one edition."""
    reprints_apart = policy.reprint is Reprint.STRICT
    found = {
        Suspicion.TITLES: bool(unrelated_titles(statements)),
        Suspicion.VOLUMES: len({one.volume for one in statements if one.volume}) > 1,
        Suspicion.EDITIONS: reprints_apart and len({one.edition for one in statements if one.edition}) > 1,
        Suspicion.YEARS: reprints_apart and bool(_strangers(statements, lambda one: one.years, _are_near)),
    }
    return tuple(suspicion for suspicion, holds in found.items() if holds)


def unrelated_titles(statements: Sequence[Statement]) -> Counter[str]:
    """The titles that do not go with the most frequent one, with their members; none when these are few (rule 1)."""
    return _strangers(statements, lambda one: one.title, _go_together)


def main_title(statements: Sequence[Statement]) -> str:
    """The title that most members have; empty when none has one."""
    return _most_said(_counted(statements, lambda one: one.title)) or ""


def _strangers(
    statements: Sequence[Statement], of: Callable[[Statement], _Value], near: Callable[[_Value, _Value], bool]
) -> Counter[_Value]:
    """What members say that is not near to what most say, if these are too many; who says nothing is not counted."""
    said = _counted(statements, of)
    main = _most_said(said)
    if main is None:
        return Counter()
    apart = Counter({value: count for value, count in said.items() if not near(value, main)})
    return apart if apart.total() > _MOST_UNRELATED * said.total() else Counter()


def _counted(statements: Sequence[Statement], of: Callable[[Statement], _Value]) -> Counter[_Value]:
    said: Counter[_Value] = Counter()
    for one in statements:
        if of(one):
            said[of(one)] += one.members
    return said


def _most_said(said: Counter[_Value]) -> _Value | None:
    return min(said, key=lambda value: (-said[value], str(value))) if said else None


def _are_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(one[0], other[0]) - min(one[-1], other[-1]) <= _YEARS_APART


def _go_together(one: str, other: str) -> bool:
    both_accented = accent_share(one) > 0 and accent_share(other) > 0
    left, right = _words(one, both_accented), _words(other, both_accented)
    if "".join(left) == "".join(right) or _is_cut(left, right, both_accented):
        return True
    numbers = [{word for word in words if word.isdigit()} for words in (left, right)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    fewer, more = sorted((set(_distinctive(words, both_accented)) for words in (left, right)), key=len)
    shared = sum(word in more or any(_is_slip(word, other) for other in more) for word in fewer)
    return shared > _MOST_SHARED * len(fewer)


def _is_cut(one: tuple[str, ...], other: tuple[str, ...], accents: bool) -> bool:
    short, long = sorted((one, other), key=len)
    return long[: len(short)] == short and not _empty(accents).issuperset(short)


def _is_slip(one: str, other: str) -> bool:
    """Not of Vietnamese syllables: there one letter makes another word."""
    if min(len(one), len(other)) < _SLIP_LETTERS or is_vietnamese_syllable(one):
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1


@lru_cache(maxsize=1 << 10)
def _words(title: str, accents: bool) -> tuple[str, ...]:
    return tuple(title.split()) if accents else flat_words(title)


def _distinctive(words: tuple[str, ...], accents: bool) -> tuple[str, ...]:
    """The words that tell this title from others; all of them when there is none such."""
    empty = _empty(accents)
    return tuple(word for word in words if word not in empty) or words


def _empty(accents: bool) -> frozenset[str]:
    return _EMPTY if accents else _EMPTY_WITHOUT_ACCENTS
