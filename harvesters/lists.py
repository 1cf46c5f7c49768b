"""Lists of libraries without MARC as feeds: title lists and ISBN lists in XLSX or CSV.

1. Each row becomes a delivered record: a JSON object of column names and texts as they are (`core/parse/rows.py`).
2. A row is named by its control number where no other row has that; else by what it says about the publication and its
   copies, so that the rows of the next delivery may come in any order. Rows that say the same there are told apart by
   all their cells, and true duplicates by a count.
3. A list of more than MOST_ROWS rows is read up to there, and then refused.
"""

import asyncio
import hashlib
import json
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from harvesters.list_tables import ColumnPairs, ListHead, Table, is_list, lists_among, open_tables, read_head
from harvesters.sheet_rows import MOST_COLUMNS
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.parse.book_numbers import read_isbn13
from unioncat.core.parse.columns import Role, name_key
from unioncat.core.parse.list_header import column_letter, is_no_record
from unioncat.core.parse.row_cells import is_nothing, one_line
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

__all__ = ["MOST_ROWS", "PAGE", "ListHarvester", "ListHead", "is_list", "read_head"]

PAGE = 500
MOST_ROWS = 2_000_000
_PAGE_BYTES = 8 * 1024 * 1024
_LONGEST_NUMBER = 100
_NAMING = (
    Role.TITLE, Role.TITLE_REST, Role.AUTHORS, Role.YEAR, Role.VOLUME, Role.ISBN, Role.ISSN, Role.BARCODE,
)  # fmt: skip
"""What a row is named by (rule 2)."""


@dataclass(frozen=True, slots=True)
class _ListRow:
    """A row that is a record: its cells by name and role, and where it stands."""

    cells: dict[str, str]
    roles: dict[str, Role]
    place: str

    def texts(self, role: Role) -> list[str]:
        return [text for name, text in self.cells.items() if self.roles.get(name) is role]

    def content(self) -> DeliveredRecord:
        raw = json.dumps(self.cells, ensure_ascii=False).encode("utf-8", "replace")
        return DeliveredRecord(raw, RecordFormat.ROW, self.place)


@dataclass(slots=True)
class _Survey:
    """What must be known of all rows before the first can be named: names that are not unique, and the number."""

    rows: int = 0
    numbers: "array[int]" = field(default_factory=lambda: array("Q"))
    contents: "array[int]" = field(default_factory=lambda: array("Q"))

    def add(self, row: _ListRow) -> None:
        self.rows += 1
        self.numbers.append(_short_hash(_number_of(row)))
        self.contents.append(_short_hash(_content_of(row)))


class ListHarvester:
    """The rows of a list; a `Harvester`.

    `columns` is the mapping of the source (`ReadingRules.columns`); without one the columns are guessed. A checkpoint
    counts the records delivered so far; resuming skips them.
    """

    def __init__(self, path: Path, columns: ColumnPairs = (), display_name: str | None = None) -> None:
        self._path = path
        self._columns = columns
        self._name = display_name or path.name
        self._total = 0

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield pages of records; raises FileUnreadable, for a damaged file after what could be read."""
        delivered = int(resume.state.get("records", 0)) if resume else 0
        failures: list[FileUnreadable] = []
        with closing(self._records(failures)) as everything:
            records = islice(everything, delivered, None)
            while page := await asyncio.to_thread(_take, records):
                delivered += len(page)
                yield HarvestPage(page, Checkpoint({"records": str(delivered)}), self._total)
        if failures:
            raise failures[0]
        if delivered == 0:
            raise FileUnreadable(
                f"{self._name} has a header and no rows; deliver a list with a row for each publication"
            )

    def _records(self, failures: list[FileUnreadable]) -> Generator[DeliveredRecord, None, None]:
        try:
            with open_tables(self._path, self._name) as tables:
                lists = lists_among(tables, self._columns, self._name)
                survey = self._survey(lists)
                self._total = survey.rows
                yield from _named(self._rows(lists), _repeated(survey.numbers), _repeated(survey.contents))
        except FileUnreadable as failure:
            failures.append(failure)

    def _survey(self, lists: Sequence[tuple[Table, ListHead]]) -> _Survey:
        survey = _Survey()
        try:
            for row in self._rows(lists):
                survey.add(row)
        except FileUnreadable:
            return survey  # what can be read is delivered first; the fault comes up again after it
        return survey

    def _rows(self, lists: Sequence[tuple[Table, ListHead]]) -> Iterator[_ListRow]:
        count = 0
        for table, head in lists:
            place = f" of {self._name}" + (f", sheet {head.sheet}" if len(lists) > 1 else "")
            for row in _records_of(table, head, place):
                count += 1
                if count > MOST_ROWS:
                    raise FileUnreadable(
                        f"{self._name} has more than {MOST_ROWS} rows; divide it into several files"
                    )
                yield row


def _records_of(table: Table, head: ListHead, place: str) -> Iterator[_ListRow]:
    """The rows of a table that are records, without their empty cells."""
    roles = {guess.name: guess.role for guess in head.guesses}
    ignored = {number for number, guess in enumerate(head.guesses) if guess.role is Role.IGNORED}
    for number, cells in islice(table.rows(), head.rows, None):
        if not is_no_record(cells, head.header, ignored):
            yield _ListRow(_by_name(cells, head.header), roles, f"row {number}{place}")


def _by_name(cells: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    """The filled cells by the names of their columns; cells beyond the header by their letter."""
    named = {name: cell for name, cell in zip(header, cells, strict=False) if cell.strip()}
    for place, cell in enumerate(cells[len(header) : MOST_COLUMNS], start=len(header)):
        if cell.strip():
            named.setdefault(column_letter(place), cell)
    if rest := [cell for cell in cells[MOST_COLUMNS:] if cell.strip()]:
        named[f"{column_letter(MOST_COLUMNS)} …"] = " ".join(rest)
    return named


def _named(
    rows: Iterator[_ListRow], known_numbers: frozenset[int], known_contents: frozenset[int]
) -> Iterator[DeliveredRecord]:
    """The records with their identifiers (rule 2)."""
    counts: Counter[bytes] = Counter()
    for row in rows:
        delivered = row.content()
        number, content = _number_of(row), _content_of(row)
        if number and len(number) <= _LONGEST_NUMBER and _short_hash(number) not in known_numbers:
            identifier = number
        elif content and _short_hash(content) not in known_contents:
            identifier = f"row-{_hash(content, 12).hex()}"
        else:
            whole = _hash(_whole_of(row), 12)
            counts[whole] += 1
            identifier = f"row-{whole.hex()}" + (f"-{counts[whole]}" if counts[whole] > 1 else "")
        yield DeliveredRecord(delivered.raw, delivered.format, delivered.place, identifier)


def _number_of(row: _ListRow) -> str:
    numbers = row.texts(Role.CONTROL_NUMBER)
    return one_line(numbers[0]) if numbers and not is_nothing(numbers[0]) else ""


def _content_of(row: _ListRow) -> str:
    """What a row is named by; empty when it says nothing of that."""
    texts = [[_folded(text) for text in row.texts(role)] for role in _NAMING]
    return json.dumps(texts) if any(texts) else ""


def _whole_of(row: _ListRow) -> str:
    """All cells but those that no record takes, such as running numbers."""
    cells = ((name, text) for name, text in row.cells.items() if row.roles.get(name) is not Role.IGNORED)
    return json.dumps(sorted((name_key(name), _folded(text)) for name, text in cells))


def _folded(text: str) -> str:
    isbn = read_isbn13(text) if len(text) < 30 else None
    return isbn or " ".join(text.casefold().split())


def _hash(text: str, size: int) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=size).digest()


def _short_hash(text: str) -> int:
    return int.from_bytes(_hash(text, 8), "big") if text else 0


_PARTS = 8


def _repeated(hashes: "array[int]") -> frozenset[int]:
    """The values that stand there twice; a part after the other, so that little memory is needed."""
    repeated: set[int] = set()
    for part in range(_PARTS):
        seen: set[int] = set()
        for one in hashes:
            if one and one % _PARTS == part:
                (repeated if one in seen else seen).add(one)
    return frozenset(repeated)


def _take(records: Iterator[DeliveredRecord]) -> tuple[DeliveredRecord, ...]:
    """The next page: so many records, fewer when they are long."""
    page: list[DeliveredRecord] = []
    size = 0
    while len(page) < PAGE and size < _PAGE_BYTES and (record := next(records, None)):
        page.append(record)
        size += len(record.raw)
    return tuple(page)
