"""The Vietnamese alphabetical order as a key that sorts byte by byte in every engine.

1. Words are compared letter by letter in the order of the alphabet: a ă â b c d đ e ê … o ô ơ … u ư v x y, with
   f j w z in their Latin places, digits before letters, a shorter word before a longer one.
2. Where all letters are equal, accents decide from the left: none, then the tones à ả ã á ạ, then any other.
3. Other Latin letters stand with their equivalent, other scripts after z in the order of their code points.
4. Punctuation and case do not count. A text without words comes last.
"""

import string
import unicodedata
from functools import lru_cache

from unioncat.core.index.analysis import fold, words
from unioncat.core.normalise.vietnamese import nfc

_END, *_SIGNS, _OTHER, _LAST = [*(string.digits + string.ascii_uppercase + string.ascii_lowercase)]
"""What stands behind the letters of a key, for a letter, before the number of another one, and for no words at all."""
_ALPHABET = dict(zip(" 0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", _SIGNS, strict=False))
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_OTHER_ACCENT = "6"
_BLANK = _ALPHABET[" "]
_LONGEST = 60


def vietnamese_sort_key(text: str) -> str:
    """A key of Latin letters and digits; keys compare byte by byte."""
    written = " ".join(words(text)).lower()[:_LONGEST]
    if not written:
        return _LAST
    letters, accents = zip(*map(_word_weights, written.split(" ")), strict=True)
    return f"{_BLANK.join(letters)}{_END}{'0'.join(accents).rstrip('0')}"


@lru_cache(maxsize=1 << 16)
def _word_weights(word: str) -> tuple[str, str]:
    """The places of the letters of a word, and their accents."""
    weights = [_weights(sign) for sign in word]
    return "".join([letter for letter, _ in weights]), "".join([accent for _, accent in weights])


@lru_cache(maxsize=4096)
def _weights(sign: str) -> tuple[str, str]:
    """The place of one letter in the alphabet, and its accent."""
    first, *marks = list(unicodedata.normalize("NFD", sign))
    letter = next((full for mark in marks if (full := _compose(first, mark)) in _ALPHABET), first)
    if letter in _ALPHABET:
        plain = letter == sign
        accent = next((_TONES[mark] for mark in marks if mark in _TONES), "0" if plain else _OTHER_ACCENT)
        return _ALPHABET[letter], accent
    return "".join(_ALPHABET.get(part) or f"{_OTHER}{ord(part):06x}" for part in fold(sign)), _OTHER_ACCENT


def _compose(letter: str, mark: str) -> str:
    return nfc(letter + mark)
