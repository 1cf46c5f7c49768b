"""Edition statements (MARC 250).

1. A word of an edition (tái bản, xuất bản, edition …) with a number is that edition; "first" is 1, which says no
   more than no statement.
   A number of years ("10th anniversary ed.") is none.
2. "In lần thứ n" and other words of printing are a printing, unless the text was revised: then an edition.
3. A statement without a number is unnumbered ("Tái bản").
4. Words of revision (có sửa chữa, bổ sung, rev., enl. …) make it revised.
"""

import re
from dataclasses import dataclass
from typing import Literal

from unioncat.core.normalise.lists import any_of, map_of, words_of
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.remembered import remembered
from unioncat.core.normalise.vietnamese import plain

_EDITION = re.compile(rf"\b(?:{any_of(words_of('editions', 'edition'))})\b")
_PRINTING = re.compile(rf"\b(?:{any_of(words_of('editions', 'printing'))})\b")
_REVISED = re.compile(rf"\b(?:{any_of(words_of('editions', 'revised'))})\b")
_NUMBERS = {word: int(value) for word, value in map_of("numbers", "words").items()}
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_DIGITS = re.compile(r"\b([0-9]{1,3})(?:st|nd|rd|th|d|e|er|eme|ere|a|o)?\b")
_WORD = re.compile(rf"\b(?:{any_of(frozenset(_NUMBERS))})\b")
_ANNIVERSARY = re.compile(r"\b\w+ (?:anniversary|nam)\b(?= (?:ed|edn|edition|ban)\b)")
_HAN_NUMBERS = {f"第{sign}版": place for place, sign in enumerate("一二三四五六七八九十", start=1)}
_AFTER_LAN = re.compile(r"\b(?:lan(?: thu)?|thu) (\w+(?: \w+){0,2})")


@dataclass(frozen=True, slots=True)
class Edition:
    """What an edition statement says; `number` is None when it gives none."""

    kind: Literal["edition", "printing", "unnumbered"]
    number: int | None
    revised: bool


@remembered
def read_edition(text: str) -> Edition | None:
    """Read MARC 250 $a $b; None when it says nothing."""
    words = plain(text)
    if not words or is_placeholder(text):
        return None
    revised = bool(_REVISED.search(words))
    number = _number(_ANNIVERSARY.sub("", words)) or _HAN_NUMBERS.get("".join(words.split()))
    if number is None:
        return Edition("unnumbered", None, revised)
    if _PRINTING.search(words) and not revised and not _EDITION.search(words):
        return Edition("printing", number, False)
    return Edition("edition", number, revised)


def _number(words: str) -> int | None:
    """The number after "lần thứ", else the first in digits, else the first in words."""
    if match := _AFTER_LAN.search(words):
        said_words = match[1].split()
        for said in (" ".join(said_words[:count]) for count in range(len(said_words), 0, -1)):
            if (value := _value(said)) is not None:
                return value
    if match := _DIGITS.search(words):
        return int(match[1])
    if match := _WORD.search(words):
        return _NUMBERS[match[0]]
    return None


def _value(said: str) -> int | None:
    if said.isdigit():
        return int(said) if len(said) < 4 else None
    return _NUMBERS.get(said) or _ROMAN.get(said)
