"""Where labels that a rule gave to Vietnamese pairs call different what is only written differently.

1. Volumes with the same numbers and letters are one volume: T.01, T. 1 and T.I.
2. Authors are one where a name of one side is a name of the other, perhaps misspelt, in the heading or in 245 $c.
"""

import re
import unicodedata
from collections.abc import Mapping

from rapidfuzz.fuzz import ratio

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.vietnamese import plain

_VOLUME = re.compile(
    r"\b(?:tập|quyển|cuốn|phần|vol|ph|[tqpvc])\s*\.?\s*(\d+|[ivxl]+\b|[a-z]\b)([a-z]?)\b", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"[;,]| và | and ")
_MISSPELT = 80
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def is_mislabelled(pair: Mapping[str, str], records: Mapping[str, MarcRecord]) -> bool:
    """Whether what the label of a silver pair calls different is only written differently."""
    if pair["silver_label"].startswith("nonmatch-volume"):
        volume = volume_of(pair["vol1"])
        return bool(volume) and volume == volume_of(pair["vol2"])
    if pair["silver_label"].startswith("nonmatch-author") and {pair["id1"], pair["id2"]} <= records.keys():
        return share_a_person(
            *(
                f"{pair[author]};{';'.join(records[pair[name]].values('245', 'c'))}"
                for author, name in (("author1", "id1"), ("author2", "id2"))
            )
        )
    return False


def share_a_person(left: str, right: str) -> bool:
    """Whether two lists of names name one person, perhaps misspelt."""
    names = [
        [name for one in _BETWEEN_NAMES.split(side) if (name := plain(one).strip())] for side in (left, right)
    ]
    return any(ratio(one, other) >= _MISSPELT for one in names[0] for other in names[1])


def volume_of(written: str) -> tuple[int | str, ...]:
    """The numbers and letters of a volume as it is written: (1,) for T.01 and T.I, (3, "a") for V.03 - P.A."""
    found = _VOLUME.findall(unicodedata.normalize("NFC", written).lower())
    return tuple(_value(sign) for signs in found for sign in signs if sign)


def _value(sign: str) -> int | str:
    if sign.isdigit():
        return int(sign)
    if not set(sign) <= _ROMAN.keys():
        return sign
    digits = [_ROMAN[letter] for letter in sign]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return sum(-one if one < following else one for one, following in pairs)
