"""Theses, standards, textbooks and maps: what they are known by (MARC 034, 100, 110, 245, 255, 490, 502)."""

import re
from dataclasses import dataclass

from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.works import (
    is_thesis_summary,
    law_number,
    standard_numbers,
    textbook_grade,
    textbook_role,
    textbook_series,
    thesis_degree,
)

_GRADE = re.compile(r"^\D*[^\W\d] ([1-9]|1[0-2])(?: \D*)?$")
_SCALE = re.compile(r"1\s?[:/]\s?([0-9][0-9.,\s]*[0-9])")
_DIGIT = re.compile("[0-9]")
_NOT_DIGITS = re.compile(r"[^0-9]")


@dataclass(frozen=True, slots=True)
class Textbook:
    """Role, school grade (0 when unknown) and official series of a textbook."""

    roles: frozenset[str]
    grade: int
    series: str


def read_work(record: MarcRecord) -> str:
    """`thesis`, `summary` (of a thesis) or nothing, by 502 and the remainder of the title."""
    texts = (*record.values("502", "ab"), *record.values("245", "b"))
    if any(map(is_thesis_summary, texts)):
        return "summary"
    return "thesis" if record.first("502") is not None or any(map(thesis_degree, texts)) else ""


def read_standards(record: MarcRecord) -> frozenset[str]:
    """What standards and laws are known by.

    1. Numbers of standards in the title or, as some libraries write them, in the heading.
    2. The number of the law or decree that opens the title (`93/2020/nd-cp`).
    """
    texts = [value for tag in ("100", "110", "245") for value in record.values(tag, "ab")]
    found = frozenset[str]().union(*map(standard_numbers, texts))
    title = record.first("245")
    law = law_number(title.text("ab")) if title else None
    return found | {law} if law else found


def is_prepublication(record: MarcRecord) -> bool:
    """Whether a book was described before it was printed: leader/17 is 8, or it has a projected date (263) and no
    number of pages. Its title, year and extent may change."""
    if record.leader[17:18] == "8":
        return True
    return record.first("263") is not None and not any(map(_DIGIT.search, record.values("300", "a")))


def read_textbook(record: MarcRecord, proper: str) -> Textbook:
    """Role, grade and series by the title and the series (245, 490).

    The grade is that of "lớp 5", else the only number, up to 12, in the title proper without volume: "Toán 6".
    """
    title = " ".join(field.text("abnp") for field in record.data("245"))
    series = " ".join(record.values("490", "a"))
    both = f"{title} {series}" if series else title
    grade = textbook_grade(title) or next(map(int, _GRADE.findall(proper)), 0)
    return Textbook(textbook_role(title), grade, textbook_series(both) or "")


def read_scales(record: MarcRecord) -> frozenset[str]:
    """Denominators of scales (255 $a, 034 $b)."""
    stated = [number for value in record.values("255", "a") for number in _SCALE.findall(value)]
    return frozenset(
        bare for n in (*stated, *record.values("034", "b")) if (bare := _NOT_DIGITS.sub("", n).lstrip("0"))
    )
