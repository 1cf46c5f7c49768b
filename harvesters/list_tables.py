"""The tables of a list: the sheets of a workbook or a CSV file, their headers and what their columns hold.

1. Of a workbook the first sheet that is a list is read, one with a header before one without, and every other sheet with
   the same columns.
2. What has no column with titles or ISBNs, or more than MOST_COLUMNS columns, is no list.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile
from itertools import islice
from pathlib import Path

from harvesters.delimited import (
    InMemory,
    encoding_of,
    first_bytes,
    open_bytes,
    rows_of,
    sniff_delimiter,
    split_fields,
    text_lines,
    wide_encoding,
)
from harvesters.sheet_rows import MOST_COLUMNS
from harvesters.spreadsheet import Sheet, Workbook, open_workbook
from unioncat.core.errors import FileUnreadable
from unioncat.core.parse.columns import ColumnGuess, Role, guess_columns, mapping_of, name_key, roles_of
from unioncat.core.parse.list_header import Header, find_header

_HEAD_ROWS = 160
_HEAD_BYTES = 256 * 1024
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

ColumnPairs = tuple[tuple[str, str], ...]
"""A mapping as it is stored (`ReadingRules.columns`)."""
Row = tuple[int, list[str]]
"""The number of a row, as a person sees it, and its cells."""


@dataclass(frozen=True, slots=True)
class ListHead:
    """The beginning of a list, for the person who confirms what its columns hold.

    `rows` is how many rows come before the first record; `delimiter` and `encoding` are of a CSV file, `sheet` of a
    workbook.
    """

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    guesses: tuple[ColumnGuess, ...]
    rows: int
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None

    @property
    def mapping(self) -> ColumnPairs:
        """The guesses as `ReadingRules.columns`."""
        return mapping_of(self.guesses)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, or a CSV file: its rows can be read again and again."""

    rows: Callable[[], Iterator[Row]]
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


# --- what is a list -----------------------------------------------------------------------------------

_OTHER_FORMATS = re.compile(
    rb"\s*[<{\[]|\s*\d{5}[ -~]{7}\d{5}[ -~]{7}|\s*=LDR|\s*(?:###\s*)?#?Ldr |\s*\d{9} (?:LDR|FMT|\d{3})|%PDF|\x1f\x8b"
)
_SEPARATORS = re.compile(rb"[\x1d-\x1f]")
"""The separators of ISO 2709."""
_LIST_NAMES = (".csv", ".tsv", ".tab")
_BOOK_NAMES = (".xlsx", ".xlsm", ".xls", ".ods")


def is_list(head: bytes, name: str) -> bool:
    """Whether a file that begins so, and has this name, is for the list harvester: a workbook or a CSV file.

    Old workbooks (.xls) and those of other programs (.ods) count too, so that their sender is told what to do.
    """
    if head.startswith(_OLE):
        return True
    if head.startswith(_ZIP):
        return name.lower().endswith(_BOOK_NAMES) or b"[Content_Types].xml" in head or b"xl/" in head
    text = head.lstrip(b"\xef\xbb\xbf")
    if not wide_encoding(head) and (_OTHER_FORMATS.match(text) or _SEPARATORS.search(text)):
        return False
    lines = list(islice(text_lines(InMemory(head), name), 200))
    lines = lines[:-1] if len(lines) > 1 and not lines[-1].endswith("\n") else lines
    return _looks_like_list([line for line in lines if line.strip()], name.lower().endswith(_LIST_NAMES))


def _looks_like_list(lines: Sequence[str], is_named: bool) -> bool:
    """A header that names titles or ISBNs, or lines of ISBNs; of a file that is named as a list, columns are enough."""
    delimiter = sniff_delimiter(lines) or ","
    rows = [split_fields(line, delimiter) for line in lines]
    header = find_header(rows)
    roles = {guess.role for guess in _guess(rows, header)}
    if is_named:
        return bool(roles & {Role.TITLE, Role.ISBN}) or any(len(row) > 1 for row in rows)
    return Role.ISBN in roles or (Role.TITLE in roles and header.rows > 0 and len(roles) > 2)


# --- tables -------------------------------------------------------------------------------------------


@contextmanager
def open_tables(path: Path, name: str) -> Iterator[list[Table]]:
    """The tables of a file while it is open; raises FileUnreadable where it has none."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if head.startswith(_OLE):
            raise FileUnreadable(
                f"{name} is an old workbook (.xls) or is protected by a password; open it in a spreadsheet program,"
                " save it as .xlsx without a password, and deliver that"
            )
        if not head.startswith(_ZIP):
            yield [_csv_table(path, name)]
            return
        if b"opendocument" in head[:200]:
            raise FileUnreadable(f"{name} is an OpenDocument sheet; save it as .xlsx or CSV and deliver that")
        with open_workbook(path, name) as book:
            yield [_sheet_table(book, sheet) for sheet in book.sheets]
    except OSError as error:
        raise FileUnreadable(f"{name} cannot be read: {error.strerror or error}") from error


def _sheet_table(book: Workbook, sheet: Sheet) -> Table:
    return Table(lambda: book.rows(sheet), sheet=sheet.name)


def _csv_table(path: Path, name: str) -> Table:
    with _told_as_damaged(name), open_bytes(path) as stream:
        head = first_bytes(stream, _HEAD_BYTES)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise FileUnreadable(f"{name} is empty; deliver a list with a row for each publication")
    lines = [line for line in islice(text_lines(InMemory(head), name), 200) if line.strip()]
    delimiter = sniff_delimiter(lines) or ","

    def rows() -> Iterator[Row]:
        with _told_as_damaged(name), open_bytes(path) as stream:
            yield from rows_of(text_lines(stream, name), delimiter)

    return Table(rows, delimiter=delimiter, encoding=encoding_of(head))


@contextmanager
def _told_as_damaged(name: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, BadGzipFile) as error:
        raise FileUnreadable(f"{name} is a damaged gzip file ({error}); deliver it again") from error


# --- columns ------------------------------------------------------------------------------------------


def read_head(path: Path, display_name: str | None = None, columns: ColumnPairs = ()) -> ListHead:
    """The columns of a list with a guess for each, and its first rows; raises FileUnreadable where it is no list."""
    with open_tables(path, display_name or path.name) as tables:
        return lists_among(tables, columns, display_name or path.name)[0][1]


def lists_among(tables: Sequence[Table], columns: ColumnPairs, name: str) -> list[tuple[Table, ListHead]]:
    """Rule 1: the first table that is a list, and those with the same columns."""
    heads = [(table, _head_of(table, columns, name)) for table in tables]
    lists = [(table, head) for table, head in heads if _names_publications(head)]
    lists = [(table, head) for table, head in lists if head.rows] or lists
    if not lists:
        raise FileUnreadable(_no_list([head for _, head in heads], columns, name))
    first = {name_key(column) for column in lists[0][1].header}
    return [(table, head) for table, head in lists if {name_key(column) for column in head.header} == first]


def _head_of(table: Table, columns: ColumnPairs, name: str) -> ListHead:
    first = [cells for _, cells in islice(table.rows(), _HEAD_ROWS)]
    header = find_header(first, {name_key(column) for column, _ in columns})
    if len(header.names) > MOST_COLUMNS:
        raise FileUnreadable(
            f"{name} has {len(header.names)} columns; a list has {MOST_COLUMNS} at the most: save the list alone"
        )
    guesses = _confirmed(header, columns) if columns else _guess(first, header)
    sample = tuple(tuple(row) for row in first[header.rows :])
    return ListHead(header.names, sample, guesses, header.rows, table.delimiter, table.encoding, table.sheet)


def _guess(rows: Sequence[Sequence[str]], header: Header) -> tuple[ColumnGuess, ...]:
    return guess_columns(header.names, rows[header.rows :])


def _confirmed(header: Header, columns: ColumnPairs) -> tuple[ColumnGuess, ...]:
    roles = roles_of(columns)
    return tuple(
        ColumnGuess(name, roles.get(name_key(name), Role.IGNORED), "the mapping of the source says so")
        for name in header.names
    )


def _names_publications(head: ListHead) -> bool:
    """Whether it says which publications it means; a column of words alone, without a header, does not."""
    roles = {guess.role for guess in head.guesses}
    return Role.ISBN in roles or (Role.TITLE in roles and (head.rows > 0 or len(head.header) > 1))


def _no_list(heads: Sequence[ListHead], columns: ColumnPairs, name: str) -> str:
    fullest = max(heads, key=lambda head: len(head.header))
    found = ", ".join(f"'{column}'" for column in fullest.header[:20]) or "none"
    needed = [column for column, role in columns if role in (Role.TITLE, Role.ISBN)]
    if needed:
        return (
            f"{name} has no column {' or '.join(repr(column) for column in needed)}, from which titles or ISBNs are"
            f" taken; its columns are {found}: name them as before, or change the mapping of the source"
        )
    return (
        f"{name} has no column that seems to hold titles or ISBNs; its columns are {found}: name one of them"
        " 'Tên sách' or 'ISBN', or say in the mapping of the source which one it is"
    )
