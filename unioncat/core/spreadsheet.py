"""Tables that spreadsheet programs open: UTF-8 with a byte order mark, RFC 4180, and no cell that runs as a formula."""

import csv
import io
from collections.abc import Iterable

BOM = "\ufeff"
"""Before the first line, so that Vietnamese letters survive in Excel."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_line(cells: Iterable[object]) -> str:
    """One line with its end. What would run as a formula gets an apostrophe; nothing is an empty cell."""
    written = io.StringIO()
    csv.writer(written).writerow([_safe("" if cell is None else str(cell)) for cell in cells])
    return written.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
