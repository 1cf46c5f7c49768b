"""A server of SRU, asked as a session of Z39.50 is: search, present, scan.

1. Each page is a request of its own, with the query, the position and the number of records; nothing stays open.
2. An answer that counts other hits than the search did belongs to another state of the catalogue: LostSet. The search
   is made again, and finds out that the result set has shifted.
3. One request at a time, within the limits and the patience of every feed (`harvesters.http`).
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from harvesters.access import FeedAccess
from harvesters.http import FeedClient
from harvesters.sru.cql import ALL_RECORDS, to_cql
from harvesters.sru.errors import objection
from harvesters.sru.responses import (
    Explained,
    SruRecord,
    is_whole,
    read_explained,
    read_found,
    read_listed,
)
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Busy, Interrupted, LostSet, Objection, Refused
from harvesters.z3950.messages import InitResponse, PresentResponse, ScanRequest, ScanResponse
from harvesters.z3950.query import Clause, Query, Relation
from harvesters.z3950.records import DUBLIN_CORE, Entry, Record, Syntax
from unioncat.core.errors import FeedError

_VERSIONS = ("1.1", "1.2", "2.0")
_DUBLIN_CORE = frozenset(("dc", "oai_dc", "simpledc", DUBLIN_CORE))
_DENIED = frozenset((401, 403))
_ANYTHING = Clause("x", ((1, ALL_RECORDS), (2, int(Relation.ALWAYS))))
_VERSION_CODES = frozenset((4, 5, 7, 8))
"""Operation, version or parameter not supported, a parameter missing: perhaps they are of another version."""


@dataclass(frozen=True, slots=True)
class SruServer:
    """Where a server is, and which version of SRU it is asked in. `more`: parameters of its own for each request."""

    address: str
    version: str = "1.2"
    more: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if self.version not in _VERSIONS:
            raise ValueError(f"SRU {self.version} is not known; choose one of: {', '.join(_VERSIONS)}")


class SruSession:
    """Asks one server. `client` is entered by whoever made it, and left with `opened` when the session is closed.

    `explained` is what the server says of itself.
    """

    def __init__(
        self,
        server: SruServer,
        client: FeedClient,
        explained: Explained = Explained(),
    ) -> None:
        self.explained = explained
        self.opened: AsyncExitStack | None = None
        self.lost = False
        self.is_asking = False
        self._server = server
        self._client = client
        self._query = ""
        self._hits = 0

    @property
    def terms(self) -> InitResponse:
        """What there is to agree on: the version; SRU is in UTF-8."""
        return InitResponse(
            True, implementation=("", self.explained.title, f"SRU {self._server.version}"), utf8=True
        )

    async def search(self, query: Query) -> int:
        """How many records a query finds; raises Objection, Interrupted, SourceUnreachable."""
        self._query = to_cql(query)
        found = read_found(await self._search(1, 1, None), self._server.address)
        if found.hits is None or (found.diagnostics and not found.hits):
            raise objection(self._server.address, found.diagnostics)
        self._hits = found.hits
        return found.hits

    async def present(
        self,
        start: int,
        count: int,
        syntax: str | None = None,
        element_set: str | None = None,
        *,
        then: tuple[int, int] | None = None,
    ) -> PresentResponse:
        """Records from position `start` on, as many as the server gives of `count`; `element_set` is the schema."""
        found = read_found(await self._search(start, count, element_set), self._server.address)
        if found.diagnostics and not found.entries:
            raise objection(self._server.address, found.diagnostics)
        if found.hits is not None and found.hits != self._hits:
            raise LostSet(
                self._server.address,
                Diagnostic(51, f"{self._hits} records were found, now {found.hits}"),
                "the result set changed",
            )
        entries = tuple(_entry(one) for one in found.entries[:count])
        return PresentResponse(entries, start + len(entries), 0)

    async def scan(self, request: ScanRequest) -> ScanResponse:
        """Terms of an index; raises Objection."""
        arguments = {
            "scanClause": to_cql(request.start),
            "maximumTerms": str(request.count),
            "responsePosition": str(request.position),
        }
        listed = read_listed(await self._ask("scan", arguments), self._server.address)
        if listed.diagnostics and not listed.terms:
            raise objection(self._server.address, listed.diagnostics)
        return ScanResponse(listed.terms, 0)

    async def explain(self) -> Explained:
        """What the server says of itself; nothing where it says nothing."""
        try:
            return read_explained(await self._ask("explain", {}), self._server.address)
        except Interrupted:
            return Explained()

    async def close(self) -> None:
        """Leave the connection."""
        self.lost = True
        if self.opened:
            await self.opened.aclose()

    async def _search(self, start: int, count: int, schema: str | None) -> bytes:
        arguments = {"query": self._query, "startRecord": str(start), "maximumRecords": str(count)}
        if schema:
            arguments["recordSchema"] = schema
        return await self._ask("searchRetrieve", arguments)

    async def _ask(self, operation: str, arguments: Mapping[str, str]) -> bytes:
        """SRU 2.0 knows the operation by its parameters, and has no `operation`."""
        named = {} if self._server.version == "2.0" else {"operation": operation}
        version = (
            {}
            if self._server.version == "2.0" and operation == "explain"
            else {"version": self._server.version}
        )
        asked = {**(self._server.more or {}), **version, **named, **arguments}
        self.is_asking = True
        try:
            answer = await self._client.get(self._server.address, asked, is_whole=is_whole)
        finally:
            self.is_asking = False
        if answer.status in _DENIED:
            raise Refused(self._server.address, Diagnostic(answer.status), answer.phrase)
        if answer.status >= 500:
            raise Busy(self._server.address, Diagnostic(answer.status), answer.phrase)
        return answer.body


async def connect(server: SruServer, access: FeedAccess) -> SruSession:
    """A session with a connection of its own; raises SourceUnreachable, Interrupted."""
    async with AsyncExitStack() as opening:
        client = await opening.enter_async_context(FeedClient(access))
        session = await agree(server, client)
        session.opened = opening.pop_all()
        return session


async def agree(server: SruServer, client: FeedClient) -> SruSession:
    """A session in a version that the server understands.

    The version of its explain record is tried first, then the others. Raises Interrupted when it understands none.
    """
    explained = await SruSession(server, client).explain()
    stated = [explained.version] if explained.version in _VERSIONS else []
    failed: FeedError | None = None
    for version in dict.fromkeys((*stated, server.version, *_VERSIONS)):
        session = SruSession(replace(server, version=version), client, explained)
        try:
            await session.search(_ANYTHING)
        except (Interrupted, Objection) as error:
            if isinstance(error, Refused) or not _is_of_version(error):
                return session
            failed = failed or error
        else:
            return session
    assert failed is not None, "at least one version was tried"
    raise failed


def _is_of_version(error: FeedError) -> bool:
    return not isinstance(error, Objection) or error.diagnostic.code in _VERSION_CODES


def _entry(one: SruRecord | Diagnostic) -> Entry:
    if isinstance(one, Diagnostic):
        return one
    syntax = DUBLIN_CORE if one.schema.lower() in _DUBLIN_CORE else Syntax.XML
    return Record(syntax, one.data, identifier=one.identifier)
