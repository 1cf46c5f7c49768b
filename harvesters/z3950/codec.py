"""Messages of Z39.50 to BER and back (Z39.50-2003 section 4.1, its ASN.1 module Z39-50-APDU-1995).

1. Fields that nobody here needs are skipped; those that the standard requires and a message lacks are a BerError
   that names the message and the field.
2. Strings are UTF-8. A target that was not asked for it may answer otherwise: records stay bytes.
3. UTF-8 is asked for by character set negotiation model 3 in the other information of Init.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from harvesters.z3950 import ber
from harvesters.z3950.ber import DEFAULT_LIMITS, BerError, Element, Limits
from harvesters.z3950.diagnostics import Diagnostic, encode_diagnostic, read_diagnostic
from harvesters.z3950.messages import (
    Close,
    Credentials,
    DeleteRequest,
    DeleteResponse,
    InitRequest,
    InitResponse,
    Message,
    PresentRequest,
    PresentResponse,
    ScanRequest,
    ScanResponse,
    SearchRequest,
    SearchResponse,
    Segment,
    SortRequest,
    SortResponse,
    TermCount,
)
from harvesters.z3950.query import (
    BIB_1,
    encode_attributes,
    encode_clause,
    encode_query,
    read_attributes,
    read_clause,
    read_query,
)
from harvesters.z3950.records import encode_entry, read_entry

_NEGOTIATION = "1.2.840.10003.15.3"
_UTF_8 = "1.0.10646.1.0.8"
_REFERENCE, _OTHER_INFORMATION, _IMPLEMENTATION = 2, 201, (110, 111, 112)


def read_message(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """The message that these bytes are; raises BerError."""
    element = ber.decode(data, limits)
    codec = _BY_TAG.get(element.tag)
    if codec is None:
        raise BerError(f"a message of kind {element.tag}, which is not expected here")
    try:
        read: Message = codec.read(element)
    except BerError as error:
        raise BerError(f"{codec.kind.__name__}: {error}") from None
    return read


def encode_message(message: Message, charset: str = "utf-8") -> bytes:
    """The bytes of a message; `charset` is that of the terms of a query."""
    codec = _BY_TYPE[type(message)]
    return ber.sequence(codec.tag, *codec.encode(message, charset))


def _required(element: Element, tag: int, name: str) -> Element:
    found = element.get(tag)
    if found is None:
        raise BerError(f"{name} is missing")
    return found


def _optional_text(element: Element, tag: int) -> str | None:
    found = element.get(tag)
    return found.text() if found else None


def _text(tag: int, value: str | None) -> bytes:
    return b"" if value is None else ber.text(tag, value)


def _integer(element: Element, tag: int, default: int = 0) -> int:
    found = element.get(tag)
    return found.integer() if found else default


# --- Init -------------------------------------------------------------------------------------------


def _encode_init(request: InitRequest, charset: str) -> Sequence[bytes]:
    return (
        ber.bits(3, request.versions),
        ber.bits(4, request.options),
        ber.integer(5, request.message_size),
        ber.integer(6, request.record_size),
        b"" if request.credentials is None else ber.sequence(7, _encode_credentials(request.credentials)),
        *_encode_implementation(request.implementation),
        _encode_negotiation(1, ber.sequence(1, ber.sequence(2, ber.oid(2, _UTF_8)))) if request.utf8 else b"",
    )


def _encode_credentials(credentials: Credentials) -> bytes:
    if credentials.user is None:
        return ber.element(ber.NULL, b"")
    if credentials.password is None:
        return ber.text(ber.VISIBLE_STRING, credentials.user)
    return ber.sequence(
        ber.SEQUENCE,
        _text(0, credentials.group),
        ber.text(1, credentials.user),
        ber.text(2, credentials.password),
    )


def _encode_implementation(names: Sequence[str]) -> list[bytes]:
    return [ber.text(tag, name) for tag, name in zip(_IMPLEMENTATION, names, strict=True) if name]


def _encode_negotiation(side: int, charsets: bytes) -> bytes:
    stated = ber.sequence(0, ber.sequence(side, charsets, ber.boolean(3, True)))
    return ber.sequence(
        _OTHER_INFORMATION,
        ber.sequence(ber.SEQUENCE, ber.sequence(4, ber.oid(ber.OID, _NEGOTIATION), stated)),
    )


def _read_init(element: Element) -> InitRequest:
    credentials = element.get(7)
    negotiation = _negotiation(element)
    return InitRequest(
        _required(element, 4, "options").bits(),
        _required(element, 5, "preferredMessageSize").integer(),
        _required(element, 6, "exceptionalRecordSize").integer(),
        _read_credentials(credentials.only()) if credentials else None,
        _required(element, 3, "protocolVersion").bits(),
        _read_implementation(element),
        negotiation is not None and any(map(_is_utf8, negotiation.inside())),
    )


def _read_credentials(element: Element) -> Credentials:
    if element.tag == ber.NULL:
        return Credentials()
    if element.tag != ber.SEQUENCE:
        return Credentials(element.text())
    return Credentials(_optional_text(element, 1), _optional_text(element, 2), _optional_text(element, 0))


def _read_implementation(element: Element) -> tuple[str, str, str]:
    number, name, version = (_optional_text(element, tag) or "" for tag in _IMPLEMENTATION)
    return number, name, version


def _negotiation(element: Element) -> Element | None:
    """The character sets that are proposed or selected."""
    information = element.get(_OTHER_INFORMATION)
    for unit in information.inside() if information else ():
        external = unit.get(4)
        named, single = external and external.get(ber.OID), external and external.get(0)
        if named and single and named.oid() == _NEGOTIATION:
            return single.only().get(1)
    return None


def _is_utf8(charset: Element) -> bool:
    level = charset.get(2) if charset.tag == 2 else None
    return level is not None and level.oid() == _UTF_8


def _encode_init_response(response: InitResponse, charset: str) -> Sequence[bytes]:
    selected = ber.sequence(2, ber.oid(2, _UTF_8)) if response.utf8 else ber.element(4, b"")
    return (
        ber.bits(3, response.versions),
        ber.bits(4, response.options),
        ber.integer(5, response.message_size),
        ber.integer(6, response.record_size),
        ber.boolean(12, response.accepted),
        *_encode_implementation(response.implementation),
        b"" if response.utf8 is None else _encode_negotiation(2, ber.sequence(1, selected)),
    )


def _read_init_response(element: Element) -> InitResponse:
    negotiation = _negotiation(element)
    return InitResponse(
        _required(element, 12, "result").boolean(),
        _required(element, 4, "options").bits(),
        _required(element, 5, "preferredMessageSize").integer(),
        _required(element, 6, "exceptionalRecordSize").integer(),
        _required(element, 3, "protocolVersion").bits(),
        _read_implementation(element),
        None if negotiation is None else any(map(_is_utf8, negotiation.inside())),
    )


# --- Search and Present -----------------------------------------------------------------------------


def _encode_search(request: SearchRequest, charset: str) -> Sequence[bytes]:
    return (
        ber.integer(13, 0),
        ber.integer(14, 1),
        ber.integer(15, 0),
        ber.boolean(16, True),
        ber.text(17, request.result_set),
        ber.sequence(18, *[ber.text(105, name) for name in request.databases]),
        b"" if request.syntax is None else ber.oid(104, request.syntax),
        encode_query(request.query, charset),
    )


def _read_search(element: Element) -> SearchRequest:
    return SearchRequest(
        tuple([name.text() for name in _required(element, 18, "databaseNames").inside()]),
        read_query(_required(element, 21, "query")),
        _required(element, 17, "resultSetName").text(),
        _read_syntax(element),
    )


def _read_syntax(element: Element) -> str | None:
    syntax = element.get(104)
    return syntax.oid() if syntax else None


def _encode_search_response(response: SearchResponse, charset: str) -> Sequence[bytes]:
    status = response.result_set_status
    return (
        ber.integer(23, response.hits),
        ber.integer(24, 0),
        ber.integer(25, 1 if response.hits else 0),
        ber.boolean(22, response.succeeded),
        b"" if status is None else ber.integer(26, status),
        _encode_diagnostics(response.diagnostics),
    )


def _read_search_response(element: Element) -> SearchResponse:
    status = element.get(26)
    return SearchResponse(
        _required(element, 23, "resultCount").integer(),
        _required(element, 22, "searchStatus").boolean(),
        _read_diagnostics(element),
        status.integer() if status else None,
    )


def _encode_present(request: PresentRequest, charset: str) -> Sequence[bytes]:
    elements = request.element_set
    return (
        ber.text(31, request.result_set),
        ber.integer(30, request.start),
        ber.integer(29, request.count),
        b"" if elements is None else ber.sequence(19, ber.text(0, elements)),
        b"" if request.syntax is None else ber.oid(104, request.syntax),
    )


def _read_present(element: Element) -> PresentRequest:
    composition = element.get(19)
    return PresentRequest(
        _required(element, 30, "resultSetStartPoint").integer(),
        _required(element, 29, "numberOfRecordsRequested").integer(),
        _required(element, 31, "resultSetId").text(),
        _read_syntax(element),
        composition.only().text() if composition else None,
    )


def _encode_present_response(response: PresentResponse, charset: str) -> Sequence[bytes]:
    entries = [encode_entry(entry) for entry in response.entries]
    return (
        ber.integer(24, len(entries)),
        ber.integer(25, response.next_position),
        ber.integer(27, response.status),
        ber.sequence(28, *entries) if entries else b"",
        _encode_diagnostics(response.diagnostics),
    )


def _read_present_response(element: Element) -> PresentResponse:
    listed = element.get(28)
    return PresentResponse(
        tuple([read_entry(entry) for entry in listed.inside()]) if listed else (),
        _integer(element, 25),
        _required(element, 27, "presentStatus").integer(),
        _read_diagnostics(element),
    )


def _encode_segment(segment: Segment, charset: str) -> Sequence[bytes]:
    entries = [encode_entry(entry) for entry in segment.entries]
    return ber.integer(24, len(entries)), ber.sequence(0, *entries)


def _read_segment(element: Element) -> Segment:
    return Segment(tuple([read_entry(entry) for entry in _required(element, 0, "segmentRecords").inside()]))


def _encode_diagnostics(diagnostics: Sequence[Diagnostic]) -> bytes:
    if len(diagnostics) == 1:
        return encode_diagnostic(diagnostics[0], 130)
    return ber.sequence(205, *map(encode_diagnostic, diagnostics)) if diagnostics else b""


def _read_diagnostics(element: Element) -> tuple[Diagnostic, ...]:
    if one := element.get(130):
        return (read_diagnostic(one),)
    several = element.get(205)
    return tuple(map(read_diagnostic, several.inside())) if several else ()


# --- Scan, Sort, Delete, Close ----------------------------------------------------------------------


def _encode_scan(request: ScanRequest, charset: str) -> Sequence[bytes]:
    return (
        ber.sequence(3, *[ber.text(105, name) for name in request.databases]),
        ber.oid(ber.OID, BIB_1),
        encode_clause(request.start, charset),
        ber.integer(5, request.step),
        ber.integer(6, request.count),
        ber.integer(7, request.position),
    )


def _read_scan(element: Element) -> ScanRequest:
    return ScanRequest(
        tuple([name.text() for name in _required(element, 3, "databaseNames").inside()]),
        read_clause(_required(element, 102, "termListAndStartPoint")),
        _required(element, 6, "numberOfTermsRequested").integer(),
        _integer(element, 7, 1),
        _integer(element, 5),
    )


def _encode_scan_response(response: ScanResponse, charset: str) -> Sequence[bytes]:
    entries = [_encode_term(one) for one in response.terms]
    return (
        ber.integer(4, response.status),
        ber.integer(5, len(response.terms)),
        b"" if response.position is None else ber.integer(6, response.position),
        ber.sequence(
            7,
            ber.sequence(1, *entries) if entries else b"",
            ber.sequence(2, *map(encode_diagnostic, response.diagnostics)) if response.diagnostics else b"",
        ),
    )


def _encode_term(one: TermCount | Diagnostic) -> bytes:
    if isinstance(one, Diagnostic):
        return ber.sequence(2, encode_diagnostic(one))
    counted = b"" if one.records is None else ber.integer(2, one.records)
    return ber.sequence(1, ber.text(45, one.term), counted)


def _read_scan_response(element: Element) -> ScanResponse:
    listed, position = element.get(7), element.get(6)
    entries, wrong = (listed.get(1), listed.get(2)) if listed else (None, None)
    return ScanResponse(
        tuple(map(_read_term, entries.inside())) if entries else (),
        _required(element, 4, "scanStatus").integer(),
        position.integer() if position else None,
        tuple(map(read_diagnostic, wrong.inside())) if wrong else (),
    )


def _read_term(entry: Element) -> TermCount | Diagnostic:
    if entry.tag == 2:
        return read_diagnostic(entry.only())
    numeric, counted = entry.get(215), entry.get(2)
    term = str(numeric.integer()) if numeric else _required(entry, 45, "term").text()
    return TermCount(term, counted.integer() if counted else None)


def _encode_sort(request: SortRequest, charset: str) -> Sequence[bytes]:
    direction = ber.integer(1, int(request.descending))
    keys = [
        ber.sequence(
            ber.SEQUENCE,
            ber.sequence(1, ber.sequence(2, ber.oid(ber.OID, BIB_1), encode_attributes(attributes))),
            direction,
            ber.integer(2, 1),
        )
        for attributes in request.keys
    ]
    return (
        ber.sequence(3, *[ber.text(ber.GENERAL_STRING, name) for name in request.inputs]),
        ber.text(4, request.result_set),
        ber.sequence(5, *keys),
    )


def _read_sort(element: Element) -> SortRequest:
    keys = [_read_sort_key(key) for key in _required(element, 5, "sortSequence").inside()]
    return SortRequest(
        tuple([name.text() for name in _required(element, 3, "inputResultSetNames").inside()]),
        _required(element, 4, "sortedResultSetName").text(),
        tuple([attributes for attributes, _ in keys]),
        bool(keys) and keys[0][1],
    )


def _read_sort_key(key: Element) -> tuple[tuple[tuple[int, int | str], ...], bool]:
    """Attributes, and whether it is descending. Element and relation have one tag: their order tells them apart."""
    stated, relation, *_ = (*key.inside(), Element(0, ()), Element(0, ()))
    if stated.tag != 1 or relation.tag != 1:
        raise BerError("a sort key without an element or a relation")
    return read_attributes(_required(stated.only(), 44, "sortAttributes")), relation.integer() == 1


def _encode_sort_response(response: SortResponse, charset: str) -> Sequence[bytes]:
    wrong = ber.sequence(5, *map(encode_diagnostic, response.diagnostics)) if response.diagnostics else b""
    return ber.integer(3, response.status), wrong


def _read_sort_response(element: Element) -> SortResponse:
    wrong = element.get(5)
    return SortResponse(
        _required(element, 3, "sortStatus").integer(),
        tuple(map(read_diagnostic, wrong.inside())) if wrong else (),
    )


def _encode_delete(request: DeleteRequest, charset: str) -> Sequence[bytes]:
    names = [ber.text(31, name) for name in request.result_sets]
    return ber.integer(32, 0 if names else 1), ber.sequence(ber.SEQUENCE, *names) if names else b""


def _read_delete(element: Element) -> DeleteRequest:
    listed = element.get(ber.SEQUENCE)
    return DeleteRequest(tuple([name.text() for name in listed.inside()]) if listed else ())


def _read_close(element: Element) -> Close:
    return Close(_required(element, 211, "closeReason").integer(), _optional_text(element, 3) or "")


@dataclass(frozen=True, slots=True)
class _Codec:
    tag: int
    kind: type[Message]
    encode: Callable[[Any, str], Sequence[bytes]]
    read: Callable[[Element], Any]


_CODECS = (
    _Codec(20, InitRequest, _encode_init, _read_init),
    _Codec(21, InitResponse, _encode_init_response, _read_init_response),
    _Codec(22, SearchRequest, _encode_search, _read_search),
    _Codec(23, SearchResponse, _encode_search_response, _read_search_response),
    _Codec(24, PresentRequest, _encode_present, _read_present),
    _Codec(25, PresentResponse, _encode_present_response, _read_present_response),
    _Codec(26, DeleteRequest, _encode_delete, _read_delete),
    _Codec(
        27,
        DeleteResponse,
        lambda response, charset: (ber.integer(0, response.status),),
        lambda element: DeleteResponse(_required(element, 0, "deleteOperationStatus").integer()),
    ),
    _Codec(35, ScanRequest, _encode_scan, _read_scan),
    _Codec(36, ScanResponse, _encode_scan_response, _read_scan_response),
    _Codec(43, SortRequest, _encode_sort, _read_sort),
    _Codec(44, SortResponse, _encode_sort_response, _read_sort_response),
    _Codec(45, Segment, _encode_segment, _read_segment),
    _Codec(
        48,
        Close,
        lambda close, charset: (ber.integer(211, close.reason), ber.text(3, close.detail)),
        _read_close,
    ),
)
_BY_TAG = {codec.tag: codec for codec in _CODECS}
_BY_TYPE = {codec.kind: codec for codec in _CODECS}
