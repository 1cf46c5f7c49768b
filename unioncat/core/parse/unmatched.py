"""Rows that could not be used go back to their sender as a table (CSV) that a spreadsheet program opens.

1. The first column says why ("Lý do"), the last time only; the others are the columns of the list, in the order in which
   they come up.
2. UTF-8 with a byte order mark, so that Vietnamese letters survive in Excel; fields parted by commas (RFC 4180).
3. A cell that a spreadsheet would run as a formula (= + - @, tab or carriage return first) gets an apostrophe.
"""

from collections.abc import Iterable, Iterator, Mapping

from unioncat.core.parse.reading import Unreadable
from unioncat.core.parse.rows import row_of
from unioncat.core.spreadsheet import BOM, table_line

REASON = "Lý do"
_WHOLE = "Dòng"
"""The column for what is no row."""


def unmatched_csv(rows: Iterable[tuple[bytes, str]]) -> Iterator[str]:
    """The lines of the table, from rows as they were delivered, each with its reason."""
    read = [(_cells(raw), reason) for raw, reason in rows]
    names = list(dict.fromkeys(name for cells, _ in read for name in cells if name != REASON))
    yield BOM + table_line([REASON, *names])
    for cells, reason in read:
        yield table_line([reason, *(cells.get(name, "") for name in names)])


def _cells(raw: bytes) -> Mapping[str, str]:
    row = row_of(raw)
    return {_WHOLE: raw.decode("utf-8", "replace")} if isinstance(row, Unreadable) else row
