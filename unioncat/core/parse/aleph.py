"""Aleph sequential: `000000001 24510 L $$aTên sách$$cTác giả`, one field a line.

1. A line is the system number, a tag, two indicators, the letter of the script (some exports leave it out) and the
   contents. A line that does not begin so continues the line before it.
2. `$$` and a letter or digit begins a subfield. In the leader (LDR) and the fields 002 to 009 `^` is a blank.
3. The system number is the control number when there is no 001.
4. FMT, SYS, CAT (who changed the record, and when) and DEL are Aleph's administration and no part of the record;
   with `DEL $$aY` the record is deleted, which leader/05 then says.
"""

import re

from unioncat.core.delivery import TextEncoding
from unioncat.core.findings import FindingKind
from unioncat.core.marc import ControlField, MarcField, MarcRecord
from unioncat.core.parse.charset import Decode, find_text_charset
from unioncat.core.parse.fields import is_control, subfield_field, value_field
from unioncat.core.parse.reading import Reading, Told, Unreadable, readable, uniform_leader
from unioncat.core.parse.text import shown
from unioncat.core.parse.text_framing import ALEPH_LINE

_DELIMITER = re.compile(r"\$\$(?=[!-#%-~])")
_ADMINISTRATION = frozenset(("LDR", "FMT", "SYS", "CAT", "DEL"))

Line = tuple[str, str, str]
"""Tag, indicators and contents."""


def parse_aleph(raw: bytes, declared: TextEncoding | None = None) -> Reading:
    """Read one record from its lines."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    first = ALEPH_LINE.match(raw)
    if not first:
        return Unreadable(
            FindingKind.NOT_A_RECORD,
            f"'{shown(raw)}' is not a line of Aleph: system number, tag, indicators, contents",
        )
    decode, finding = find_text_charset(raw, declared)
    told: Told = [finding] if finding else []
    lines = _lines(raw, decode)
    leader = uniform_leader(_leader(lines), told)
    read = (_field(line, told) for line in lines if line[0] not in _ADMINISTRATION)
    fields = [field for field in read if field]
    if not any(field.tag == "001" for field in fields):
        fields.insert(0, ControlField("001", first[1].decode("ascii")))
    return readable(MarcRecord(leader, tuple(fields)), told)


def _lines(raw: bytes, decode: Decode) -> list[Line]:
    lines: list[Line] = []
    for line in raw.split(b"\n"):
        line = line.rstrip(b"\r")
        if found := ALEPH_LINE.match(line):
            _, tag, one, two = (part.decode("ascii") for part in found.groups())
            lines.append((tag, one + two, decode(line[found.end() :])))
        elif line.strip():
            tag, indicators, contents = lines[-1]
            lines[-1] = (tag, indicators, f"{contents} {decode(line).strip()}")
    return lines


def _leader(lines: list[Line]) -> str:
    leader = next((contents for tag, _, contents in lines if tag == "LDR"), "").replace("^", " ")
    deleted = any(tag == "DEL" and "$$aY" in contents for tag, _, contents in lines)
    return f"{leader[:5]:5}d{leader[6:]}" if deleted else leader


def _field(line: Line, told: Told) -> MarcField | None:
    tag, indicators, contents = line
    if is_control(tag):
        return value_field(tag, contents if tag == "001" else contents.replace("^", " "), told)
    before, *parts = _DELIMITER.split(contents)
    if not parts or before.strip():
        return value_field(tag, contents, told)
    return subfield_field(tag, indicators, [(part[:1], part[1:]) for part in parts], told)
