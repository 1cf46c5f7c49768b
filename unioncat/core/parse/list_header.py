"""Where the header of a list stands, and which rows of a list are no records.

1. The header is the row, among the first ones, in which most cells are known names of columns (or names of the
   mapping): at least two, or one for titles or ISBNs. Title lines above it are not of the list.
2. A header may have two rows ("Xuất bản" over "Nơi", "Nhà", "Năm"): a cell that is empty below takes the name above.
   A row that numbers the columns, "(1) (2) (3)", belongs to the header too.
3. Where no row is one, the first row is the header if it holds words only and a column below it holds numbers; else the
   list has none, and its columns are called A, B, C …
4. No records are: the header repeated on each page, sums ("Tổng cộng"), and rows that are only numbered.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from unioncat.core.parse.book_numbers import undone
from unioncat.core.parse.column_names import Role, fold_name, name_key, role_of_name
from unioncat.core.parse.row_cells import is_nothing, one_line

SEARCHED_ROWS = 60
_LONGEST_NAME = 80
_LONGEST_SUM = 60
_COLUMN_NUMBER = re.compile(r"\(?(?:[0-9]{1,2}|[A-Z])\)?")
_NUMBER = re.compile(r"[0-9.,\s-]+(?:[đ₫xX]|VNĐ|VND)?")
_TELLING = (Role.TITLE, Role.ISBN)
_SUM = re.compile(r"(?:tong cong|tong so|tong|cong|total|sum)(?: .{0,40})?")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, each once, and how many rows of the list come before its first record."""

    names: tuple[str, ...]
    rows: int


def column_letter(place: int) -> str:
    """What a spreadsheet program calls the column at a place: A, B … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def find_header(rows: Sequence[Cells], known: Collection[str] = ()) -> Header:
    """The header of a list that begins with these rows; `known` are the keys of the names of its mapping."""
    width = max((len(row) for row in rows), default=0)
    searched = rows[:SEARCHED_ROWS]
    best = max(range(len(searched)), key=lambda place: _knowledge(searched[place], known), default=0)
    if searched and _is_header(searched[best], _knowledge(searched[best], known)):
        return _whole_header(rows, best, known, width)
    first = next((place for place, row in enumerate(searched) if len(_filled(row)) > 1), 0)
    if searched and _is_unlike(rows[first], rows[first + 1 :]):
        return Header(unique_names(rows[first], width), first + 1)
    return Header(unique_names((), width), 0)


def _whole_header(rows: Sequence[Cells], place: int, known: Collection[str], width: int) -> Header:
    """Rule 2."""
    names, used = list(rows[place]), place + 1
    if place and len(_filled(rows[place - 1])) > 1:
        names = _one_above_the_other(names, rows[place - 1], width)
    below = rows[used] if used < len(rows) else ()
    if _filled(below) and all(_strength(cell, known) > 1 for cell in _filled(below)):
        names, used = _one_above_the_other(below, names, width), used + 1
    if used < len(rows) and _numbers_columns(rows[used]):
        used += 1
    return Header(unique_names(names, width), used)


def _one_above_the_other(below: Cells, above: Cells, width: int) -> list[str]:
    return [_at(below, place) or _at(above, place) for place in range(width)]


def unique_names(names: Cells, width: int) -> tuple[str, ...]:
    """A name for each column: its letter where it has none, and a count where another has the same."""
    given: dict[str, None] = {}
    for place in range(max(width, len(names))):
        name = one_line(_at(names, place))[:_LONGEST_NAME] or column_letter(place)
        count, first = 1, name
        while name in given:
            count += 1
            name = f"{first} ({count})"
        given[name] = None
    return tuple(given)


def is_no_record(cells: Cells, names: Cells, ignored: Collection[int]) -> bool:
    """Rule 4; `ignored` are the places of the columns that hold nothing of a record."""
    filled = [(place, cell.strip()) for place, cell in enumerate(cells) if cell and not cell.isspace()]
    if all(is_nothing(cell) or (place in ignored and _NUMBER.fullmatch(cell)) for place, cell in filled):
        return True
    place, first = filled[0]
    if len(filled) > 1 and first.split() == _at(names, place).split():
        return all(one_line(cell) == _at(names, place) for place, cell in filled)
    if len(first) > _LONGEST_SUM or not _SUM.fullmatch(fold_name(first)):
        return False
    return all(_NUMBER.fullmatch(cell) for _, cell in filled[1:])


def _at(cells: Cells, place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _filled(row: Cells) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _strength(cell: str, known: Collection[str]) -> int:
    if len(cell) > _LONGEST_NAME:
        return 0
    if name_key(cell) in known:
        return 4
    claim = role_of_name(cell.strip())
    return claim.strength if claim else 0


def _knowledge(row: Cells, known: Collection[str]) -> int:
    return sum(_strength(cell, known) for cell in _filled(row))


def _is_header(row: Cells, knowledge: int) -> bool:
    """Whether two names are known, or the one that says which publications the list means."""
    names = _filled(row)
    told = any(
        (claim := role_of_name(name.strip())) and claim.role in _TELLING and claim.strength > 1
        for name in names
    )
    return knowledge >= 4 or (told and len(names) <= knowledge)


def _numbers_columns(row: Cells) -> bool:
    cells = [cell.strip() for cell in _filled(row)]
    return len(cells) > 2 and len(set(cells)) == len(cells) and all(map(_COLUMN_NUMBER.fullmatch, cells))


def _is_unlike(row: Cells, below: Sequence[Cells]) -> bool:
    """Whether a row of words stands above columns of which one holds numbers."""
    if len(_filled(row)) < 2 or any(_is_number(cell) or len(cell) > _LONGEST_NAME for cell in _filled(row)):
        return False
    columns = ([_at(one, place) for one in below if _at(one, place)] for place in range(len(row)))
    return any(len(cells) > 1 and sum(map(_is_number, cells)) >= 0.7 * len(cells) for cells in columns)


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(undone(cell)) is not None
