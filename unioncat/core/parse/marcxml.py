"""MARCXML (loc.gov/standards/marcxml), with or without its namespace: tolerant in, strict out.

1. The record is the root, or the first `record` below it that has fields.
2. Values lose what XML pretty-printing adds around them in control fields; data stays as it is.
3. A field without a tag of three characters, a subfield without a code, and what is empty are left out.
"""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.parse.reading import Readable, Reading, Unreadable, mended_leader
from unioncat.core.parse.text import clean, is_code
from unioncat.core.parse.xml import Element, local_name, read_xml, text_of

NAMESPACE = "http://www.loc.gov/MARC21/slim"
_DEFAULT_NAMESPACE = cast("dict[str, str]", {None: NAMESPACE})


def parse_marcxml(raw: bytes) -> Reading:
    """Read one MARCXML record."""
    root = read_xml(raw)
    if isinstance(root, str):
        return Unreadable(f"the XML is broken: {root}")
    element = next((e for e in root.iter() if local_name(e) == "record" and _has_fields(e)), None)
    if element is None:
        return Unreadable(f"the XML has no MARCXML record with fields; its root is <{local_name(root)}>")
    leader = next((child.text or "" for child in element if local_name(child) == "leader"), "")
    leader, findings = mended_leader(
        clean(leader).replace('"', " ") if leader.startswith('"') else clean(leader)
    )
    return Readable(MarcRecord(leader, tuple(_fields(element))), findings)


def _has_fields(element: Element) -> bool:
    return any(local_name(child) in ("controlfield", "datafield") for child in element)


def _fields(record: Element) -> Iterator[MarcField]:
    for element in record:
        tag = element.get("tag", "")
        if len(tag) != 3 or not tag.isalnum() or not tag.isascii():
            continue
        if local_name(element) == "controlfield" and (value := clean(text_of(element))).strip():
            yield ControlField(tag, value)
        elif local_name(element) == "datafield" and (subfields := tuple(_subfields(element))):
            yield DataField(tag, _indicator(element, "ind1") + _indicator(element, "ind2"), subfields)


def _subfields(field: Element) -> Iterator[tuple[str, str]]:
    for element in field:
        code = element.get("code", "")
        if local_name(element) != "subfield" or not is_code(code):
            continue
        if value := clean(text_of(element)):
            yield code, value


def _indicator(field: Element, name: str) -> str:
    value = field.get(name, " ")
    return value if is_code(value) else " "


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
