"""Volume designations, wherever they stand: MARC 245 $a $n, 490 $v.

1. A volume word (tập, quyển, phần, vol., T., Q. …) and what follows: digits, Roman, words, thượng / trung / hạ.
2. One letter (T., Q., P., V.) needs a full stop or digits right behind it; initials of persons (V.I. Lênin) are none.
3. "Bài tập 5", "tuyển tập 3", "cổ phần năm 2007", "lớp 5", "Windows 95", years and grades are no volumes.
4. Nested designations ("T.4 - Q.2") give their numbers from the outside in; "tập 1+2" and "tập 1-3" give both ends.
5. A letter is the number of its place in the alphabet: "Part B" is (2,), "T.2B" is (2, 2), "Part 3.1" is (3, 1).
6. 上, 中, 下 are 1, 2 and 3; 第3巻 and 卷三 are 3.
"""

import re
from collections.abc import Iterator

from unioncat.core.normalise.lists import any_of, as_written, words_of, written_words_of
from unioncat.core.normalise.vietnamese import nfc, plain, plain_in_place

_SPELT = {word.lower(): int(value) for word, value in as_written("numbers", "words").items()}
"""Number words with their accents: "tập làm văn" is not the fifth volume (lăm)."""
_POSITIONS = {word: int(value) for word, value in as_written("volumes", "positions").items()}
_NOT_BEFORE = written_words_of("volumes", "not_before")
_WORDS = words_of("volumes", "words")
_WRITTEN = written_words_of("volumes", "words")
_LONG = any_of(frozenset(word for word in _WORDS if len(word) > 2 and word != "so"))
_SHORT = any_of(frozenset(word for word in _WORDS if len(word) <= 2))

_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}
_ROMAN = r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})(?!\w)"
_DIGITS = r"[0-9]{1,3}(?:[a-h]|\.[0-9]{1,2})?(?![0-9])"
_END = r"(?=\s*(?:$|[.,:;/)\]–-]))"
_SAID = any_of(frozenset(map(plain, _SPELT)))
_PLACE = any_of(frozenset(map(plain, _POSITIONS)))
_NUMBER = rf"(?:{_DIGITS}|{_ROMAN}|(?:thu )?(?:{_SAID})(?!\w)(?!\s*[0-9]))"
_PLACED = rf"(?:{_PLACE}|[a-h])"
_LAST = rf"(?:(?:\s?[+&/–-]\s?|\s(?:va|and)\s)(?P<last>{_DIGITS}|{_ROMAN}))?(?:(?!\w)|(?=[qpt]\.[0-9]))"
"""The other end of a range; "T.03Q.1" has no blank between."""
_LAST_OR_COMMA = _LAST.replace("[+&", "[+&,")
_LONG_DESIGNATION = re.compile(
    rf"(?<!\w)(?P<word>{_LONG})[.:]?\s*\(?(?:thu\s+|so\s+)?(?P<first>{_NUMBER}|{_PLACED}{_END}){_LAST_OR_COMMA}"
)
_SHORT_DESIGNATION = re.compile(
    rf"(?:(?<!\w)|(?<=[0-9])(?=.\.))(?P<word>{_SHORT})(?:\.\s?|(?=[0-9]))(?P<first>{_DIGITS}|{_ROMAN}){_LAST}"
)
_BEHIND_LETTER = re.compile("[.0-9]")
"""What rule 2 asks for; most titles have none of it."""
_BARE = re.compile(
    rf"(?<!\w)(?!v\W+\w)(?P<first>[0-9]{{4}}(?!\w)|{_NUMBER}(?!\s?(?:{_LONG})\b)|{_PLACED}(?=\W*$)){_LAST_OR_COMMA}"
)
"""A number alone, but not that of "2 vol.", nor the V of "V 2"."""

_HAN_DIGITS = {sign: place for place, sign in enumerate("一二三四五六七八九十", start=1)}
_HAN_PLACES = {"上": 1, "中": 2, "下": 3}
_HAN = "".join(_HAN_DIGITS)
_HAN_VOLUME = re.compile(rf"第\s*([0-9]+|[{_HAN}])\s*[卷巻冊册集]|[卷巻]\s*([0-9]+|[{_HAN}])(?![{_HAN}])")
_HAN_SIGN = re.compile("[第卷巻上中下]")
_HAN_PLACE = re.compile(r"(?:^|(?<=[\s(（.,:;])|(?<=\w))([上中下])[册冊卷巻]?[)）]?\s*$")
_THOUSANDS = re.compile(r"(?<=[0-9])[.,](?=[0-9]{3}(?![0-9]))")
_LEFT_OVER = re.compile(r"[\s.,:;/=()\[\]–-]+$")
_LEADING = re.compile(r"^[\s.,:;/=)\]–-]+")

_Designation = tuple[int, int, tuple[int, ...]]
"""Where it begins and ends, and its numbers."""


def split_numbers(text: str) -> tuple[str, tuple[int, ...]]:
    """A title without its volume designation, and the numbers; () when there is none."""
    if not text:
        return "", ()
    text = nfc(text)
    found = _designations(text) or _han_designations(text)
    if not found:
        return text, ()
    rest, place = "", 0
    for begin, end, _ in found:
        rest += text[place:begin]
        place = end
    after = text[place:] if text[place:].strip(" .,:;/-–()[]") else ""
    rest = _LEADING.sub("", _LEFT_OVER.sub("", rest) + after).strip()
    return rest, tuple(number for _, _, numbers in found for number in numbers)


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers of MARC 245 $n or 490 $v, where a number or a letter alone is a volume too."""
    if not text:
        return ()
    text = nfc(text)
    _, numbers = split_numbers(text)
    if numbers:
        return numbers
    matches = _BARE.finditer(plain_in_place(text))
    return next(filter(None, (_values(match, text) for match in matches)), ())


def _designations(text: str) -> list[_Designation]:
    letters = plain_in_place(text)
    both = (_LONG_DESIGNATION, _SHORT_DESIGNATION)
    patterns = both if _BEHIND_LETTER.search(letters) else both[:1]
    found = [
        (match.start(), match.end(), numbers)
        for pattern in patterns
        for match in pattern.finditer(letters)
        if _is_designation(match, text) and (numbers := _values(match, text))
    ]
    return list(_apart(sorted(found)))


def _apart(found: list[_Designation]) -> Iterator[_Designation]:
    end = 0
    for one in found:
        if one[0] >= end:
            yield one
            end = one[1]


def _han_designations(text: str) -> list[_Designation]:
    if not _HAN_SIGN.search(text):
        return []
    if match := _HAN_VOLUME.search(text):
        said = match[1] or match[2]
        return [(match.start(), match.end(), (_HAN_DIGITS.get(said) or int(said),))]
    if match := _HAN_PLACE.search(text):
        return [(match.start(), match.end(), (_HAN_PLACES[match[1]],))]
    return []


def _is_designation(match: re.Match[str], text: str) -> bool:
    """Rules 2 and 3: the word as it is written, what stands before it, and no initials of a person."""
    word = text[match.start("word") : match.end("word")].lower()
    if not word.isascii() and word not in _WRITTEN:
        return False
    before = text[: match.start()].lower()
    apart = re.search(r"[.,:;/(\[–-]\s*$", before)
    initials = match["first"] in _ROMAN_DIGITS and re.match(r"\.\s?\w", match.string[match.end() :])
    if len(word) == 1 and initials and (word == "v" or not apart):
        return False
    words = re.findall(r"\w+", before)
    return not words or bool(apart) or words[-1] not in _NOT_BEFORE


def _values(match: re.Match[str], text: str) -> tuple[int, ...]:
    first = _value(text[match.start("first") : match.end("first")])
    last = _value(text[match.start("last") : match.end("last")]) if first and match["last"] else ()
    return first if last == first else first + last


def _value(said: str) -> tuple[int, ...]:
    """The number as written, with the letter or decimal behind it; () when it is none after all."""
    if match := re.fullmatch(r"([0-9]+)(?:([A-H])|\.([0-9]+))?", said):
        under = (_place(match[2]),) if match[2] else (int(match[3]),) if match[3] else ()
        return (int(match[1]), *under)
    if re.fullmatch("[A-H]", said):
        return (_place(said),)
    word = said.lower().removeprefix("thứ ").strip()
    number = _SPELT.get(word) or _POSITIONS.get(word) or _roman(word)
    return (number,) if number else ()


def _place(letter: str) -> int:
    return ord(letter) - ord("A") + 1


def _roman(said: str) -> int | None:
    values = [_ROMAN_DIGITS.get(sign, 0) for sign in said]
    if not values or 0 in values:
        return None
    return sum(-v if v < max(values[place + 1 :], default=0) else v for place, v in enumerate(values))
