"""Search documents in the forms that other programs read: JSON lines, a table, RIS, BibTeX.

1. RIS (Research Information Systems, 2011): two letters, two blanks, a hyphen; ended by ER. Lines end with CR LF.
2. BibTeX: UTF-8 as biber reads it; braces around values, and before each sign that TeX would act upon a backslash.
3. A line break inside a value is a blank in all of them.
"""

import json
import re
from collections.abc import Iterator
from enum import StrEnum

from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_to_json
from unioncat.core.parse.marcxml import NAMESPACE
from unioncat.core.spreadsheet import BOM, table_line


class ExportForm(StrEnum):
    """The forms of a list of records. MARCXML comes from the store (`api/v1/export.py`)."""

    JSON_LINES = "jsonl"
    TABLE = "csv"
    RIS = "ris"
    BIBTEX = "bib"
    MARCXML = "marcxml"


_COLUMNS = (
    "id",
    "title",
    "subtitle",
    "responsibility",
    "edition",
    "place",
    "publisher",
    "year",
    "extent",
    "format",
    "languages",
    "isbns",
    "issns",
    "subjects",
    "libraries",
)
_RIS_TYPES = {
    "serial": "SER",
    "map": "MAP",
    "thesis": "THES",
    "article": "CHAP",
    "electronic": "EBOOK",
    "video": "VIDEO",
}
_RIS_TYPES |= {"audio": "SOUND", "score": "MUSIC", "image": "ART"}
_BIB_TYPES = {
    "thesis": "thesis",
    "serial": "periodical",
    "article": "inbook",
    "book": "book",
    "electronic": "book",
}
_TEX = re.compile(r"[\\{}$&#%_^~]")
_TEX_WORDS = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def export_head(form: ExportForm) -> str:
    """What stands before the first record."""
    match form:
        case ExportForm.TABLE:
            return BOM + table_line(_COLUMNS)
        case ExportForm.MARCXML:
            return f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{NAMESPACE}">\n'
    return ""


def export_tail(form: ExportForm) -> str:
    """What stands behind the last record."""
    return "</collection>\n" if form is ExportForm.MARCXML else ""


def export_record(document: SearchDocument, form: ExportForm) -> str:
    """One record; raises ValueError for MARCXML."""
    match form:
        case ExportForm.JSON_LINES:
            stated = document_to_json(document)
            return json.dumps({"id": stated.pop("master_id"), **stated}, ensure_ascii=False) + "\n"
        case ExportForm.TABLE:
            return table_line(_cells(document))
        case ExportForm.RIS:
            lines = (f"{tag}  - {_flat(value)}" for tag, value in _ris(document))
            return "\r\n".join((*lines, "ER  - ", "", ""))
        case ExportForm.BIBTEX:
            return _bibtex(document)
        case ExportForm.MARCXML:
            raise ValueError("MARCXML is not made of search documents")


def _cells(document: SearchDocument) -> Iterator[object]:
    yield document.master_id
    for name in _COLUMNS[1:]:
        value = getattr(document, name)
        yield _flat("; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value))


def _ris(document: SearchDocument) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS_TYPES.get(document.format, "BOOK")
    yield "ID", document.master_id
    yield "TI", _title(document)
    for name in document.contributors:
        yield "AU", name
    single = (
        ("ET", document.edition),
        ("CY", document.place),
        ("PB", document.publisher),
        ("PY", document.year and str(document.year)),
        ("SP", document.extent),
    )
    yield from ((tag, value) for tag, value in single if value)
    for tag, values in (
        ("SN", (*document.isbns, *document.issns)),
        ("T3", document.series),
        ("LA", document.languages),
        ("KW", document.subjects),
    ):
        yield from ((tag, value) for value in values)


def _bibtex(document: SearchDocument) -> str:
    stated = {
        "title": _title(document),
        "author": " and ".join(f"{{{name}}}" if " and " in name else name for name in document.contributors),
        "edition": document.edition,
        "location": document.place,
        "publisher": document.publisher,
        "year": document.year and str(document.year),
        "isbn": ", ".join(document.isbns),
        "issn": ", ".join(document.issns),
        "series": "; ".join(document.series),
        "keywords": ", ".join(document.subjects),
    }
    lines = [f"  {name} = {{{_tex(value)}}}," for name, value in stated.items() if value]
    return "\n".join(
        (f"@{_BIB_TYPES.get(document.format, 'misc')}{{{document.master_id},", *lines, "}", "", "")
    )


def _title(document: SearchDocument) -> str:
    return ": ".join(filter(None, (document.title, document.subtitle)))


def _tex(value: str) -> str:
    return _TEX.sub(lambda sign: _TEX_WORDS.get(sign[0], f"\\{sign[0]}"), _flat(value))


def _flat(value: str) -> str:
    return " ".join(value.split())
