"""Whether texts read in an encoding are Vietnamese, and were not before.

1. What counts are the areas between ISBD punctuation that the reading changes: a parallel title in English says
   nothing of the encoding.
2. A reading is proven when its areas, as they came, have more than 8 letters, two different words of
   two letters or more became Vietnamese, at least 90 % of the words are Vietnamese syllables, and that is clearly more than before.
3. A reading is likely when the words that it changes mostly become Vietnamese syllables, and half of them were none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from unioncat.core.encoding.candidates import Candidate
from unioncat.core.encoding.share import share, words
from unioncat.core.encoding.syllables import is_vietnamese_syllable

_VIETNAMESE = 0.9
_CLEARLY_MORE = 0.1
_LETTERS = 8
_MOSTLY = 0.6
_FEW = 0.5
_FIRST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reading makes of texts. `proven` and `likely`: rules 2 and 3; `share` after the reading."""

    proven: bool
    likely: bool
    share: float


def judge(candidate: Candidate, texts: Sequence[str]) -> Judgement:
    """Judge the reading of the texts of one record."""
    areas = [area for text in texts for area in candidate.between.split(text)]
    pairs = [pair for pair in zip(areas, candidate.read(areas), strict=True) if pair[0] != pair[1]]
    old = words((before for before, _ in pairs), candidate.word)
    new = words(after for _, after in pairs)
    before, after = share(old), share(new)
    made = set(new) - set(old)
    became = sum(len(word) > 1 and is_vietnamese_syllable(word) for word in made)
    was = set(old) - set(new)
    proven = after >= _VIETNAMESE and after >= before + _CLEARLY_MORE and became > 1 and is_long_enough(old)
    likely = became > 2 and became >= _MOSTLY * len(made) and share(list(was)) <= _FEW
    return Judgement(proven, likely, after)


def is_hopeless(candidate: Candidate, texts: Sequence[str]) -> bool:
    """Whether the first words with a sign do not become syllables, so that nothing more need be looked at."""
    found = (word for text in texts if candidate.sign.search(text) for word in candidate.word.findall(text))
    suspected = list(islice(filter(candidate.sign.search, found), _FIRST_WORDS))
    made = candidate.read(suspected)
    return bool(suspected) and sum(map(is_vietnamese_syllable, made)) * 2 < len(suspected)


def is_vietnamese(found: Sequence[str]) -> bool:
    """Whether words are Vietnamese beyond doubt."""
    return is_long_enough(found) and share(list(found)) >= _VIETNAMESE


def is_long_enough(found: Sequence[str]) -> bool:
    """Whether words are so many that chance is out of the question."""
    return sum(map(len, found)) > _LETTERS
