"""Cutting a stream of bytes into records, with bounded memory. Nothing but white space is lost.

1. ISO 2709: a record ends with 0x1D. Where its leader gives a length that ends at a later 0x1D, the ones before it are
   part of a field, unless one follows a field's end (0x1E).
2. When a whole record stands at the end of a piece, what is before it (garbage, a record that was cut off) is a piece
   of its own.
3. JSON: a record is an object that lies in no other object: one alone, many in an array, or one a line. In a file of
   lines a broken line harms no other.
4. A record of LONGEST_RECORD or more bytes is cut there, and reading goes on behind; the parts will be rejected.

What is between the records and not white space is a piece too: the parser says what is wrong with it.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain

LONGEST_RECORD = 10 * 1024 * 1024

_BETWEEN = b"\r\n \t\x00\x1a\xef\xbb\xbf"
_LEADER = re.compile(rb"(?=(\d{5})[ -~]{7}\d{5}[ -~]{7}[0-9A-Za-z]{3})")
_JSON_SIGN = re.compile(rb'["\\{}]')
_JSON_BETWEEN = b"\r\n \t,[]\xef\xbb\xbf"
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}


def in_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Text (XML, JSON) in UTF-8 where it was in UTF-16, and as it is otherwise."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    everything = chain([first], chunks)
    if wide := _WIDE.get(first[:2]):
        return (text.encode("utf-8", "replace") for text in codecs.iterdecode(everything, wide, "replace"))
    return everything


# --- ISO 2709 -----------------------------------------------------------------------------------------


def split_iso2709(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The records of an ISO 2709 file, each with its 0x1D; a last one that was cut off has none."""
    rest = b""
    for chunk in chain(chunks, [b""]):
        rest += chunk
        begin = 0
        while end := _end_of_record(rest, begin, more=chunk != b""):
            yield from _apart(rest[begin:end])
            begin = end
        rest = rest[begin:]
        while len(rest) >= LONGEST_RECORD:
            yield rest[:LONGEST_RECORD]
            rest = rest[LONGEST_RECORD:]
    yield from _apart(rest)


def _end_of_record(data: bytes, begin: int, *, more: bool) -> int:
    """Where the record that begins here ends; 0 when its end is not there, or what tells it may still come."""
    first = data.find(b"\x1d", begin) + 1
    claimed = data[begin : begin + 5]
    if not first or data[first - 2 : first - 1] == b"\x1e" or not claimed.isdigit():
        return first
    end = begin + int(claimed)
    if more and end > len(data):
        return 0
    is_end = data[end - 2 : end] == b"\x1e\x1d" and b"\x1e\x1d" not in data[begin : end - 1]
    return end if end > first and is_end else first


def _apart(piece: bytes) -> Iterator[bytes]:
    """A piece up to 0x1D, cut before the whole record at its end."""
    piece = piece.lstrip(_BETWEEN)
    if not piece.strip(_BETWEEN + b"\x1d"):
        return
    if not _is_whole(piece):
        wholes = (found for found in _LEADER.finditer(piece) if found.start() + int(found[1]) == len(piece))
        if (whole := next(wholes, None)) and whole.start():
            yield piece[: whole.start()]
            piece = piece[whole.start() :]
    yield piece


def _is_whole(piece: bytes) -> bool:
    return piece[:5].isdigit() and int(piece[:5]) == len(piece)


# --- JSON ---------------------------------------------------------------------------------------------


def split_json(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The outermost objects of a JSON file."""
    chunks = iter(chunks)
    head = next(chunks, b"")
    everything = chain([head], chunks)
    return _split_lines(everything) if _has_one_a_line(head) else _split_objects(everything)


def _has_one_a_line(head: bytes) -> bool:
    first, line_break, more = head.lstrip(_BETWEEN).partition(b"\n")
    if not line_break or not first.startswith(b"{") or not first.rstrip().endswith(b"}"):
        return False
    return more.startswith(b"{") or _is_object(first)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.strip(_BETWEEN) for line in lines if line.strip(_BETWEEN))
        while len(rest) >= LONGEST_RECORD:
            yield rest[:LONGEST_RECORD]
            rest = rest[LONGEST_RECORD:]
    if rest.strip(_BETWEEN):
        yield rest.strip(_BETWEEN)


def _split_objects(chunks: Iterable[bytes]) -> Iterator[bytes]:
    text, place, depth, quoted = b"", 0, 0, False
    for chunk in chunks:
        text += chunk
        begin = 0
        while found := _JSON_SIGN.search(text, place):
            sign, place = found[0], found.end()
            if sign == b"\\":
                place += quoted  # what it escapes is no sign; it may come with the next chunk
            elif sign == b'"':
                quoted = depth > 0 and not quoted
            elif quoted:
                continue
            elif sign == b"{":
                if not depth and text[begin : place - 1].strip(_JSON_BETWEEN):
                    yield text[begin : place - 1].strip(_JSON_BETWEEN)
                begin = begin if depth else place - 1
                depth += 1
            elif depth:
                depth -= 1
                if not depth:
                    yield text[begin:place]
                    begin = place
        place = max(place, len(text)) - begin
        text = text[begin:]
        if len(text) >= LONGEST_RECORD:
            yield text
            place, text = place - len(text), b""
    if text.strip(_JSON_BETWEEN):
        yield text.strip(_JSON_BETWEEN)
