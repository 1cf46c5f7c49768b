"""The answers of an SRU server: searchRetrieve, scan and explain of 1.1, 1.2 and 2.0, read by their local names.

1. Versions differ in namespaces and in three names (`recordPacking` became `recordXMLEscaping`); the rest is one.
2. A record comes as XML, or as text in which the XML is escaped. Either way it leaves as the bytes of one element.
3. A diagnostic that stands where a record should is the record's (SRU 1.2, "surrogate diagnostics").
4. No DTD, no entities, 256 levels: what lxml takes without them is all that is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Interrupted
from harvesters.z3950.messages import TermCount

DIAGNOSTICS = "info:srw/diagnostic/1"
_ROOTS = frozenset(("searchRetrieveResponse", "scanResponse", "explainResponse"))
_LONGEST = 500
_UNSPECIFIED = 1


@dataclass(frozen=True, slots=True)
class SruRecord:
    """One record: its schema as the server names it, the bytes of its element, what the server calls it."""

    schema: str
    data: bytes
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An answer to searchRetrieve: how many records there are, and some of them; or diagnostics."""

    hits: int | None
    entries: tuple[SruRecord | Diagnostic, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """An answer to scan."""

    terms: tuple[TermCount, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What a server says of itself (ZeeRex): its version, the names of its schemas and indexes, the largest page."""

    version: str | None = None
    schemas: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    most_records: int | None = None
    title: str = ""


def is_whole(body: bytes) -> bool:
    """Whether an answer ends: what is cut off is asked for again."""
    return body.rstrip().endswith(b">")


def read_found(body: bytes, server: str) -> Found:
    """An answer to searchRetrieve; raises Interrupted when it is none."""
    root = _root(body, server)
    return Found(
        _number(_first(root, "numberOfRecords")),
        tuple(_entry(record) for record in _inside(root, "records", "record")),
        _diagnostics(root),
    )


def read_listed(body: bytes, server: str) -> Listed:
    """An answer to scan; raises Interrupted when it is none."""
    root = _root(body, server)
    terms = [
        TermCount(_text(_first(term, "value")), _number(_first(term, "numberOfRecords")))
        for term in _inside(root, "terms", "term")
    ]
    return Listed(tuple(terms), _diagnostics(root))


def read_explained(body: bytes, server: str) -> Explained:
    """An answer to explain; raises Interrupted when it is none."""
    root = _root(body, server)
    described = next(_named(root, "explain"), None)
    if described is None:
        escaped = next((_text(data) for data in _named(root, "recordData")), "")
        described = _parsed(escaped.encode()) if escaped else None
    if described is None:
        return Explained()
    info = _first(described, "serverInfo")
    schemas = [
        name
        for schema in _named(described, "schema")
        for name in (schema.get("name"), schema.get("identifier"))
        if name
    ]
    settings = [_number(one) for one in _named(described, "setting") if one.get("type") == "maximumRecords"]
    return Explained(
        info.get("version") if info is not None else None,
        tuple(schemas),
        tuple(dict.fromkeys(_indexes(described))),
        next(filter(None, settings), None),
        _text(next(_named(described, "title"), None)),
    )


def _indexes(described: etree._Element) -> Iterator[str]:
    for index in _named(described, "index"):
        for name in _named(index, "name"):
            yield f"{set_of}.{_text(name)}" if (set_of := name.get("set")) else _text(name)


def _root(body: bytes, server: str) -> etree._Element:
    root = _parsed(body)
    if root is None or _local(root) not in _ROOTS:
        begin = " ".join(body[:400].decode(errors="replace").split())[:80]
        raise Interrupted(f"{server} does not speak SRU: it answers “{begin}”")
    return root


def _parsed(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root.getroottree().docinfo.internalDTD is None else None


def _entry(record: etree._Element) -> SruRecord | Diagnostic:
    schema, data = _text(_first(record, "recordSchema")), _first(record, "recordData")
    name = _text(_first(record, "recordIdentifier")) or None
    if data is None:
        return Diagnostic(_UNSPECIFIED, "a record without data", DIAGNOSTICS)
    child = next(data.iterchildren(etree.Element), None)
    if child is None:
        escaped = (data.text or "").strip().encode()
        child = _parsed(escaped)
        if child is None:
            return SruRecord(schema, escaped, name)
    if _local(child) == "diagnostic":
        return _diagnostic(child)
    return SruRecord(schema, etree.tostring(child, encoding="utf-8", with_tail=False), name)


def _diagnostics(root: etree._Element) -> tuple[Diagnostic, ...]:
    return tuple(_diagnostic(one) for one in _inside(root, "diagnostics", "diagnostic"))


def _diagnostic(element: etree._Element) -> Diagnostic:
    name = _text(_first(element, "uri"))
    digits = name.rpartition("/")[2]
    details = (_text(_first(element, "message")), _text(_first(element, "details")))
    return Diagnostic(
        int(digits) if digits.isdecimal() and len(digits) < 6 else _UNSPECIFIED,
        ": ".join(filter(None, details))[:_LONGEST],
        name.rpartition("/")[0] or DIAGNOSTICS,
    )


def _inside(root: etree._Element, outer: str, inner: str) -> Iterator[etree._Element]:
    for part in root.iterchildren(etree.Element):
        if _local(part) == outer:
            yield from (one for one in part.iterchildren(etree.Element) if _local(one) == inner)


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (one for one in root.iter(etree.Element) if _local(one) == name)


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next((part for part in element.iterchildren(etree.Element) if _local(part) == name), None)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _number(element: etree._Element | None) -> int | None:
    said = _text(element)
    return int(said) if said.isdecimal() and len(said) < 15 else None
