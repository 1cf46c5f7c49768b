"""Fields and their forms in other scripts (MARC 880, MARC 21 appendix A: $6 links them by a number).

1. An 880 whose $6 names a field of the record ("245-01" with 245 $6 "880-01") belongs to that field.
2. An 880 without such a field stands alone; its occurrence number becomes 00.
3. A $6 that leads nowhere is left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from unioncat.core.marc import DataField, MarcField, MarcRecord

_LINK = re.compile(r"(\d{3})-(\d{2,})(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """A field as one record states it, its forms in other scripts, and its place in the record."""

    field: MarcField
    scripts: tuple[DataField, ...]
    place: int


def read_statements(marc: MarcRecord) -> Iterator[Statement]:
    """The fields of a record with their forms in other scripts; links are taken out."""
    if not _has_links(marc):  # nearly all
        for place, field in enumerate(marc.fields):
            yield Statement(field, (), place)
        return
    scripts: defaultdict[tuple[str, str], list[DataField]] = defaultdict(list)
    for script in marc.data("880"):
        scripts[_link(script)].append(script)
    partners = {(field.tag, _link(field)[1]) for field in marc.fields if isinstance(field, DataField)}
    for place, field in enumerate(marc.fields):
        if not isinstance(field, DataField):
            yield Statement(field, (), place)
        elif field.tag != "880":
            linked = scripts.get((field.tag, _link(field)[1]), ())
            yield Statement(_without_link(field), tuple(linked), place)
        elif _link(field) not in partners:
            yield Statement(relink(field, 0), (), place)


def _has_links(marc: MarcRecord) -> bool:
    for field in marc.fields:
        if isinstance(field, DataField):
            if field.tag == "880":
                return True
            for code, _ in field.subfields:
                if code == "6":
                    return True
    return False


def link(field: DataField, number: int) -> DataField:
    """The field with a link to the 880 fields of this number."""
    return replace(field, subfields=(("6", f"880-{number:02}"), *field.subfields))


def relink(script: DataField, number: int) -> DataField:
    """The 880 field with this occurrence number; one without a readable $6 stays as it is."""
    found = _LINK.match(script.get("6") or "")
    if not found:
        return script
    tag, _, writing = found.groups()
    return replace(script, subfields=(("6", f"{tag}-{number:02}{writing}"), *_without_link(script).subfields))


def _link(field: DataField) -> tuple[str, str]:
    """The tag and the occurrence number in $6; occurrence 00 is no link."""
    found = _LINK.match(field.get("6") or "")
    return (found[1], found[2]) if found and found[2] != "00" else ("", "")


def _without_link(field: DataField) -> DataField:
    if field.get("6") is None:
        return field
    return replace(field, subfields=tuple((code, value) for code, value in field.subfields if code != "6"))
