"""Right text as each wrong encoding shows it: the inverse of what `unioncat.core.encoding` reads."""

import itertools
import unicodedata
from collections.abc import Callable

from unioncat.core.delivery import TextEncoding
from unioncat.core.encoding.tcvn3 import from_tcvn3
from unioncat.core.encoding.vni import from_vni

_LATIN = [chr(code) for code in range(0xA1, 0xFF)]
_TCVN3 = {from_tcvn3(code): code for code in _LATIN if from_tcvn3(code) != code} | {"â": "©", "ý": "ý"}
_VNI = {
    from_vni(letter + code): letter + code for letter, code in itertools.product("aeouyAEOUYôöÔÖ", _LATIN)
}
_VNI = {letter: code for letter, code in _VNI.items() if len(letter) == 1}
_VNI |= {from_vni(code): code for code in "ñÑôÔöÖæÆóÓòÒîÎ"}
_VIQR = {"\u0302": "^", "\u0306": "(", "\u031b": "+", "\u0301": "'", "\u0300": "`", "\u0309": "?", "\u0303": "~", "\u0323": "."}  # fmt: skip
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def as_tcvn3(text: str) -> str:
    """In TCVN3, read as Latin-1. There are no capitals with a tone."""
    return "".join(_TCVN3.get(sign) or _TCVN3.get(sign.lower(), sign) for sign in text)


def as_vni(text: str) -> str:
    """In VNI, read as Latin-1."""
    return "".join(_VNI.get(sign, sign) for sign in text)


def as_viqr(text: str) -> str:
    """In VIQR."""
    plain = text.replace("đ", "dd").replace("Đ", "DD")
    return "".join(_viqr(sign) for sign in unicodedata.normalize("NFC", plain))


def _viqr(sign: str) -> str:
    letter, *marks = unicodedata.normalize("NFD", sign)
    return letter + "".join(_VIQR.get(mark, mark) for mark in sorted(marks, key=_TONES.__contains__))


def as_double_utf8(text: str) -> str:
    """In UTF-8, read as Windows-1252 (Latin-1 where that has no character)."""
    return "".join(_windows(byte) for byte in text.encode())


def _windows(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def in_windows_1258(text: str) -> bytes:
    """The bytes of Windows-1258."""
    return b"".join(map(_bytes_of_1258, text))


def _bytes_of_1258(sign: str) -> bytes:
    try:
        return sign.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", sign)
        tone = next(part for part in parts if part in _TONES)
        letter = unicodedata.normalize("NFC", parts.replace(tone, ""))
        return letter.encode("cp1258") + tone.encode("cp1258")


def as_windows_1258(text: str) -> str:
    """In Windows-1258, read as Windows-1252."""
    return "".join(_windows(byte) for byte in in_windows_1258(text))


AS: dict[TextEncoding, Callable[[str], str]] = {
    TextEncoding.TCVN3: as_tcvn3,
    TextEncoding.VNI: as_vni,
    TextEncoding.VIQR: as_viqr,
    TextEncoding.DOUBLE_UTF_8: as_double_utf8,
    TextEncoding.WINDOWS_1258: as_windows_1258,
}
