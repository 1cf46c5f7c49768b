"""Dublin Core (oai_dc) as a MARC record, by a crosswalk table.

1. Each value goes to the field of the first line of the table that suits it. It follows the Library of Congress's
   crosswalk from unqualified Dublin Core to MARC, with lines of their own for identifiers and languages.
2. First publisher and date of publication stand together in one 260. Of several dates (repositories add those of
   their own work) the first without a time of day is the one of publication; the others become notes.
3. Leader/06 follows dc:type, leader/07 says monograph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import DEFAULT_LEADER, DataField, MarcField, MarcRecord
from unioncat.core.parse.fields import subfield_field
from unioncat.core.parse.reading import Reading, Told, Unreadable, readable
from unioncat.core.parse.text import clean
from unioncat.core.parse.xml import Element, local_name, read_xml, text_of

_ANY = re.compile("")
_TIME_OF_DAY = re.compile(r"\dT\d")
_NAMESPACE = re.compile(r"\{http://purl\.org/dc/(elements/1\.1|terms)/\}")


@dataclass(frozen=True, slots=True)
class Line:
    """An element, the field of its first value, the field of the others, and the values it is for.

    A field is written tag, indicators (# is blank), subfield code.
    """

    element: str
    first: str
    others: str
    suits: re.Pattern[str] = _ANY


def _line(element: str, first: str, others: str | None = None, suits: str = "") -> Line:
    return Line(element, first, others or first, re.compile(suits, re.IGNORECASE))


CROSSWALK = (
    _line("title", "24500a", "2463#a"),
    _line("alternative", "2463#a"),
    _line("creator", "1000#a", "7000#a"),
    _line("contributor", "7000#a"),
    _line("subject", "653##a"),
    _line("description", "520##a"),
    _line("abstract", "520##a"),
    _line("publisher", "260##b"),
    _line("date", "260##c", "500##a"),
    _line("issued", "260##c", "500##a"),
    _line("type", "655#4a"),
    _line("format", "856##q", suits=r"^[a-z]+/[\w.+-]+$"),
    _line("format", "300##a"),
    _line("extent", "300##a"),
    _line("identifier", "0247#a", suits=r"^(doi:|https?://(dx\.)?doi\.org/)10\."),
    _line("identifier", "85640u", suits=r"^https?://"),
    _line("identifier", "022##a", suits=r"^(urn:)?(issn[: ]*)?\d{4}-?\d{3}[\dx]$"),
    _line("identifier", "020##a", suits=r"^(urn:)?(isbn[: ]*)?(97[89][- ]?)?(\d[- ]?){9}[\dx]$"),
    _line("identifier", "0248#a"),
    _line("language", "041##a", suits=r"^[a-z]{3}$"),
    _line("language", "546##a"),
    _line("source", "786##n"),
    _line("relation", "787##n"),
    _line("coverage", "500##a"),
    _line("rights", "540##a"),
)

_LANGUAGES = {
    "vi": "vie",
    "en": "eng",
    "fr": "fre",
    "de": "ger",
    "ru": "rus",
    "zh": "chi",
    "ja": "jpn",
    "ko": "kor",
}
"""ISO 639-1, with or without a country, to the MARC code list."""

_MATERIAL = (
    (re.compile(r"sound|audio|âm thanh", re.IGNORECASE), "i"),
    (re.compile(r"moving ?image|video|phim", re.IGNORECASE), "g"),
    (re.compile(r"image|photo|ảnh|tranh", re.IGNORECASE), "k"),
    (re.compile(r"\bmap|bản đồ", re.IGNORECASE), "e"),
    (re.compile(r"software|dataset|interactive", re.IGNORECASE), "m"),
)

Value = tuple[str, str]


def parse_dublin_core(raw: bytes) -> Reading:
    """Read one oai_dc record."""
    told: Told = []
    root = read_xml(raw, told)
    if isinstance(root, str):
        return Unreadable(FindingKind.XML, f"the XML is broken: {root}")
    values = list(_values(root))
    fields = _one_imprint([field for field in _fields(values, told) if isinstance(field, DataField)])
    if not fields:
        return Unreadable(FindingKind.NOT_A_RECORD, "the record has no Dublin Core element with a value")
    return readable(MarcRecord(_leader(values), tuple(sorted(fields, key=lambda field: field.tag))), told)


def _values(root: Element) -> Iterator[Value]:
    """Element names and values; an element without a namespace counts inside `dc`."""
    anywhere = local_name(root) == "dc"
    for element in root.iter():
        value = clean(text_of(element)).strip() if not len(element) else ""
        if value and (anywhere or _NAMESPACE.match(str(element.tag))):
            yield local_name(element), value


def _fields(values: list[Value], told: Told) -> Iterator[MarcField | None]:
    used: set[str] = set()
    published = _date_of_publication(values)
    for name, value in values:
        if name == "language":
            value = _LANGUAGES.get(re.split("[-_]", value.lower())[0], value)
        line = next((line for line in CROSSWALK if line.element == name and line.suits.search(value)), None)
        if line is None:
            told.append(
                Finding(
                    FindingKind.UNMAPPED, f"the element {name[:30]} has no place in MARC and was left out"
                )
            )
            continue
        is_first = line.first not in used and (
            line.first[:3] != "260" or name == "publisher" or value == published
        )
        used |= {line.first} if is_first else set()
        to = line.first if is_first else line.others
        yield subfield_field(to[:3], to[3:5].replace("#", " "), ((to[5], value),), told)


def _date_of_publication(values: list[Value]) -> str | None:
    dates = [value for name, value in values if name in ("date", "issued")]
    return next((date for date in dates if not _TIME_OF_DAY.search(date)), dates[0] if dates else None)


def _leader(values: list[Value]) -> str:
    types = " ".join(value for name, value in values if name == "type")
    code = next((code for pattern, code in _MATERIAL if pattern.search(types)), DEFAULT_LEADER[6])
    return DEFAULT_LEADER[:6] + code + DEFAULT_LEADER[7:]


def _one_imprint(fields: list[DataField]) -> list[DataField]:
    publishers = [field for field in fields if field.tag == "260" and field.get("b")]
    dates = [field for field in fields if field.tag == "260" and field.get("c")]
    if not publishers or not dates:
        return fields
    imprint = DataField("260", "  ", publishers[0].subfields + dates[0].subfields)
    rest = [field for field in fields if field is not publishers[0] and field is not dates[0]]
    return [imprint, *rest]
