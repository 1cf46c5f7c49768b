"""The title statement (MARC 245) taken apart, with the other titles of the publication (246, 880)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.level import read_level
from unioncat.core.normalise.lists import any_of, words_of, written_words_of
from unioncat.core.normalise.vietnamese import plain_in_place, syllable_key
from unioncat.core.normalise.volumes import read_numbers, split_numbers

_PARALLEL = re.compile(r"\s+=(?:\s+|$)")
_RESPONSIBILITY = re.compile(r"\s/(?:\s|$)")
_STANDARD = re.compile(rf"^\W*(?:{any_of(words_of('works', 'standards'))})\s*[0-9][0-9.:\s–-]*(?=\W)")
_SERIAL_WORD = re.compile(rf"(?:{any_of(words_of('serials', 'words'))})\s+(?=\w+\s+\w)")
_PLACES = {"thượng": 1, "trung": 2, "hạ": 3}
_UPPER_LOWER = re.compile(r"\b(quyển|tập|cuốn|phần) (thượng|trung|hạ)\b", re.IGNORECASE)
_PLUS_PLUS = re.compile(r"\bC\+\+", re.IGNORECASE)
_SHARP = re.compile(r"\b([CFJ])#", re.IGNORECASE)
_LISTED = re.compile(
    r"\b(pt|part|vol|v|t|tập|phần|quyển)\b\.?\s*[ivx0-9]+\W+[^\W\d]{3,}.*?\b\1\b\.?\s*[ivx0-9]+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d]{2,}")
_DIGIT = re.compile("[0-9]")
_VOLUME_WORDS = written_words_of("volumes", "words") | {"thứ", "số"}
_BEFORE_NUMBER = re.compile(r"\bsố\s+(?=[0-9]+/)", re.IGNORECASE)
_MEDIUM = re.compile(r"\[[^\]]*\]\s*$")


@dataclass(frozen=True, slots=True)
class Titles:
    """Syllable keys of the title proper, its remainder, the title of the part, other titles; the volume."""

    title: str
    rest: str
    part: str
    variants: frozenset[str]
    volume: tuple[int, ...]


def read_titles(record: MarcRecord) -> Titles:
    """Take the title statement apart.

    1. The title proper is $a up to ` = ` or ` / `, without the number of a volume, or of a standard before it.
    2. The volume is in $n, else in $a, else in $b, else in 490 $v when 490 $a is empty. A series in $n ("Exchange
       bibliography no. 586") and a list of the parts in $b ("Pt. I. Letters. Pt. II. Essays") are none.
    3. Parallel titles, 246, a linked 880, and a serial's title without the word for serials are other titles.
    """
    field = record.first("245")
    if field is None:
        return Titles("", "", "", frozenset(), ())
    proper, *parallel = _PARALLEL.split(_without_standard(_RESPONSIBILITY.split(field.text("a"))[0]))
    rest, *more = _PARALLEL.split(_RESPONSIBILITY.split(field.text("b"))[0])
    proper, in_title = split_numbers(_in_figures(_MEDIUM.sub("", proper)))
    rest, in_rest = (rest, ()) if _LISTED.search(rest) else split_numbers(rest)
    numbered = () if _names_a_series(field.text("n")) else read_numbers(_in_figures(field.text("n")))
    others = (*parallel, *more, *_others(record), *_without_serial_word(record, proper))
    return Titles(
        title=_key(proper),
        rest=_key(rest),
        part=_key(field.text("p") if numbered else field.text("np")),
        variants=frozenset(filter(None, map(_key, others))),
        volume=numbered or in_title or in_rest or _series_number(record),
    )


def _names_a_series(designation: str) -> bool:
    """Whether two words that designate no volume stand before the number."""
    before = (
        _WORD.findall(designation.lower().partition(number[0])[0])
        if (number := _DIGIT.search(designation))
        else ()
    )
    return len(before) > 1 and not any(word in _VOLUME_WORDS for word in before)


def _in_figures(text: str) -> str:
    """`Quyển thượng` is volume 1 as 上 is, `Quyển hạ` volume 3."""
    return _UPPER_LOWER.sub(lambda found: f"{found[1]} {_PLACES[found[2].lower()]}", text)


def _key(title: str) -> str:
    """The syllable key of a title, in which C, C++ and C# are three languages, and `&` is a word.

    "Nghị định số 93/2020" is "Nghị định 93/2020".
    """
    if not title:
        return ""
    if "/" in title:
        title = _BEFORE_NUMBER.sub("", title)
    if "#" in title or "+" in title:
        title = _PLUS_PLUS.sub("cplusplus", _SHARP.sub(r"\1sharp", title))
    return syllable_key(title.replace("&", " and " if title.isascii() else " và "))


def _without_standard(title: str) -> str:
    number = _STANDARD.match(plain_in_place(title))
    return title[number.end() :] if number else title


def _series_number(record: MarcRecord) -> tuple[int, ...]:
    """The number of a volume that a library wrote into the series (490 $v without $a)."""
    numbers = (read_numbers(f.text("v")) for f in record.data("490") if not f.text("a").strip())
    return next(filter(None, numbers), ())


def _without_serial_word(record: MarcRecord, title: str) -> Iterator[str]:
    """`Nghiên cứu lịch sử` of `Tạp chí Nghiên cứu lịch sử`: libraries write the word or leave it out."""
    word = _SERIAL_WORD.match(plain_in_place(title))
    if word and read_level(record) == "serial":
        yield title[word.end() :]


def _others(record: MarcRecord) -> Iterator[str]:
    yield from record.values("246", "a")
    for field in record.data("880"):
        if (field.get("6") or "").startswith("245"):
            yield field.get("a") or ""
