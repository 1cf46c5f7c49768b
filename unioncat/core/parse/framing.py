"""Cutting a stream of bytes into records, with bounded memory. Nothing between the records is lost.

1. ISO 2709: a record ends with 0x1D. Line breaks, blanks, NUL and byte order marks between records are nothing;
   anything else is a piece of its own or part of the next record, and the parser says what is wrong with it.
2. XML: a record is an innermost `record` element of any namespace, cut at its tags, so that one broken record
   does not harm the next. It keeps the namespaces of the root and the declared encoding.
3. JSON: a record is an object that lies in no other object: one alone, many in an array, or one a line.
4. A piece longer than LONGEST_RECORD is cut there; its parts will be rejected, and reading goes on.
"""

import re
from collections.abc import Iterable, Iterator

LONGEST_RECORD = 10 * 1024 * 1024

_BETWEEN = b"\r\n \t\x00\xef\xbb\xbf"
_XML_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_NAMESPACE = re.compile(rb"xmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ROOT = re.compile(rb"<[A-Za-z_][^>]*>")
_RECORD_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?record(?=[\s>/])[^>]*>")
_JSON_SIGN = re.compile(rb'["\\{}]')


def split_iso2709(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The records of an ISO 2709 file, each with its 0x1D; a last one that was cut off has none."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\x1d")
        for record in whole:
            if record.strip(_BETWEEN):
                yield record.lstrip(_BETWEEN) + b"\x1d"
        while len(rest) > LONGEST_RECORD:
            yield rest[:LONGEST_RECORD]
            rest = rest[LONGEST_RECORD:]
    if rest.strip(_BETWEEN + b"\x1a"):
        yield rest.lstrip(_BETWEEN)


def split_xml(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The record elements of an XML file, each as a document of its own."""
    text, begin, wrap = b"", -1, None
    place = 0
    for chunk in chunks:
        text += chunk
        while match := _RECORD_TAG.search(text, place):
            wrap = wrap or _wrapping(text[: match.start()])
            place = match.end()
            if not match[1]:
                begin = match.start()
            elif begin >= 0:
                yield wrap[0] + text[begin:place] + wrap[1]
                text, place, begin = text[place:], 0, -1
        place = max(place, len(text) - 4096) if begin >= 0 else place
        if begin >= 0 and len(text) - begin > LONGEST_RECORD:
            yield text[begin:]
            text, place, begin = b"", 0, -1
        elif begin < 0 and wrap and len(text) > 65_536:
            text = text[-4096:]
            place = 0
    if begin >= 0 and wrap:
        yield wrap[0] + text[begin:]


def _wrapping(head: bytes) -> tuple[bytes, bytes]:
    """What stands before and after a record: the declaration, and the namespaces of all that encloses it."""
    declaration = _XML_DECLARATION.search(head)
    roots = _ROOT.findall(head)
    names = dict.fromkeys(name for root in roots for name in _NAMESPACE.findall(root))
    latest = {name.split(b"=")[0].strip(): name for name in names}
    before = (
        (declaration[0] if declaration else b"")
        + b"<unioncat"
        + b"".join(b" " + n for n in latest.values())
        + b">"
    )
    return before, b"</unioncat>"


def split_json(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The outermost objects of a JSON file."""
    text, place, depth, begin = b"", 0, 0, -1
    quoted = False
    for chunk in chunks:
        text += chunk
        while match := _JSON_SIGN.search(text, place):
            sign, place = match[0], match.end()
            if quoted and sign == b"\\":
                if place == len(text):  # what it escapes comes with the next chunk
                    place -= 1
                    break
                place += 1
            elif sign == b'"':
                quoted = depth > 0 and not quoted
            elif not quoted and sign == b"{":
                begin = match.start() if depth == 0 else begin
                depth += 1
            elif not quoted and sign == b"}" and depth:
                depth -= 1
                if depth == 0:
                    yield text[begin:place]
                    text, place, begin = text[place:], 0, -1
        if begin < 0:
            text, place = b"", 0
        elif len(text) > LONGEST_RECORD:
            yield text
            text, place, depth, begin, quoted = b"", 0, 0, -1, False
        else:
            place = max(place, begin) if text[place:].startswith(b"\\") else len(text)
    if begin >= 0:
        yield text[begin:]
