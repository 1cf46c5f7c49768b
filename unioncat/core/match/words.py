"""The words of a syllable key in the forms in which titles and names are compared."""

import re
from dataclasses import dataclass
from functools import lru_cache

from unioncat.core.normalise.lists import written_words_of
from unioncat.core.normalise.numerals import roman_value
from unioncat.core.normalise.vietnamese import folded_word, is_vietnamese_syllable, syllable_key

_EMPTY = frozenset(map(syllable_key, written_words_of("generic_titles", "empty")))
_NUMERAL = re.compile(r"0*([0-9]+)")
_WITHOUT_BREATHINGS = dict.fromkeys(map(ord, "ʻʼʹʺ"))
_STOPS = ("c", "ch", "p", "t")
"""Ends of syllables that must have a tone, which would stand after them."""


@dataclass(frozen=True, slots=True)
class Words:
    """`toned` and `flat` are the words with and without their accents; `numerals` the numbers among them.

    The joined forms have no blanks, so that `dệt may` is `dệt-may`. `telling` counts the letters of the words that
    tell one title from another: not those of "giáo trình" or "những vấn đề cơ bản của".
    """

    toned: tuple[str, ...]
    flat: tuple[str, ...]
    toned_joined: str
    flat_joined: str
    numerals: tuple[str, ...]
    telling: int


@lru_cache(maxsize=1 << 16)
def words(key: str) -> Words:
    """The forms of a syllable key."""
    toned = tuple(key.split())
    flat = (
        toned if key.isascii() else tuple(folded_word(word).translate(_WITHOUT_BREATHINGS) for word in toned)
    )
    numerals = tuple(sorted(filter(None, map(_numeral, toned))))
    telling = weight_in_letters(
        "".join(folded for word, folded in zip(toned, flat, strict=True) if word not in _EMPTY)
    )
    return Words(toned, flat, "".join(toned), "".join(flat), numerals, telling)


def _numeral(word: str) -> str:
    found = _NUMERAL.match(word)
    return found[1] if found else str(roman_value(word) or "")


@lru_cache(maxsize=1 << 16)
def weight_in_letters(word: str) -> int:
    """How many letters say as much: an ideograph counts for four."""
    return sum(4 if letter >= "\u2e80" else 1 for letter in word)


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Whether a word of a syllable key can be Vietnamese as it is written.

    What ends in c, ch, p or t has the tone sắc or nặng; a word that has neither lost its accent.
    """
    return is_vietnamese_syllable(word) and not word.endswith(_STOPS)
