"""An SRU server on a shelf of records, as scripted as a test wants it; CQL is read by the library `cql-parser`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from xml.sax.saxutils import escape

from cql.parser import CQLParser12, CQLParserError, CQLSearchClause, CQLTriple
from pymarc import Record, record_to_xml
from scripted_provider import Scripted

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.messages import ScanRequest, TermCount
from harvesters.z3950.query import Clause, Combined, Operator, Query, Relation, Use
from harvesters.z3950.shelf import Refusal, Shelf

_NAMESPACES = {"2.0": "http://docs.oasis-open.org/ns/search-ws/sruResponse"}
_OLD = "http://www.loc.gov/zing/srw/"
_RELATIONS = {"=": 3, "==": 3, "exact": 3, "any": 3, "<": 1, "<=": 2, ">=": 4, ">": 5}
_OPERATORS = {"and": Operator.AND, "or": Operator.OR, "not": Operator.NOT}
_AS_SRU = {114: 16, 117: 19, 120: 31, 30: 51}
_INDEXES = {
    "rec.id": Use.LOCAL_NUMBER,
    "rec.lastModificationDate": Use.DATE_MODIFIED,
    "dc.date": Use.DATE_OF_PUBLICATION,
    "dc.title": Use.TITLE,
    "cql.serverChoice": Use.ANY,
}
Spoil = Callable[[dict[str, str]], Scripted | None]


@dataclass
class SruTarget:
    """What the server knows and how it answers.

    `dashed`: its dates are written with dashes. `most` caps a page, `hit_cap` the hits it tells. `escaped` sends
    records as text. `unavailable` positions are diagnostics. `spoil` may answer instead.
    """

    shelf: Shelf
    version: str = "1.2"
    indexes: Mapping[str, Use] = field(default_factory=lambda: dict(_INDEXES))
    dashed: bool = False
    explains: bool = True
    scans: bool = True
    most: int = 50
    hit_cap: int | None = None
    escaped: bool = False
    unavailable: frozenset[str] = frozenset()
    spoil: Spoil = lambda arguments: None

    def __call__(self, arguments: dict[str, str]) -> Scripted:
        """The answer to a request."""
        if spoilt := self.spoil(arguments):
            return spoilt
        operation = arguments.get("operation") or ("searchRetrieve" if "query" in arguments else "")
        operation = operation or ("scan" if "scanClause" in arguments else "explain")
        try:
            if operation == "explain":
                return self._explain()
            if self.version != arguments.get("version"):
                raise Refusal(Diagnostic(5, self.version))
            return self._scan(arguments) if operation == "scan" else self._search(arguments)
        except Refusal as refusal:
            said = replace(
                refusal.diagnostic, code=_AS_SRU.get(refusal.diagnostic.code, refusal.diagnostic.code)
            )
            return self._answer(operation, f"<numberOfRecords>0</numberOfRecords>{self._diagnostics(said)}")

    def _search(self, arguments: dict[str, str]) -> Scripted:
        found = self.shelf.search(self._query(arguments["query"]), {})
        told = found if self.hit_cap is None else found[: self.hit_cap]
        start, count = int(arguments.get("startRecord", "1")), int(arguments.get("maximumRecords", "10"))
        if told and start > len(told):
            return self._answer(
                "searchRetrieve",
                f"<numberOfRecords>{len(told)}</numberOfRecords>{self._diagnostics(Diagnostic(61, str(start)))}",
            )
        page = told[start - 1 : start - 1 + min(count, self.most)]
        records = "".join(self._record(name, arguments.get("recordSchema")) for name in page)
        return self._answer(
            "searchRetrieve",
            f"<numberOfRecords>{len(told)}</numberOfRecords><records>{records}</records>",
        )

    def _record(self, name: str, schema: str | None) -> str:
        held = self.shelf.get(name)
        assert held is not None
        if schema not in (None, "marcxml"):
            raise Refusal(Diagnostic(66, schema or ""))
        if name in self.unavailable:
            inside = _diagnostic(Diagnostic(64, name))
            schema = "info:srw/schema/1/diagnostics-v1.1"
        else:
            inside = record_to_xml(Record(data=held.raw), namespace=True).decode()
        data = escape(inside) if self.escaped else inside
        packing = "recordXMLEscaping" if self.version == "2.0" else "recordPacking"
        return (
            f"<record><recordSchema>{schema or 'marcxml'}</recordSchema>"
            f"<{packing}>{'string' if self.escaped else 'xml'}</{packing}><recordData>{data}</recordData></record>"
        )

    def _scan(self, arguments: dict[str, str]) -> Scripted:
        if not self.scans:
            raise Refusal(Diagnostic(4, "scan"))
        start = self._query(arguments["scanClause"])
        assert isinstance(start, Clause)
        scanned = self.shelf.scan(ScanRequest((), start, int(arguments["maximumTerms"])))
        terms = "".join(
            f"<term><value>{escape(one.term)}</value><numberOfRecords>{one.records}</numberOfRecords></term>"
            for one in scanned.terms
            if isinstance(one, TermCount)
        )
        return self._answer("scan", f"<terms>{terms}</terms>")

    def _explain(self) -> Scripted:
        if not self.explains:
            return Scripted(b"<html><body>Welcome</body></html>")
        names = [name.partition(".")[::2] for name in self.indexes]
        indexes = "".join(f'<index><map><name set="{of}">{name}</name></map></index>' for of, name in names)
        zeerex = (
            f'<explain xmlns="http://explain.z3950.org/dtd/2.0/"><serverInfo protocol="SRU" version="{self.version}"/>'
            f"<indexInfo>{indexes}</indexInfo><schemaInfo>"
            '<schema identifier="info:srw/schema/1/marcxml-v1.1" name="marcxml"/></schemaInfo>'
            f'<configInfo><setting type="maximumRecords">{self.most}</setting></configInfo></explain>'
        )
        return self._answer("explain", f"<record><recordData>{zeerex}</recordData></record>")

    def _diagnostics(self, diagnostic: Diagnostic) -> str:
        return f"<diagnostics>{_diagnostic(diagnostic)}</diagnostics>"

    def _answer(self, operation: str, content: str) -> Scripted:
        root = f"{operation}Response"
        space = _NAMESPACES.get(self.version, _OLD)
        body = f'<?xml version="1.0"?><{root} xmlns="{space}"><version>{self.version}</version>{content}</{root}>'
        return Scripted(body.encode(), headers={"Content-Type": "text/xml"})

    def _query(self, written: str) -> Query:
        try:
            return self._read(_parser().parse(written).root)
        except CQLParserError as error:
            raise Refusal(Diagnostic(10, str(error))) from error

    def _read(self, part: CQLTriple | CQLSearchClause) -> Query:
        if isinstance(part, CQLTriple):
            return Combined(
                _OPERATORS[part.operator.value.lower()], self._read(part.left), self._read(part.right)
            )
        index, relation, term = str(part.index), str(part.relation), part.term.strip('"')
        if index == "cql.allRecords":
            return Clause("x", ((1, int(Use.LOCAL_NUMBER)), (2, int(Relation.ALWAYS))))
        if index not in self.indexes:
            raise Refusal(Diagnostic(114, index))
        use = self.indexes[index]
        if use is Use.DATE_MODIFIED and len(term) > 5 and ("-" in term) != self.dashed:
            raise Refusal(Diagnostic(36, term))
        term = term.replace("-", "") if use is Use.DATE_MODIFIED else term
        if term == "*":
            return Clause("x", ((1, int(use)), (2, int(Relation.ALWAYS))))
        truncated = ((5, 1),) if term.endswith("*") else ()
        return Clause(
            term.removesuffix("*").replace("\\", ""), ((1, int(use)), (2, _RELATIONS[relation]), *truncated)
        )


@cache
def _parser() -> CQLParser12:
    parser = CQLParser12()
    parser.build()
    return parser


def _diagnostic(diagnostic: Diagnostic) -> str:
    return (
        '<diagnostic xmlns="http://www.loc.gov/zing/srw/diagnostic/">'
        f"<uri>info:srw/diagnostic/1/{diagnostic.code}</uri><details>{escape(diagnostic.detail)}</details></diagnostic>"
    )
