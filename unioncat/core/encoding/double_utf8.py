"""UTF-8 that was taken for Latin-1 or Windows-1252 and written as UTF-8 once more: `Nguyá»…n` for `Nguyễn`.

1. A run of characters whose bytes in Windows-1252, or Latin-1 where that has none, are one UTF-8 character is that
   character. What makes none stays as it is.
2. The byte 0xA0 in `à` (`Ã` and a no-break space) may have become a blank, or have been lost: the blank stays a blank
   when the letters around it make no syllable.
"""

import re

from unioncat.core.encoding.syllables import is_vietnamese_syllable

_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def _class(first: int, last: int) -> str:
    return "[" + "".join(re.escape(sign) for sign, byte in _BYTES.items() if first <= byte <= last) + "]"


_MORE = _class(0x80, 0xBF)
_TWICE = re.compile(
    f"{_class(0xC2, 0xDF)}{_MORE}|{_class(0xE0, 0xEF)}{_MORE}{{2}}|{_class(0xF0, 0xF4)}{_MORE}{{3}}"
)
_CUT = re.compile(r"(?<![^\W\d_])([^\W\d_]*)Ã(?:\Z| (?=([^\W\d_]*)))")


def from_double_utf8(text: str) -> str:
    """The text that was meant."""
    return _CUT.sub(_cut, _TWICE.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[sign] for sign in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _cut(match: re.Match[str]) -> str:
    begin, rest = f"{match[1]}à", match[2]
    return begin if not rest or is_vietnamese_syllable(begin + rest) else begin + " "
