"""Numbers in words and in Roman figures inside a title: `ba mươi sáu phố phường` is `36 phố phường`.

Words and results are syllable keys. `năm` (five, but also year) counts only before mươi, trăm and nghìn; Roman
figures only where they cannot be a Vietnamese word (XIX, but not VI).
"""

import re

from unioncat.core.normalise.vietnamese import is_vietnamese_syllable, syllable_key

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_ONES = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}


def _keys(words: str, first: int = 1) -> dict[str, int]:
    return {syllable_key(word): value for value, word in enumerate(words.split(), start=first)}


_UNITS = _keys("một hai ba bốn năm sáu bảy tám chín") | {syllable_key("bẩy"): 7}
_AFTER_TEN = _keys("một hai ba bốn lăm sáu bảy tám chín") | {syllable_key("bẩy"): 7}
_AFTER_TENS = _AFTER_TEN | _keys("mốt") | _keys("tư", 4)
_ALONE = {word: value for word, value in _UNITS.items() if value != 5}
_TEN, _TENS, _HUNDRED = (syllable_key(word) for word in ("mười", "mươi", "trăm"))
_THOUSAND = {syllable_key(word) for word in ("nghìn", "ngàn")}
_ODD = {syllable_key(word) for word in ("linh", "lẻ")}


def roman_value(word: str) -> int:
    """The value of a Roman figure of two letters at least, up to 39; 0 for any other word."""
    figure = _ROMAN.fullmatch(word) if len(word) > 1 else None
    return len(figure[1]) * 10 + _ONES[figure[2]] if figure and not is_vietnamese_syllable(word) else 0


def spell_in_digits(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with every run of number words, and every Roman figure, as a number in digits."""
    found: list[str] = []
    start = 0
    while start < len(words):
        value, end = _read(words, start)
        found.append(str(value) if end > start else words[start])
        start = max(end, start + 1)
    return tuple(found)


def _read(words: tuple[str, ...], start: int) -> tuple[int, int]:
    """The number that begins at `start` and where it ends; it ends at `start` when there is none."""
    value, end = _below_thousand(words, start)
    if end > start and _at(words, end) in _THOUSAND:
        rest, end = _odd(words, end + 1) or _below_thousand(words, end + 1)
        return value * 1000 + rest, end
    return value, end


def _below_thousand(words: tuple[str, ...], start: int) -> tuple[int, int]:
    if _at(words, start) in _UNITS and _at(words, start + 1) == _HUNDRED:
        rest, end = _odd(words, start + 2) or _tens(words, start + 2)
        return _UNITS[words[start]] * 100 + rest, end
    if value := roman_value(_at(words, start)):
        return value, start + 1
    value, end = _tens(words, start)
    alone = _UNITS if _at(words, start + 1) in _THOUSAND else _ALONE
    if end == start and _at(words, start) in alone:
        return alone[words[start]], start + 1
    return value, end


def _odd(words: tuple[str, ...], start: int) -> tuple[int, int] | None:
    """The unit after linh or lẻ, where tens are missing."""
    if _at(words, start) in _ODD and (unit := _UNITS.get(_at(words, start + 1))):
        return unit, start + 2
    return None


def _tens(words: tuple[str, ...], start: int) -> tuple[int, int]:
    if _at(words, start) == _TEN:
        return _with_unit(words, 10, start + 1, _AFTER_TEN)
    if _at(words, start) in _UNITS and _at(words, start + 1) == _TENS:
        return _with_unit(words, _UNITS[words[start]] * 10, start + 2, _AFTER_TENS)
    return 0, start


def _with_unit(words: tuple[str, ...], tens: int, end: int, units: dict[str, int]) -> tuple[int, int]:
    unit = units.get(_at(words, end))
    return (tens, end) if unit is None else (tens + unit, end + 1)


def _at(words: tuple[str, ...], place: int) -> str:
    return words[place] if place < len(words) else ""
