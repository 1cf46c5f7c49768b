"""ISSN (ISO 3297; MARC 022)."""

import re

_ISSN = re.compile(r"(?<![0-9])([0-9]{4})\s?[-‐–]?\s?([0-9]{3})([0-9Xx])(?![0-9])")


def read_issn(text: str) -> str | None:
    """The first valid ISSN of a text as `1234-5679`, or None."""
    for match in _ISSN.finditer(text):
        digits = match[1] + match[2]
        rest = -sum((8 - place) * int(digit) for place, digit in enumerate(digits)) % 11
        if match[3].upper() == ("X" if rest == 10 else str(rest)) and set(digits) != {"0"}:
            return f"{match[1]}-{match[2]}{match[3].upper()}"
    return None
