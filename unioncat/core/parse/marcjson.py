"""MARC-in-JSON: `{"leader", "fields": [{"001": "…"}, {"245": {"ind1", "ind2", "subfields": [{"a": "…"}]}}]}`.

Also read are fields of the form `{"tag", "value"}` and `{"tag", "ind1", "ind2", "subfields": [{"code", "value"}]}`.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import ControlField, MarcField, MarcRecord
from unioncat.core.parse.fields import subfield_field, value_field
from unioncat.core.parse.reading import Reading, Told, Unreadable, readable, uniform_leader


def parse_marcjson(raw: bytes) -> Reading:
    """Read one record from the bytes of a JSON object."""
    try:
        value = json.loads(raw.decode("utf-8-sig"), strict=False)
    except (ValueError, RecursionError) as error:
        return Unreadable(FindingKind.JSON, f"the JSON is broken: {error}")
    return marc_from_json(value)


def marc_from_json(value: object) -> Reading:
    """Read one record from a JSON value."""
    if not isinstance(value, Mapping) or not isinstance(value.get("fields"), list):
        return Unreadable(FindingKind.JSON, 'the JSON is not a MARC-in-JSON record: it has no list "fields"')
    told: Told = []
    leader = uniform_leader(_text(value.get("leader")), told)
    pairs = (pair for entry in value["fields"] for pair in _pairs(entry, told))
    fields = tuple(field for tag, content in pairs if (field := _field(tag, content, told)))
    if not fields:
        return Unreadable(FindingKind.NOT_A_RECORD, "the record has no field with contents")
    return readable(MarcRecord(leader, fields), told)


def _pairs(entry: object, told: Told) -> Iterator[tuple[str, Any]]:
    """Tag and content of the fields in one entry of the list."""
    if not isinstance(entry, Mapping):
        told.append(
            Finding(FindingKind.FIELD_SHAPE, "an entry of the fields is not a field and was left out")
        )
    elif "tag" in entry:
        yield _text(entry["tag"]), entry.get("value", entry)
    else:
        yield from entry.items()


def _field(tag: str, content: object, told: Told) -> MarcField | None:
    if not isinstance(content, Mapping):
        return value_field(tag, _text(content), told)
    indicators = (_text(content.get(name, " ")) for name in ("ind1", "ind2"))
    listed = content.get("subfields")
    subfields = [pair for entry in (listed if isinstance(listed, list) else ()) for pair in _subfields(entry)]
    return subfield_field(tag, indicators, subfields, told)


def _subfields(entry: object) -> Iterator[tuple[str, str]]:
    if not isinstance(entry, Mapping):
        yield "", ""
    elif "code" in entry:
        yield _text(entry["code"]), _text(entry.get("value"))
    else:
        yield from ((code, _text(value)) for code, value in entry.items())


def _text(value: object) -> str:
    """A text; a number as it is written; of anything else nothing."""
    return str(value) if isinstance(value, str | int | float) else ""


def render_marcjson(record: MarcRecord) -> dict[str, Any]:
    """The record as a MARC-in-JSON object."""
    return {"leader": record.leader, "fields": [{field.tag: _value(field)} for field in record.fields]}


def _value(field: MarcField) -> object:
    if isinstance(field, ControlField):
        return field.value
    one, two = field.indicators[0], field.indicators[1]
    return {"ind1": one, "ind2": two, "subfields": [{code: value} for code, value in field.subfields]}
