"""The words of a syllable key in the forms in which titles and names are compared."""

import re
from dataclasses import dataclass
from functools import lru_cache

from unioncat.core.normalise.numerals import roman_value
from unioncat.core.normalise.vietnamese import folded_word, is_vietnamese_syllable

_NUMERAL = re.compile(r"0*([0-9]+)")
_WITHOUT_BREATHINGS = dict.fromkeys(map(ord, "ʻʼʹʺ"))
_STOPS = ("c", "ch", "p", "t")
"""Ends of syllables that must have a tone, which would stand after them."""


@dataclass(frozen=True, slots=True)
class Words:
    """`toned` and `flat` are the words with and without their accents; `numerals` the numbers among them.

    The joined forms have no blanks, so that `dệt may` is `dệt-may`.
    """

    toned: tuple[str, ...]
    flat: tuple[str, ...]
    toned_joined: str
    flat_joined: str
    numerals: tuple[str, ...]


@lru_cache(maxsize=1 << 16)
def words(key: str) -> Words:
    """The forms of a syllable key."""
    toned = tuple(key.split())
    flat = (
        toned if key.isascii() else tuple(folded_word(word).translate(_WITHOUT_BREATHINGS) for word in toned)
    )
    numerals = tuple(sorted(filter(None, map(_numeral, toned))))
    return Words(toned, flat, "".join(toned), "".join(flat), numerals)


def _numeral(word: str) -> str:
    found = _NUMERAL.match(word)
    return found[1] if found else str(roman_value(word) or "")


def weight_in_letters(word: str) -> int:
    """How many letters say as much: an ideograph counts for four."""
    return sum(4 if letter >= "\u2e80" else 1 for letter in word)


@lru_cache(maxsize=1 << 14)
def is_syllable(word: str) -> bool:
    """Whether a word of a syllable key can be Vietnamese as it is written.

    What ends in c, ch, p or t has the tone sắc or nặng; a word that has neither lost its accent.
    """
    return is_vietnamese_syllable(word) and not word.endswith(_STOPS)
