"""A single doubt that all other evidence outvotes, in foreign books.

Their catalogues are large, old and copied by hand: plates counted as pages, a pen name, inches for centimetres. One
such slip does not part records that agree in everything else. Vietnamese titles are short and alike, and printed
again and again: there every doubt counts.

1. Both are texts, neither is Vietnamese, and one at least says its language.
2. One piece of evidence forbids `same`, it is a line of NEEDED, and nothing else speaks against.
3. The titles agree, and so does all that the line names, or all but a publisher that one side does not name when the
   title is distinctive.
4. Titles with their remainders that each have another number, and for pages another word, are of two publications
   of one series: "Retail trade: Colorado" and "Retail trade: Ohio".
"""

from collections.abc import Mapping

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import HOLD, TITLE_DISTINCTIVE, TITLE_SHORT
from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description

_FILLER = 3
NEEDED: Mapping[str, tuple[str, ...]] = {
    "author": ("publisher", "year", "pages"),
    "pages": ("author", "publisher", "year"),
    "size": ("author", "year", "pages"),
    "subtitle": ("author", "publisher", "year", "pages"),
    "edition": ("author", "publisher", "year"),
}
"""The doubts that can be outvoted, with the evidence that must agree."""


def outvoted_doubt(said: Mapping[str, Evidence], left: Description, right: Description) -> str:
    """The feature whose doubt is outvoted; empty when there is none."""
    against = [one for one in said.values() if one.weight < 0]
    if len(against) != 1 or against[0].weight > HOLD:
        return ""
    needed = NEEDED.get(against[0].feature)
    if not needed or said["title"].weight < TITLE_SHORT:
        return ""
    missing = [name for name in needed if said[name].verdict is not Verdict.AGREE]
    unnamed = missing == ["publisher"] and not (left.publishers and right.publishers)
    if missing and not (unnamed and said["title"].weight == TITLE_DISTINCTIVE):
        return ""
    if not _is_foreign_text(left, right) or _are_parallel(left, right, against[0].feature == "pages"):
        return ""
    return against[0].feature


def _are_parallel(left: Description, right: Description, by_words: bool) -> bool:
    """Rule 4. Whether each full title has a number, or a long word, that the other lacks."""
    one, other = (words(f"{side.title} {side.part} {side.rest}") for side in (left, right))
    if set(one.numerals) - set(other.numerals) and set(other.numerals) - set(one.numerals):
        return True
    if not by_words:
        return False
    first, second = ({word for word in side.flat if len(word) > _FILLER} for side in (one, other))
    return bool(first - second) and bool(second - first)


def _is_foreign_text(left: Description, right: Description) -> bool:
    stated = bool(left.languages or right.languages)
    return stated and left.content == right.content == "text" and are_foreign(left, right)
