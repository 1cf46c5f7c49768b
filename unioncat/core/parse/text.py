"""Text of a record as it is kept: NFC, without control characters.

1. A line break or tab becomes a blank; every other control character (Unicode category Cc), lone surrogates and
   what is no character of any text (U+FEFF, U+FFFE, U+FFFF) are dropped.
2. Only where a control character of U+0080 to U+009F follows a letter of Latin-1 it stays at first: it may be half of
   a letter that was encoded twice (`unioncat/core/encoding`), and what is none is dropped after the repair.
3. All text is in NFC (Unicode Standard Annex 15), however it was delivered.
"""

import re
import unicodedata

_BREAKS = re.compile("[\t\n\r\x0b\x0c]+|(?<![\xc2-\xf4\x80-\xbf])\x85+")
_CONTROLS = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]|(?<![\xc2-\xf4\x80-\xbf])[\x80-\x9f]")
_HIGH_CONTROLS = re.compile("[\x80-\x9f]")


def clean(text: str) -> str:
    """The text as it is kept."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    return unicodedata.normalize("NFC", _CONTROLS.sub("", _BREAKS.sub(" ", text)))


def without_high_controls(text: str) -> str:
    """A clean text without the control characters that rule 2 leaves."""
    return unicodedata.normalize("NFC", _HIGH_CONTROLS.sub("", text))


def shown(raw: bytes) -> str:
    """The beginning of bytes that are no record, to be shown in a sentence."""
    return without_high_controls(clean(raw[:30].decode("utf-8", "replace")))
