"""The character set of a record's bytes.

1. Bytes that are valid UTF-8 are UTF-8, whatever leader/09 says or the source declares.
2. Otherwise, when it has more characters of UTF-8 than bytes that are not, it is damaged UTF-8: in subfields that
   have some, a sign (U+FFFD) stands for what is destroyed; a subfield without any is Windows-1252.
3. Otherwise it is what the source declares.
4. Otherwise, when it is proven to be Vietnamese in TCVN3, VNI or Windows-1258, its bytes are taken one by one, and the
   repair of the text (`unioncat/core/encoding`) does the rest.
5. Otherwise it is MARC-8, when it decodes without loss, has escape sequences, or loses less than one byte in ten.
6. Otherwise Windows-1252, as a last resort.
"""

import re
from collections.abc import Callable

from unioncat.core.delivery import TextEncoding
from unioncat.core.encoding.repair import encoding_of
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.parse.marc8 import decode_marc8

Decode = Callable[[bytes], str]

_ESCAPE = b"\x1b"
_CUT_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,2}\Z")
_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\ufffd]")
_CONTENTS = re.compile("\x1f.([^\x1d-\x1f]*)|([^\x1d-\x1f\n]+)")


def find_charset(body: bytes, declared: TextEncoding | None = None) -> tuple[Decode, Finding | None]:
    """How to decode the fields of an ISO 2709 record, and what is to be said about it."""
    if body.isascii() and _ESCAPE not in body:
        return _utf8, None
    decode, finding = find_text_charset(body, declared)
    claims_utf8 = body[9:10] == b"a"
    if finding is None and decode is _utf8 and not claims_utf8:
        finding = _claim("leader/09 says MARC-8, but the text is UTF-8")
    if finding is None and decode is _marc8 and claims_utf8:
        finding = _claim("leader/09 says UTF-8, but the text is MARC-8")
    return decode, finding


def find_text_charset(body: bytes, declared: TextEncoding | None = None) -> tuple[Decode, Finding | None]:
    """The same for text in which nothing claims a character set."""
    if body.isascii() and _ESCAPE not in body:
        return _utf8, None
    good, bad = _count_utf8(body)
    if good and not bad:
        return _utf8, None
    if good > bad:
        return _damaged_utf8, _lost(
            "some characters are not valid UTF-8; they were destroyed before they came here"
        )
    if declared in _DECLARED:
        return _DECLARED[declared], None
    return _undeclared(body)


def _undeclared(body: bytes) -> tuple[Decode, Finding | None]:
    if _ESCAPE not in body and _is_vietnamese(body):
        return _byte_by_byte, None
    lost = decode_marc8(body[24:].replace(b"\x1e", b"\x1f"))[1]
    if not lost:
        return _marc8, None
    if _ESCAPE in body or lost * 10 < len(_HIGH.findall(body)):
        return _marc8, _lost("some characters mean nothing in MARC-8, in which the text is written")
    return _windows, Finding(
        FindingKind.ENCODING_DOUBTFUL,
        "the text is neither UTF-8 nor MARC-8; it was read as Windows-1252 and may be wrong",
    )


def _is_vietnamese(body: bytes) -> bool:
    text = _byte_by_byte(body[24:])
    return encoding_of(one or other for one, other in _CONTENTS.findall(text)) is not None


def _lost(detail: str) -> Finding:
    return Finding(FindingKind.CHARACTERS_LOST, detail)


def _claim(detail: str) -> Finding:
    return Finding(FindingKind.CHARSET_CLAIM, detail)


def _count_utf8(body: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are valid UTF-8, and how many are not."""
    text = body.decode("utf-8", "replace")
    return len(_BEYOND_ASCII.findall(text)), text.count("\ufffd")


def _utf8(field: bytes) -> str:
    return field.decode("utf-8")


def _damaged_utf8(field: bytes) -> str:
    return "\x1f".join(map(_damaged_part, field.split(b"\x1f")))


def _damaged_part(part: bytes) -> str:
    good, bad = _count_utf8(part)
    is_utf8 = good or not bad or _CUT_CHARACTER.search(part)
    return part.decode("utf-8", "replace") if is_utf8 else _windows(part)


def _marc8(field: bytes) -> str:
    return decode_marc8(field)[0]


def _windows(field: bytes) -> str:
    return field.decode("cp1252", "replace")


def _byte_by_byte(field: bytes) -> str:
    """Windows-1252, and the character of the same number where that has none."""
    return field.decode("latin-1").translate(_WINDOWS_SIGNS)


_WINDOWS_SIGNS = {
    byte: bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_DECLARED: dict[TextEncoding | None, Decode] = {
    TextEncoding.MARC_8: _marc8,
    TextEncoding.LATIN_1: _byte_by_byte,
    TextEncoding.WINDOWS_1252: _byte_by_byte,
    TextEncoding.WINDOWS_1258: _byte_by_byte,
    TextEncoding.TCVN3: _byte_by_byte,
    TextEncoding.VNI: _byte_by_byte,
}
"""How bytes that are not UTF-8 are decoded; what is Vietnamese then is repaired as text."""
