"""Languages of the text (MARC 008/35-37, 041 $a).

1. A side without a known language, or the same languages: silent.
2. One side has all languages of the other and more (a bilingual edition, or a careless code): disagree lightly.
3. No language in common, but possibly one year, and the same words in the title: disagree lightly, one of the codes
   is wrong. That is the same title of three words at least, or titles with their remainders that share three words
   and most, names left out; and the same extent, or five words of title where an extent is missing. Not where one
   code is Vietnamese.
4. A language on each side that the other lacks: veto, it is a translation.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import LANGUAGE_DOUBTFUL, LANGUAGE_PARTLY, VETO
from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description

_COUNTED_DIFFERENTLY = 2
_LONG_TITLE = 5
_MOST = 0.6
_TELLING_WORDS = 3
"""A name alone (Herodotus, Hà Nội) is the title in every language."""
_SAME = Evidence("language", Verdict.SILENT, 0, "language-same")


def compare_language(left: Description, right: Description) -> Evidence:
    """Vote on the languages of the text."""
    if left.languages == right.languages or not left.languages or not right.languages:
        return _SAME
    low, high = sorted("+".join(sorted(side)) for side in (left.languages, right.languages))
    if left.languages < right.languages or right.languages < left.languages:
        return Evidence("language", Verdict.DISAGREE, LANGUAGE_PARTLY, "language-partly", (low, high))
    if _is_one_text(left, right):
        return Evidence("language", Verdict.DISAGREE, LANGUAGE_DOUBTFUL, "language-one-wrong", (low, high))
    return Evidence("language", Verdict.VETO, VETO, "language-differs", (low, high))


def _is_one_text(left: Description, right: Description) -> bool:
    """Whether titles, pages and years leave no room for a translation."""
    if "vie" in left.languages | right.languages or not _may_be_of_one_year(left, right):
        return False
    one, other = words(left.title).flat, words(right.title).flat
    if one == other and len(one) >= _TELLING_WORDS:
        if left.pages and right.pages:
            return _is_of_one_extent(left, right)
        return left.volumes == right.volumes > 0 or len(one) >= _LONG_TITLE
    return _is_of_one_extent(left, right) and _share_words(left, right)


def _may_be_of_one_year(left: Description, right: Description) -> bool:
    if not left.years or not right.years:
        return False
    return left.years[0] <= right.years[-1] and right.years[0] <= left.years[-1]


def _is_of_one_extent(left: Description, right: Description) -> bool:
    if left.pages and right.pages:
        return abs(left.pages - right.pages) <= _COUNTED_DIFFERENTLY
    return left.volumes == right.volumes > 1


def _share_words(left: Description, right: Description) -> bool:
    """Whether the titles with their remainders are in one language; a name is the same in every language."""
    named = {word for name in left.persons | right.persons for word in words(name).flat}
    one, other = (set(words(f"{side.title} {side.rest}").flat) - named for side in (left, right))
    return len(one & other) >= max(_TELLING_WORDS, _MOST * min(len(one), len(other)))
