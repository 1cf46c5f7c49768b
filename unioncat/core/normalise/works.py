"""Kinds of works that have an identity of their own: theses, standards, laws, textbooks."""

import re

from unioncat.core.normalise.lists import any_of, map_of, words_of
from unioncat.core.normalise.vietnamese import nfc, plain, plain_in_place

_SUMMARY = re.compile(rf"\b(?:{any_of(words_of('works', 'summary'))})\b")
_THESIS = re.compile(rf"\b(?:{any_of(words_of('works', 'thesis'))})\b")
_DEGREES = (
    ("doctor", re.compile(r"\b(?:ts|tien si|pts|pho tien si|ph ?d|doctor\w*|luan an)\b")),
    ("master", re.compile(r"\b(?:ths|thac si|master\w*|m ?a|m ?sc|luan van)\b")),
)
_STANDARD = re.compile(
    rf"\b({any_of(words_of('works', 'standards'))})\s*([0-9]+(?:[.-][0-9]+)*)\s*[:\-–]\s*((?:19|20)?[0-9]{{2}})(?![0-9])"
)
_LAW = re.compile(rf"\b({any_of(words_of('works', 'law'))})\b")
_LAW_NUMBER = re.compile(r"\b([0-9]+/(?:[0-9]{4}/)?[a-z][a-z0-9-]*)\b")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_ROLES = {
    role: re.compile(rf"\b(?:{any_of(frozenset(map(plain, words)))})\b")
    for role, words in map_of("works", "textbook_roles").items()
}
_SERIES = words_of("works", "series")
_GRADE = re.compile(r"\blop ([0-9]{1,2})\b")


def thesis_degree(text: str) -> str | None:
    """`doctor`, `master` or `thesis` where a text speaks of a thesis (MARC 502, 245 $b); else None."""
    letters = plain(text)
    if not _THESIS.search(letters):
        return None
    return next((degree for degree, words in _DEGREES if words.search(letters)), "thesis")


def is_thesis_summary(text: str) -> bool:
    """Whether a text speaks of the published summary of a thesis (tóm tắt luận án)."""
    return bool(_SUMMARY.search(plain(text)))


def standard_numbers(text: str) -> frozenset[str]:
    """Numbers of standards with four-digit years: "TCVN 5638-91" is `TCVN 5638:1991`."""
    found = _STANDARD.findall(plain_in_place(nfc(text)))
    return frozenset(f"{body.upper()} {number}:{_full_year(year)}" for body, number, year in found)


def law_key(text: str) -> str | None:
    """A law by its kind and number, or its year: `luat 2013`; None when the text names none."""
    letters = plain_in_place(nfc(text))
    kind = _LAW.search(letters)
    said = _LAW_NUMBER.search(letters) or _YEAR.search(letters)
    return f"{kind[1]} {said[1]}" if kind and said else None


def textbook_role(text: str) -> frozenset[str]:
    """Textbook roles of a text: teacher, workbook, exercises, lesson plans, guide, advanced."""
    letters = plain(text)
    return frozenset(role for role, words in _ROLES.items() if words.search(letters))


def textbook_grade(text: str) -> int | None:
    """The school grade of "lớp 5"."""
    match = _GRADE.search(plain(text))
    return int(match[1]) if match else None


def textbook_series(text: str) -> str | None:
    """The official textbook series that a text names, in plain letters."""
    letters = f" {plain(text)} "
    return next((series for series in sorted(_SERIES) if f" {series} " in letters), None)


def _full_year(year: str) -> str:
    return year if len(year) == 4 else f"{'19' if int(year) >= 45 else '20'}{year}"
