"""VIQR (RFC 1456): Vietnamese in ASCII, as overseas libraries typed it.

1. After a vowel `^` is a circumflex, `(` a breve, `+` a horn; then one of `' \\` ? ~ .` is the tone; `dd` is đ.
2. A backslash before a sign says that it is only itself.
3. A word is read so only when it is a Vietnamese syllable then, or has a sign that no punctuation puts there
   (`Mo^dem`, `No+ron`), for the same signs are punctuation: also behind a last vowel that bears no tone (`đâu?`).
"""

import re
import unicodedata

from unioncat.core.encoding.syllables import is_vietnamese_syllable

_MARKS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}  # fmt: skip
_LONGEST = 30
_VOWEL = re.compile(r"([AEOaeo]\^|[Aa]\(|[OUou]\+|[AEIOUYaeiouy])(['`?~.]?)|\A[Dd][Dd]|\\([.?'`(+^~])")
_MARKED = re.compile(r"[AEOaeo]\^|[Aa]\([a-z]|[OUou]\+[a-z'`?~.]")
_MISPLACED = re.compile("(?:[aăâeêoôơư]|(?<!g)i|(?<!q)u)[ìíỉĩịòóỏõọùúủũụ]\\Z|[aâ][ỳýỷỹỵ]\\Z")
VIQR_WORD = re.compile(r"(?:[A-Za-z]|(?<=[A-Za-z(+^])[\^(+'`?~.]|\\[.?'`(+^~])+")


def from_viqr(text: str) -> str:
    """The text that was meant."""
    return VIQR_WORD.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    """The word; its last sign is punctuation when the word is a syllable only without it."""
    word = match[0]
    if len(word) > _LONGEST:
        return word
    read = _read(word)
    if is_vietnamese_syllable(read) and not _MISPLACED.search(read.lower()):
        return read
    shorter = _read(word[:-1])
    if word[-1] in ".?'(" and is_vietnamese_syllable(shorter):
        return shorter + word[-1]
    return read if _MARKED.search(word) else word


def _read(word: str) -> str:
    return unicodedata.normalize("NFC", _VOWEL.sub(_letter, word))


def _letter(match: re.Match[str]) -> str:
    if match[3]:
        return match[3]
    if not match[1]:
        return "Đ" if match[0][0] == "D" else "đ"
    return match[1][0] + "".join(_MARKS[sign] for sign in match[1][1:] + match[2])
