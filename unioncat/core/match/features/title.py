"""Title proper (MARC 245 $a $p, with 246, 880 and $b for titles that stand elsewhere).

Accents count when both records are written with them; otherwise plain letters are compared.

1. Either side without title: silent.
2. The same letters, numbers in words or in figures: agree; the longer the title, the more. (The remainder counts
   for length where both have the same one, but not in Vietnamese: "giáo trình dùng cho …" tells little.)
3. Numbers on each side that the other lacks (`2009 - 2010`, `2010 - 2011`): veto.
4. The same letters but for accents, and both words are Vietnamese syllables (dừa, dứa): veto.
5. The title of one is another title of the other: agree.
6. Both titles with their remainders are the same, or one begins with the whole of the other: agree a little.
7. The same words but for order, articles and slips of one letter: agree; a slip that gives another Vietnamese
   syllable, a foreign name in another spelling, or a few words more on one side of a long title: agree a little.
8. Foreign titles of which one has all words of the other, or which share most words and differ in more than one word
   for another: agree a little.
9. Otherwise: disagree.
"""

from collections import Counter
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.weights import (
    TITLE_DIFFERS,
    TITLE_DISTINCTIVE,
    TITLE_NEARLY,
    TITLE_PLAIN,
    TITLE_SHORT,
    VETO,
)
from unioncat.core.match.words import Words, is_syllable, weight_in_letters, words
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.numerals import spell_in_digits
from unioncat.core.normalise.vietnamese import folded_word, is_vietnamese_syllable

_NONE = Evidence("title", Verdict.SILENT, 0, "title-missing")
_DIFFERENT = Evidence("title", Verdict.DISAGREE, TITLE_DIFFERS, "title-differs")
_DISTINCTIVE_LETTERS = 30
_SHORT_LETTERS = 10
_LIKE = 90
_REWORDED = 85
_STEM = 5
_SLIP_LETTERS = 5
_LONG_WORD = 10
_KEPT = 4
"""Letters in which long words that differ in two must begin alike."""
_SHORTEST_SLIP = 4
_TRANSLITERATED = 6
_WORDS_WITHOUT_ACCENT = 4
_FILLERS = frozenset(("a", "an", "and", "of", "the", "in", "to", "for", "by", "on", "with", "va", "ve", "&"))


_in_digits = lru_cache(maxsize=1 << 14)(spell_in_digits)


def compare_title(left: Description, right: Description) -> Evidence:
    """Vote on titles."""
    one, other = words(left.title), words(right.title)
    if not one.flat or not other.flat:
        return _NONE
    toned = _is_toned(left) and _is_toned(right)
    if _spelling(one, toned) == _spelling(other, toned):
        return _compare_remainders(left, right, toned)
    full_one, full_other = _full(left), _full(right)
    if (one.numerals or other.numerals) and _in_digits(one.toned) == _in_digits(other.toned):
        return _agree(one, other, "title-numbers-as-words")
    if conflict := _numerals_apart(full_one, full_other):
        return Evidence("title", Verdict.VETO, VETO, "title-numbers-differ", conflict)
    if toned and one.flat == other.flat:
        return _compare_accents(one, other)
    if _is_variant(left, right, toned):
        return _agree(one, other, "title-other-title")
    return _compare_words(one, other, full_one, full_other, toned, are_foreign(left, right))


def _is_toned(side: Description) -> bool:
    """Whether the accents of a title count: four words without any were typed by someone who left them out."""
    title = words(side.title)
    return side.accented and (title.toned != title.flat or len(title.flat) < _WORDS_WITHOUT_ACCENT)


def _compare_remainders(left: Description, right: Description, toned: bool) -> Evidence:
    """The titles proper are the same."""
    one, other = (words(side.title) if toned else _full(side) for side in (left, right))
    if one.flat_joined != other.flat_joined:
        one, other = words(left.title), words(right.title)
    return _agree(one, other, "title-same")


def _agree(one: Words, other: Words, code: str, values: tuple[str, ...] = ()) -> Evidence:
    letters = min(weight_in_letters(one.flat_joined), weight_in_letters(other.flat_joined))
    telling = min(one.telling, other.telling)
    longer = TITLE_DISTINCTIVE if telling >= _DISTINCTIVE_LETTERS else TITLE_PLAIN
    weight = longer if letters > _SHORT_LETTERS else TITLE_SHORT
    return Evidence("title", Verdict.AGREE, weight, code, values)


def _nearly(one: Words, other: Words, code: str) -> Evidence:
    letters = min(weight_in_letters(one.flat_joined), weight_in_letters(other.flat_joined))
    weight = TITLE_SHORT if letters >= _DISTINCTIVE_LETTERS else TITLE_NEARLY
    return Evidence("title", Verdict.AGREE, weight, code)


def _full(side: Description) -> Words:
    return words(" ".join(filter(None, (side.title, side.part, side.rest))))


def _numerals_apart(one: Words, other: Words) -> tuple[str, ...]:
    only_one, only_other = set(one.numerals) - set(other.numerals), set(other.numerals) - set(one.numerals)
    return tuple(sorted((min(only_one), min(only_other)))) if only_one and only_other else ()


def _compare_accents(one: Words, other: Words) -> Evidence:
    for pair in zip(one.toned, other.toned, strict=True):
        if pair[0] != pair[1] and is_syllable(pair[0]) and is_syllable(pair[1]):
            return Evidence("title", Verdict.VETO, VETO, "title-accent-differs", (min(pair), max(pair)))
    return _agree(one, other, "title-word-misspelt")


def _is_variant(left: Description, right: Description, toned: bool) -> bool:
    return _spelling(words(left.title), toned) in _others(right, toned) or (
        _spelling(words(right.title), toned) in _others(left, toned)
    )


def _others(side: Description, toned: bool) -> set[str]:
    titles = {*side.variants, side.rest} if side.variants else side.variants
    return {_spelling(words(title), toned) for title in titles}


def _spelling(title: Words, toned: bool) -> str:
    return title.toned_joined if toned else title.flat_joined


def _compare_words(
    one: Words, other: Words, full_one: Words, full_other: Words, toned: bool, foreign: bool
) -> Evidence:
    if _spelling(full_one, toned) == _spelling(full_other, toned):
        return _agree(full_one, full_other, "title-divided-differently")
    if _begins(full_one, full_other, toned) or _begins(full_other, full_one, toned):
        return _nearly(full_one, full_other, "title-begins")
    if toned:
        return _compare_misspelt(one, other)
    return _compare_fuzzily(one, other, full_one, full_other, foreign)


def _begins(longer: Words, shorter: Words, toned: bool) -> bool:
    if toned:
        return longer.toned[: len(shorter.toned)] == shorter.toned
    return longer.flat[: len(shorter.flat)] == shorter.flat


def _compare_misspelt(one: Words, other: Words) -> Evidence:
    """One word differs: a letter more or less is a slip where one of the two is no syllable, else nearly the same;
    so is a foreign word written in another way (Karamazốp, Karamazov)."""
    if len(one.flat) != len(other.flat):
        return _DIFFERENT
    pairs = [pair for pair in zip(one.toned, other.toned, strict=True) if pair[0] != pair[1]]
    if len(pairs) != 1:
        return _DIFFERENT
    shorter, longer = sorted(pairs[0], key=lambda word: (len(word), word))
    if _is_transliterated(shorter, longer):
        return Evidence("title", Verdict.AGREE, TITLE_NEARLY, "title-transliterated", (shorter, longer))
    if len(longer) != len(shorter) + 1 or OSA.distance(shorter, longer) != 1:
        return _DIFFERENT
    if len(shorter) < _SHORTEST_SLIP:
        return _DIFFERENT
    if is_syllable(shorter) and is_syllable(longer):
        return Evidence("title", Verdict.AGREE, TITLE_NEARLY, "title-one-letter", (shorter, longer))
    return _agree(one, other, "title-one-letter", (shorter, longer))


def _is_transliterated(one: str, other: str) -> bool:
    """Whether two long words, neither of which is Vietnamese, may be one foreign name."""
    if is_vietnamese_syllable(one) or is_vietnamese_syllable(other):
        return False
    first, second = folded_word(one), folded_word(other)
    if min(len(first), len(second)) < _TRANSLITERATED or first[0] != second[0]:
        return False
    return OSA.distance(first, second) <= max(1, min(len(first), len(second)) // 4)


def _compare_fuzzily(one: Words, other: Words, full_one: Words, full_other: Words, foreign: bool) -> Evidence:
    if min(len(one.flat), len(other.flat)) > 2 and _share_little(full_one.flat, full_other.flat):
        return _DIFFERENT
    left, right = _without_slips(one, other, foreign)
    if not left and not right:
        return _agree(one, other, "title-same-words")
    left, right = _without_slips(full_one, full_other, foreign)
    texts = " ".join(full_one.flat), " ".join(full_other.flat)
    if not (left and right) and token_sort_ratio(*texts) >= _LIKE:
        return _nearly(full_one, full_other, "title-nearly")
    if foreign and _lacks_a_letter(
        one.flat_joined, other.flat_joined, full_one.flat_joined, full_other.flat_joined
    ):
        return Evidence("title", Verdict.AGREE, TITLE_NEARLY, "title-letter-missing")
    if foreign and _is_reworded(full_one, full_other, left, right):
        return Evidence("title", Verdict.AGREE, TITLE_NEARLY, "title-reworded")
    return _DIFFERENT


def _share_little(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether less than a third of the words of the shorter title is in the other: no slips make up for that."""
    first, second = set(one), set(other)
    return 3 * len(first & second) < min(len(first), len(second))


def _lacks_a_letter(one: str, other: str, full_one: str, full_other: str) -> bool:
    """Whether a letter is missing in one title, wherever it parts its words: "won't win", "wont's win"."""
    return any(
        abs(len(left) - len(right)) == 1
        and min(len(left), len(right)) >= _SHORT_LETTERS
        and OSA.distance(left, right) == 1
        for left, right in ((one, other), (full_one, full_other))
    )


def _is_reworded(one: Words, other: Words, left: list[str], right: list[str]) -> bool:
    """Whether one title has all words of the other, or both share most and do not differ in a word for another."""
    if not left or not right:
        return True
    alike = token_set_ratio(" ".join(one.flat), " ".join(other.flat))
    return alike >= _REWORDED and (len(left) + len(right) > 2 or _is_of_one_stem(left[0], right[0]))


def _is_of_one_stem(one: str, other: str) -> bool:
    """Whether two words begin alike for most of their length: molecule, molecular."""
    stem = max(_STEM, int(0.6 * max(len(one), len(other))))
    return one[:stem] == other[:stem]


def _without_slips(one: Words, other: Words, foreign: bool) -> tuple[list[str], list[str]]:
    """The words of each title that the other lacks, but for fillers and slips."""
    first, second = Counter(one.flat), Counter(other.flat)
    over = sorted((sorted((first - second).elements()), sorted((second - first).elements())))
    left, right = ([word for word in side if word not in _FILLERS] for side in over)
    for word in list(left):
        slip = next((other for other in right if _is_slip(word, other, foreign)), None)
        if slip is not None:
            left.remove(word)
            right.remove(slip)
    return left, right


def _is_slip(one: str, other: str, foreign: bool) -> bool:
    """One letter wrong, missing or exchanged with its neighbour, but none wrong in the beginning: micro is not macro.

    Long foreign words may also have their letters in another order, or lack two.
    """
    shortest = min(len(one), len(other))
    if shortest < _SLIP_LETTERS and not foreign:
        return False
    distance = OSA.distance(one, other, score_cutoff=2)
    if distance == 2 and foreign and one[:_KEPT] == other[:_KEPT]:
        return sorted(one) == sorted(other) or (shortest >= _LONG_WORD and len(one) != len(other))
    if distance != 1:
        return False
    if one[:3] == other[:3]:
        return shortest >= _SLIP_LETTERS or (shortest > 2 and max(one, other) == min(one, other) + "s")
    return foreign and shortest >= _SLIP_LETTERS and (len(one) != len(other) or sorted(one) == sorted(other))
