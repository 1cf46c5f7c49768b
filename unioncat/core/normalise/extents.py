"""Extent (MARC 300 $a $c).

1. The pages are the largest arabic number of a sequence before a word for pages or leaves (`viii, 149, iv, 34 p.`,
   `[25]-621, [1] p.`), or the last page of a range behind it (`p. 31-101`); Roman prelims and plates do not count.
   A letter l typed for 1 is one: "66l p." is 661.
2. "1.056 tr." is 1056; "0p", "1" and other placeholders say nothing.
3. "2t." is a number of volumes; "292tr." is not.
4. The size is the height in centimetres: "20,5 cm", "21x15cm", "khổ 14,5 x 20,5" (the larger side), "210 mm", "27".
"""

import re
from dataclasses import dataclass

from unioncat.core.normalise.lists import any_of, words_of
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.vietnamese import nfc, plain_in_place

_PAGE_WORDS = any_of(words_of("extents", "pages"))
_VOLUME_WORDS = any_of(words_of("extents", "volumes"))
_THOUSANDS = re.compile(
    r"(?<![0-9])([0-9]{1,2})\.([0-9]{3})(?![0-9])|(?:^|(?<=[,;(\]]\s))([12])[,\s]([0-9]{3})(?![0-9])"
)
"""1.056, and 1,056 or 1 056 where a sequence begins: a comma without a blank parts no sequences of pages."""
_SEQUENCES = re.compile(
    rf"(?<![0-9a-z])((?:\[?(?:[0-9]+|[ivxlc]+)\]?(?:\s?[,.–-]\s?|\s)){{0,20}}\[?[0-9]{{1,5}}\]?)\s*(?:{_PAGE_WORDS})(?![a-z])"
)
_NUMBER = re.compile("[0-9]+")
_AFTER_WORD = re.compile(
    r"(?:pages|trang|pp|p)\.?\s?\[?([0-9]{1,5}\]?\s?[-–]\s?\[?[0-9]{2,5}|[0-9]{2,5})(?![0-9])"
)
_OF_PLATES = re.compile(r"\[?[0-9]+\]?\s?(?:leaves|leaf|pages|pp|p|l)\.? of (?:plates?|illus|ill)\b")
_TYPED_L = re.compile(r"(?<=[0-9])l(?=[0-9]|\s?(?:p|pp|tr)\b)")
"""A one from a typewriter that had none."""
_BARE = re.compile(r"\s*([0-9]{2,4})\s*")
_VOLUMES = re.compile(rf"(?<![0-9a-z])([0-9]{{1,3}})\s?(?:{_VOLUME_WORDS})(?![a-z])")
_SIZE = re.compile(r"([0-9]+(?:[.,][0-9]+)?)(?:\s?[x×-]\s?([0-9]+(?:[.,][0-9]+)?))?\s?(cm|mm)")
_FORMAT = re.compile(r"kho\s?([0-9]+(?:[.,][0-9]+)?)\s?[x×]\s?([0-9]+(?:[.,][0-9]+)?)")
_BARE_SIZE = re.compile(r"\s*([1-5][0-9](?:[.,][0-9])?)\s*")


@dataclass(frozen=True, slots=True)
class Extent:
    """Pages of the main sequence, number of volumes and height in centimetres."""

    pages: int | None = None
    volumes: int | None = None
    size_cm: float | None = None


def read_extent(pages_text: str, size_text: str) -> Extent:
    """Read MARC 300 $a and $c."""
    letters = _letters(pages_text)
    return Extent(
        None if is_placeholder(pages_text) else _pages(letters),
        _volumes(letters),
        _size(_letters(f"{size_text} {pages_text}")) or _bare_size(size_text),
    )


def _letters(text: str) -> str:
    letters = _TYPED_L.sub("1", plain_in_place(nfc(text).strip()))
    return _THOUSANDS.sub(lambda match: "".join(filter(None, match.groups())), letters)


def _pages(letters: str) -> int | None:
    if " of " in letters:
        letters = _OF_PLATES.sub("", letters)
    found = _SEQUENCES.findall(letters) + _AFTER_WORD.findall(letters)
    numbers = [int(number) for sequence in found for number in _NUMBER.findall(sequence)]
    if not numbers and (bare := _BARE.fullmatch(letters)):
        numbers = [int(bare[1])]
    return max(numbers, default=0) or None


def _volumes(letters: str) -> int | None:
    match = _VOLUMES.search(letters)
    return int(match[1]) if match and int(match[1]) else None


def _bare_size(text: str) -> float | None:
    match = _BARE_SIZE.fullmatch(text)
    return float(match[1].replace(",", ".")) if match else None


def _size(letters: str) -> float | None:
    if match := _SIZE.search(letters):
        sides = [float(side.replace(",", ".")) for side in (match[1], match[2]) if side]
        size = max(sides) / (10 if match[3] == "mm" else 1)
        return size if 1 <= size <= 200 else None
    if match := _FORMAT.search(letters):
        return max(float(side.replace(",", ".")) for side in match.groups())
    return None
