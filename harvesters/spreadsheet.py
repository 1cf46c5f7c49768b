"""The rows of an XLSX workbook (ISO/IEC 29500-1, SpreadsheetML), read as a stream, for files that nobody vouches for.

1. Only the values are read, as text: of a formula the value that was stored with it, of a date its ISO form, of a
   number all its digits.
2. Refused are archives that unfold to more than MOST_BYTES or MOST_RATIO times their size, document type
   declarations (so that no entity is ever expanded), and more shared text than MOST_TEXT.
3. A row is handed on as soon as it ends: what is kept is one row, the shared texts and the formats.

It is read here and not by a library because those that are fast lay out the whole sheet in memory, a sheet of two
cells at its far ends too, and the others cannot bound the shared texts.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.parsers.expat import ExpatError

from harvesters.sheet_rows import (
    LONGEST_CELL,
    Attributes,
    CellValues,
    Row,
    SheetReader,
    merged_downwards,
    xml_parser,
)
from unioncat.core.errors import FileUnreadable

MOST_BYTES = 1024**3
MOST_RATIO = 200
MOST_TEXT = 256 * 1024 * 1024
_MOST_PARTS = 10_000
_SMALL = 10 * 1024 * 1024
"""Workbooks that unfold to less are never a danger, however well they are packed."""
_CHUNK = 256 * 1024


_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, LookupError, RuntimeError, NotImplementedError, ExpatError, struct.error,
    ValueError, OverflowError,
)  # fmt: skip
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its name and the part of the archive that holds it."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Workbook:
    """An open workbook. `sheets` are those that are not hidden, in their order."""

    name: str
    archive: zipfile.ZipFile
    sheets: tuple[Sheet, ...]
    values: CellValues

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet that have a filled cell; raises FileUnreadable where the sheet is damaged.

        Merged cells are told behind the rows, so the sheet is looked through before it is read.
        """
        with _told(self.name):
            reader = SheetReader(self.values, merged_downwards(_chunks(self.archive, sheet.part)))
            for chunk in _chunks(self.archive, sheet.part):
                reader.feed(chunk)
                yield from reader.take()
            reader.end()
            yield from reader.take()


@contextmanager
def open_workbook(path: Path, name: str) -> Iterator[Workbook]:
    """Open a workbook; raises FileUnreadable where it is none, is damaged, or unfolds to too much."""
    with _told(name), zipfile.ZipFile(path) as archive:
        _check_size(archive, name)
        yield _read_workbook(archive, name)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise FileUnreadable(
            f"{name} is a damaged or protected XLSX workbook ({error}); open it in a spreadsheet program, save it"
            " again as .xlsx without a password, and deliver it again"
        ) from error


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    packed = sum(part.compress_size for part in parts)
    unfolded = sum(part.file_size for part in parts)
    too_dense = unfolded > _SMALL and unfolded > packed * MOST_RATIO
    if len(parts) > _MOST_PARTS or unfolded > MOST_BYTES or too_dense:
        raise FileUnreadable(
            f"{name} unfolds from {packed} to {unfolded} bytes in {len(parts)} parts, which no list of books does;"
            " save the list alone in a new workbook, or as CSV, and deliver that"
        )


# --- the parts of the archive -------------------------------------------------------------------------


def _read_workbook(archive: zipfile.ZipFile, name: str) -> Workbook:
    main = next(
        (part for kind, part in _relations(archive, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    relations = _relations(archive, main)
    sheets, day_zero = _sheets(archive, main, relations)
    if not sheets:
        raise ValueError("it has no visible sheet")
    of_kind = dict(relations.values())
    dates = _date_formats(archive, of_kind["styles"]) if "styles" in of_kind else frozenset()
    texts = _shared_texts(archive, of_kind["sharedStrings"], name) if "sharedStrings" in of_kind else []
    return Workbook(name, archive, sheets, CellValues(texts, dates, day_zero))


def _sheets(
    archive: zipfile.ZipFile, main: str, relations: dict[str, tuple[str, str]]
) -> tuple[tuple[Sheet, ...], datetime]:
    """The visible sheets, and the day from which the workbook counts."""
    found: list[Sheet] = []
    day_zero = [datetime(1899, 12, 30)]

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            kind, part = relations.get(_relation_of(attributes), ("", ""))
            found.extend([Sheet(attributes.get("name", "?"), part)] if kind == "worksheet" else [])
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            day_zero[0] = datetime(1904, 1, 1)

    _parse(archive, main, start)
    return tuple(found), day_zero[0]


def _relation_of(attributes: Attributes) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


def _relations(archive: zipfile.ZipFile, source: str) -> dict[str, tuple[str, str]]:
    """Kind and part of the relations of a part (of the archive itself: "") by their identifiers."""
    folder, _, file = source.rpartition("/")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            place = _joined("" if target.startswith("/") else folder, target)
            found[attributes.get("Id", "")] = attributes.get("Type", "").rsplit("/", 1)[-1], place

    part = _joined(folder, f"_rels/{file}.rels")
    if part in archive.NameToInfo:
        _parse(archive, part, start)
    return found


def _joined(folder: str, target: str) -> str:
    parts: list[str] = []
    for step in f"{folder}/{target}".split("/"):
        if step == "..":
            parts[-1:] = []
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts)


def _date_formats(archive: zipfile.ZipFile, part: str) -> frozenset[int]:
    """The cell formats whose number format shows a date."""
    own: dict[str, str] = {}
    formats: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        inside.append(tag)
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:255]
        elif tag == "xf" and inside[-2:-1] == ["cellXfs"]:
            formats.append(attributes.get("numFmtId", "0"))

    _parse(archive, part, start, lambda tag: inside.__delitem__(-1))
    return frozenset(place for place, number in enumerate(formats) if _is_date(number, own.get(number)))


def _is_date(number: str, code: str | None) -> bool:
    if code is None:
        return number.isdecimal() and int(number) in _DATE_FORMATS
    return re.search("[ymdYMD]", _QUOTED.sub("", code)) is not None and "General" not in code


def _shared_texts(archive: zipfile.ZipFile, part: str, name: str) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    size = 0
    inside: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        inside.append(tag)
        if tag == "si":
            pieces.clear()

    def end(tag: str) -> None:
        nonlocal size
        inside.pop()
        if tag == "si":
            texts.append("".join(pieces))
            size += len(texts[-1]) + 64
            if size > MOST_TEXT:
                raise FileUnreadable(
                    f"{name} holds more text than any list; divide it into several workbooks"
                )

    def text(data: str) -> None:
        if inside[-1:] == ["t"] and "rPh" not in inside and len(pieces) < LONGEST_CELL:
            pieces.append(data[:LONGEST_CELL])

    _parse(archive, part, start, end, text)
    return texts


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell the elements of a part by their local names."""
    parser = xml_parser(start, end, text)
    for chunk in _chunks(archive, part):
        parser(chunk, False)
    parser(b"", True)
