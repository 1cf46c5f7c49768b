"""ISBN and ISSN as people type them into spreadsheets, and what spreadsheets make of them (ISO 2108, ISO 3297).

1. Ten or thirteen digits whose check digit is right are an ISBN; ten become thirteen.
2. A number that became a decimal number ("9786045701126.0", "9.786045701126E12") is read as the number it was.
3. Nine digits whose check digit fits with a zero before them lost that zero; seven or fewer digits of an ISSN too.
4. "9.78605E+12" is destroyed: its last digits are gone.
"""

import re
from decimal import Decimal, InvalidOperation

_SEPARATORS = re.compile(r"[-\s.‐‑–—\u200b\u00ad]")
_LABEL = re.compile(r"(?i)^\W*(?:e-?)?iss?[bn]n?(?:[- ]?1[03])?\W*")
_DECIMAL = re.compile(r"[0-9]+\.0+|[0-9]\.[0-9]+E\+?[0-9]{1,2}", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]{1,9})?E\+?1[0-9]", re.IGNORECASE)
_CANDIDATE = re.compile(r"(?<![0-9])(?:97[89][-\s.‐‑–]?)?(?:[0-9][-\s.‐‑–]?){9}[0-9Xx](?![0-9])")
_ISSN = re.compile(r"(?<![0-9])([0-9]{4})\s?[-‐–]?\s?([0-9]{3}[0-9Xx])(?![0-9])")


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet rounded a long number ("9.78605E+12"), so that nobody can tell what it was."""
    bare = _LABEL.sub("", text).strip()
    return bool(_ROUNDED.fullmatch(bare)) and len(undone(bare).rstrip("0")) < 12


def undone(text: str) -> str:
    """The digits of a number that a spreadsheet wrote as a decimal number; any other text as it is."""
    bare = text.strip()
    if not _DECIMAL.fullmatch(bare):
        return bare
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return bare
    return str(int(number)) if number == int(number) and number < 10**18 else bare


def read_isbn13(text: str) -> str | None:
    """The first valid ISBN of a text as thirteen digits, or None."""
    bare = undone(_LABEL.sub("", text))
    for match in _CANDIDATE.finditer(bare):
        if isbn13 := _isbn13(_SEPARATORS.sub("", match[0]).upper()):
            return isbn13
    digits = _SEPARATORS.sub("", bare).upper()
    return _isbn13(digits) or (_isbn13("0" + digits) if len(digits) == 9 else None)


def read_issn(text: str) -> str | None:
    """The first valid ISSN of a text as `1234-5679`, or None."""
    bare = undone(_LABEL.sub("", text))
    if bare.isdecimal() and 4 < len(bare) < 8:
        bare = bare.zfill(8)
    for match in _ISSN.finditer(bare):
        digits = (match[1] + match[2]).upper()
        if _fits(digits) and set(digits) != {"0"}:
            return f"{digits[:4]}-{digits[4:]}"
    return None


def _isbn13(digits: str) -> str | None:
    if len(digits) == 10 and digits[:9].isdecimal() and _fits(digits) and len(set(digits[:9])) > 1:
        body = "978" + digits[:9]
        return body + _check_digit(body)
    if len(digits) == 13 and digits.isdecimal() and digits[:3] in ("978", "979"):
        return digits if _check_digit(digits[:12]) == digits[12] and len(set(digits[3:12])) > 1 else None
    return None


def _fits(digits: str) -> bool:
    """Whether the last sign is the check digit of ISBN-10 and ISSN: weights from the right, modulo 11."""
    values = [*map(int, digits[:-1]), 10 if digits[-1] == "X" else int(digits[-1])]
    return sum(weight * value for weight, value in enumerate(reversed(values), start=1)) % 11 == 0


def _check_digit(body: str) -> str:
    return str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)
