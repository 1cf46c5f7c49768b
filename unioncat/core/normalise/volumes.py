"""Volume designations, wherever they stand: MARC 245 $a $n, 490 $v.

1. A volume word (tập, quyển, phần, vol., T., Q. …) and a number after it: digits, Roman, or in words.
2. One letter (T., Q., P., V.) needs its full stop and a number in digits or Roman right behind, so that initials of
   persons and "T" in other words are none.
3. "Bài tập 5", "tuyển tập 3", "lớp 5", "Windows 95", years and grades are no volumes.
4. Nested designations ("T.4 - Q.2") give their numbers from the outside in; "tập 1+2" and "tập 1-3" give both ends.
5. 上, 中, 下 are 1, 2 and 3.
"""

import re

from unioncat.core.normalise.lists import any_of, as_written, words_of
from unioncat.core.normalise.vietnamese import nfc, plain, plain_in_place

_SPELT = {word.lower(): int(value) for word, value in as_written("numbers", "words").items()}
"""Number words with their accents: "tập làm văn" is not the fifth volume (lăm)."""
_VALUES = frozenset(plain(word) for word in _SPELT)
_NOT_BEFORE = words_of("volumes", "not_before")
_HAN = {"上": 1, "中": 2, "下": 3}
_WORDS = words_of("volumes", "words")
_LONG = any_of(frozenset(word for word in _WORDS if len(word) > 2 and word != "so"))
_SHORT = "|".join(sorted((word for word in _WORDS if len(word) <= 2), key=len, reverse=True))
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN = r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_DIGITS = r"[0-9]{1,3}(?![0-9])"
_SAID = any_of(_VALUES)
_NUMBER = rf"(?:{_DIGITS}|{_ROMAN}|(?:thu )?(?:{_SAID}))"
_RANGE = rf"(?P<first>{_NUMBER})(?:\s?[+&,/–-]\s?(?P<last>{_DIGITS}|{_ROMAN}))?(?!\w)"
_LONG_DESIGNATION = re.compile(rf"(?<!\w)(?P<word>{_LONG})\.?\s*(?:thu\s+|so\s+)?{_RANGE}")
_SHORT_DESIGNATION = re.compile(
    rf"(?<!\w)(?P<word>{_SHORT})(?:\.\s?|(?=[0-9]))(?P<first>{_DIGITS}|{_ROMAN})(?:\s?[+&/–-]\s?(?P<last>{_DIGITS}|{_ROMAN}))?(?!\w)"
)
_BARE = re.compile(rf"(?<!\w){_RANGE}")
_HAN_VOLUME = re.compile(r"(?<=[\s(（.,:;]|\w)([上中下])[册冊卷]?\s*$")
_NUMERALS = re.compile(r"[0-9]+")
_LEFT_OVER = re.compile(r"[\s.,:;/=()\[\]–-]+$")
_LEADING = re.compile(r"^[\s.,:;/=)\]–-]+")


def split_numbers(text: str) -> tuple[str, tuple[int, ...]]:
    """A title without its volume designation, and the numbers; () when there is none."""
    text = nfc(text)
    found = _designations(text)
    if not found:
        if match := _HAN_VOLUME.search(text):
            return text[: match.start()].rstrip(), (_HAN[match[1]],)
        return text, ()
    rest, place = "", 0
    for begin, end, _ in found:
        rest += text[place:begin]
        place = end
    rest = (
        _LEFT_OVER.sub("", rest) + text[place:]
        if text[place:].strip(" .,:;/-–()[]")
        else _LEFT_OVER.sub("", rest)
    )
    return _LEADING.sub("", rest).strip(), tuple(number for _, _, numbers in found for number in numbers)


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers of MARC 245 $n or 490 $v, where a number alone is a volume too."""
    text = nfc(text)
    _, numbers = split_numbers(text)
    if numbers:
        return numbers
    if match := _BARE.search(plain_in_place(text)):
        return _values(match, text)
    return tuple(_HAN[sign] for sign in text if sign in _HAN)[:1]


def title_numbers(text: str) -> tuple[int, ...]:
    """All numerals in digits in a title, in order: years, grades and the like separate works."""
    return tuple(int(digits) for digits in _NUMERALS.findall(nfc(text)) if len(digits) < 10)


def _designations(text: str) -> list[tuple[int, int, tuple[int, ...]]]:
    """(begin, end, numbers) of each designation, in order."""
    letters = plain_in_place(text)
    found = []
    for pattern in (_LONG_DESIGNATION, _SHORT_DESIGNATION):
        for match in pattern.finditer(letters):
            if not _is_forbidden(letters[: match.start()]) and (numbers := _values(match, text)):
                found.append((match.start(), match.end(), numbers))
    found.sort()
    return [one for place, one in enumerate(found) if place == 0 or one[0] >= found[place - 1][1]]


def _is_forbidden(before: str) -> bool:
    words = re.findall(r"\w+", before)
    return bool(words) and words[-1] in _NOT_BEFORE and not re.search(r"[.,:;/(\[–-]\s*$", before)


def _values(match: re.Match[str], text: str) -> tuple[int, ...]:
    first = _value(text[match.start("first") : match.end("first")].lower())
    last = _value(text[match.start("last") : match.end("last")].lower()) if match["last"] else None
    if first is None:
        return ()
    return (first,) if last is None or last == first else (first, last)


def _value(said: str) -> int | None:
    said = said.removeprefix("thứ ").strip()
    if said.isdigit():
        return int(said)
    return _SPELT.get(said) or _roman(said)


def _roman(said: str) -> int | None:
    values = [_ROMAN_DIGITS.get(sign, 0) for sign in said]
    if not values or 0 in values:
        return None
    return sum(-v if v < max(values[place + 1 :], default=0) else v for place, v in enumerate(values))
