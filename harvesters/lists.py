"""Lists of libraries without MARC as feeds: title lists and ISBN lists in XLSX or CSV.

1. Each row becomes a delivered record: a JSON object of column names and texts as they are (`core/parse/rows.py`).
2. Its identifier is a name that it has in the next delivery too (`row_names.py`). Which names are unique is known only
   at the end of the list, so the rows wait in a temporary file until then.
3. A list of more than MOST_ROWS rows is read up to there, and then refused.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from harvesters.list_tables import ColumnPairs, ListHead, Table, is_list, lists_among, open_tables, read_head
from harvesters.row_names import NamesOfList, RowNames, names_of
from harvesters.sheet_rows import MOST_COLUMNS
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.parse.columns import Role
from unioncat.core.parse.list_header import column_letter, is_no_record
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

__all__ = ["MOST_ROWS", "PAGE", "ListHarvester", "ListHead", "is_list", "read_head"]

PAGE = 500
MOST_ROWS = 2_000_000
_PAGE_BYTES = 8 * 1024 * 1024

_Lists = Sequence[tuple[Table, ListHead]]
_ListRow = tuple[str, dict[str, str], RowNames]
"""Where a row stands, its filled cells by the names of their columns, and what it may be called."""


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
        """The records; what stopped the reading is added to `failures`."""
        with TemporaryFile("w+", encoding="utf-8", errors="replace") as waiting:
            names = NamesOfList()
            try:
                with open_tables(self._path, self._name) as tables:
                    for row in self._rows(lists_among(tables, self._columns, self._name)):
                        _put(row, waiting)
                        names.add(row[2])
            except FileUnreadable as failure:
                failures.append(failure)
            self._total = len(names)
            chooser = names.chooser()
            for raw, place, row_names in _waiting(waiting):
                yield DeliveredRecord(raw, RecordFormat.ROW, place, chooser.identifier(row_names))

    def _rows(self, lists: _Lists) -> Iterator[_ListRow]:
        count = 0
        for table, head in lists:
            place = f" of {self._name}" + (f", sheet {head.sheet}" if len(lists) > 1 else "")
            for row in _rows_of(table, head, place):
                count += 1
                if count > MOST_ROWS:
                    raise FileUnreadable(
                        f"{self._name} has more than {MOST_ROWS} rows; divide it into several files"
                    )
                yield row


def _put(row: _ListRow, waiting: IO[str]) -> None:
    place, cells, names = row
    raw = json.dumps(cells, ensure_ascii=False)
    waiting.write(json.dumps((raw, place, *astuple(names)), ensure_ascii=False) + "\n")


def _waiting(waiting: IO[str]) -> Iterator[tuple[bytes, str, RowNames]]:
    waiting.seek(0)
    for line in waiting:
        raw, place, *names = json.loads(line)
        yield raw.encode("utf-8"), place, RowNames(*names)


def _rows_of(table: Table, head: ListHead, place: str) -> Iterator[_ListRow]:
    """The rows of a table that are records, without their empty cells."""
    roles = {guess.name: guess.role for guess in head.guesses}
    ignored = {number for number, guess in enumerate(head.guesses) if guess.role is Role.IGNORED}
    for number, cells in islice(table.rows(), head.rows, None):
        if not is_no_record(cells, head.header, ignored):
            named = _by_name(cells, head.header)
            yield f"row {number}{place}", named, names_of(named, roles)


def _by_name(cells: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    """The filled cells by the names of their columns; cells beyond the header by their letter."""
    named = {name: cell for name, cell in zip(header, cells, strict=False) if cell.strip()}
    for place, cell in enumerate(cells[len(header) : MOST_COLUMNS], start=len(header)):
        if cell.strip():
            named.setdefault(column_letter(place), cell)
    if rest := [cell for cell in cells[MOST_COLUMNS:] if cell.strip()]:
        named[f"{column_letter(MOST_COLUMNS)} …"] = " ".join(rest)
    return named


def _take(records: Iterator[DeliveredRecord]) -> tuple[DeliveredRecord, ...]:
    """The next page: so many records, fewer when they are long."""
    page: list[DeliveredRecord] = []
    size = 0
    while len(page) < PAGE and size < _PAGE_BYTES and (record := next(records, None)):
        page.append(record)
        size += len(record.raw)
    return tuple(page)
