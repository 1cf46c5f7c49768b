"""What somebody may have meant: the words of near records instead of words that nothing has.

1. A slip is a letter too many, too few, another one, or two that changed places, without accents.
2. Words of one or two letters, and what has digits, are right as they are; up to five letters may have one slip,
   longer ones two.
3. A word that is in one of the near records stands. Another becomes the word with the fewest slips, then the one that
   stands in the most records, then by the alphabet. One without such a word makes the whole without a proposal.
4. What was typed without accents is proposed without.
5. Telex: text without accents that becomes Vietnamese syllables when it is read as keystrokes (`truyeenj kieeuf`) is
   proposed as these.
"""

import re
from collections import Counter
from collections.abc import Iterable

from unioncat.core.encoding.syllables import is_vietnamese_syllable
from unioncat.core.index.analysis import Token, analyse
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.fields import texts
from unioncat.core.normalise.vietnamese import nfc

_SHORT, _ONE_SLIP = 2, 5
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_VOWELS = {"aa": "â", "aw": "ă", "ee": "ê", "oo": "ô", "ow": "ơ", "uw": "ư", "dd": "đ"}
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_PAIR = re.compile("uow|" + "|".join(_VOWELS), re.IGNORECASE)
_TONE = re.compile(r"^(.*[aeiouyâăêôơư].*?)([sfrxj])(.*)$", re.IGNORECASE)
_LATE_HOOK = re.compile(r"(uo|[aou])([a-z]*)w(.*)$", re.IGNORECASE)
_HOOKED = {"uo": "ươ", "a": "ă", "o": "ơ", "u": "ư"}
_MAIN = "âăêôơư"


def slips_allowed(word: str) -> int:
    """How many slips a word may have (rule 2)."""
    if len(word) <= _SHORT or any(sign.isdigit() for sign in word):
        return 0
    return 1 if len(word) <= _ONE_SLIP else 2


def slips_between(left: str, right: str, most: int) -> int | None:
    """How many slips make one word of the other (rule 1); None for more than `most`."""
    if abs(len(left) - len(right)) > most:
        return None
    before: list[int] = []
    row = list(range(len(right) + 1))
    for place, sign in enumerate(left, 1):
        earlier, before, row = before, row, [place]
        for other, letter in enumerate(right, 1):
            cost = min(before[other] + 1, row[-1] + 1, before[other - 1] + (sign != letter))
            is_swap = place > 1 and other > 1 and sign == right[other - 2] and left[place - 2] == letter
            row.append(min(cost, earlier[other - 2] + 1) if is_swap else cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None


def corrected(text: str, near: Iterable[SearchDocument]) -> str | None:
    """The text with the words of near records (rules 3 and 4); None when it stands, or nothing better is known."""
    text = nfc(text)
    known: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = {}
    for document in near:
        seen: set[str] = set()
        for values in texts(document).values():
            for value in map(nfc, values):
                for token in analyse(value):
                    seen.add(token.folded)
                    spelt.setdefault(token.folded, Counter())[value[token.start : token.end].lower()] += 1
        known.update(seen)
    made, end = [], 0
    for token in analyse(text):
        meant = token.folded if token.folded in known else _nearest(token, known)
        if meant is None:
            return None
        made.append(text[end : token.start])
        made.append(text[token.start : token.end] if meant == token.folded else _written(token, meant, spelt))
        end = token.end
    proposed = "".join((*made, text[end:]))
    return proposed if proposed != text else None


def _nearest(token: Token, known: Counter[str]) -> str | None:
    most = slips_allowed(token.folded)
    found = [
        (slips, -count, word)
        for word, count in known.items()
        if most and (slips := slips_between(token.folded, word, most)) is not None
    ]
    return min(found)[2] if found else None


def _written(token: Token, meant: str, spelt: dict[str, Counter[str]]) -> str:
    if not token.accented:
        return meant
    [(word, _)] = spelt[meant].most_common(1)
    return word


# --- Telex --------------------------------------------------------------------------------------------


def from_telex(text: str) -> str | None:
    """The text as its keystrokes would have written it (rule 5); None when it is not such text."""
    words = [(found.group(), _typed(found.group())) for found in _WORD.finditer(text)]
    if not words or not text.isascii() or all(word == meant for word, meant in words):
        return None
    if not all(is_vietnamese_syllable(meant) for _, meant in words):
        return None
    meant_words = iter(meant for _, meant in words)
    return _WORD.sub(lambda _: next(meant_words), text)


def _typed(word: str) -> str:
    tone = _TONE.match(word)
    base, mark = (tone[1] + tone[3], _TONES[tone[2].lower()]) if tone else (word, "")
    letters = _PAIR.sub(lambda pair: "ươ" if pair[0].lower() == "uow" else _VOWELS[pair[0].lower()], base)
    letters = _LATE_HOOK.sub(lambda late: _HOOKED[late[1].lower()] + late[2] + late[3], letters)
    if not mark:
        return letters
    place = _tone_place(letters)
    return nfc(letters[: place + 1] + mark + letters[place + 1 :])


def _tone_place(letters: str) -> int:
    """Where the tone stands: on the vowel with a hook or hat, else before a last consonant, else on the first of two."""
    lower = letters.lower()
    marked = [place for place, sign in enumerate(lower) if sign in _MAIN]
    if marked:
        return marked[-1]
    start = 2 if lower.startswith(("qu", "gi")) and len(lower) > 2 and lower[2] in "aeiouy" else 0
    vowels = [place for place, sign in enumerate(lower) if sign in "aeiouy" and place >= start]
    if len(vowels) == 1 or vowels[-1] == len(lower) - 1:
        return vowels[-2] if len(vowels) > 1 else vowels[0]
    return vowels[-1]
