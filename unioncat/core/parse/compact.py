"""A MARC record as compact JSON for the store: `[leader, [[tag, value], [tag, indicators, [code, value, …]], …]]`."""

from typing import Any

from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord


def to_compact(record: MarcRecord) -> list[Any]:
    """The record as lists and texts."""
    return [record.leader, [_field(field) for field in record.fields]]


def from_compact(value: list[Any]) -> MarcRecord:
    """The record again."""
    leader, fields = value
    return MarcRecord(leader, tuple([_read(field) for field in fields]))


def _field(field: MarcField) -> list[Any]:
    if isinstance(field, ControlField):
        return [field.tag, field.value]
    return [field.tag, field.indicators, [part for subfield in field.subfields for part in subfield]]


def _read(field: list[Any]) -> MarcField:
    if len(field) == 2:
        return ControlField(field[0], field[1])
    parts = field[2]
    return DataField(field[0], field[1], tuple(zip(parts[::2], parts[1::2], strict=True)))
