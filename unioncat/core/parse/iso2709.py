"""ISO 2709 (MARC 21 record structure): reading what is damaged, writing what is right.

1. A record is a leader of 24 bytes, a directory of 12 bytes a field (tag, length, place), and the fields; 0x1E ends a
   field, 0x1D the record, 0x1F begins a subfield.
2. The directory is believed when each of its entries names another field, from its first byte to its 0x1E. Fields
   that no entry names are told.
3. Otherwise, when there are as many fields between the 0x1E as the directory has tags, they are paired in order.
   A directory that ends with 0x1F instead of 0x1E is one of these cases (Libol).
4. Otherwise the record cannot be read.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from unioncat.core.delivery import TextEncoding
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import ControlField, MarcField, MarcRecord
from unioncat.core.parse.charset import find_charset
from unioncat.core.parse.fields import subfield_field, value_field
from unioncat.core.parse.reading import Reading, Told, Unreadable, readable, uniform_leader
from unioncat.core.parse.text import shown

END_OF_RECORD, END_OF_FIELD, SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
_LONGEST = 99_999
_LONGEST_FIELD = 9_999
_LEADER = 24
_ENTRY = 12
_TAG = re.compile(rb"[0-9A-Za-z]{3}")
RawField = tuple[bytes, bytes]


def parse_iso2709(raw: bytes, declared: TextEncoding | None = None) -> Reading:
    """Read one record from its bytes, with or without the 0x1D at its end; `declared` is what its source says."""
    body = raw.rstrip(END_OF_RECORD + b"\r\n \x00")
    if len(body) <= _LEADER or END_OF_FIELD not in body:
        return Unreadable(
            FindingKind.NOT_A_RECORD,
            f"{len(body)} bytes without a leader, a directory and fields are not a MARC record",
        )
    told: Told = []
    found = _by_directory(body, told)
    if found is None:
        found = _by_terminators(body, told)
    if found is None:
        return Unreadable(*_why(raw, body))
    decode, finding = find_charset(body, declared)
    if finding:
        told.append(finding)
    leader = uniform_leader(body[:_LEADER].decode("latin-1"), told)
    read = [_field(_tag(tag), decode(content), told) for tag, content in found]
    fields = tuple([field for field in read if field])
    if not fields:
        return Unreadable(FindingKind.NOT_A_RECORD, "the record has a leader but no field")
    return readable(MarcRecord(leader, fields), told)


@lru_cache(maxsize=4_096)
def _tag(raw: bytes) -> str:
    return shown(raw)


def _by_directory(body: bytes, told: Told) -> list[RawField] | None:
    base_text = body[12:17]
    if not base_text.isdigit() or not _LEADER < (base := int(base_text)) <= len(body):
        return None
    directory = body[_LEADER : base - 1]
    if len(directory) % _ENTRY or body[base - 1 : base] != END_OF_FIELD:
        return None
    contents = _places(body[base:])
    there = len(contents)
    found: list[RawField] = []
    for at in range(0, len(directory), _ENTRY):
        place, length = directory[at + 7 : at + 12], directory[at + 3 : at + 7]
        content = contents.pop(int(place), None) if place.isdigit() else None
        if content is None or not length.isdigit() or int(length) != len(content) + 1:
            return None
        found.append((directory[at : at + 3], content))
    if len(found) < there:
        told.append(
            Finding(
                FindingKind.DIRECTORY,
                f"{there - len(found)} of {there} fields are not in the directory and were left out",
            )
        )
    return found


def _places(data: bytes) -> dict[int, bytes]:
    """The fields by the place where they begin."""
    places: dict[int, bytes] = {}
    place = 0
    for content in data.removesuffix(END_OF_FIELD).split(END_OF_FIELD) if data else ():
        places[place] = content
        place += len(content) + 1
    return places


def _by_terminators(body: bytes, told: Told) -> list[RawField] | None:
    directory, _, data = body[_LEADER:].partition(END_OF_FIELD)
    if SUBFIELD in directory:  # Libol ends the directory with it, so the first field came along
        directory, _, first = directory.partition(SUBFIELD)
        data = first + END_OF_FIELD + data
    contents = data.removesuffix(END_OF_FIELD).split(END_OF_FIELD)
    tags = [directory[at : at + 3] for at in range(0, len(directory), _ENTRY)]
    if len(directory) % _ENTRY or len(tags) != len(contents) or not all(map(_TAG.fullmatch, tags)):
        return None
    told.append(
        Finding(FindingKind.DIRECTORY, "the directory is damaged; the fields were found by their terminators")
    )
    return list(zip(tags, contents, strict=True))


def _why(raw: bytes, body: bytes) -> tuple[FindingKind, str]:
    if not body[:5].isdigit():
        return (
            FindingKind.NOT_A_RECORD,
            "it does not begin with a MARC leader, so this is the rest of a record, or none at all",
        )
    if not raw.rstrip(b"\r\n \x00").endswith(END_OF_RECORD):
        return (
            FindingKind.CUT_OFF,
            f"the record is cut off: its leader says {int(body[:5])} bytes, there are {len(raw)}",
        )
    return (
        FindingKind.DIRECTORY,
        "the directory does not fit the fields, so tags and contents cannot be brought together",
    )


def _field(tag: str, text: str, told: Told) -> MarcField | None:
    head, *parts = text.split("\x1f")
    if not parts:
        return value_field(tag, text, told)
    if len(head) < 2:
        told.append(Finding(FindingKind.FIELD_SHAPE, f"field {tag} does not begin with two indicators"))
    elif len(head) > 2:
        told.append(
            Finding(FindingKind.FIELD_SHAPE, f"text before the first subfield of field {tag} was left out")
        )
    return subfield_field(tag, head.ljust(2)[:2], [(part[:1], part[1:]) for part in parts], told)


# --- writing ------------------------------------------------------------------------------------------


def render_iso2709(record: MarcRecord) -> bytes:
    """Write a record as ISO 2709 in UTF-8.

    Raises ValueError when it is longer than ISO 2709 allows (99,999 bytes, 9,999 a field).
    """
    contents = [_content(field) for field in record.fields]
    directory = b"".join(_entries(record.fields, contents))
    base = _LEADER + len(directory) + 1
    length = base + sum(map(len, contents)) + 1
    if length > _LONGEST:
        raise ValueError(f"the record has {length} bytes, more than the {_LONGEST} that ISO 2709 allows")
    kept = record.leader
    leader = f"{length:05d}{kept[5:9]}a22{base:05d}{kept[17:20]}450{kept[23]}"
    return b"".join((leader.encode(), directory, END_OF_FIELD, *contents, END_OF_RECORD))


def _entries(fields: tuple[MarcField, ...], contents: list[bytes]) -> Iterator[bytes]:
    place = 0
    for field, content in zip(fields, contents, strict=True):
        if len(content) > _LONGEST_FIELD:
            raise ValueError(
                f"field {field.tag} is longer than the {_LONGEST_FIELD} bytes that ISO 2709 allows"
            )
        yield b"%s%04d%05d" % (field.tag.encode(), len(content), place)
        place += len(content)


def _content(field: MarcField) -> bytes:
    if isinstance(field, ControlField):
        return field.value.encode() + END_OF_FIELD
    subfields = "".join(f"\x1f{code}{value}" for code, value in field.subfields)
    return f"{field.indicators}{subfields}\x1e".encode()
