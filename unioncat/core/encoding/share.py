"""How Vietnamese a text is: the share of its words that are Vietnamese syllables.

1. A word is a run of letters, and of any signs beyond ASCII, which are what letters in a wrong encoding look like;
   general punctuation (U+2000 to U+206F) and no-break spaces are no letters.
2. Words without a vowel (`Nxb`, `tr`), or with two capitals of ASCII or more and no marks (`AutoCAD`, `VIII`), are
   abbreviations and do not count; nor does one letter alone.
"""

import re
from collections.abc import Iterable

from unioncat.core.encoding.syllables import is_vietnamese_syllable

WORD = re.compile("[A-Za-z\u00a1-\u1fff\u2070-\U0010ffff]+")
_NO_WORD = re.compile("[^AEIOUYaeiouy\u00a1-\U0010ffff]+|[a-z]*[A-Z][a-z]*[A-Z][A-Za-z]*|.")


def words(texts: Iterable[str], word: re.Pattern[str] = WORD) -> list[str]:
    """The words that count."""
    return [one for text in texts for one in word.findall(text) if not _NO_WORD.fullmatch(one)]


def share(found: list[str]) -> float:
    """The share, 0 to 1, of Vietnamese syllables among words."""
    return sum(map(is_vietnamese_syllable, found)) / len(found) if found else 0.0
