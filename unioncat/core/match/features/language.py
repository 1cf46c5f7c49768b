"""Languages of the text (MARC 008/35-37, 041 $a).

1. A side without a known language, or the same languages: silent.
2. One side has all languages of the other and more (a bilingual edition, or a careless code): disagree lightly.
3. No language in common, but the same title of three words at least, possibly one year, and the same extent (or five
   words, when an extent is missing): disagree lightly, one of the codes is wrong. Not where one code is Vietnamese.
4. A language on each side that the other lacks: veto, it is a translation.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import LANGUAGE_DOUBTFUL, LANGUAGE_PARTLY, VETO
from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description

_COUNTED_DIFFERENTLY = 2
_LONG_TITLE = 5
_TELLING_WORDS = 3
"""A name alone (Herodotus, Hà Nội) is the title in every language."""
_SAME = Evidence("language", Verdict.SILENT, 0, "no difference of language")


def compare_language(left: Description, right: Description) -> Evidence:
    """Vote on the languages of the text."""
    if left.languages == right.languages or not left.languages or not right.languages:
        return _SAME
    sides = " / ".join(sorted("+".join(sorted(side)) for side in (left.languages, right.languages)))
    if left.languages < right.languages or right.languages < left.languages:
        return Evidence("language", Verdict.DISAGREE, LANGUAGE_PARTLY, f"more languages on one side: {sides}")
    if _is_one_text(left, right):
        return Evidence("language", Verdict.DISAGREE, LANGUAGE_DOUBTFUL, f"one language is wrong: {sides}")
    return Evidence("language", Verdict.VETO, VETO, f"different languages: {sides}")


def _is_one_text(left: Description, right: Description) -> bool:
    """Whether titles, pages and years leave no room for a translation."""
    one, other = words(left.title).flat, words(right.title).flat
    if one != other or len(one) < _TELLING_WORDS or "vie" in left.languages | right.languages:
        return False
    if (
        not left.years
        or not right.years
        or left.years[0] > right.years[-1]
        or right.years[0] > left.years[-1]
    ):
        return False
    if left.pages and right.pages:
        return abs(left.pages - right.pages) <= _COUNTED_DIFFERENTLY
    return left.volumes == right.volumes > 0 or len(one) >= _LONG_TITLE
