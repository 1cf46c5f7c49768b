"""MARCXML (loc.gov/standards/marcxml) and MarcXchange, with or without their namespaces: tolerant in, strict out.

1. The record is the root, or the first `record` below it that has fields.
2. A line break with the blanks around it is pretty-printing: nothing at the ends of a value, a blank within.
3. What makes a field is said in `fields`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree

from unioncat.core.findings import FindingKind
from unioncat.core.marc import ControlField, MarcField, MarcRecord
from unioncat.core.parse.fields import subfield_field, value_field
from unioncat.core.parse.reading import Reading, Told, Unreadable, readable, uniform_leader
from unioncat.core.parse.xml import Element, read_xml, text_of

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_DEFAULT_NAMESPACE = cast("dict[str, str]", {None: NAMESPACE})
_LINE_BREAK = re.compile(r"[ \t]*[\r\n]\s*")


def parse_marcxml(raw: bytes) -> Reading:
    """Read one MARCXML record."""
    told: Told = []
    root = read_xml(raw, told)
    if isinstance(root, str):
        return Unreadable(FindingKind.XML, f"the XML is broken: {root}")
    record = next((e for e in root.iter() if _name(e.tag) == "record" and _has_fields(e)), None)
    if record is None:
        return Unreadable(
            FindingKind.NOT_A_RECORD,
            f"there is no MARCXML record with fields in the element <{_name(root.tag)}>",
        )
    leader = next((_value(child) for child in record if _name(child.tag) == "leader"), "")
    leader = uniform_leader(leader, told)
    fields = tuple(field for field in _fields(record, told) if field)
    if not fields:
        return Unreadable(FindingKind.NOT_A_RECORD, "the record has only fields without contents")
    return readable(MarcRecord(leader, fields), told)


def _has_fields(element: Element) -> bool:
    return any(_name(child.tag) in ("controlfield", "datafield") for child in element)


def _fields(record: Element, told: Told) -> Iterator[MarcField | None]:
    for element in record:
        name = _name(element.tag)
        if name == "datafield":
            indicators = (element.get("ind1", " "), element.get("ind2", " "))
            subfields = [(e.get("code", ""), _value(e)) for e in element if _name(e.tag) == "subfield"]
            yield subfield_field(element.get("tag", ""), indicators, subfields, told)
        elif name == "controlfield":
            yield value_field(element.get("tag", ""), _value(element), told)


@lru_cache(maxsize=256)
def _name(qualified: object) -> str:
    """The tag of an element without its namespace: the same few come again and again."""
    return str(qualified).rpartition("}")[2]


def _value(element: Element) -> str:
    text = text_of(element)
    if "\n" not in text and "\r" not in text:
        return text
    return " ".join(part for part in _LINE_BREAK.split(text) if part.strip())


def render_marcxml(record: MarcRecord) -> bytes:
    """Write a record as a MARCXML document in UTF-8."""
    root = etree.Element(f"{{{NAMESPACE}}}record", nsmap=_DEFAULT_NAMESPACE)
    etree.SubElement(root, f"{{{NAMESPACE}}}leader").text = record.leader
    for field in record.fields:
        if isinstance(field, ControlField):
            etree.SubElement(root, f"{{{NAMESPACE}}}controlfield", tag=field.tag).text = field.value
            continue
        one, two = field.indicators[0], field.indicators[1]
        element = etree.SubElement(root, f"{{{NAMESPACE}}}datafield", tag=field.tag, ind1=one, ind2=two)
        for code, value in field.subfields:
            etree.SubElement(element, f"{{{NAMESPACE}}}subfield", code=code).text = value
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
