"""ISBN (ISO 2108; MARC 020): valid numbers, and everything else that stands in the field.

1. Ten or thirteen digits, with hyphens or blanks between, whose check digit is right; ten become thirteen.
2. Thirteen digits begin with 978 or 979: an EAN 893… is a product, not a book.
3. A dummy (one digit repeated, digits in a row) is no ISBN, even where its check digit fits.
4. Running numbers, prices and print runs are no ISBN; their digits are kept for the quality report.
"""

import re
from dataclasses import dataclass

from unioncat.core.normalise.lists import words_of
from unioncat.core.normalise.vietnamese import plain

_NUMBER = re.compile(r"(?<![0-9])(?:97[89][-\s.‐–]?)?(?:[0-9][-\s.‐–]?){9}[0-9Xx](?![0-9])")
_DIGITS = re.compile(r"[0-9]+(?:[-\s‐–.][0-9]+)*[Xx]?")
_SIGNS = re.compile(r"[\s():;,.\[\]]+")
_SEPARATORS = re.compile(r"[-\s.‐–]")
_SET = tuple(f" {word} " for word in words_of("volumes", "set_qualifiers"))


@dataclass(frozen=True, slots=True)
class IsbnReading:
    """What MARC 020 $a says: a valid ISBN-13 or None, the qualifier in words, and the digits as written."""

    isbn13: str | None
    qualifier: str
    digits: str


def read_isbn(text: str) -> IsbnReading:
    """Read one subfield of MARC 020."""
    for match in _NUMBER.finditer(text):
        if isbn13 := _isbn13(_SEPARATORS.sub("", match[0]).upper()):
            return IsbnReading(isbn13, _qualifier(text[: match.start()], text[match.end() :]), match[0])
    digits = _DIGITS.search(text)
    if digits is None:
        return IsbnReading(None, _qualifier("", text), "")
    bare = _SEPARATORS.sub("", digits[0]).upper()
    return IsbnReading(_isbn13(bare), _qualifier(text[: digits.start()], text[digits.end() :]), bare)


def is_set_qualifier(text: str) -> bool:
    """Whether the qualifier says that the number belongs to a set (trọn bộ, set …)."""
    found = f" {plain(text)} " if text.strip() else ""
    return any(word in found for word in _SET)


def _isbn13(digits: str) -> str | None:
    if len(digits) == 10 and _fits_ten(digits) and not _is_dummy(digits):
        body = "978" + digits[:9]
        return body + _check_digit(body)
    if len(digits) == 13 and digits.isdigit() and digits[:3] in ("978", "979") and not _is_dummy(digits[3:]):
        return digits if _check_digit(digits[:12]) == digits[12] else None
    return None


def _fits_ten(digits: str) -> bool:
    if not digits[:9].isdigit():
        return False
    values = [*map(int, digits[:9]), 10 if digits[9] == "X" else int(digits[9])]
    return sum((10 - place) * value for place, value in enumerate(values)) % 11 == 0


def _check_digit(body: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def _is_dummy(digits: str) -> bool:
    return (
        len(set(digits[:9])) == 1
        or digits[:9] in "01234567890123456789"
        or digits[:9] in "98765432109876543210"
    )


def _qualifier(before: str, after: str) -> str:
    return _SIGNS.sub(" ", f"{before} {after}").strip()
