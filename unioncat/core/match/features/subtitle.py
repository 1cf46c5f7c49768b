"""Remainder of the title and title of the part (MARC 245 $b $p), when the titles proper are the same.

1. Either side without one, or a thesis (its remainder is a note): silent.
2. Titles of parts, each with a word that the other lacks: disagree.
3. Remainders, each with a number that the other lacks, or at most half of the words shared: disagree.
4. Otherwise silent.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import SUBTITLE_DIFFERS
from unioncat.core.match.words import Words, words
from unioncat.core.normalise.description import Description

_SAME = Evidence("subtitle", Verdict.SILENT, 0, "subtitle-same")
_DIFFERENT = Evidence("subtitle", Verdict.DISAGREE, SUBTITLE_DIFFERS, "subtitle-differs")


def compare_subtitle(left: Description, right: Description) -> Evidence:
    """Vote on titles of parts and remainders of the title."""
    if left.work or right.work or words(left.title).flat != words(right.title).flat:
        return _SAME
    parts, rests = (left.part, right.part), (left.rest, right.rest)
    if (all(parts) and _are_two_parts(*map(words, parts))) or (all(rests) and _differ(*map(words, rests))):
        return _DIFFERENT
    return _SAME


def _are_two_parts(one: Words, other: Words) -> bool:
    left, right = set(one.flat), set(other.flat)
    return one.flat_joined != other.flat_joined and bool(left - right) and bool(right - left)


def _differ(one: Words, other: Words) -> bool:
    if one.flat_joined.startswith(other.flat_joined) or other.flat_joined.startswith(one.flat_joined):
        return False
    if set(one.numerals) - set(other.numerals) and set(other.numerals) - set(one.numerals):
        return True
    shared = len(set(one.flat) & set(other.flat))
    return shared <= 0.5 * min(len(set(one.flat)), len(set(other.flat)))
