"""The rows of a CSV file (RFC 4180 and what spreadsheet programs make of it), read as a stream.

1. UTF-16 is told by its byte order mark or its zero bytes. Any other line is UTF-8 where it is valid UTF-8, else
   Windows-1252, with every byte kept: older Vietnamese encodings are repaired record by record later.
2. The fields are parted by `,` `;` tab or `|`: the sign that parts most of the first lines into equally many.
3. A field in quotation marks may hold separators and line breaks; a quotation mark that is never closed is a sign
   like any other, so that it swallows no rows.
"""

import codecs
import gzip
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

from unioncat.core.errors import FileUnreadable

DELIMITERS = ",;\t|"
LONGEST_LINE = 4 * 1024 * 1024
_LONGEST_QUOTED = 64 * 1024
_MOST_QUOTED_LINES = 200
_CHUNK = 256 * 1024
_END_OF_LINE = re.compile(rb"\r\n?|\n")
_WINDOWS_1252 = "".join(
    bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in range(256)
)
"""The character of each byte; the five that Windows-1252 leaves open stand for themselves."""

Row = tuple[int, list[str]]
"""The number of the line on which a row begins, and its cells."""


class ByteSource(Protocol):
    """What bytes can be read from."""

    def read1(self, size: int, /) -> bytes:
        """At most so many bytes, as soon as there are some; none at the end."""
        ...


class InMemory:
    """Bytes in memory, to be read as a file is."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    def read1(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


def first_bytes(source: ByteSource, size: int) -> bytes:
    """The first bytes, fewer where a damaged file ends before; raises EOFError where it has none."""
    head = b""
    while len(head) < size:
        try:
            piece = source.read1(size - len(head))
        except EOFError:
            if head:
                return head
            raise
        if not piece:
            return head
        head += piece
    return head


@contextmanager
def open_bytes(path: Path) -> Iterator[ByteSource]:
    """The contents of a file, unfolded where it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unfolded:
            yield unfolded


def wide_encoding(head: bytes) -> str | None:
    """The kind of UTF-16 that a file begins with; None when it is none."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    even, odd = head[:2000:2].count(0), head[1:2000:2].count(0)
    most, least = len(head[:2000]) * 0.2, len(head[:2000]) * 0.05
    if odd > most and even < least:
        return "utf-16-le"
    return "utf-16-be" if even > most and odd < least else None


def encoding_of(head: bytes) -> str:
    """How the text of a file that begins so is read, for the person who looks at it."""
    if wide := wide_encoding(head):
        return wide
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decode_line(line: bytes) -> str:
    """UTF-8, else Windows-1252 without loss (rule 1)."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return codecs.charmap_decode(line, "strict", _WINDOWS_1252)[0]


def text_lines(stream: ByteSource, name: str) -> Iterator[str]:
    """The lines of a file with their line breaks; raises FileUnreadable where one has no end."""
    rest, number = b"", 0
    for chunk in _utf8_chunks(stream):
        *lines, rest = _lines_and_rest(rest + chunk)
        number += len(lines)
        yield from map(decode_line, lines)
        if len(rest) > LONGEST_LINE:
            raise FileUnreadable(
                f"line {number + 1} of {name} is longer than {LONGEST_LINE} bytes, so this is no list of books;"
                " save the list as CSV or XLSX and deliver that"
            )
    if rest:
        yield decode_line(rest)


def _utf8_chunks(stream: ByteSource) -> Iterator[bytes]:
    """The contents without byte order mark, UTF-16 as UTF-8."""
    head = stream.read1(4096)
    wide = wide_encoding(head)
    decoder = codecs.getincrementaldecoder(wide)("replace") if wide else None
    chunk = head.removeprefix(codecs.BOM_UTF8)
    while chunk:
        if decoder is None:
            yield chunk
        else:
            yield decoder.decode(chunk).removeprefix("\ufeff").encode("utf-8", "replace")
        chunk = stream.read1(_CHUNK)


def _lines_and_rest(data: bytes) -> Iterator[bytes]:
    """The lines with their breaks, then what has none yet; a last CR may be half of a break."""
    begin = 0
    for match in _END_OF_LINE.finditer(data):
        if match.end() == len(data) and match[0] == b"\r":
            break
        yield data[begin : match.end()]
        begin = match.end()
    yield data[begin:]


# --- fields -------------------------------------------------------------------------------------------


def sniff_delimiter(lines: Sequence[str]) -> str | None:
    """The sign that parts the fields (rule 2); None when no line has one."""
    best: tuple[int, int] = (0, 1)
    chosen = None
    for delimiter in DELIMITERS:
        counts = Counter(len(split_fields(line, delimiter)) for line in lines if line.strip())
        counts.pop(1, None)
        columns, agreeing = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
        if (agreeing, columns) > best:
            best, chosen = (agreeing, columns), delimiter
    return chosen


def split_fields(row: str, delimiter: str) -> list[str]:
    """The fields of a row, which may have line breaks in it."""
    row = row.rstrip("\r\n")
    if '"' not in row:
        return row.split(delimiter)
    fields: list[str] = []
    for match in _field(delimiter).finditer(row):
        quoted, plain, end = match.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"') + plain)
        if not end:
            break
    return fields


@cache
def _field(delimiter: str) -> re.Pattern[str]:
    """A field: what stands in quotation marks, what follows it or stands alone, the delimiter or the end."""
    sign = re.escape(delimiter)
    return re.compile(rf'(?: *"((?:[^"]|"")*+)")?([^{sign}]*+)({sign}|\Z)')


@cache
def _closed_field(delimiter: str) -> re.Pattern[str]:
    """The same, unless the field opens a quotation mark that nothing closes."""
    sign = re.escape(delimiter)
    return re.compile(rf'(?: *"(?:[^"]|"")*+"|(?! *"))[^{sign}]*+({sign}|\Z)')


def rows_of(lines: Iterator[str], delimiter: str) -> Iterator[Row]:
    """The rows of a file, each with the number of its first line; empty lines are none."""
    waiting: list[str] = []
    number = 1
    while line := (waiting.pop() if waiting else next(lines, "")):
        taken = [line]
        if '"' in line and _is_open(line, delimiter):
            taken = _closed(line, lines, waiting, delimiter)
        if line.strip():
            yield number, split_fields("".join(taken), delimiter)
        number += len(taken)


def _closed(line: str, lines: Iterator[str], waiting: list[str], delimiter: str) -> list[str]:
    """The lines of a row whose last quotation mark is open; the line alone when no line near it closes that."""
    taken, length = [line], len(line)
    while length < _LONGEST_QUOTED and len(taken) < _MOST_QUOTED_LINES:
        following = waiting.pop() if waiting else next(lines, "")
        if not following:
            break
        taken.append(following)
        length += len(following)
        if following.count('"') % 2 and not _is_open("".join(taken), delimiter):
            return taken
    waiting.extend(reversed(taken[1:]))
    return taken[:1]


def _is_open(text: str, delimiter: str) -> bool:
    """Whether a field begins with a quotation mark that nothing closes."""
    text = text.rstrip("\r\n")
    place, pattern = 0, _closed_field(delimiter)
    while match := pattern.match(text, place):
        place = match.end()
        if not match[1]:
            return False
    return True
