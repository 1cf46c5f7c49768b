"""Early and hand-made books, of which a person must see the copy before two records are one.

OCLC exempts books of before 1830 and rare-book description codes from automatic merging; Vietnamese woodblock
printing lasted longer.
"""

import re
from collections.abc import Collection

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.lists import any_of, words_of
from unioncat.core.normalise.vietnamese import plain

_HAND_MADE = re.compile(rf"\b(?:{any_of(words_of('early_books', 'words'))})\b")
_SCRIPT = re.compile(rf"\b(?:{any_of(words_of('early_books', 'scripts'))})\b")
_EAST_ASIAN = frozenset({"vie", "chi", "lzh"})
_LAST_WOODBLOCKS = 1945
_LAST_EAST_ASIAN = 1900
_LAST_HAND_PRESS = 1829
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RARE_RULES = ("dcrm", "bdrb", "amremm")


def read_rarity(record: MarcRecord, languages: Collection[str], years: tuple[int, ...]) -> str:
    """Why only a person may judge this record; empty for ordinary books.

    1. It was described by rules for rare books (040 $e).
    2. A note, the extent or the imprint says that it was cut or written by hand.
    3. Its script is Hán or Nôm, and it is of before 1945 or of unknown date.
    4. It is of before 1830; in Vietnamese or Chinese, of before 1901.
    """
    if any(rules.strip().lower().startswith(_RARE_RULES) for rules in record.values("040", "e")):
        return "described as a rare book"
    tags = (("500", "a"), ("300", "ab"), ("260", "b"), ("264", "b"), ("546", "ab"))
    notes = plain(" ".join(value for tag, codes in tags for value in record.values(tag, codes)))
    if _HAND_MADE.search(notes):
        return "cut or written by hand"
    latest = years[-1] if years else 0
    if latest <= _LAST_WOODBLOCKS and (_SCRIPT.search(notes) or _has_han_title(record)):
        return "in Hán or Nôm script"
    until = _LAST_HAND_PRESS if _EAST_ASIAN.isdisjoint(languages) else _LAST_EAST_ASIAN
    return f"printed in {latest}" if 0 < latest <= until else ""


def _has_han_title(record: MarcRecord) -> bool:
    linked = (field.text("ab") for field in record.data("880") if (field.get("6") or "").startswith("245"))
    return any(_HAN.search(title) for title in (*record.values("245", "ab"), *linked))
