"""Languages of the text (MARC 008/35-37, 041 $a).

1. A side without a known language, or the same languages: silent.
2. One side has all languages of the other and more (a bilingual edition, or a careless code): disagree lightly.
3. A language on each side that the other lacks: veto, it is a translation.
"""

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.weights import LANGUAGE_PARTLY, VETO
from unioncat.core.normalise.description import Description

_SAME = Evidence("language", Verdict.SILENT, 0, "no difference of language")


def compare_language(left: Description, right: Description) -> Evidence:
    """Vote on the languages of the text."""
    if left.languages == right.languages or not left.languages or not right.languages:
        return _SAME
    sides = " / ".join(sorted("+".join(sorted(side)) for side in (left.languages, right.languages)))
    if left.languages < right.languages or right.languages < left.languages:
        return Evidence("language", Verdict.DISAGREE, LANGUAGE_PARTLY, f"more languages on one side: {sides}")
    return Evidence("language", Verdict.VETO, VETO, f"different languages: {sides}")
