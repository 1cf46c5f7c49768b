"""Identifiers. None of them is ever a bare `str` or `int` in a signature."""

import re
from typing import NewType

from unioncat.core.errors import InvalidIdentifier

Isil = NewType("Isil", str)
"""International standard identifier for libraries (ISO 15511), or a provisional code of that shape."""

ControlNumber = NewType("ControlNumber", str)
"""What one source calls one record: MARC 001, or the OAI identifier where there is no 001."""

SourceId = NewType("SourceId", int)
"""A registered harvest source."""

MasterId = NewType("MasterId", str)
"""A permanent identifier of a master record, see `mint_master_id`."""

Fingerprint = NewType("Fingerprint", str)
"""SHA-256 (hexadecimal) of a canonical description."""

_ISIL = re.compile(r"[A-Za-z]{1,4}-[A-Za-z0-9/:-]{1,11}")

BETANUMERIC = "0123456789bcdfghjkmnpqrstvwxz"
"""Digits and consonants without l, as in NOID: 29 signs, a prime, so that no word is ever spelt."""

_PREFIX = "u"
_MIN_DIGITS = 5


def parse_isil(text: str) -> Isil:
    """Check the shape of an ISIL (ISO 15511: prefix, hyphen, unit, 16 characters at the most).

    Raises InvalidIdentifier when the shape is wrong.
    """
    text = text.strip()
    if len(text) > 16 or not _ISIL.fullmatch(text):
        raise InvalidIdentifier(
            f"'{text}' is not an ISIL: write a prefix, a hyphen and a unit, such as VN-TVQG (ISO 15511)"
        )
    return Isil(text)


def mint_master_id(number: int) -> MasterId:
    """The master identifier of a serial number: `u`, the number in base 29, a check character.

    The check character (sum of value times position, modulo 29, as in NOID) finds every single wrong
    character and every swap of two neighbours.
    """
    if number < 0:
        raise ValueError("a serial number is never negative")
    digits = ""
    while number or len(digits) < _MIN_DIGITS:
        number, rest = divmod(number, 29)
        digits = BETANUMERIC[rest] + digits
    return MasterId(_PREFIX + digits + _check_character(digits))


def serial_of(master_id: MasterId) -> int:
    """The serial number of a master identifier that was minted."""
    number = 0
    for digit in master_id[1:-1]:
        number = number * 29 + BETANUMERIC.index(digit)
    return number


def parse_master_id(text: str) -> MasterId:
    """Read a master identifier that a person may have typed; case and blanks do not matter.

    Raises InvalidIdentifier when it is not one or its check character is wrong.
    """
    folded = text.strip().lower()
    body, check = folded[1:-1], folded[-1:]
    if folded[:1] != _PREFIX or len(body) < _MIN_DIGITS or not set(body) <= set(BETANUMERIC):
        raise InvalidIdentifier(f"'{text}' is not a master identifier: they look like {mint_master_id(0)}")
    if _check_character(body) != check:
        raise InvalidIdentifier(f"'{text}' has a typing error: its check character does not fit")
    return MasterId(folded)


def _check_character(digits: str) -> str:
    total = sum(place * BETANUMERIC.index(digit) for place, digit in enumerate(digits, start=2))
    return BETANUMERIC[total % 29]
