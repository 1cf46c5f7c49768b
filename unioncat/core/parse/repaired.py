"""A record with its texts in the encoding that was meant, whatever format it came in (`unioncat/core/encoding`).

The texts are the subfields of all data fields; control fields hold codes and stay.
"""

from collections.abc import Iterator
from dataclasses import replace

from unioncat.core.delivery import TextEncoding
from unioncat.core.encoding.repair import repair
from unioncat.core.marc import DataField, MarcField, MarcRecord
from unioncat.core.parse.reading import Readable
from unioncat.core.parse.text import without_high_controls


def with_repaired_text(read: Readable, declared: TextEncoding | None = None) -> Readable:
    """The record with its texts repaired, and what was done told after the other findings."""
    marc = read.marc
    texts = [value for field in marc.fields if type(field) is DataField for _, value in field.subfields]
    repaired = repair(texts, declared)
    if repaired is None and "".join(texts).isprintable():
        return read
    kept = [without_high_controls(text) for text in (repaired.texts if repaired else texts)]
    findings = repaired.findings if repaired else ()
    values = iter(kept)
    fields = (_with_values(field, values) for field in marc.fields)
    return Readable(MarcRecord(marc.leader, tuple(fields)), (*read.findings, *findings))


def _with_values(field: MarcField, values: Iterator[str]) -> MarcField:
    if not isinstance(field, DataField):
        return field
    return replace(field, subfields=tuple((code, next(values)) for code, _ in field.subfields))
