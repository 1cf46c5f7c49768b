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

_INITIALS = "b|c|ch|d|đ|g|gh|h|k|kh|l|m|n|ng|ngh|nh|p|ph|r|s|t|th|tr|v|x"
_Y_AS_I = re.compile(f"({_INITIALS}|qu)y([{_TONE_LETTERS}]*)")
_LETTERS = {
    "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss", "þ": "th",
    "ŧ": "t", "ŀ": "l", "ŉ": "n", "ƀ": "b", "ɨ": "i", "ʉ": "u", "ɗ": "d", "ɖ": "d", "ɓ": "b", "ƙ": "k", "ə": "e", "ĸ": "k", "ſ": "s",
}  # fmt: skip
_FOLDED = str.maketrans(_LETTERS | dict.fromkeys(_TONE_LETTERS, ""))
_COMBINING = re.compile("[\u0300-\u036f]")
_MARKED = re.compile(f"[ăâêôơưđ{_TONE_LETTERS}]")
_CACHED = 200_000
_ETH = str.maketrans("ðɖ", "đđ")
"""Letters that look like đ in capitals (Ð, Ɖ) and stand for it in old data."""


def nfc(text: str) -> str:
    """The text in Unicode normalisation form C."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """The words of a text in lower case, as they stand."""
    folded = text.lower() if text.isascii() else nfc(nfc(text).lower())
    return (_LATIN_WORD if _LATIN_ONLY.fullmatch(folded) else WORD).findall(folded)


def syllable_key(text: str) -> str:
    """K1 of a text."""
    return " ".join(map(syllable_of, words(text)))


def toneless(key: str) -> str:
    """K2 from K1."""
    return key.translate(_WITHOUT_TONES)


def plain(text: str) -> str:
    """K3 of a text."""
    return " ".join(map(folded_word, words(text)))


def accent_share(text: str) -> float:
    """The share of words, 0 to 1, that carry a tone or one of ă â ê ô ơ ư đ; words of digits do not count."""
    found = [word for word in words(text) if not word.isdigit()]
    marked = sum(bool(_MARKED.search(syllable_of(word))) for word in found)
    return marked / len(found) if found else 0.0


def _cached(rule: Callable[[str], str]) -> Callable[[str], str]:
    known: dict[str, str] = {}

    def look_up(word: str) -> str:
        found = known.get(word)
        if found is None:
            if len(known) >= _CACHED:
                known.clear()
            found = known[word] = rule(word)
        return found

    return look_up


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
    return nfc("".join(map(_folded_letter, unicodedata.normalize("NFD", word.translate(_FOLDED)))))


def _folded_letter(letter: str) -> str:
    """A letter of NFD text: nothing for an accent, plain letters for ﬁ, ² and the like."""
    compatible = _COMBINING.sub("", unicodedata.normalize("NFKD", letter).lower().translate(_FOLDED))
    return compatible if re.fullmatch("[0-9a-z]*", compatible) else letter


syllable_of = _cached(_syllable)
"""K1 of one word in lower case."""
folded_word = _cached(_folded)
"""K3 of one word in lower case."""


class _Letters(dict[int, str]):
    def __missing__(self, point: int) -> str:
        sign = chr(point)
        folded = folded_word(sign.lower())
        self[point] = folded if len(folded) == 1 else sign
        return self[point]


_PLACED = _Letters()


def plain_in_place(text: str) -> str:
    """NFC text with every Latin letter plain and in lower case, and every sign at its place."""
    return text.translate(_PLACED)


_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iê iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang "
    "oanh oao oap oat oay oă oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt "
    "ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc ui um un ung uô uôc uôi uôm uôn uông uôt up ut uy uya uych uyn uynh uyp uyt uyu "
    "uyê uyên uyêt uê uêch uênh uơ ư ưa ưc ưi ưm ưn ưng ưt ưu ươ ươc ươi ươm ươn ương ươp ươt ươu y yê yêm yên yêng yêt yêu"
)
_SYLLABLE = re.compile(
    f"(?:{_INITIALS}|gi|qu|q)?(?:{'|'.join(sorted(_RIMES.split(), key=len, reverse=True))})"
)


def is_vietnamese_syllable(word: str) -> bool:
    """Whether a word has the build of a Vietnamese syllable: initial, rime, one tone at the most.

    Before a final c, ch, p or t the tone is sắc or nặng, or was left out.
    """
    key = syllable_of(nfc(word).lower())
    letters = toneless(key)
    tone = key[len(letters) :]
    if letters.endswith(("c", "ch", "p", "t")) and tone not in ("", "ˊ", "ˑ"):
        return False
    return len(tone) <= 1 and bool(_SYLLABLE.fullmatch(letters))


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
