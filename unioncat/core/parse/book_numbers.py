"""ISBN and ISSN as people type them into spreadsheets, and what spreadsheets make of them (ISO 2108, ISO 3297).

1. Ten or thirteen digits whose check digit is right are an ISBN; ten become thirteen.
2. A number that became a decimal number ("9786045701126.0", "9.786045701126E12") is read as the number it was.
3. Nine digits whose check digit fits with a zero before them lost that zero; so did an ISSN of fewer than eight.
4. "9.78605E+12" is destroyed: its last digits are gone.
5. A dummy (one digit repeated, digits in a row) is no ISBN.
"""

import re
from decimal import Decimal

_SEPARATORS = re.compile(r"[-\s.‐‑–—\u200b\u00ad]")
_LABEL = re.compile(r"(?i)^\W*(?:e-?)?iss?[bn]n?(?:[- ]?1[03])?\W*")
_DECIMAL = re.compile(r"[0-9]+\.0+|[0-9][.,][0-9]+E\+?[0-9]{1,2}", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]{1,9})?E\+?1[0-9]", re.IGNORECASE)
_CANDIDATE = re.compile(r"(?<![0-9])(?:97[89][-\s.‐‑–]?)?(?:[0-9][-\s.‐‑–]?){9}[0-9Xx](?![0-9])")
_DIGITS = re.compile(r"[0-9]+(?:[-\s.‐‑–][0-9]+)*[Xx]?")
_TEN = re.compile("[0-9]{9}[0-9X]")
_THIRTEEN = re.compile("97[89][0-9]{10}")
_ISSN = re.compile(r"(?<![0-9])([0-9]{4})\s?[-‐–]?\s?([0-9]{3}[0-9Xx])(?![0-9])")


def without_label(text: str) -> str:
    """The text without the word ISBN or ISSN before the number."""
    return _LABEL.sub("", text).strip()


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet rounded a long number ("9.78605E+12"), so that nobody can tell what it was."""
    return _ROUNDED.fullmatch(without_label(text)) is not None


def undone(text: str) -> str:
    """The digits of a number that a spreadsheet wrote as a decimal number; any other text as it is."""
    bare = text.strip()
    if not _DECIMAL.fullmatch(bare) or _ROUNDED.fullmatch(bare):
        return bare
    number = Decimal(bare.replace(",", "."))
    return str(int(number)) if number < 10**18 and number == int(number) else bare


def read_isbn13(text: str) -> str | None:
    """The first valid ISBN of a text as thirteen digits, or None."""
    bare = undone(without_label(text))
    if _ROUNDED.fullmatch(bare):
        return None
    for match in _CANDIDATE.finditer(bare):
        if isbn13 := _isbn13(_SEPARATORS.sub("", match[0]).upper()):
            return isbn13
    first = _DIGITS.search(bare)
    digits = _SEPARATORS.sub("", first[0]).upper() if first else ""
    return _isbn13(digits) or (_isbn13("0" + digits) if len(digits) == 9 else None)


def read_issn(text: str) -> str | None:
    """The first valid ISSN of a text as `1234-5679`, or None."""
    bare = undone(without_label(text))
    if bare.isascii() and bare.isdecimal() and 4 < len(bare) < 8:
        bare = bare.zfill(8)
    for match in _ISSN.finditer(bare):
        digits = (match[1] + match[2]).upper()
        if _fits(digits) and set(digits) != {"0"}:
            return f"{digits[:4]}-{digits[4:]}"
    return None


def _isbn13(digits: str) -> str | None:
    if _TEN.fullmatch(digits) and _fits(digits) and not _is_dummy(digits):
        body = "978" + digits[:9]
        return body + _check_digit(body)
    if _THIRTEEN.fullmatch(digits):
        return digits if _check_digit(digits[:12]) == digits[12] and not _is_dummy(digits[3:]) else None
    return None


def _fits(digits: str) -> bool:
    """Whether the last sign is the check digit of ISBN-10 and ISSN: weights from the right, modulo 11."""
    values = [*map(int, digits[:-1]), 10 if digits[-1] == "X" else int(digits[-1])]
    return sum(weight * value for weight, value in enumerate(reversed(values), start=1)) % 11 == 0


def _check_digit(body: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def _is_dummy(digits: str) -> bool:
    """Whether it is one digit repeated, or digits in a row."""
    body = digits[:9]
    return len(set(body)) == 1 or body in "01234567890123456789" or body in "98765432109876543210"
