"""Unqualified Dublin Core (oai_dc) as a MARC record, by a crosswalk table.

The crosswalk follows the Library of Congress's from Dublin Core to MARC where it has one field for an element.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from unioncat.core.marc import DEFAULT_LEADER, DataField, MarcRecord
from unioncat.core.parse.reading import Readable, Reading, Unreadable
from unioncat.core.parse.text import clean
from unioncat.core.parse.xml import local_name, read_xml

NAMESPACES = ("http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/")
_QUALIFIED = tuple(f"{{{space}}}" for space in NAMESPACES)


@dataclass(frozen=True, slots=True)
class Line:
    """One element: the field of its first value, of the others, and which values it is for."""

    element: str
    first: tuple[str, str, str]
    others: tuple[str, str, str]
    suits: Callable[[str], bool] = lambda value: True


def _line(element: str, field: str, others: str | None = None, suits: str = "") -> Line:
    pattern = re.compile(suits, re.IGNORECASE)
    parts = [(text[:3], text[3:5].replace("#", " "), text[5:]) for text in (field, others or field)]
    return Line(element, parts[0], parts[1], lambda value: bool(pattern.search(value)))


CROSSWALK = (
    _line("title", "24500a", "2463#a"),
    _line("creator", "1000#a", "7000#a"),
    _line("contributor", "7000#a"),
    _line("subject", "653##a"),
    _line("description", "520##a"),
    _line("publisher", "260##b"),
    _line("date", "260##c"),
    _line("type", "655#7a"),
    _line("format", "300##a"),
    _line("identifier", "85640u", suits=r"^https?://"),
    _line("identifier", "022##a", suits=r"^(issn:?\s*)?\d{4}-?\d{3}[\dx]$"),
    _line("identifier", "020##a", suits=r"^(urn:)?(isbn:?\s*)?(97[89][- ]?)?(\d[- ]?){9}[\dx]$"),
    _line("identifier", "0248#a"),
    _line("language", "041##a", suits=r"^[a-z]{3}$"),
    _line("language", "546##a"),
    _line("source", "786##n"),
    _line("relation", "787##n"),
    _line("coverage", "500##a"),
    _line("rights", "540##a"),
)
"""Tag, indicators (# is blank) and subfield; the first line that suits a value is used."""

_MATERIAL = (
    (re.compile(r"sound|audio|âm thanh", re.IGNORECASE), "i"),
    (re.compile(r"moving ?image|video|phim", re.IGNORECASE), "g"),
    (re.compile(r"image|photo|ảnh|tranh", re.IGNORECASE), "k"),
    (re.compile(r"\bmap|bản đồ", re.IGNORECASE), "e"),
    (re.compile(r"software|dataset|interactive", re.IGNORECASE), "m"),
)


def parse_dublin_core(raw: bytes) -> Reading:
    """Read one oai_dc record."""
    root = read_xml(raw)
    if isinstance(root, str):
        return Unreadable(f"the XML is broken: {root}")
    fields: list[DataField] = []
    leader = DEFAULT_LEADER
    used: set[str] = set()
    for element in root.iter():
        value = clean(element.text or "").strip()
        if not value or not str(element.tag).startswith(_QUALIFIED):
            continue
        name = local_name(element)
        line = next((line for line in CROSSWALK if line.element == name and line.suits(value)), None)
        if line is None:
            continue
        tag, indicators, code = line.others if name in used else line.first
        used.add(name)
        fields.append(DataField(tag, indicators, ((code, value),)))
        if name == "type":
            leader = _with_material(leader, value)
    if not fields:
        return Unreadable("the record has no Dublin Core element with a value")
    return Readable(MarcRecord(leader, tuple(sorted(_one_imprint(fields), key=lambda field: field.tag))))


def _with_material(leader: str, value: str) -> str:
    """Leader/06 from dc:type, where the type is not text."""
    found = next((code for pattern, code in _MATERIAL if pattern.search(value)), None)
    return leader if found is None else leader[:6] + found + leader[7:]


def _one_imprint(fields: list[DataField]) -> list[DataField]:
    """Publisher and first date stand in one 260."""
    imprint = [field for field in fields if field.tag == "260"]
    parts: dict[str, str] = {}
    for field in imprint:
        parts.setdefault(*field.subfields[0])
    rest = [field for field in fields if field.tag != "260"]
    return [*rest, DataField("260", "  ", tuple(sorted(parts.items())))] if parts else rest
