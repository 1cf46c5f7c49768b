"""A row of a list (CSV, XLSX) as a brief MARC record.

The bytes of a row are a JSON object of column names and texts as they were delivered, without empty cells.

1. A row with a title is a record of abbreviated level (leader/17 = 3), so that a full record of another library wins.
2. A row with a valid ISBN or ISSN and no title needs the joint catalogue: with its record of that publication the row
   says the same about it, and has its own holdings; without it, the row goes back to its sender.
3. A row without title, ISBN and ISSN is no record, and neither is one with a cell longer than a spreadsheet allows.
"""

import json
from collections import defaultdict
from collections.abc import Mapping

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.parse.book_numbers import is_rounded, read_isbn13, read_issn
from unioncat.core.parse.column_names import Role
from unioncat.core.parse.columns import with_roles
from unioncat.core.parse.reading import Readable, Reading, Told, Unreadable, readable
from unioncat.core.parse.row_cells import Cells, is_nothing, one_line, parts_of
from unioncat.core.parse.row_fields import fields_of, isbn_parts, rounded_isbn

LONGEST_CELL = 32_767
"""What a cell of a spreadsheet can hold."""

_BRIEF = "00000nam a22000003  4500"
_BRIEF_SERIAL = "00000nas a22000003  4500"
_FROM_CATALOGUE = frozenset(
    (
        "007",
        "008",
        "041",
        "100",
        "110",
        "111",
        "130",
        "240",
        "245",
        "246",
        "250",
        "260",
        "264",
        "300",
        "336",
        "337",
        "338",
        "490",
        "502",
        "700",
        "710",
        "711",
        "773",
    )
)
"""What a row without a title says as the joint catalogue does: all that matching looks at."""

ColumnPairs = tuple[tuple[str, str], ...]
"""A mapping as it is stored (`ReadingRules.columns`)."""


def parse_row(raw: bytes, columns: ColumnPairs, found: MarcRecord | None = None) -> Reading:
    """Read one row; `found` is the joint catalogue's record of the publication that has the row's ISBN.

    Without a mapping the names of the columns tell their roles. Raises UnioncatError when the mapping cannot be used.
    """
    row = row_of(raw)
    if isinstance(row, Unreadable):
        return row
    told: Told = []
    cells = _cells(row, columns, told)
    if not cells.get(Role.TITLE):
        if found is None or _identifier(cells) is None:
            return _without_title(cells, row, columns)
        return Readable(_as_catalogued(cells, found))
    fields = fields_of(cells, told)
    serial = cells.get(Role.ISSN) and not cells.get(Role.ISBN)
    return readable(MarcRecord(_BRIEF_SERIAL if serial else _BRIEF, (*_number(cells), *fields)), told)


def isbn_of_row(raw: bytes, columns: ColumnPairs) -> str | None:
    """The first valid ISBN of a row as thirteen digits; None when it has none."""
    row = row_of(raw)
    if isinstance(row, Unreadable):
        return None
    return _isbn13(_cells(row, columns, []))


def row_of(raw: bytes) -> Mapping[str, str] | Unreadable:
    """The cells of a row by the names of their columns."""
    try:
        row = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return Unreadable(
            FindingKind.JSON, "this is no row of a list: it is not the JSON object that a row is kept as"
        )
    if not isinstance(row, dict) or not all(isinstance(text, str) for text in row.values()):
        return Unreadable(FindingKind.JSON, "this is no row of a list: a row has a text in each column")
    for name, text in row.items():
        if len(text) > LONGEST_CELL:
            said = f"the cell '{name[:60]}' has {len(text)} characters; a cell has {LONGEST_CELL} at the most"
            return Unreadable(FindingKind.TOO_LONG, f"{said}: look for a quotation mark that is not closed")
    return row


def _cells(row: Mapping[str, str], columns: ColumnPairs, told: Told) -> Cells:
    cells: defaultdict[Role, list[str]] = defaultdict(list)
    for name, role, text in with_roles(row, columns):
        if is_nothing(text):
            continue
        if role is None:
            said = f"the column '{one_line(name)[:60]}' has no role and was left out"
            told.append(Finding(FindingKind.UNMAPPED, said))
        elif role is not Role.IGNORED:
            cells[role].append(text)
    return cells


def _number(cells: Cells) -> tuple[ControlField, ...]:
    """MARC 001."""
    number = one_line(cells[Role.CONTROL_NUMBER][0]) if cells.get(Role.CONTROL_NUMBER) else ""
    return (ControlField("001", number),) if number else ()


def _isbn13(cells: Cells) -> str | None:
    return next(filter(None, map(read_isbn13, isbn_parts(cells))), None)


def _identifier(cells: Cells) -> str | None:
    """The ISBN or the ISSN of a row, in words."""
    if isbn13 := _isbn13(cells):
        return f"ISBN {isbn13}"
    issn = next(filter(None, map(read_issn, parts_of(cells.get(Role.ISSN, ()), ";,"))), None)
    return f"ISSN {issn}" if issn else None


def _without_title(cells: Cells, row: Mapping[str, str], columns: ColumnPairs) -> Unreadable:
    """Why a row without a title is no record, and what to do."""
    if number := _identifier(cells):
        said = f"the row has no title, and the joint catalogue has no publication with the {number}"
        return Unreadable(FindingKind.ROW_UNMATCHED, f"{said}; add the title, or check the number")
    wrong = next(iter((*isbn_parts(cells), *cells.get(Role.ISSN, ()))), None)
    if wrong is not None:
        said = (
            rounded_isbn(wrong)
            if is_rounded(wrong)
            else f"the number '{one_line(wrong)[:40]}' is no valid ISBN or ISSN"
        )
        return Unreadable(FindingKind.ISBN_CHECK_DIGIT, f"the row has no title, and {said}")
    known = {name for name, _ in columns}
    if columns and not known & set(row) and not cells:
        names = ", ".join(f"'{one_line(name)[:40]}'" for name in list(row)[:10])
        return Unreadable(
            FindingKind.ROW_EMPTY,
            f"none of the columns that have a role is in this row; it has {names or 'no cell'}",
        )
    return Unreadable(FindingKind.ROW_EMPTY, "the row has neither a title nor an ISBN")


def _as_catalogued(cells: Cells, found: MarcRecord) -> MarcRecord:
    """The joint catalogue's description with the row's numbers, notes and copies."""
    taken = [field for field in map(_unlinked, found.fields) if field.tag in _FROM_CATALOGUE]
    tags = {field.tag for field in taken}
    tags |= {"100", "110", "700", "710"} | ({"260", "264"} if tags & {"260", "264"} else set())
    own = [field for field in fields_of(cells, []) if field.tag not in tags]
    fields: list[MarcField] = sorted([*taken, *own], key=lambda field: field.tag)
    return MarcRecord(f"00000{found.leader[5:8].ljust(3)} a22000003  4500", (*_number(cells), *fields))


def _unlinked(field: MarcField) -> MarcField:
    """A field without its link to another script (MARC 880), which stays behind."""
    if not isinstance(field, DataField):
        return field
    return DataField(field.tag, field.indicators, tuple(pair for pair in field.subfields if pair[0] != "6"))
