"""TCVN 5712:1993 VN3 ("TCVN3", "ABC"): the one-byte code of northern Vietnam until about 2005, read as Latin-1.

1. Each letter with a mark is one of the characters U+00A1 to U+00FE; all others stand for themselves.
2. `ư` is 0xAD, in Unicode an invisible soft hyphen: it comes as it is, as a minus sign (U+2212), or not at all.
3. There are no capitals with a tone; text in capitals has small letters that a font shows as capitals. A word of two
   capitals or more around such letters is all in capitals.
4. A capital before its own small letter with a tone (`¢Ê`) is a capital with that tone (Ấ).
"""

import re
import unicodedata

from unioncat.core.encoding.syllables import INITIALS, is_vietnamese_syllable

LOST = "\xad\u2212"
_CODES = "¡¢£¤¥¦§¨©ª«¬®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ" + LOST
_LETTERS = "ĂÂÊÔƠƯĐăâêôơđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ" + "ư" * len(LOST)
_TABLE = str.maketrans(_CODES, _LETTERS)
_COPYRIGHT = re.compile("(?<![A-Za-z\xa1-\xfe])©(?![A-Za-z\xa1-\xfe])")
"""© that is no â, which is never a word."""

_SMALL = "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA1, 0x1EFA, 2)))
_DOUBLED = re.compile(f"([AEIOUYĂÂÊÔƠƯ])([{_SMALL}])")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
IN_CAPITALS = re.compile(f"[A-Z](?<=[{_SMALL}].)")
"""Where a small letter with a mark stands before a capital."""
_CAPITALS = re.compile(
    f"(?<![^\\W\\d_])(?=[A-ZĂÂÊÔƠƯĐ{_SMALL}]*[{_SMALL}][A-Z])[A-ZĂÂÊÔƠƯĐ{_SMALL}]+(?![^\\W\\d_])"
)

_MARKED_NEXT = r"(?= [a-z]*[^\W\d_A-Za-zÀ-ÝĂĐĨŨƠƯ])"
RIME_WITHOUT_U = re.compile(r"[ờớởỡợ](?<![ưƯuU].)(?:ng|c(?!h)|u)(?![^\W\d_])")
"""Rimes that do not exist without ư: ờng, ợc, ớu."""
WITHOUT_A_VOWEL = re.compile(rf"[hgr](?<=[^\w.'-][A-Za-z][hgr]){_MARKED_NEXT}")
"""Words like `Th` in `Th viện`, behind another sign."""
_MAY_LACK_U = re.compile(
    rf"(?<![^\W_])(?i:[^\W_]*[ơờớởỡợ](?:ng|c|u)(?![^\W_])|(?:{INITIALS})(?-i:{_MARKED_NEXT}))"
)


def from_tcvn3(text: str) -> str:
    """The text that was meant; capitals and lost letters as they came."""
    read = "©".join(part.translate(_TABLE) for part in _COPYRIGHT.split(text))
    return _DOUBLED.sub(_one_capital, read)


def _one_capital(match: re.Match[str]) -> str:
    capital, small = match.groups()
    bare = unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", small)))
    return small.upper() if bare == capital.lower() != small else match[0]


def in_capitals(text: str) -> str:
    """The text with the words that a font showed in capitals in capitals: `GIáO DụC` is `GIÁO DỤC`."""
    return _CAPITALS.sub(_capitals, text) if IN_CAPITALS.search(text) else text


def _capitals(match: re.Match[str]) -> str:
    word = match[0]
    capitals = sum(map(str.isupper, word))
    return word.upper() if capitals > 1 and is_vietnamese_syllable(word) else word


def with_lost_u(text: str) -> str:
    """The text with the `ư` that was lost, in words that are a syllable with one `ư` in one place only.

    Words without a vowel must stand before another word (`Th viện`): elsewhere they are abbreviations (`479tr.`).
    """
    return _MAY_LACK_U.sub(_completed, text)


def _completed(match: re.Match[str]) -> str:
    word = match[0]
    if len(word) < 2 or word.isupper() or is_vietnamese_syllable(word):
        return word
    made = {word[:place] + "ư" + word[place:] for place in range(len(word) + 1)}
    right = [one for one in made if is_vietnamese_syllable(one)]
    return right[0] if len(right) == 1 else word
