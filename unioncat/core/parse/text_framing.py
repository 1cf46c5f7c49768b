"""Cutting the text exports of Libol and Aleph into records, with bounded memory. Nothing but white space is lost.

1. Libol: a record ends with `##`, where the leader of the next one follows, or `Ldr`.
2. Aleph sequential: a record is the lines that begin with the same system number; a line that begins with none
   belongs to the record before it.
3. A record of LONGEST_RECORD or more bytes is cut there.
"""

import re
from collections.abc import Iterable, Iterator

from unioncat.core.parse.framing import LONGEST_RECORD

ALEPH_LINE = re.compile(rb"(\d{9,18}) ([0-9A-Za-z]{3})([ -~])([ -~]) (?:[A-Z] )?")
"""System number, tag, indicators and the letter of the script, which some exports leave out."""

_BETWEEN = b"\r\n \t\x00\x1a\xef\xbb\xbf"
_END_OF_LIBOL = re.compile(rb"##\s*(?=Ldr |\d{5}[ -~]{7}\d{5}[ -~]{7})")
_LOOKAHEAD = 64
_LIBOL_HEAD = re.compile(rb"Ldr [^\n]*\n#\w{3}|\d{5}[ -~]{7}\d{5}[ -~]{7}(?:[0-9A-Za-z]{3}\d{9})+#")


def looks_like_libol_text(head: bytes) -> bool:
    """Whether this begins like one of Libol's exports: '#' where ISO 2709 has 0x1E, or `Ldr` and lines `#245 …`."""
    return _LIBOL_HEAD.match(head.lstrip(_BETWEEN)) is not None


def looks_like_aleph(head: bytes) -> bool:
    """Whether this begins like an export of Aleph."""
    return ALEPH_LINE.match(head.lstrip(_BETWEEN)) is not None


def split_libol_text(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The records of a text export of Libol, each with its `##`."""
    rest = b""
    seen = 0
    for chunk in chunks:
        rest += chunk
        begin = 0
        for found in _END_OF_LIBOL.finditer(rest, seen):
            yield from _piece(rest[begin : found.end()])
            begin = found.end()
        rest = rest[begin:]
        while len(rest) >= LONGEST_RECORD:
            yield rest[:LONGEST_RECORD]
            rest = rest[LONGEST_RECORD:]
        seen = max(0, len(rest) - _LOOKAHEAD)
    yield from _piece(rest)


def split_aleph(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The records of an Aleph sequential file, each as its lines."""
    number = b""
    lines: list[bytes] = []
    size = 0
    for line in _lines(chunks):
        found = ALEPH_LINE.match(line if lines else line.lstrip(_BETWEEN))
        begins = found[1] if found else number
        if lines and (begins != number or size + len(line) > LONGEST_RECORD):
            yield from _piece(b"".join(lines))
            lines, size = [], 0
        number = begins
        lines.append(line)
        size += len(line)
    yield from _piece(b"".join(lines))


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ends, the longest cut."""
    rest: list[bytes] = []
    size = 0
    for chunk in chunks:
        for part in chunk.splitlines(keepends=True):
            rest.append(part)
            size += len(part)
            if part.endswith(b"\n") or size >= LONGEST_RECORD:
                yield b"".join(rest)
                rest, size = [], 0
    if rest:
        yield b"".join(rest)


def _piece(piece: bytes) -> Iterator[bytes]:
    if piece.strip(_BETWEEN):
        yield piece.lstrip(_BETWEEN)
