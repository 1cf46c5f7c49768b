"""What a publication is for eye or ear (content) and what it is stored on (carrier).

Sources: MARC 21 leader/06; 007/00-01; 008/23 or, for maps and visual material, 008/29; 245 $h, 300 $a $b,
338 $a $b, 546 $b. Accompanying material (300 $e, or after a plus sign) does not count.
"""

import re
from dataclasses import dataclass

from unioncat.core.marc import ControlField, MarcRecord
from unioncat.core.normalise.lists import any_of, map_of, words_of
from unioncat.core.normalise.vietnamese import plain

_WORDS = {
    name: re.compile(rf"\b(?:{any_of(frozenset(map(plain, words)))})\b")
    for name, words in map_of("carriers", "words").items()
}
_ANY_WORD = re.compile("|".join(words.pattern for words in _WORDS.values()))
_CODES = {tag: map_of("carriers", f"codes_{tag}") for tag in ("007", "008", "338")}
_MUSIC_ONLY = words_of("carriers", "music")
_DISCS = words_of("carriers", "discs")
_CONTENTS = {
    "c": "score",
    "d": "score",
    "e": "map",
    "f": "map",
    "g": "film",
    "i": "speech",
    "j": "music",
    "k": "image",
    "m": "software",
    "o": "kit",
    "p": "kit",
    "r": "object",
}
_PRINTED = frozenset({"text", "score", "map", "image"})
_REPRODUCTIONS = frozenset({"microform", "online"})
_FORM_AT_29 = frozenset("efgkor")
_ACCOMPANYING = re.compile(r"\+|\bkèm\b|\baccompanied\b")
_PAGES = re.compile(r"\d ?(?:tr|trang|p|pages|s|to|v|vol)\b")


@dataclass(frozen=True, slots=True)
class Carrier:
    """Content, carrier (empty when unknown) and why the carrier is uncertain (empty when it is not)."""

    content: str
    carrier: str
    doubt: str


def read_carrier(record: MarcRecord) -> Carrier:
    """Read content and carrier.

    1. Leader/06 a, t and unknown codes are text.
    2. The first code or word that names a carrier counts; printed content without any is a volume.
    3. A code for microform or online in 008/23 alone, beside an extent in pages and centimetres and without a link,
       is a slip: words or another code would say the same of a real one.
    4. A volume with a reproduction note (533), or with a link (856) and no extent, is uncertain.
    """
    content = _CONTENTS.get(record.leader[6:7], "text")
    carrier = _by_codes(record) or _by_words(record, content) or ("volume" if content in _PRINTED else "")
    return Carrier(content, carrier, _doubt(record) if carrier == "volume" else "")


def _by_codes(record: MarcRecord) -> str:
    position = 29 if record.leader[6:7] in _FORM_AT_29 else 23
    physical = [code.strip() for code in _codes(record, "007")]
    forms = [_CODES["008"].get(code[position : position + 1]) for code in _codes(record, "008")[:1]]
    named = [
        *(_CODES["007"].get(code[:2]) or _CODES["007"].get(code[:1]) for code in physical),
        *(form for form in forms if form not in _REPRODUCTIONS or not _looks_printed(record)),
        *(_CODES["338"].get(code) for code in record.values("338", "b")),
    ]
    return next(filter(None, named), "")


def _looks_printed(record: MarcRecord) -> bool:
    """Whether the extent is that of a printed volume and nothing points to a file or a reproduction."""
    if record.first("533") is not None or record.first("856") is not None:
        return False
    return any("cm" in f.text("c") and _PAGES.search(plain(f.text("a"))) for f in record.data("300"))


def _codes(record: MarcRecord, tag: str) -> list[str]:
    """The values of a control field, also where a system wrote it as a data field."""
    return [f.value if isinstance(f, ControlField) else f.text("a") for f in record.fields if f.tag == tag]


def _by_words(record: MarcRecord, content: str) -> str:
    """The first carrier of the list that is named."""
    extent = _ACCOMPANYING.split(" ".join(record.values("300", "ab")))[0]
    described = (*record.values("245", "h"), *record.values("338", "a"), *record.values("546", "b"))
    text = plain(" ".join((extent, *described)))
    if not _ANY_WORD.search(text):
        return ""
    for name, words in _WORDS.items():
        beside = (name in _MUSIC_ONLY and content != "score") or (name in _DISCS and _PAGES.search(text))
        if not beside and words.search(text):
            return name
    return ""


def _doubt(record: MarcRecord) -> str:
    if record.first("533") is not None:
        return "a reproduction note (533)"
    linked = any(field.indicators[1:2] != "2" for field in record.data("856"))
    if linked and not any(value.strip() for value in record.values("300", "a")):
        return "a link (856) and no extent"
    return ""
