"""Kinds of works that have an identity of their own: theses, standards, laws, textbooks."""

import re

from unioncat.core.normalise.lists import aliases_of, any_of, as_written, map_of, words_of
from unioncat.core.normalise.vietnamese import nfc, plain, plain_in_place

_SUMMARY = re.compile(rf"\b(?:{any_of(words_of('works', 'summary'))})\b")
_DEGREE = r"ts|tskh|pts|ths|tien si|tien sy|pho tien si|thac si|thac sy"
_THESIS = re.compile(
    rf"\b(?:{any_of(words_of('works', 'thesis'))}|(?:{any_of(words_of('works', 'thesis_short'))})(?= (?:{_DEGREE})))\b"
)
_DEGREES = (
    ("doctor", re.compile(r"\b(?:ts|tskh|tien s[iy]|pts|ph ?d|doctor\w*)\b")),
    ("master", re.compile(r"\b(?:ths|thac s[iy]|master\w*|m ?a|m ?sc)\b")),
    ("thesis", re.compile(r"\b(?:tot nghiep|dai hoc|cu nhan|ky su|bachelor\w*)\b")),
    ("doctor", re.compile(r"\bluan an\b")),
    ("master", re.compile(r"\bluan van\b")),
)
"""The degree as it is said, else what the word for the thesis means."""
_BODY = any_of(words_of("works", "standards"))
_DIGIT = re.compile("[0-9]")
_STANDARD = re.compile(
    rf"(?<!\w)((?:[0-9]{{2}}\s?(?=tcn))?(?:{_BODY})(?:[ /](?:{_BODY}))*)\s*([a-z]?[0-9]+(?:[.-][0-9]+)*)"
    r"\s*[:\-–]\s*((?:19|20)?[0-9]{2})(?![0-9])"
)
_LAW = re.compile(rf"\W*(?:viet nam\b\W*)?({any_of(words_of('works', 'law'))})\b([^0-9]*)")
_NO_NAME = re.compile(r"\b(?:so|nam|ngay)\b|\W+")
_LAW_NUMBER = re.compile(r"\b([0-9]+/(?:[0-9]{4}/)?[a-z][a-z0-9-]*)\b")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_ROLES = {plain(word): role for role, words in map_of("works", "textbook_roles").items() for word in words}
_ROLE = re.compile(rf"\b(?<!\bva )(?:{any_of(frozenset(_ROLES))})\b")
_SERIES = tuple((f" {alias} ", name) for alias, name in sorted(aliases_of("works", "series").items()))
_GRADES = {word: int(value) for word, value in as_written("works", "grades").items()}
_GRADE = re.compile(rf"\b(?:lớp|lop|grade|khối) (?:([0-9]{{1,2}})[a-d]?|({any_of(frozenset(_GRADES))}))\b")


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
    letters = plain_in_place(nfc(text))
    found = _STANDARD.findall(letters) if _DIGIT.search(letters) else ()
    return frozenset(
        f"{_standards_body(body)} {number.upper()}:{_full_year(year)}" for body, number, year in found
    )


def law_key(text: str) -> str | None:
    """A law that opens a text, by its kind and number (`nghi dinh 93/2020/nd-cp`) or its name and year.

    None where the text opens otherwise ("Giáo trình luật …", "Kỷ luật …") or gives neither number nor year.
    """
    letters = plain_in_place(nfc(text))
    kind = _LAW.match(letters)
    if kind is None:
        return None
    if number := _LAW_NUMBER.search(letters):
        return f"{kind[1]} {number[1]}"
    year = _YEAR.search(letters)
    return " ".join((kind[1], *_NO_NAME.sub(" ", kind[2]).split(), year[1])) if year else None


def law_number(text: str) -> str | None:
    """The number of the law that opens a text, without its kind: `93/2020/nd-cp`."""
    key = law_key(text)
    number = _LAW_NUMBER.search(key) if key else None
    return number[1] if number else None


def textbook_role(text: str) -> frozenset[str]:
    """Textbook roles of a text: teacher, workbook, exercises, lesson plans, guide, advanced, solutions.

    "Lý thuyết và bài tập" is a book with both, not the book of exercises.
    """
    return frozenset(_ROLES[word] for word in _ROLE.findall(plain(text)))


def textbook_grade(text: str) -> int | None:
    """The school grade of "lớp 5" or "lớp năm"; None outside 1 to 12."""
    match = _GRADE.search(nfc(text).lower())
    grade = (int(match[1]) if match[1] else _GRADES[match[2]]) if match else 0
    return grade if 1 <= grade <= 12 else None


def textbook_series(text: str) -> str | None:
    """The official textbook series that a text names, in plain letters."""
    letters = f" {plain(text)} "
    return next((name for alias, name in _SERIES if alias in letters), None)


def _standards_body(body: str) -> str:
    return re.sub(r"(?<=[0-9])\s(?=TCN)", "", body.upper())


def _full_year(year: str) -> str:
    return year if len(year) == 4 else f"{'19' if int(year) >= 45 else '20'}{year}"
