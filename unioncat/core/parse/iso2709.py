"""ISO 2709 (MARC 21 record structure): reading what is damaged, writing what is right.

Structure
1. A record is a leader of 24 bytes, a directory of 12 bytes a field, and the fields; 0x1E ends a field, 0x1D the
   record, 0x1F begins a subfield.
2. The directory is believed when each field it names lies in the record and ends with 0x1E.
3. Otherwise, when there are as many fields between the 0x1E as the directory has tags, they are paired in order.
   A directory that ends with 0x1F instead of 0x1E is one of these cases (Libol).
4. Otherwise the record cannot be read.

Characters
5. Bytes that are valid UTF-8 are UTF-8, whatever leader/09 says.
6. Otherwise MARC-8, when it decodes without loss.
7. Otherwise Windows-1252, as a last resort.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr
from io import StringIO

from pymarc.marc8 import marc8_to_unicode

from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.parse.reading import Readable, Reading, Unreadable, mended_leader
from unioncat.core.parse.text import clean

END_OF_RECORD, END_OF_FIELD, SUBFIELD = b"\x1d", b"\x1e", b"\x1f"
_LONGEST = 99_999
_LONGEST_FIELD = 9_999
_ENTRY = 12
_TAG = re.compile(rb"[0-9A-Za-z]{3}")

Decode = Callable[[bytes], str]
RawField = tuple[bytes, bytes]


def parse_iso2709(raw: bytes) -> Reading:
    """Read one record from its bytes, with or without the 0x1D at its end."""
    body = raw.rstrip(END_OF_RECORD + b"\r\n \x00")
    if len(body) < 24 + 1:
        return Unreadable(f"only {len(body)} bytes: a MARC record has at least a leader and a directory")
    if looks_like_libol_text(body):
        return Unreadable(
            "this looks like a Libol text export ('#' ends a field), not ISO 2709; export it as ISO 2709 or MARCXML"
        )
    found = _by_directory(body)
    findings: tuple[str, ...] = ()
    if found is None:
        found = _by_terminators(body)
        findings = ("the directory is damaged; the fields were found by their terminators",)
    if found is None:
        return Unreadable(
            "the directory does not fit the fields, so tags and contents cannot be brought together"
        )
    decode, told = _encoding(body)
    leader, mended = mended_leader(body[:24].decode("ascii", "replace").replace("\ufffd", " "))
    fields, dropped = _fields(found, decode)
    if not fields:
        return Unreadable("the record has a leader but no field")
    return Readable(MarcRecord(leader, fields), (*findings, *told, *mended, *dropped))


def looks_like_libol_text(body: bytes) -> bool:
    """Libol's own exports have no 0x1E; '#' ends a field in them and '$' begins a subfield."""
    return END_OF_FIELD not in body and b"#" in body and b"$" in body


def _by_directory(body: bytes) -> list[RawField] | None:
    base_text = body[12:17]
    if not base_text.isdigit() or not 24 < (base := int(base_text)) <= len(body):
        return None
    directory = body[24 : base - 1]
    if len(directory) % _ENTRY or body[base - 1 : base] != END_OF_FIELD:
        return None
    found: list[RawField] = []
    padded = body + END_OF_FIELD  # the last terminator may have been stripped with the record's end
    for place in range(0, len(directory), _ENTRY):
        entry = directory[place : place + _ENTRY]
        if not entry[3:].isdigit():
            return None
        begin = base + int(entry[7:])
        end = begin + int(entry[3:7]) - 1
        if padded[end : end + 1] != END_OF_FIELD or END_OF_FIELD in body[begin:end]:
            return None
        found.append((entry[:3], body[begin:end]))
    return found


def _by_terminators(body: bytes) -> list[RawField] | None:
    directory, *contents = body[24:].split(END_OF_FIELD)
    if (
        len(directory) % _ENTRY and (cut := directory.find(SUBFIELD)) >= 0
    ):  # Libol ends the directory with 0x1F
        directory, contents = directory[:cut], [directory[cut + 1 :], *contents]
    if contents and not contents[-1]:
        contents.pop()
    tags = [directory[place : place + 3] for place in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    if not tags or len(tags) != len(contents) or not all(map(_TAG.fullmatch, tags)):
        return None
    return list(zip(tags, contents, strict=True))


def _fields(found: Iterable[RawField], decode: Decode) -> tuple[tuple[MarcField, ...], tuple[str, ...]]:
    fields: list[MarcField] = []
    dropped: list[str] = []
    for tag_bytes, content in found:
        tag = tag_bytes.decode("ascii", "replace")
        if not _TAG.fullmatch(tag_bytes):
            dropped.append(f"a field with the impossible tag '{clean(tag)}' was left out")
        elif tag < "010" and tag.isdigit() and SUBFIELD not in content:
            fields.append(ControlField(tag, clean(decode(content))))
        elif field := _data_field(tag, content, decode):
            fields.append(field)
        elif content.strip(b" " + SUBFIELD):
            fields.append(DataField(tag, "  ", (("a", clean(decode(content))),)))
            dropped.append(f"field {tag} has no subfield code; its text was taken as $a")
    return tuple(fields), tuple(dropped)


def _data_field(tag: str, content: bytes, decode: Decode) -> DataField | None:
    head, *parts = content.split(SUBFIELD)
    subfields = tuple(
        (code, clean(decode(part[1:])))
        for part in parts
        if part and (code := part[:1].decode("ascii", "replace")).isprintable() and code.isascii()
    )
    indicators = (head.decode("ascii", "replace") + "  ")[:2]
    return DataField(tag, clean(indicators).ljust(2)[:2], subfields) if subfields else None


# --- characters ---------------------------------------------------------------------------------------


def _encoding(body: bytes) -> tuple[Decode, tuple[str, ...]]:
    """How to decode the record, and what to say about it."""
    if body.isascii():
        return _as_utf8, ()
    claims_utf8 = body[9:10] == b"a"
    if _is_utf8(body):
        return _as_utf8, () if claims_utf8 else ("leader/09 says MARC-8, but the text is UTF-8",)
    if _is_marc8(body):
        return _as_marc8, ("leader/09 says UTF-8, but the text is MARC-8",) if claims_utf8 else ()
    return _as_windows, (
        "the text is neither UTF-8 nor MARC-8; it was read as Windows-1252 and may be wrong",
    )


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(part: bytes) -> str:
    return part.decode("utf-8", "replace")


def _as_windows(part: bytes) -> str:
    return part.decode("cp1252", "replace")


def _is_marc8(body: bytes) -> bool:
    parts = (part[1:] for field in body[24:].split(END_OF_FIELD)[1:] for part in field.split(SUBFIELD))
    return all(part.isascii() or _marc8(part) is not None for part in parts)


def _as_marc8(part: bytes) -> str:
    return part.decode("ascii") if part.isascii() and b"\x1b" not in part else _marc8(part) or ""


def _marc8(part: bytes) -> str | None:
    """MARC-8 decoded, None when a byte has no meaning in it. pymarc reports these on standard error."""
    complaints = StringIO()
    try:
        with redirect_stderr(complaints):
            text: str = marc8_to_unicode(part)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError):
        return None
    return None if complaints.getvalue() else text


# --- writing ------------------------------------------------------------------------------------------


def render_iso2709(record: MarcRecord) -> bytes:
    """Write a record as ISO 2709 in UTF-8.

    Raises ValueError when it is longer than ISO 2709 allows (99,999 bytes, 9,999 a field).
    """
    contents = [_content(field) for field in record.fields]
    if max(map(len, contents), default=0) > _LONGEST_FIELD:
        raise ValueError(f"a field is longer than the {_LONGEST_FIELD} bytes that ISO 2709 allows")
    directory, place = b"", 0
    for field, content in zip(record.fields, contents, strict=True):
        directory += field.tag.encode() + b"%04d%05d" % (len(content), place)
        place += len(content)
    base = 24 + len(directory) + 1
    length = base + place + 1
    if length > _LONGEST:
        raise ValueError(f"the record has {length} bytes, more than the {_LONGEST} that ISO 2709 allows")
    leader = f"{length:05d}{record.leader[5:9]}a22{base:05d}{record.leader[17:20]}4500"
    return b"".join((leader.encode(), directory, END_OF_FIELD, *contents, END_OF_RECORD))


def _content(field: MarcField) -> bytes:
    if isinstance(field, ControlField):
        return field.value.encode() + END_OF_FIELD
    parts: Sequence[bytes] = [SUBFIELD + code.encode() + value.encode() for code, value in field.subfields]
    return field.indicators.encode() + b"".join(parts) + END_OF_FIELD
