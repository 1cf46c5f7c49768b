"""Reading one OAI-PMH 2.0 answer: its records, its token, its error.

sickle's models read the elements. The XML is parsed here and not by sickle, whose parser recovers silently:
it would drop what is damaged, and law 1 says that nothing may be lost. Instead:

1. A well-formed answer is taken as it is. An answer with a DTD is none of OAI-PMH and is refused.
2. Otherwise each record is cut out of the bytes and read alone, if need be without the characters that XML
   forbids (control characters above all).
3. A record that still cannot be read is delivered as the bytes that were cut out, for `parse` to reject.
4. Nothing of it may cost without bounds: no entities, 256 levels, 200 namespaces at one place (libxml2 looks through
   all of them for each element), an envelope that is small beside its records.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape
from itertools import pairwise

from lxml import etree
from sickle.models import Header

from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import NotAProvider

OAI = "{http://www.openarchives.org/OAI/2.0/}"
_MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"

_RECORD_START = re.compile(rb"<(?:[\w.-]+:)?record\b[^<>]*+>(?:\s++|<!--[^>]*-->)*+<(?:[\w.-]+:)?header\b")
_RECORDS_END = re.compile(
    rb"<(?:[\w.-]+:)?resumptionToken\b|</(?:[\w.-]+:)?(?:ListRecords|GetRecord|OAI-PMH)\b"
)
_IDENTIFIER = re.compile(rb"<(?:[\w.-]+:)?identifier>([^<]+)<")
_ENVELOPE_START = re.compile(rb"<(?:[\w.-]+:)?OAI-PMH\b")
_ENVELOPE_END = re.compile(rb"</(?:[\w.-]+:)?OAI-PMH\s*>")

_LONGEST_COUNT = 12
_LONGEST_MESSAGE = 500
_MOST_MENDING = 256 * 1024 * 1024
_MOST_NAMESPACES = 200

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")
_REFERENCE = re.compile(rb"&#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7});")


@dataclass(frozen=True, slots=True)
class OaiAnswer:
    """One answer. `xml` is its envelope with the records that could be read, `broken` the bytes of the others.

    `xml` makes it what sickle's models take for a `sickle.response.OAIResponse`.
    """

    xml: etree._Element
    broken: tuple[bytes, ...] = ()

    @property
    def response_date(self) -> str | None:
        """The provider's clock when it answered."""
        return _text(self.xml.find(f"{OAI}responseDate"))

    @property
    def error(self) -> tuple[str, str] | None:
        """Code and text of the first error of the protocol, if there is one."""
        error = self.xml.find(f"{OAI}error")
        if error is None:
            return None
        said = " ".join((error.text or "")[:_LONGEST_MESSAGE].split())
        return error.get("code", "unknown")[:_LONGEST_MESSAGE], said

    @property
    def token(self) -> str | None:
        """The resumption token; None at the end of the list."""
        return next(filter(None, map(_text, self.xml.iterfind(f".//{OAI}resumptionToken"))), None)

    @property
    def total(self) -> int | None:
        """The provider's `completeListSize`, if it is a number."""
        token = self.xml.find(f".//{OAI}resumptionToken")
        size = "" if token is None else token.get("completeListSize", "").strip()
        return int(size) if size.isdecimal() and len(size) <= _LONGEST_COUNT else None


def is_whole(body: bytes) -> bool:
    """Whether an answer is neither empty nor an OAI-PMH envelope without its end."""
    if not body.strip():
        return False
    return not _ENVELOPE_START.search(body, 0, 4096) or bool(_ENVELOPE_END.search(body))


def read_answer(body: bytes, address: str) -> OaiAnswer:
    """Read the bytes of one answer; raises NotAProvider when they are not OAI-PMH."""
    xml = _parse(body)
    answer = _mend(body) if xml is None else OaiAnswer(xml)
    if answer is None or not _is_envelope(answer.xml):
        raise NotAProvider(
            f"{address} does not speak OAI-PMH: it answers “{first_words(body)}”; check the address of the source"
        )
    return answer


def delivered_records(answer: OaiAnswer, prefix: str) -> Iterator[DeliveredRecord]:
    """The records of an answer, in the order they stand; those that could not be read come last."""
    where = f"of the answer of {answer.response_date}"
    for number, record in enumerate(answer.xml.iterfind(f"*/{OAI}record"), start=1):
        yield _deliver(record, f"record {number} {where}", prefix)
    for number, piece in enumerate(answer.broken, start=1):
        found = _IDENTIFIER.search(piece)
        identifier = unescape(found[1].decode(errors="replace").strip()) if found else None
        place = identifier or f"damaged record {number} {where}"
        yield DeliveredRecord(piece, _format_by_prefix(prefix), place, identifier)


def listed_identifiers(answer: OaiAnswer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The identifiers of the live and of the deleted records of an answer, each once, in the order they stand."""
    live: dict[str, None] = {}
    deleted: dict[str, None] = {}
    for element in _headers(answer):
        header = Header(element)
        if identifier := _clean(header.identifier):
            (deleted if header.deleted else live)[identifier] = None
    return tuple(live), tuple(deleted)


def digest(answer: OaiAnswer) -> bytes:
    """What tells the contents of one answer from another's: its headers and what could not be read."""
    contents = blake2b(digest_size=16)
    for element in _headers(answer):
        contents.update("\0".join(map(str, element.itertext())).encode())
    for piece in answer.broken:
        contents.update(piece)
    return contents.digest()


def first_words(body: bytes) -> str:
    """The beginning of an answer, for messages."""
    return " ".join(body[:400].decode(errors="replace").split())[:80]


def _deliver(record: etree._Element, place: str, prefix: str) -> DeliveredRecord:
    """One record of the envelope.

    1. A deletion with an identifier has no bytes.
    2. Exactly one element in <metadata> is the record.
    3. Anything else is delivered whole, for `parse` to find the record in it, or to reject it with its reason.
    """
    element = record.find(f"{OAI}header")
    header = Header(record if element is None else element)
    identifier, datestamp = _clean(header.identifier), _clean(header.datestamp)
    place = identifier or place
    if header.deleted and identifier:
        return DeliveredRecord(b"", _format_by_prefix(prefix), place, identifier, datestamp, deleted=True)
    contents = record.findall(f"{OAI}metadata/*")
    content = contents[0] if len(contents) == 1 else record
    return DeliveredRecord(_standalone(content), _format_of(contents, prefix), place, identifier, datestamp)


def _headers(answer: OaiAnswer) -> Iterator[etree._Element]:
    yield from answer.xml.iterfind(f"*/{OAI}header")
    yield from answer.xml.iterfind(f"*/{OAI}record/{OAI}header")


def _format_of(contents: list[etree._Element], prefix: str) -> RecordFormat:
    """What the elements in <metadata> are: MARC before Dublin Core, the prefix where they do not tell."""
    names = [etree.QName(content) for content in contents]
    if any(n.namespace == _MARC_NAMESPACE or n.localname in ("record", "collection") for n in names):
        return RecordFormat.MARCXML
    is_dc = any(name.localname == "dc" for name in names)
    return RecordFormat.OAI_DC if is_dc else _format_by_prefix(prefix)


def _format_by_prefix(prefix: str) -> RecordFormat:
    return RecordFormat.OAI_DC if prefix.lower() in ("oai_dc", "dc") else RecordFormat.MARCXML


def _standalone(element: etree._Element) -> bytes:
    """The element as a document.

    A copy carries only the namespaces that it uses: its bytes are the same whatever stands around it.
    """
    return etree.tostring(deepcopy(element), encoding="UTF-8", xml_declaration=False, with_tail=False)


def _text(element: etree._Element | None) -> str | None:
    return None if element is None else _clean(element.text)


def _clean(text: str | None) -> str | None:
    return (text or "").strip() or None


# --- damaged answers --------------------------------------------------------------------------------


def _parser(recover: bool = False) -> etree.XMLParser:
    """No entities, no network, no tree beyond libxml2's own limits."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _parse(body: bytes) -> etree._Element | None:
    try:
        xml = etree.fromstring(body, _parser())
    except etree.XMLSyntaxError:
        return None
    return None if _has_many_namespaces(xml) else xml


def _has_many_namespaces(xml: etree._Element) -> bool:
    """Whether more than _MOST_NAMESPACES namespaces are declared at one place."""
    at_once = 0
    for event, _ in etree.iterwalk(xml, events=("start-ns", "end-ns")):
        at_once += 1 if event == "start-ns" else -1
        if at_once > _MOST_NAMESPACES:
            return True
    return False


def _is_envelope(xml: etree._Element) -> bool:
    return xml.tag == f"{OAI}OAI-PMH" and xml.getroottree().docinfo.internalDTD is None


def _mend(body: bytes) -> OaiAnswer | None:
    """Read an answer that is not well-formed, record by record; None when it is no such answer, or cut off."""
    starts = [found.start() for found in _RECORD_START.finditer(body)]
    if not starts:
        xml = _recover(body)
        return None if xml is None else OaiAnswer(xml)
    end = _RECORDS_END.search(body, starts[-1])
    if end is None:
        return None
    head, tail = body[: starts[0]], body[end.start() :]
    envelope = _recover(head + tail)
    if envelope is None or not len(envelope):
        return None
    if len(starts) * (len(head) + len(tail)) > _MOST_MENDING:
        return None
    pieces = [body[start:stop] for start, stop in pairwise([*starts, end.start()])]
    readings = [_read_piece(head, piece, tail) for piece in pieces]
    envelope[-1].extend(record for records in readings for record in records)
    return OaiAnswer(envelope, tuple(p for p, records in zip(pieces, readings, strict=True) if not records))


def _read_piece(head: bytes, piece: bytes, tail: bytes) -> list[etree._Element]:
    """The record of a piece, read in an envelope of its own; empty when it cannot be read."""
    document = head + piece + tail
    xml = _parse(document)
    if xml is None:
        xml = _parse(drop_forbidden(document))
    return [] if xml is None else xml.findall(f"*/{OAI}record")


def _recover(body: bytes) -> etree._Element | None:
    """An envelope mended by libxml2 where need be.

    None for a page with a DTD, for one without its end, and where records remain: mending would lose them silently.
    """
    cleaned = drop_forbidden(body).strip()
    if not _ENVELOPE_END.search(cleaned) or b"<!doctype" in cleaned[:4096].lower():
        return None
    if (sound := _parse(cleaned)) is not None:
        return sound
    # lxml-stubs do not know that nothing may be left to recover.
    found: etree._Element | None = etree.fromstring(cleaned, _parser(recover=True))
    return None if found is None or _has_entries(found) else found


def _has_entries(xml: etree._Element) -> bool:
    """Whether there are records, or headers of ListIdentifiers."""
    return xml.find(f"*/{OAI}record") is not None or xml.find(f"*/{OAI}header") is not None


def drop_forbidden(body: bytes) -> bytes:
    """Take out what XML 1.0 (section 2.2) forbids in a document of an ASCII-like encoding."""
    return _REFERENCE.sub(_keep_allowed, _FORBIDDEN.sub(b"", body))


def _keep_allowed(reference: re.Match[bytes]) -> bytes:
    number = reference[1]
    code = int(number[1:], 16) if number.startswith(b"x") else int(number)
    allowed = (
        code in (9, 10, 13)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
    return reference[0] if allowed else b""
