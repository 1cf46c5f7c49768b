"""Vietnamese that lost its letters on the way.

YAZ 5.34 writes MARC-8 without 96 of the 134 precomposed letters of Vietnamese: `Đà Nẵng` comes as `Đà Nng`. What
arrives is good ASCII, so nothing else notices.

1. Words are runs of letters of two or more; those in capitals only (`TCVN`, `NXB`) are abbreviations and do not count.
2. A word without any vowel is no syllable of any language that is catalogued here. Where more than a fiftieth of the
   words of titles and names are such, and at least three, the text is stripped.
"""

import re
import unicodedata
from collections.abc import Iterable

from unioncat.core.marc import MarcRecord

_WORD = re.compile(r"[^\W\d_]{2,}")
_VOWELS = frozenset("aeiouy")
_TAGS = ("100", "110", "245", "650", "700", "710")
_CODES = "abcnpt"
_SHARE, _LEAST = 1 / 50, 3
_KNOWN = frozenset(
    (
        "tr",
        "th",
        "ch",
        "ph",
        "nxb",
        "tp",
        "ts",
        "pgs",
        "gs",
        "ths",
        "bs",
        "ks",
        "st",
        "nd",
        "rd",
        "dr",
        "mr",
        "mrs",
        "jr",
        "sr",
        "vs",
    )
)


def is_stripped(records: Iterable[MarcRecord]) -> bool:
    """Whether letters are missing in the titles and names of these records."""
    texts = [text for record in records for tag in _TAGS for text in record.values(tag, _CODES)]
    words = [
        word
        for text in texts
        for word in _WORD.findall(unicodedata.normalize("NFC", text))
        if not word.isupper()
    ]
    bare = [word for word in words if _is_bare(word)]
    return len(bare) >= _LEAST and len(bare) > _SHARE * len(words)


def _is_bare(word: str) -> bool:
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return plain not in _KNOWN and plain.isascii() and _VOWELS.isdisjoint(plain)
