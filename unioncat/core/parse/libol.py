"""Libol's own text exports: pseudo-ISO, and lines of tags. Both end a record with `##` and mark subfields with `$`.

Pseudo-ISO: `00693nam … 245007700084#TVL1#  $aGiáo trình…#…##`
1. A leader of 24 characters, a directory as in ISO 2709, then fields that end with `#`. Lengths count bytes, or in
   some versions characters.
2. The directory is believed when each entry ends at a `#` and nothing is left over: then a `#` in a text is text.
3. Otherwise, when there are as many fields between the `#` as the directory has tags, they are paired in order.

Lines: `Ldr 00502nam …`, then `#245 10 $aTên sách /$cTác giả`
4. A line that does not begin with `#` and a tag continues the line before it.

5. `$` begins a subfield before a small letter, or before a digit that is no amount: `US$40` is text. A field whose
   text does not begin with `$` behind its indicators has no subfields.
"""

import re

from unioncat.core.delivery import TextEncoding
from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import MarcField, MarcRecord
from unioncat.core.parse.charset import Decode, find_text_charset
from unioncat.core.parse.fields import is_control, subfield_field, value_field
from unioncat.core.parse.reading import Reading, Told, Unreadable, readable, uniform_leader
from unioncat.core.parse.text import shown

_LEADER = 24
_ENTRY = re.compile(rb"([0-9A-Za-z]{3})(\d{4})(\d{5})")
_DIRECTORY = re.compile(rb"(?:[0-9A-Za-z]{3}\d{9})+(?=#)")
_DELIMITER = re.compile(r"\$(?=[a-z]|[0-9](?![\d.,]|\s|\Z))")
_LINE = re.compile(r"#([0-9A-Za-z]{3})(?: (.*))?", re.DOTALL)

RawField = tuple[str, str]
Entry = tuple[str, int, int]


def parse_libol(raw: bytes, declared: TextEncoding | None = None) -> Reading:
    """Read one record of either kind from its bytes, with or without the `##` at its end."""
    body = raw.strip(b"\xef\xbb\xbf\r\n \t\x00\x1a").removesuffix(b"##")
    decode, finding = find_text_charset(body, declared)
    told: Told = [finding] if finding else []
    found = _lines(decode(body)) if body.startswith(b"Ldr ") else _pseudo_iso(body, decode, told)
    if isinstance(found, Unreadable):
        return found
    leader = uniform_leader(found[0], told)
    read = (_field(tag, content, told) for tag, content in found[1])
    fields = tuple([field for field in read if field])
    if not fields:
        return Unreadable(FindingKind.NOT_A_RECORD, "the record of Libol has no field with contents")
    return readable(MarcRecord(leader, fields), told)


# --- pseudo-ISO ---------------------------------------------------------------------------------------


def _pseudo_iso(body: bytes, decode: Decode, told: Told) -> tuple[str, list[RawField]] | Unreadable:
    directory = _DIRECTORY.match(body, _LEADER)
    if not directory:
        return Unreadable(
            FindingKind.NOT_A_RECORD,
            f"'{shown(body)}' is not the beginning of a record of Libol: "
            "a leader, and a directory that ends with '#'",
        )
    entries = [
        (tag.decode("ascii"), int(length), int(place)) for tag, length, place in _ENTRY.findall(directory[0])
    ]
    data = body[directory.end() + 1 :].removesuffix(b"#") + b"#"
    contents = _contents(entries, data, decode, told)
    if contents is None:
        return Unreadable(
            FindingKind.DIRECTORY,
            f"the directory names {len(entries)} fields, but {data.count(b'#')} end with '#', "
            "so tags and contents cannot be brought together",
        )
    return body[:_LEADER].decode("latin-1"), [
        (entry[0], content) for entry, content in zip(entries, contents, strict=True)
    ]


def _contents(entries: list[Entry], data: bytes, decode: Decode, told: Told) -> list[str] | None:
    if (spans := _spans(entries, data)) is not None:
        return [decode(data[span]) for span in spans]
    text = decode(data)
    if (spans := _spans(entries, text)) is not None:
        return [text[span] for span in spans]
    parts = text[:-1].split("#")
    if len(parts) != len(entries):
        return None
    told.append(
        Finding(FindingKind.DIRECTORY, "the directory is damaged; the fields were found by their terminators")
    )
    return parts


def _spans(entries: list[Entry], data: bytes | str) -> list[slice] | None:
    """Where the fields lie, when the directory fits."""
    sign = b"#" if isinstance(data, bytes) else "#"
    spans = [slice(place, place + length - 1) for _, length, place in entries]
    framed = all(
        data[span.stop : span.stop + 1] == sign
        and (not span.start or data[span.start - 1 : span.start] == sign)
        for span in spans
    )
    return spans if framed and sum(length for _, length, _ in entries) == len(data) else None


# --- lines of tags ------------------------------------------------------------------------------------


def _lines(text: str) -> tuple[str, list[RawField]]:
    leader, *lines = text.replace("\r\n", "\n").split("\n")
    pairs: list[RawField] = []
    for line in lines:
        if found := _LINE.match(line):
            pairs.append((found[1], found[2] or ""))
        elif pairs and line.strip():
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
    return leader[4:], pairs


# --- fields -------------------------------------------------------------------------------------------


def _field(tag: str, content: str, told: Told) -> MarcField | None:
    if is_control(tag):
        return value_field(tag, content.lstrip(), told)
    head, *parts = _DELIMITER.split(content)
    if not parts or (head.strip() and len(head) > 3):
        return value_field(tag, content.strip(), told)
    subfields = [(part[:1], part[1:]) for part in parts]
    return subfield_field(tag, head[:2].ljust(2), subfields, told)
