"""The encodings in which Vietnamese text comes, and the signs by which each is suspected.

A sign is a pair of characters that right Vietnamese text does not have. It costs a closer look, no more. The
expressions begin with the rarer character and look back for the other: so they pass fast over text without signs.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unioncat.core.delivery import TextEncoding
from unioncat.core.encoding.double_utf8 import from_double_utf8
from unioncat.core.encoding.share import WORD
from unioncat.core.encoding.tcvn3 import from_tcvn3, in_capitals, with_lost_u
from unioncat.core.encoding.viqr import VIQR_WORD, from_viqr
from unioncat.core.encoding.vni import from_vni
from unioncat.core.encoding.windows1258 import from_windows_1258

ReadAll = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding: its sign, how its texts are read, how words are found in it and what stands between its areas.

    `signs` is how many of them it takes to be suspected.
    """

    encoding: TextEncoding
    name: str
    sign: re.Pattern[str]
    read: ReadAll
    word: re.Pattern[str] = WORD
    between: re.Pattern[str] = re.compile(r"[=/:;,()\[\]|]")
    signs: int = 1


def _each(read: Callable[[str], str]) -> ReadAll:
    return lambda texts: [read(text) for text in texts]


def _read_tcvn3(texts: Sequence[str]) -> list[str]:
    """Texts of one record: where it has no `ư` at all, that letter was lost."""
    found = [from_tcvn3(text) for text in texts]
    return [in_capitals(text) for text in restore_lost_u(found)]


def restore_lost_u(texts: Sequence[str]) -> list[str]:
    """The texts of one record, in which `ư` was lost if it stands in none of them."""
    is_there = any("ư" in text for text in texts)
    return list(texts) if is_there else [with_lost_u(text) for text in texts]


_MORE_OF_UTF8 = "[\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_SIGN_OF_DOUBLE_UTF8 = rf"[ÃÄÅÆÌá](?:(?<!á){_MORE_OF_UTF8}|(?<=á)[º»]|(?<=Ã)(?=[ \n]|\Z))"
_TCVN3_SYMBOLS = "µ-¹»-¾¨-\xae\u2212"
_TCVN3_SMALL = "äåæçëîïñö÷øûüþ"
_SIGN_OF_TCVN3 = (
    f"[{_TCVN3_SYMBOLS}{_TCVN3_SMALL}À-Þ×]"
    f"(?:(?<=[A-Za-z][{_TCVN3_SYMBOLS}{_TCVN3_SMALL}])|(?<=[a-z][À-Þ×])|(?<![À-Þ×])(?=[a-z]))"
)
_SIGN_OF_VNI = (
    "[ùøûõïâáàåãäêéèúüëôñÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜËÔÑ](?:(?<=[ñÑ])|(?<=a[^ôñ])|(?<=A[ÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË])"
    "|(?<=[eouyEOUYôöÔÖ][øûïåäØÛÏÅÄ])|(?<=[eE][ùõâáàã])|(?<=[oO][ùõâ])|(?<=[yY][ùõ])"
    "|(?<=[ôöÔÖ][ùõÙÕ])|(?<=[öÖ][ôÔ]))"
)
_SIGN_OF_1258 = "[ìòÌÒÞ](?<=[aâãeêioôõyý]ì|[aâãeêoôõyý]ò|[a-zâêôãõý][ÌÒÞ])"

CANDIDATES = (
    Candidate(
        TextEncoding.DOUBLE_UTF_8,
        "UTF-8 encoded twice",
        re.compile(_SIGN_OF_DOUBLE_UTF8),
        _each(from_double_utf8),
        re.compile("[A-Za-z\x80-\U0010ffff]+"),
    ),
    Candidate(TextEncoding.TCVN3, "TCVN3", re.compile(_SIGN_OF_TCVN3), _read_tcvn3),
    Candidate(TextEncoding.VNI, "VNI", re.compile(_SIGN_OF_VNI), _each(from_vni)),
    Candidate(TextEncoding.WINDOWS_1258, "Windows-1258", re.compile(_SIGN_OF_1258), _each(from_windows_1258)),
    Candidate(
        TextEncoding.VIQR,
        "VIQR",
        re.compile(r"[\^(+](?:(?<=[AEOaeo]\^)|(?<=[Aa]\()(?=[A-Za-z'`?~.])|(?<=[OUou]\+)(?=['`?~.A-Za-z ]))"),
        _each(from_viqr),
        VIQR_WORD,
        re.compile(r"[=/:;,\[\]|]"),
        signs=2,
    ),
)
BY_ENCODING = {candidate.encoding: candidate for candidate in CANDIDATES}
