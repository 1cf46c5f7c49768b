"""MARC-in-JSON: `{"leader", "fields": [{"001": "…"}, {"245": {"ind1", "ind2", "subfields": [{"a": "…"}]}}]}`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.parse.reading import Readable, Reading, Unreadable, mended_leader
from unioncat.core.parse.text import clean, is_code


def parse_marcjson(raw: bytes) -> Reading:
    """Read one record from the bytes of a JSON object."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Unreadable(f"the JSON is broken: {error}")
    return marc_from_json(value)


def marc_from_json(value: object) -> Reading:
    """Read one record from a JSON value."""
    if not isinstance(value, Mapping) or not isinstance(value.get("fields"), list):
        return Unreadable('the JSON is not a MARC-in-JSON record: it has no list "fields"')
    leader, findings = mended_leader(clean(str(value.get("leader", ""))))
    fields = tuple(
        field for entry in value["fields"] if isinstance(entry, Mapping) for field in _fields(entry)
    )
    if not fields:
        return Unreadable("the record has no field")
    return Readable(MarcRecord(leader, fields), findings)


def _fields(entry: Mapping[str, Any]) -> Iterator[MarcField]:
    for tag, value in entry.items():
        if len(tag) != 3 or not tag.isalnum() or not tag.isascii():
            continue
        if isinstance(value, str) and (text := clean(value)).strip():
            yield ControlField(tag, text)
        elif isinstance(value, Mapping) and (subfields := tuple(_subfields(value.get("subfields")))):
            yield DataField(tag, _indicator(value, "ind1") + _indicator(value, "ind2"), subfields)


def _subfields(value: object) -> Iterator[tuple[str, str]]:
    for entry in value if isinstance(value, list) else ():
        for code, text in entry.items() if isinstance(entry, Mapping) else ():
            if is_code(code) and isinstance(text, str) and (kept := clean(text)):
                yield code, kept


def _indicator(value: Mapping[str, Any], name: str) -> str:
    indicator = value.get(name)
    return indicator if isinstance(indicator, str) and is_code(indicator) else " "


def render_marcjson(record: MarcRecord) -> dict[str, Any]:
    """The record as a MARC-in-JSON object."""
    return {"leader": record.leader, "fields": [{field.tag: _value(field)} for field in record.fields]}


def _value(field: MarcField) -> object:
    if isinstance(field, ControlField):
        return field.value
    one, two = field.indicators[0], field.indicators[1]
    return {"ind1": one, "ind2": two, "subfields": [{code: value} for code, value in field.subfields]}
