"""The rows of one sheet of an XLSX workbook, from its XML in pieces.

1. A row is handed on as soon as it ends; columns beyond MOST_COLUMNS are left out.
2. Of a formula the value that was stored with it is read, of a date its ISO form, of a number all its digits.
3. A cell that is merged with cells below it says the same in each of their rows.
4. A document type declaration is refused, so that no entity is ever expanded.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.parsers.expat import ParserCreate

MOST_COLUMNS = 500
LONGEST_CELL = 40_000
"""More than a cell can hold (32,767); what is longer is told by the parser of rows."""
_MOST_MERGED = 100_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

Row = tuple[int, list[str]]
"""The number of a row, as the spreadsheet program shows it, and its cells from column A on."""
Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class CellValues:
    """What the cells of a workbook refer to: shared texts, the formats that show dates, and day 0."""

    texts: Sequence[str] = ()
    dates: frozenset[int] = frozenset()
    day_zero: datetime = datetime(1899, 12, 30)


def xml_parser(
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None,
    text: Callable[[str], None] | None,
) -> Callable[[bytes, bool], object]:
    """Takes XML in pieces (and whether it was the last) and tells of its elements by their local names."""
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    return lambda data, last: parser.Parse(data, last)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("it has a document type declaration, which no workbook needs")


class SheetReader:
    """Takes the XML of a sheet in pieces and gives the rows that are complete."""

    def __init__(self, values: CellValues, merged: dict[tuple[int, int], int]) -> None:
        self._values = values
        self._merged = merged
        self._going_down: dict[int, tuple[int, str]] = {}
        self._rows: list[Row] = []
        self._number = 0
        self._cells: dict[int, str] = {}
        self._column = -1
        self._kind = self._format = ""
        self._value: list[str] = []
        self._inside = ""
        self._spoken = False
        self._feed = xml_parser(self._start, self._end, self._text)

    def feed(self, chunk: bytes) -> None:
        """Take the next piece; raises ExpatError or ValueError where it is broken."""
        self._feed(chunk, False)

    def end(self) -> None:
        """No more pieces come; raises ExpatError where something is missing."""
        self._feed(b"", True)

    def take(self) -> list[Row]:
        """The rows that are complete and were not taken yet."""
        rows, self._rows = self._rows, []
        return rows

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            match = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _column_number(match[1]) if match else self._column + 1
            self._kind, self._format = attributes.get("t", "n"), attributes.get("s", "0")
            self._value = []
        elif tag == "row":
            stated = attributes.get("r", "")
            self._number = int(stated) if stated.isdecimal() and len(stated) < 8 else self._number + 1
            self._cells, self._column = {}, -1
        elif tag == "rPh":
            self._spoken = True
        self._inside = tag

    def _text(self, data: str) -> None:
        if self._inside in ("v", "t") and not self._spoken and len(self._value) < 1000:
            self._value.append(data[:LONGEST_CELL])

    def _end(self, tag: str) -> None:
        self._inside = ""
        if tag == "c" and self._value and 0 <= self._column < MOST_COLUMNS:
            if text := self._shown("".join(self._value)):
                self._cells[self._column] = text
        elif tag == "rPh":
            self._spoken = False
        elif tag == "row":
            self._fill_merged()
            if self._cells:
                width = max(self._cells) + 1
                self._rows.append((self._number, [self._cells.get(place, "") for place in range(width)]))

    def _fill_merged(self) -> None:
        """A cell that is merged with those below it says the same in each of their rows."""
        for column, (last, text) in list(self._going_down.items()):
            if self._number > last:
                del self._going_down[column]
            elif self._cells:
                self._cells.setdefault(column, text)
        for column, text in self._cells.items():
            if last_row := self._merged.get((self._number, column)):
                self._going_down[column] = last_row, text

    def _shown(self, value: str) -> str:
        if self._kind == "s":
            place = int(value) if value.strip().isdecimal() else -1
            return self._values.texts[place] if 0 <= place < len(self._values.texts) else ""
        if self._kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        if self._kind != "n":
            return value
        is_date = self._format.isdecimal() and int(self._format) in self._values.dates
        return _shown_number(value.strip(), self._values.day_zero if is_date else None)


def _shown_number(value: str, day_zero: datetime | None) -> str:
    """A number in full, or as a date."""
    try:
        number = float(value)
    except ValueError:
        return value
    if day_zero is not None and 1 <= number < 2_958_466:
        day = day_zero + timedelta(days=number)
        return day.date().isoformat() if number.is_integer() else day.isoformat(sep=" ", timespec="seconds")
    if number.is_integer() and abs(number) < 10**17:
        return value if value.isdecimal() else str(int(number))
    return f"{number:.15g}"


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')


def merged_downwards(chunks: Iterable[bytes]) -> dict[tuple[int, int], int]:
    """The last row of each cell that is merged with cells below it, by its row and column.

    They stand behind the rows, so the part is looked through before it is read.
    """
    found: dict[tuple[int, int], int] = {}
    before = b""
    for chunk in chunks:
        for column, first, _, last in _MERGED.findall(before + chunk):
            if int(last) > int(first) and len(found) < _MOST_MERGED:
                found[int(first), _column_number(column.decode())] = int(last)
        before = chunk[-100:]
    return found
