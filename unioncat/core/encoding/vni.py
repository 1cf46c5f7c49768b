"""VNI for Windows: the code of southern Vietnam until about 2005, read as Latin-1.

1. A letter with a mark is the plain letter and a sign for the mark: `aù` is á, `aá` is ấ, `aé` is ắ.
2. `ô` is ơ and `ö` is ư, `ñ` is đ; `æ ó ò î` are ỉ ĩ ị ỵ; í and ì stand for themselves.
3. A sign that its letter cannot bear stands for itself.
"""

import re
import unicodedata

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _combinations() -> dict[str, str]:
    table = dict(_SINGLE)
    for letter in "aeouyôö":
        table |= {letter + sign: _SINGLE.get(letter, letter) + mark for sign, mark in _TONES.items()}
    for letter in "aeo":
        table |= {letter + sign: letter + "\u0302" + mark for sign, mark in _CIRCUMFLEX.items()}
    table |= {"a" + sign: "a\u0306" + mark for sign, mark in _BREVE.items()}
    return {code: unicodedata.normalize("NFC", letter) for code, letter in table.items()}


_TABLE = _combinations()
_CODE = re.compile("|".join(sorted(_TABLE, key=len, reverse=True)), re.IGNORECASE)


def from_vni(text: str) -> str:
    """The text that was meant."""
    return _CODE.sub(_letter, text)


def _letter(match: re.Match[str]) -> str:
    letter = _TABLE[match[0].lower()]
    return letter.upper() if match[0][0].isupper() else letter
