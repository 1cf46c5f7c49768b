"""Text of a record as it is kept: NFC, without control characters.

1. Control characters (Unicode categories Cc, Cs: lone surrogates; not characters of any word) are dropped; a
   line break or tab becomes a blank.
2. All text is in NFC (Unicode Standard Annex 15), however it was delivered.
"""

import re
import unicodedata

_SPACES = re.compile(r"[\t\n\r\x0b\x0c\x85]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text as it is kept."""
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", _CONTROLS.sub("", _SPACES.sub(" ", text)))


def is_code(text: str) -> bool:
    """Whether a text can be a subfield code or an indicator: one printable ASCII character."""
    return len(text) == 1 and text.isascii() and text.isprintable()
