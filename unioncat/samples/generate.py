"""The records of the sample libraries: the same catalogue, written in each library's dialect; always the same."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import Any

from lxml import etree

from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.samples.dialects import Dialect, SampleLibrary

MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"
FIRST_DATESTAMP = datetime(2024, 1, 5, 8)

SETS = {"books": "Sách", "serials": "Báo và tạp chí", "other": "Tài liệu khác"}
_SET_OF_KIND = {"book": "books", "ebook": "books", "serial": "serials"}
_LEADERS = {"serial": "00000nas a2200000 a 4500", "map": "00000nem a2200000 a 4500"}
_BOOK_LEADER = "00000nam a2200000 a 4500"

_PUNCTUATION = {
    ("245", "n"): ".",
    ("245", "p"): ",",
    ("245", "b"): " :",
    ("245", "c"): " /",
    ("260", "b"): " :",
    ("260", "c"): ",",
    ("264", "b"): " :",
    ("264", "c"): ",",
    ("300", "c"): " ;",
}
"""ISBD: what stands at the end of a subfield before one of this code."""


@dataclass(frozen=True, slots=True)
class Part:
    """One volume of a publication in several."""

    number: int
    pages: int
    name: str | None = None
    isbn: str | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """One line of `catalogue.toml`; with `part` it is one volume."""

    title: str
    place: str
    publisher: str
    year: int
    held: str
    kind: str = "book"
    subtitle: str | None = None
    author: str | None = None
    heading: str | None = None
    corporate: str | None = None
    note: str | None = None
    edition: str | None = None
    pages: int | None = None
    size: int | None = None
    isbn: str | None = None
    issn: str | None = None
    language: str = "vie"
    original: str | None = None
    thesis: str | None = None
    url: str | None = None
    ddc: str = ""
    subjects: list[str] = field(default_factory=list)
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """One record as a provider serves it. A deleted one has neither MARCXML nor Dublin Core."""

    identifier: str
    datestamp: datetime
    set_spec: str
    marcxml: bytes
    dublin_core: dict[str, list[str]]
    deleted: bool = False


@cache
def publications() -> tuple[Publication, ...]:
    """The catalogue, volumes one by one."""
    entries = tomllib.loads((files(__package__) / "catalogue.toml").read_text("utf-8"))["book"]
    return tuple(publication for entry in entries for publication in _volumes(entry))


def records_of(library: SampleLibrary) -> Iterator[SampleRecord]:
    """All records of one library, among them a deletion in the first and a broken record in the third."""
    number = 0
    for publication in publications():
        if library.number in publication.held:
            for _ in range(_times_catalogued(publication, library.dialect)):
                number += 1
                yield _sample(publication, library, number)
    if library.number == "1":
        yield SampleRecord(_identifier(library, 9001), FIRST_DATESTAMP, "books", b"", {}, deleted=True)
    if library.number == "3":
        broken = f'<record xmlns="{MARC_NAMESPACE}"><leader>lost</leader></record>'.encode()
        yield SampleRecord(_identifier(library, 9002), FIRST_DATESTAMP, "books", broken, {"title": ["?"]})


def _volumes(entry: dict[str, Any]) -> Iterator[Publication]:
    parts = [Part(**part) for part in entry.pop("parts", [])]
    whole = Publication(**entry)
    if not parts:
        yield whole
    for part in parts:
        yield replace(whole, part=part, pages=part.pages, isbn=part.isbn)


def _times_catalogued(publication: Publication, dialect: Dialect) -> int:
    return 2 if dialect.record_per_copy and publication.year % 3 == 0 else 1


def _identifier(library: SampleLibrary, number: int) -> str:
    return f"oai:{library.isil.lower()}.example.org:{_control_number(library, number)}"


def _control_number(library: SampleLibrary, number: int) -> str:
    return f"{library.isil[-2:]}{number:06d}"


def _sample(publication: Publication, library: SampleLibrary, number: int) -> SampleRecord:
    marc = MarcRecord(
        _LEADERS.get(publication.kind, _BOOK_LEADER), tuple(_fields(publication, library, number))
    )
    return SampleRecord(
        identifier=_identifier(library, number),
        datestamp=FIRST_DATESTAMP + timedelta(minutes=number),
        set_spec=_SET_OF_KIND.get(publication.kind, "other"),
        marcxml=render_marcxml(marc),
        dublin_core=_dublin_core(publication, library.dialect),
    )


# --- MARC 21 ----------------------------------------------------------------------------------------


def _fields(publication: Publication, library: SampleLibrary, number: int) -> Iterator[MarcField]:
    yield ControlField("001", _control_number(library, number))
    yield ControlField("003", library.isil)
    if publication.kind == "ebook":
        yield ControlField("007", "cr |||||||||||")
    yield ControlField("008", _fixed_data(publication, library.dialect))
    for stated in chain(_description(publication, library.dialect), _holdings(publication, library, number)):
        yield _spelt(stated, library.dialect)


def _fixed_data(publication: Publication, dialect: Dialect) -> str:
    """MARC 008. A library with a default 008 says `s9999` and `und` of everything."""
    if dialect.default_008:
        return "240105s9999    xx            000 0 und d"
    country = "vm" if publication.language == "vie" else "xx"
    if publication.kind == "serial":
        return f"240105c{publication.year}9999{country} mr p       0   b0{publication.language} d"
    form = "o" if publication.kind == "ebook" else " "
    return f"240105s{publication.year}    {country}      {form}     000 0 {publication.language} d"


def _description(publication: Publication, dialect: Dialect) -> Iterator[DataField]:
    if publication.isbn and dialect.isbn:
        yield DataField("020", "  ", (("a", publication.isbn),))
    if publication.issn:
        yield DataField("022", "  ", (("a", publication.issn),))
    yield DataField("082", "04", (("a", publication.ddc), ("2", "14")))
    if publication.author:
        yield DataField("100", "1 ", (("a", _heading(publication, dialect)),))
    elif publication.corporate:
        yield DataField("110", "2 ", (("a", publication.corporate),))
    if publication.original:
        yield DataField("240", "10", (("a", publication.original),))
    yield _subfields("245", "10", _title(publication, dialect), dialect)
    if publication.edition:
        yield DataField("250", "  ", (("a", publication.edition),))
    indicators = " 1" if dialect.imprint == "264" else "  "
    yield _subfields(dialect.imprint, indicators, _imprint(publication, dialect), dialect)
    yield _subfields("300", "  ", _extent(publication, dialect), dialect)
    if publication.thesis:
        yield DataField(
            "502", "  ", (("a", f"{publication.thesis}: {publication.publisher}, {publication.year}"),)
        )
    for subject in publication.subjects:
        yield DataField("650", " 4", (("a", subject),))
    if publication.url:
        yield DataField("856", "40", (("u", publication.url),))


def _heading(publication: Publication, dialect: Dialect) -> str:
    """The entry of the author: foreign names have one form, Vietnamese names the library's."""
    return publication.heading or dialect.name(publication.author or "")


def _title(publication: Publication, dialect: Dialect) -> Iterator[tuple[str, str | None]]:
    part = publication.part
    designation = dialect.part.format(part.number) if part else None
    in_title = f". {designation}" if designation and dialect.part_in_title else ""
    yield "a", publication.title + in_title
    yield "n", None if in_title else designation
    yield "p", part.name if part else None
    yield "b", publication.subtitle
    yield "c", publication.note or publication.author or publication.corporate


def _imprint(publication: Publication, dialect: Dialect) -> Iterator[tuple[str, str | None]]:
    vietnamese = publication.language == "vie"
    yield "a", dialect.place(publication.place)
    yield "b", dialect.publisher.format(publication.publisher) if vietnamese else publication.publisher
    yield "c", f"{publication.year}-" if publication.kind == "serial" else str(publication.year)


def _extent(publication: Publication, dialect: Dialect) -> Iterator[tuple[str, str | None]]:
    if publication.kind == "map":
        yield "a", "1 bản đồ"
    elif publication.pages:
        yield "a", dialect.extent.format(publication.pages)
    else:
        yield "a", "tập"
    yield "c", f"{publication.size} cm" if publication.size else None


def _subfields(
    tag: str, indicators: str, values: Iterator[tuple[str, str | None]], dialect: Dialect
) -> DataField:
    """The field of the values that are there, with the library's punctuation."""
    given = [(code, value) for code, value in values if value is not None]
    marks = [_PUNCTUATION.get((tag, following), "") for _, (following, _) in pairwise(given)]
    if not dialect.isbd:
        return DataField(tag, indicators, tuple(given))
    ends = [*marks, ""]
    return DataField(tag, indicators, tuple((c, v + end) for (c, v), end in zip(given, ends, strict=True)))


def _spelt(stated: DataField, dialect: Dialect) -> DataField:
    return replace(stated, subfields=tuple((code, dialect.spell(value)) for code, value in stated.subfields))


def _holdings(publication: Publication, library: SampleLibrary, number: int) -> Iterator[DataField]:
    """One field a copy, in the field that the library's system uses; the copies differ in store and barcode."""
    if publication.kind == "ebook":
        return
    call_number = f"{publication.ddc} {publication.title[:2].upper()}"
    for copy in range(1 + number % 3):
        barcode = f"{library.isil[-2:]}{number:05d}{copy + 1}"
        store = "Kho mượn" if copy else "Kho đọc"
        yield _HOLDINGS[library.dialect.holdings](library.isil, store, call_number, barcode)


def _holding_852(isil: str, store: str, call_number: str, barcode: str) -> DataField:
    return DataField("852", "  ", (("a", isil), ("b", store), ("h", call_number), ("p", barcode)))


def _holding_952(isil: str, store: str, call_number: str, barcode: str) -> DataField:
    return DataField(
        "952",
        "  ",
        (("0", "0"), ("7", "0"), ("a", isil), ("b", isil), ("c", store), ("o", call_number), ("p", barcode)),
    )


def _holding_949(isil: str, store: str, call_number: str, barcode: str) -> DataField:
    return DataField("949", "  ", (("6", barcode), ("a", call_number), ("D", store)))


_HOLDINGS = {"852": _holding_852, "952": _holding_952, "949": _holding_949}


# --- what is served ---------------------------------------------------------------------------------


def render_marcxml(marc: MarcRecord) -> bytes:
    """The record as a MARCXML element."""
    record = etree.Element(f"{{{MARC_NAMESPACE}}}record", nsmap={"marc": MARC_NAMESPACE})
    _append(record, "leader", {}, marc.leader)
    for marc_field in marc.fields:
        if isinstance(marc_field, ControlField):
            _append(record, "controlfield", {"tag": marc_field.tag}, marc_field.value)
        else:
            first, second = marc_field.indicators[0], marc_field.indicators[1]
            data = _append(record, "datafield", {"tag": marc_field.tag, "ind1": first, "ind2": second})
            for code, value in marc_field.subfields:
                _append(data, "subfield", {"code": code}, value)
    return etree.tostring(record, encoding="unicode").encode()


def _append(
    parent: etree._Element, name: str, attributes: dict[str, str], text: str | None = None
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{MARC_NAMESPACE}}}{name}", attributes)
    element.text = text
    return element


def _dublin_core(publication: Publication, dialect: Dialect) -> dict[str, list[str]]:
    part = f". {dialect.part.format(publication.part.number)}" if publication.part else ""
    isbn = f"ISBN {publication.isbn}" if publication.isbn and dialect.isbn else None
    values: dict[str, list[str | None]] = {
        "title": [publication.title + part],
        "creator": [publication.author or publication.corporate],
        "subject": [*publication.subjects],
        "publisher": [dialect.publisher.format(publication.publisher)],
        "date": [str(publication.year)],
        "type": [publication.kind],
        "identifier": [isbn, publication.url],
        "language": [publication.language],
    }
    return {name: [dialect.spell(text) for text in texts if text] for name, texts in values.items()}
