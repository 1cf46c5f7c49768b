"""Vietnamese text, once and for all: the forms in which titles and names are compared and searched.

K1, the syllable key (`syllable_key`)
1. NFC (Unicode Standard Annex 15), lower case; words are letters and digits with their combining marks, joined by
   one blank; every Han ideograph is a word.
2. The tone of a syllable moves to its end, so that `hoà` and `hòa` are one word and `dừa` and `dứa` are two. It is
   written as a letter of its own (TONES), which no title contains and no number can be taken for.
3. ă â ê ô ơ ư đ stay; the Icelandic Ð, which looks like Đ and often stands for it, is đ.
4. `y` as the only vowel after an initial, or after `qu`, is `i`: kỹ = kĩ, quý = quí; `y`, `uy`, `ay`, `yê` stay.

K2 (`toneless`) is K1 without tones; K3 (`plain`) is plain ASCII for every Latin letter.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from unioncat.core.encoding.syllables import INITIALS
from unioncat.core.encoding.syllables import is_vietnamese_syllable as is_vietnamese_syllable

TONES = {"\u0300": "ˋ", "\u0301": "ˊ", "\u0309": "ˀ", "\u0303": "ˇ", "\u0323": "ˑ"}
"""Combining mark to the letter (Unicode category Lm) that stands for the tone: huyền, sắc, hỏi, ngã, nặng."""

_TONE_LETTERS = "".join(TONES.values())
_WITHOUT_TONES = str.maketrans("", "", _TONE_LETTERS)
_MARKS = "".join(
    chr(point) for point in range(0x0300, 0x1F000) if unicodedata.category(chr(point)) in ("Mn", "Mc")
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(f"[{_HAN}]|(?:(?![{_HAN}])[^\\W_])(?:(?![{_HAN}])[^\\W_]|[{re.escape(_MARKS)}])*")
"""One word of NFC text, see rule 1."""
_LATIN_ONLY = re.compile("[\x00-\u02ff\u1e00-\u1eff\u2010-\u2027]*")
_LATIN_WORD = re.compile(r"[^\W_]+")
"""The same where there is neither a combining mark nor a Han ideograph, and faster."""

_Y_AS_I = re.compile(f"({INITIALS}|qu)y([{_TONE_LETTERS}]*)")
_LETTERS = {
    "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss", "þ": "th",
    "ŧ": "t", "ŀ": "l", "ŉ": "n", "ƀ": "b", "ɨ": "i", "ʉ": "u", "ɗ": "d", "ɖ": "d", "ɓ": "b", "ƙ": "k", "ə": "e", "ĸ": "k", "ſ": "s",
}  # fmt: skip
_FOLDED = str.maketrans(_LETTERS | dict.fromkeys(_TONE_LETTERS, ""))
_WITHOUT_BREATHINGS = dict.fromkeys(map(ord, "ʻʼʹʺ"))
_PLAIN = re.compile("[0-9a-z]*")
_COMBINING = re.compile("[\u0300-\u036f]")
_MARKED = re.compile(f"[ăâêôơưđ{_TONE_LETTERS}]")
_CACHED = 200_000
_LONGEST_WORD = 100
_RECENT = 16
"""Texts whose plain form is kept: several rules look at one title. They are few, since a text may be of any length."""
_ETH = str.maketrans("ðɖ", "đđ")
"""Letters that look like đ in capitals (Ð, Ɖ) and stand for it in old data."""


def nfc(text: str) -> str:
    """The text in Unicode normalisation form C."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """The words of a text in lower case, as they stand."""
    if text.isascii():
        return _LATIN_WORD.findall(text.lower())
    folded = nfc(nfc(text).lower())
    return (_LATIN_WORD if _LATIN_ONLY.fullmatch(folded) else WORD).findall(folded)


def syllable_key(text: str) -> str:
    """K1 of a text."""
    return " ".join(map(syllable_of, words(text)))


def toneless(key: str) -> str:
    """K2 from K1."""
    return key.translate(_WITHOUT_TONES)


@lru_cache(maxsize=_RECENT)
def plain(text: str) -> str:
    """K3 of a text."""
    return " ".join(map(folded_word, words(text)))


def accent_share(text: str) -> float:
    """The share of words, 0 to 1, that carry a tone or one of ă â ê ô ơ ư đ; words of digits do not count."""
    found = [word for word in words(text) if not word.isdigit()]
    marked = sum(bool(_MARKED.search(syllable_of(word))) for word in found)
    return marked / len(found) if found else 0.0


class _Known(dict[str, str]):
    """What a rule makes of words of any usual length: they repeat. A full table begins anew."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._rule = rule

    def __missing__(self, word: str) -> str:
        made = self._rule(word)
        if len(word) <= _LONGEST_WORD:
            if len(self) >= _CACHED:
                self.clear()
            self[word] = made
        return made


def _syllable(word: str) -> str:
    if word.isascii():
        key = word
    else:
        parts = unicodedata.normalize("NFD", word.translate(_ETH))
        letters = nfc("".join(part for part in parts if part not in TONES))
        key = letters + "".join(TONES[part] for part in parts if part in TONES)
    return f"{match[1]}i{match[2]}" if (match := _Y_AS_I.fullmatch(key)) else key


def _folded(word: str) -> str:
    if word.isascii():
        return word
    return nfc("".join(map(_folded_letter_of, unicodedata.normalize("NFD", word.translate(_FOLDED)))))


def _folded_letter(letter: str) -> str:
    """A letter of NFD text: nothing for an accent, plain letters for ﬁ, ² and the like."""
    compatible = _COMBINING.sub("", unicodedata.normalize("NFKD", letter).lower().translate(_FOLDED))
    return compatible if _PLAIN.fullmatch(compatible) else letter


_folded_letter_of = _Known(_folded_letter).__getitem__
syllable_of = _Known(_syllable).__getitem__
"""K1 of one word in lower case."""
folded_word = _Known(_folded).__getitem__
"""K3 of one word in lower case."""


def flat_words(key: str) -> tuple[str, ...]:
    """The words of a syllable key in plain letters; signs of transliteration (ʻ ʼ ʹ ʺ) are left out."""
    if key.isascii():
        return tuple(key.split())
    return tuple([folded_word(word).translate(_WITHOUT_BREATHINGS) for word in key.split()])


class _Letters(dict[int, str]):
    def __missing__(self, point: int) -> str:
        sign = chr(point)
        folded = folded_word(sign.lower())
        self[point] = folded if len(folded) == 1 else sign
        return self[point]


_PLACED = _Letters()


@lru_cache(maxsize=_RECENT)
def plain_in_place(text: str) -> str:
    """NFC text with every Latin letter plain and in lower case, and every sign at its place."""
    return text.lower() if text.isascii() else text.translate(_PLACED)


_MARK_OF = {letter: mark for mark, letter in TONES.items()}
_KEY = re.compile(f"(\\w*?)([{_TONE_LETTERS}])(?!\\w)")
_VOWELS = re.compile("[aăâeêioôơuưy]")


def write_tones(text: str) -> str:
    """A text with syllable keys in it, with their tones written where people write them."""
    return nfc(_KEY.sub(lambda match: _with_tone(match[1], _MARK_OF[match[2]]), text))


def _with_tone(letters: str, mark: str) -> str:
    """The tone stands on the last of ă â ê ô ơ ư; else on the vowel before a final consonant; else on the first of
    two last vowels. The u of qu and the i of gi are no vowels."""
    start = 2 if letters[:2] in ("qu", "gi") and _VOWELS.search(letters, 2) else 0
    places = [match.start() for match in _VOWELS.finditer(letters, start)]
    if not places:
        return letters + mark
    marked = [place for place in places if letters[place] in "ăâêôơư"]
    closed = places[-1] < len(letters) - 1 or len(places) == 1
    place = marked[-1] if marked else places[-1] if closed else places[-2]
    return letters[: place + 1] + mark + letters[place + 1 :]
