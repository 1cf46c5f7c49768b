"""The character set of an ISO 2709 record, found from its bytes.

1. Bytes that are valid UTF-8 are UTF-8, whatever leader/09 says.
2. Otherwise, when it has more characters of UTF-8 than bytes that are not, it is damaged UTF-8: in subfields that
   have some, a sign (U+FFFD) stands for what is destroyed; a subfield without any is Windows-1252.
3. Otherwise it is MARC-8, when it decodes without loss, has escape sequences, or loses less than one byte in ten.
4. Otherwise Windows-1252, as a last resort.
"""

import re
from collections.abc import Callable

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.parse.marc8 import decode_marc8

Decode = Callable[[bytes], str]

_ESCAPE = b"\x1b"
_CUT_CHARACTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,2}\Z")
_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f\ufffd]")


def find_charset(body: bytes) -> tuple[Decode, Finding | None]:
    """How to decode the fields of a record, and what is to be said about it."""
    if body.isascii() and _ESCAPE not in body:
        return _utf8, None
    claims_utf8 = body[9:10] == b"a"
    good, bad = _count_utf8(body)
    if good and not bad:
        return _utf8, None if claims_utf8 else _claim("leader/09 says MARC-8, but the text is UTF-8")
    if good > bad:
        return _damaged_utf8, Finding(
            FindingKind.CHARACTERS_LOST,
            "some characters are not valid UTF-8; they were destroyed before they came here",
        )
    lost = decode_marc8(body[24:].replace(b"\x1e", b"\x1f"))[1]
    if not lost:
        return _marc8, _claim("leader/09 says UTF-8, but the text is MARC-8") if claims_utf8 else None
    if _ESCAPE in body or lost * 10 < len(_HIGH.findall(body)):
        return _marc8, Finding(
            FindingKind.CHARACTERS_LOST,
            "some characters mean nothing in MARC-8, in which the text is written",
        )
    return _windows, Finding(
        FindingKind.ENCODING_DOUBTFUL,
        "the text is neither UTF-8 nor MARC-8; it was read as Windows-1252 and may be wrong",
    )


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
