"""A list of libraries as a file of values with delimiters (CSV), as spreadsheets write it.

1. UTF-8, with or without a byte order mark. The delimiter is a comma, semicolon or tab: the one that the header has
   most of.
2. The first line that is not empty is the header; columns are known by their headings (`columns.toml`), others are left
   alone. A column for the name is needed. Two columns of one meaning: the second is left alone.
3. An empty cell says nothing. Decimal numbers may have a comma. Yes and no are có/không, yes/no, true/false, 1/0, x.
4. Several subject fields in one cell are divided by semicolons. An apostrophe before = + - @ keeps a spreadsheet program
   from calculating, and is dropped.
5. A row that cannot be used is refused with its line and the reason; the other rows are not touched by it.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from unioncat.core.errors import InvalidLibrary, UnioncatError
from unioncat.core.identifiers import Isil, parse_isil
from unioncat.core.library import Contact
from unioncat.core.membership.statement import Statement
from unioncat.core.normalise.vietnamese import plain

_DELIMITERS = ",;\t"
_YES = frozenset({"co", "yes", "true", "1", "x", "y"})
_NO = frozenset({"khong", "no", "false", "0", "n"})
_LARGEST_CELL = 1_000_000
_GUARDED = re.compile(r"^'('*[=+@-])")


class RowOutcome(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ListedLibrary:
    """A usable row: its line, the ISIL it states, and what it says."""

    line: int
    isil: Isil | None
    statement: Statement


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be used, and why."""

    line: int
    reason: str


def read_library_list(content: bytes) -> Iterator[ListedLibrary | RefusedRow]:
    """The rows of a list; raises InvalidLibrary when the file or its header cannot be used."""
    lines = _rows(_decoded(content))
    first = next((row for _, row in lines if any(cell.strip() for cell in row)), None)
    if first is None:
        raise InvalidLibrary(
            "The list is empty; its first line names the columns, such as: Tên thư viện;Tỉnh;Loại"
        )
    columns = _columns(first)
    for line, row in lines:
        if any(cell.strip() for cell in row):
            yield _read(line, row, columns)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidLibrary(
            f"Line {line} of the list is not UTF-8; save it as “CSV UTF-8” in the spreadsheet program"
        ) from None


def _rows(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header.count)
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InvalidLibrary(f"Line {reader.line_num} of the list cannot be read ({error})") from error


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    known = _headings()
    columns: dict[str, int] = {}
    for place, heading in enumerate(header):
        if (meaning := known.get(plain(heading))) is not None:
            columns.setdefault(meaning, place)
    if "name" not in columns:
        raise InvalidLibrary(
            f"The list has no column for the name (“Tên thư viện” or “Name”); its columns are: {', '.join(header)}"
        )
    return columns


def _read(line: int, row: Sequence[str], columns: Mapping[str, int]) -> ListedLibrary | RefusedRow:
    stated = ((meaning, row[place].strip()) for meaning, place in columns.items() if place < len(row))
    cells = {meaning: _GUARDED.sub(r"\1", cell) for meaning, cell in stated if cell}
    try:
        if "name" not in cells:
            raise InvalidLibrary("the name is missing")
        isil = parse_isil(cells["isil"]) if "isil" in cells else None
        return ListedLibrary(line, isil, _statement(cells))
    except UnioncatError as error:
        return RefusedRow(line, str(error))


def _statement(cells: Mapping[str, str]) -> Statement:
    return Statement(
        name=cells.get("name"),
        name_en=cells.get("name_en"),
        province=cells.get("province"),
        commune=cells.get("commune"),
        address=cells.get("address"),
        kind=cells.get("kind"),
        legal_form=cells.get("legal_form"),
        level=cells.get("level"),
        function=cells.get("function"),
        governing_body=cells.get("governing_body"),
        website=cells.get("website"),
        lending_policy=cells.get("lending_policy"),
        latitude=_number("latitude", cells.get("latitude")),
        longitude=_number("longitude", cells.get("longitude")),
        rank=_whole("rank", cells.get("rank")),
        subject_fields=(cells["subject_fields"],) if "subject_fields" in cells else None,
        contacts=_contacts(cells),
        lends=_flag("lends", cells.get("lends")),
        copies=_flag("copies", cells.get("copies")),
        fee=_flag("fee", cells.get("fee")),
    )


def _contacts(cells: Mapping[str, str]) -> tuple[Contact, ...] | None:
    email, phone = cells.get("email"), cells.get("phone")
    return (Contact(cells.get("contact", "contact"), email, phone),) if email or phone else None


def _number(what: str, cell: str | None) -> float | None:
    if cell is None:
        return None
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        raise InvalidLibrary(f"the {what} '{cell}' is no number; write degrees, such as 21.0278") from None


def _whole(what: str, cell: str | None) -> int | None:
    if cell is None:
        return None
    if not cell.isascii() or not cell.isdigit() or len(cell) > 4:
        raise InvalidLibrary(f"the {what} '{cell}' is no number between 0 and 9999")
    return int(cell)


def _flag(what: str, cell: str | None) -> bool | None:
    if cell is None:
        return None
    word = plain(cell)
    if word not in _YES | _NO:
        raise InvalidLibrary(f"'{cell}' under {what} is neither yes (có) nor no (không)")
    return word in _YES


def headings() -> Mapping[str, str]:
    """How we head the column of each meaning, in the order in which we write them."""
    return {meaning: forms[0] for meaning, forms in _forms().items()}


@cache
def _forms() -> Mapping[str, Sequence[str]]:
    table: Mapping[str, list[str]] = tomllib.loads(
        files(__package__).joinpath("columns.toml").read_text("utf-8")
    )
    return table


@cache
def _headings() -> Mapping[str, str]:
    return {plain(form): meaning for meaning, forms in _forms().items() for form in forms}
