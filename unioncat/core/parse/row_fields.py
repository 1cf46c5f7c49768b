"""The cells of a row as MARC 21 fields, a brief record.

1. 020: each ISBN ($a) and the price ($c); one with a wrong check digit is kept and told, one that a spreadsheet
   destroyed is told. 022: ISSN. 041: language by its name or code, 546 when it is neither.
2. 082 where it looks like Dewey (three digits), else 084.
3. 100 is the first author as written, 700 the others; `;` and line breaks part them. A body is 110 or 710.
4. 245 $a title, $b rest, $n volume; 250; 260 $a $b $c; 300 $a $c; 490; 500; 653, parted at `;` (else at `,`).
5. 852: one field a copy, with $b location, $h call number, $p barcode; barcodes are parted at `,` `;` and line breaks,
   a range stays one. Copies that have no barcode are numbered in $t.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import DataField
from unioncat.core.parse.book_numbers import is_rounded, read_isbn13, read_issn, undone, without_label
from unioncat.core.parse.column_names import Role, name_key
from unioncat.core.parse.reading import Told
from unioncat.core.parse.row_cells import Cells, number_as_text, one_line, parts_of, year_of_cell

MOST_COPIES = 2000
"""A larger number is no number of copies of one book in one list."""

_DEWEY = re.compile(r"[0-9]{3}(?:[.,][0-9]+)?(?:[\s/'-].*)?")
_INVERTED = re.compile(r"[^\W\d_]+, [^,]+")
_YEAR_BEHIND = re.compile(r"(.*\S)\s*[,.;-]\s*((?:1[5-9]|20)[0-9]{2})\.?")
_CODE = re.compile("[a-z]{3}")
_COUNT = re.compile(r"([0-9]{1,9})\s*(?:bản|cuốn|quyển|copies|b|c|q)?\.?", re.IGNORECASE)


def fields_of(cells: Cells, told: Told) -> list[DataField]:
    """The data fields of a row, by tag; what is wrong is told."""
    makers = (_numbers, _language, _classes, _persons, _title, _imprint, _extent, _texts, _copies)
    fields = [field for make in makers for field in make(cells, told)]
    return sorted(fields, key=lambda field: field.tag)


def _field(tag: str, indicators: str, *subfields: tuple[str, str]) -> Iterator[DataField]:
    """The field, if one of its subfields says something."""
    kept = tuple((code, value) for code, value in subfields if value)
    if kept:
        yield DataField(tag, indicators, kept)


def _first(cells: Cells, role: Role) -> str:
    return number_as_text(cells[role][0]) if cells.get(role) else ""


# --- numbers ------------------------------------------------------------------------------------------


def _numbers(cells: Cells, told: Told) -> Iterator[DataField]:
    price = _first(cells, Role.PRICE)
    for isbn in filter(None, (_isbn(part, told) for part in isbn_parts(cells))):
        yield from _field("020", "  ", ("a", isbn), ("c", price))
        price = ""
    yield from _field("020", "  ", ("c", price))
    for text in parts_of(cells.get(Role.ISSN, ()), ";,"):
        issn = read_issn(text)
        if issn is None:
            told.append(Finding(FindingKind.ISSN_CHECK_DIGIT, f"the ISSN '{text[:40]}' is not valid"))
        yield from _field("022", "  ", ("a", issn or text))


def isbn_parts(cells: Cells) -> tuple[str, ...]:
    """What stands in the columns of ISBNs, each number for itself."""
    return parts_of(cells.get(Role.ISBN, ()), ";,|") if cells.get(Role.ISBN) else ()


def _isbn(text: str, told: Told) -> str:
    """MARC 020 $a as it is written; nine digits that lost a zero as thirteen, and nothing of a destroyed number."""
    if isbn13 := read_isbn13(text):
        return isbn13 if len(re.sub("[^0-9Xx]", "", text)) < 10 else without_label(text)
    if is_rounded(text):
        told.append(Finding(FindingKind.ISBN_CHECK_DIGIT, rounded_isbn(text)))
        return ""
    digits = re.sub(r"\D", "", undone(text))
    if 9 <= len(digits) <= 13 and not digits.startswith("893"):
        told.append(
            Finding(FindingKind.ISBN_CHECK_DIGIT, f"the check digit of the ISBN '{text[:40]}' is wrong")
        )
    else:
        told.append(Finding(FindingKind.ISBN_RUNNING_NUMBER, f"'{text[:40]}' in the column of ISBNs is none"))
    return text


def rounded_isbn(text: str) -> str:
    """What to say about an ISBN of which a spreadsheet kept the first digits only."""
    return f"the ISBN '{text[:40]}' was destroyed by the spreadsheet program; format the column as text and type it again"


def _language(cells: Cells, told: Told) -> Iterator[DataField]:
    for text in parts_of(cells.get(Role.LANGUAGE, ()), ";,/"):
        code = _codes_of_languages().get(name_key(text)) or (text if _CODE.fullmatch(text) else None)
        yield from _field("041", "  ", ("a", code)) if code else _field("546", "  ", ("a", text))


@cache
def _codes_of_languages() -> Mapping[str, str]:
    text = files("unioncat.core.parse").joinpath("language_names.toml").read_text("utf-8")
    table: Mapping[str, list[str]] = tomllib.loads(text)
    return {name_key(name): code for code, names in table.items() for name in names}


def _classes(cells: Cells, told: Told) -> Iterator[DataField]:
    text = _first(cells, Role.CLASSIFICATION)
    if _DEWEY.fullmatch(text):
        yield from _field("082", "04", ("a", text))
    else:
        yield from _field("084", "  ", ("a", text))


# --- description --------------------------------------------------------------------------------------


def _persons(cells: Cells, told: Told) -> Iterator[DataField]:
    for place, name in enumerate(parts_of(cells.get(Role.AUTHORS, ()), ";")):
        tag = "7" if place else "1"
        if _is_body(name):
            yield from _field(f"{tag}10", "2 ", ("a", name))
        else:
            yield from _field(f"{tag}00", "1 " if _INVERTED.fullmatch(name) else "0 ", ("a", name))


_BODIES = (
    "bộ ", "viện ", "học viện ", "trường đại học ", "trường đh ", "đại học ", "trường cao đẳng ", "trường trung học ",
    "trường tiểu học ", "tổng cục ", "cục ", "sở ", "uỷ ban ", "ủy ban ", "ubnd ", "hội đồng ", "trung tâm ",
    "công ty ", "nhà xuất bản ", "nxb ", "thư viện ", "bảo tàng ", "ban chấp hành ", "ban tuyên giáo ", "quốc hội",
    "chính phủ", "tỉnh uỷ ", "tỉnh ủy ", "đảng cộng sản ", "đảng bộ ",
)  # fmt: skip
"""How the name of a corporate body opens, in small letters."""


def _is_body(name: str) -> bool:
    return name.lower().startswith(_BODIES)


def _title(cells: Cells, told: Told) -> Iterator[DataField]:
    author = "1" if cells.get(Role.AUTHORS) else "0"
    volume = _first(cells, Role.VOLUME)
    title, rest = _first(cells, Role.TITLE), _first(cells, Role.TITLE_REST)
    number = ("n", "" if volume.strip("0 ") == "" else volume)
    yield from _field("245", f"{author}0", ("a", title), ("b", rest), number) if title else ()


def _imprint(cells: Cells, told: Told) -> Iterator[DataField]:
    publisher = _first(cells, Role.PUBLISHER)
    year = year_of_cell(cells[Role.YEAR][0]) if cells.get(Role.YEAR) else ""
    if not year and (match := _YEAR_BEHIND.fullmatch(publisher)):
        publisher, year = match[1], match[2]
    yield from _field("250", "  ", ("a", _first(cells, Role.EDITION)))
    yield from _field("260", "  ", ("a", _first(cells, Role.PLACE)), ("b", publisher), ("c", year))


def _extent(cells: Cells, told: Told) -> Iterator[DataField]:
    pages, size = _first(cells, Role.PAGES), _first(cells, Role.SIZE)
    pages = f"{pages} tr." if pages.isdecimal() else pages
    size = f"{size} cm" if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", size) else size
    yield from _field("300", "  ", ("a", pages), ("c", size))


def _texts(cells: Cells, told: Told) -> Iterator[DataField]:
    yield from _field("490", "0 ", ("a", _first(cells, Role.SERIES)))
    for note in cells.get(Role.NOTE, ()):
        yield from _field("500", "  ", ("a", one_line(note)))
    subjects = cells.get(Role.SUBJECTS, ())
    for subject in parts_of(subjects, ";" if any(";" in text for text in subjects) else ","):
        yield from _field("653", "  ", ("a", subject))


# --- copies -------------------------------------------------------------------------------------------


def _copies(cells: Cells, told: Told) -> Iterator[DataField]:
    barcodes = parts_of(cells.get(Role.BARCODE, ()), ",;")
    place = (("b", _first(cells, Role.LOCATION)), ("h", _first(cells, Role.CALL_NUMBER)))
    for barcode in barcodes:
        yield from _field("852", "  ", *place, ("p", barcode))
    stated = _count(cells, told)
    numbered = range(len(barcodes) + 1, stated + 1)
    for number in numbered:
        yield from _field("852", "  ", *place, ("t", str(number)))
    if not barcodes and not numbered:
        yield from _field("852", "  ", *place)


def _count(cells: Cells, told: Told) -> int:
    """The number of copies that the row states; 0 when it states none that can be one."""
    text = _first(cells, Role.COPIES)
    match = _COUNT.fullmatch(text)
    if match and int(match[1]) <= MOST_COPIES:
        return int(match[1])
    if text:
        told.append(Finding(FindingKind.UNMAPPED, f"'{text[:40]}' is no number of copies and was left out"))
    return 0
