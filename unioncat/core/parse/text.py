"""Text of a record as it is kept: NFC, without control characters.

1. A line break or tab becomes a blank; every other control character (Unicode category Cc), lone surrogates and
   what is no character of any text (U+FEFF, U+FFFE, U+FFFF) are dropped.
2. All text is in NFC (Unicode Standard Annex 15), however it was delivered.
"""

import re
import unicodedata

_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x85]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text as it is kept."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    return unicodedata.normalize("NFC", _CONTROLS.sub("", _BREAKS.sub(" ", text)))
