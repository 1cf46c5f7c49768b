"""Records in answers (NamePlusRecord, EXTERNAL; Z39.50-2003 4.2.3 and appendix REC)."""

from dataclasses import dataclass
from enum import StrEnum

from harvesters.z3950 import ber
from harvesters.z3950.ber import BerError, Element
from harvesters.z3950.diagnostics import Diagnostic, encode_diagnostic, read_diagnostic
from harvesters.z3950.opac import OpacHolding, encode_holding, read_holding


class Syntax(StrEnum):
    """Record syntaxes by object identifier."""

    UNIMARC = "1.2.840.10003.5.1"
    USMARC = "1.2.840.10003.5.10"
    SUTRS = "1.2.840.10003.5.101"
    OPAC = "1.2.840.10003.5.102"
    GRS_1 = "1.2.840.10003.5.105"
    XML = "1.2.840.10003.5.109.10"


DUBLIN_CORE = "info:srw/schema/1/dc-v1.1"
"""Stands for a syntax: only SRU has it, which knows schemas instead."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came: its syntax (an object identifier) and its bytes; of OPAC those of the MARC record inside."""

    syntax: str
    data: bytes
    holdings: tuple[OpacHolding, ...] = ()
    marc_holdings: tuple[bytes, ...] = ()
    database: str | None = None
    inner_syntax: str | None = None
    """Of OPAC: the syntax of the record inside."""
    identifier: str | None = None
    """What the server calls it beside the record; only SRU has that."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a record that is too large for one segment (level 2 segmentation)."""

    place: str
    """`starting`, `intermediate` or `final`."""
    data: bytes


Entry = Record | Diagnostic | Fragment
"""What stands at one position of a result set; a Diagnostic there is a surrogate for the record."""

_RETRIEVAL, _SURROGATE = 1, 2
_FRAGMENTS = {3: "starting", 4: "intermediate", 5: "final"}
_SINGLE, _OCTETS, _ARBITRARY = 0, 1, 2


def read_entry(element: Element) -> Entry:
    """A NamePlusRecord; raises BerError."""
    named, stated = element.get(0), element.get(1)
    if stated is None:
        raise BerError("a position without a record")
    kind = stated.only()
    if kind.tag == _RETRIEVAL:
        return _read_record(kind.only(), named.text() if named else None)
    if kind.tag == _SURROGATE:
        return read_diagnostic(kind.only())
    if kind.tag in _FRAGMENTS:
        piece = kind.only() if not isinstance(kind.content, bytes) else kind
        return Fragment(_FRAGMENTS[kind.tag], piece.octets())
    raise BerError(f"a record of kind {kind.tag}")


def _read_record(external: Element, database: str | None) -> Record:
    syntax, data = _read_external(external)
    if isinstance(data, bytes):
        return Record(syntax, data, database=database)
    if syntax != Syntax.OPAC:
        return Record(syntax, data.octets(), database=database)
    return _read_opac(data, database)


def _read_external(external: Element) -> tuple[str, bytes | Element]:
    """The syntax, and the bytes; or the value where it is one of ASN.1."""
    named = external.get(ber.OID)
    syntax = named.oid() if named else ""
    if octets := external.get(_OCTETS):
        return syntax, octets.octets()
    if single := external.get(_SINGLE):
        value = single.only()
        return syntax, value if syntax == Syntax.OPAC else value.octets()
    if arbitrary := external.get(_ARBITRARY):
        return syntax, arbitrary.octets()[1:]
    raise BerError(f"a record of syntax {syntax or 'unknown'} without content")


def _read_opac(value: Element, database: str | None) -> Record:
    inside, listed = value.get(1), value.get(2)
    inner, data = _read_external(inside) if inside else (None, b"")
    held = listed.inside() if listed else ()
    return Record(
        Syntax.OPAC,
        data if isinstance(data, bytes) else data.octets(),
        tuple(read_holding(one) for one in held if one.tag == 2),
        tuple(_octets(_read_external(one)[1]) for one in held if one.tag == 1),
        database,
        inner,
    )


def _octets(data: bytes | Element) -> bytes:
    return data if isinstance(data, bytes) else data.octets()


def encode_entry(entry: Entry) -> bytes:
    """A NamePlusRecord."""
    named = ber.text(0, entry.database) if isinstance(entry, Record) and entry.database is not None else b""
    return ber.sequence(ber.SEQUENCE, named, ber.sequence(1, _encode_kind(entry)))


def _encode_kind(entry: Entry) -> bytes:
    if isinstance(entry, Diagnostic):
        return ber.sequence(_SURROGATE, encode_diagnostic(entry))
    if isinstance(entry, Fragment):
        tag = next(tag for tag, place in _FRAGMENTS.items() if place == entry.place)
        return ber.sequence(tag, ber.element(ber.OCTET_STRING, entry.data))
    return ber.sequence(_RETRIEVAL, ber.sequence(ber.EXTERNAL, *_encode_record(entry)))


def _encode_record(record: Record) -> tuple[bytes, bytes]:
    syntax = ber.oid(ber.OID, record.syntax)
    if record.syntax == Syntax.SUTRS:
        return syntax, ber.sequence(_SINGLE, ber.element(ber.GENERAL_STRING, record.data))
    if record.syntax != Syntax.OPAC:
        return syntax, ber.element(_OCTETS, record.data)
    inner = record.inner_syntax
    marc = [_encode_external(1, Syntax.USMARC, one) for one in record.marc_holdings]
    held = [encode_holding(one, 2) for one in record.holdings]
    value = ber.sequence(
        ber.SEQUENCE,
        _encode_external(1, inner, record.data) if inner else b"",
        ber.sequence(2, *held, *marc) if held or marc else b"",
    )
    return syntax, ber.sequence(_SINGLE, value)


def _encode_external(tag: int, syntax: str, data: bytes) -> bytes:
    return ber.sequence(tag, ber.oid(ber.OID, syntax), ber.element(_OCTETS, data))
