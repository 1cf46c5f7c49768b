"""A target: answers the Z39.50 of others from a shelf, over a real socket.

1. A session has its own result sets; they hold the numbers of the records, so that records that vanish meanwhile are
   surrogates at their positions, unless `Behaviour.shifts` says that positions move, as Zebra's do.
2. Init, Search, Present, Scan, Delete and Close are answered; anything else, and what is no BER, is Close (reason 5).
3. A message is no larger than what was agreed on: what does not fit is left out (status 2), a record that alone is too
   large is diagnostic 16.
4. `Behaviour` is what real targets do badly; the default does nothing badly.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ssl import SSLContext

from harvesters.z3950 import ber
from harvesters.z3950.ber import BerError, Framer, Limits
from harvesters.z3950.codec import encode_message, read_message
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.messages import (
    Close,
    Credentials,
    DeleteRequest,
    DeleteResponse,
    InitRequest,
    InitResponse,
    Message,
    Option,
    PresentRequest,
    PresentResponse,
    ScanRequest,
    ScanResponse,
    SearchRequest,
    SearchResponse,
)
from harvesters.z3950.query import ResultSet
from harvesters.z3950.records import Entry, Record, Syntax, encode_entry
from harvesters.z3950.shelf import Held, Refusal, Shelf

_LARGEST = 4 * 1024 * 1024
_REQUEST = Limits(message=1 << 20, depth=32)
_IDLE = 120.0  # seconds without a request
_OPTIONS = frozenset((Option.SEARCH, Option.PRESENT, Option.DELETE, Option.SCAN, Option.NAMED_SETS))
_HEADROOM = 200  # bytes of a response around its records

Render = Callable[[Held, str, str | None], Entry]
"""A record in a syntax and element set; a Diagnostic when it cannot be given."""


def usmarc(record: Held, syntax: str, element_set: str | None) -> Entry:
    """ISO 2709 as USMARC; nothing else (bib-1 diagnostic 239)."""
    return Record(Syntax.USMARC, record.raw) if syntax == Syntax.USMARC else Diagnostic(239, syntax)


@dataclass(slots=True)
class Behaviour:
    """What the target does badly or refuses.

    Of hits at most `hit_cap` are told, of a Present at most `present_cap` records given. After so many bytes of all
    sessions together the connection is cut (`cut_after`), nothing more comes (`stall_after`), or garbage does
    (`garbage_after`); `drip` is a pause in seconds after each byte. `close_after` closes a session after so many
    answers. `shifts` takes the positions of a result set from the shelf as it is now.
    """

    credentials: Credentials | None = None
    hit_cap: int | None = None
    present_cap: int | None = None
    message_size: int = _LARGEST
    cut_after: int | None = None
    stall_after: int | None = None
    garbage_after: int | None = None
    close_after: int | None = None
    drip: float | None = None
    indefinite: bool = False
    shifts: bool = False
    utf8: bool | None = True
    before: Callable[[Message], None] = field(default=lambda message: None, repr=False)
    """Told of each request before it is answered; may change the shelf or this behaviour."""


class Target:
    """A target on one shelf with one database."""

    def __init__(
        self,
        shelf: Shelf,
        database: str = "unioncat",
        behaviour: Behaviour | None = None,
        render: Render = usmarc,
    ) -> None:
        self.shelf = shelf
        self.database = database
        self.behaviour = behaviour or Behaviour()
        self.render = render
        self.sessions = 0
        self.sent = 0

    @asynccontextmanager
    async def listening(
        self, host: str = "127.0.0.1", port: int = 0, ssl: SSLContext | None = None
    ) -> AsyncIterator[int]:
        """Serve while inside, over TLS with a context; gives the port."""
        server = await asyncio.start_server(self._serve, host, port, ssl=ssl)
        open_sessions: set[asyncio.Task[None]] = set()
        self._open = open_sessions
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for session in open_sessions:
                session.cancel()
            if open_sessions:
                await asyncio.wait(open_sessions)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        self.sessions += 1
        try:
            with suppress(OSError, TimeoutError, asyncio.CancelledError):
                await _Session(self, reader, writer).run()
        finally:
            self._open.discard(task)
            writer.close()


class _Session:
    def __init__(self, target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._target = target
        self._reader = reader
        self._writer = writer
        self._sets: dict[str, list[str]] = {}
        self._queries: dict[str, SearchRequest] = {}
        self._message_size = _LARGEST
        self._begun = False

    async def run(self) -> None:
        framer, answered = Framer(_REQUEST), 0
        while True:
            async with asyncio.timeout(_IDLE):
                data = await self._reader.read(1 << 16)
            if not data:
                return
            try:
                requests = [read_message(message, _REQUEST) for message in framer.feed(data)]
            except BerError as error:
                await self._send(Close(5, str(error)))
                return
            for request in requests:
                self._target.behaviour.before(request)
                limit = self._target.behaviour.close_after
                if limit is not None and answered >= limit:
                    await self._send(Close(7, "idle for too long"))
                    return
                answer = self._answer(request)
                await self._send(answer)
                answered += 1
                if isinstance(answer, Close):
                    return

    async def _send(self, message: Message) -> None:
        target, behaviour = self._target, self._target.behaviour
        data = encode_message(message)
        if behaviour.indefinite:
            data = ber.encode(ber.decode(data), indefinite=True)
        stops = (behaviour.cut_after, behaviour.stall_after, behaviour.garbage_after)
        stop = min((one for one in stops if one is not None), default=None)
        if stop is not None and target.sent + len(data) > stop:
            await self._write(data[: max(0, stop - target.sent)])
            await self._fail(stop)
        await self._write(data)

    async def _write(self, data: bytes) -> None:
        self._target.sent += len(data)
        pause = self._target.behaviour.drip
        if pause is None:
            self._writer.write(data)
            await self._writer.drain()
            return
        for place in range(len(data)):
            self._writer.write(data[place : place + 1])
            await self._writer.drain()
            await asyncio.sleep(pause)

    async def _fail(self, stop: int) -> None:
        behaviour = self._target.behaviour
        if stop == behaviour.cut_after:
            self._writer.transport.abort()
            raise ConnectionAbortedError
        if stop == behaviour.garbage_after:
            self._writer.write(b"\xb9\x84\x7f\xff\xff\xff" + bytes(64))
            await self._writer.drain()
        await asyncio.sleep(_IDLE)
        raise ConnectionAbortedError

    def _answer(self, request: Message) -> Message:
        if isinstance(request, InitRequest):
            return self._init(request)
        if isinstance(request, Close):
            return Close(request.reason)
        if not self._begun:
            return Close(5, "no session has begun")
        if isinstance(request, SearchRequest):
            return self._search(request)
        if isinstance(request, PresentRequest):
            return self._present(request)
        if isinstance(request, ScanRequest):
            return self._scan(request)
        if isinstance(request, DeleteRequest):
            for name in request.result_sets or tuple(self._sets):
                self._sets.pop(name, None)
            return DeleteResponse(0)
        return Close(5, f"{type(request).__name__} is not supported")

    def _init(self, request: InitRequest) -> InitResponse:
        behaviour = self._target.behaviour
        wanted = behaviour.credentials
        self._begun = wanted is None or request.credentials == wanted
        self._message_size = min(request.message_size, behaviour.message_size)
        return InitResponse(
            self._begun,
            request.options & _OPTIONS,
            self._message_size,
            behaviour.message_size,
            implementation=("", "unioncat", ""),
            utf8=behaviour.utf8 if request.utf8 else None,
        )

    def _search(self, request: SearchRequest) -> SearchResponse:
        if request.databases != (self._target.database,):
            return _refused(Diagnostic(109, "+".join(request.databases)))
        try:
            found = self._target.shelf.search(request.query, self._sets)
        except Refusal as refusal:
            return _refused(refusal.diagnostic)
        cap = self._target.behaviour.hit_cap
        self._sets[request.result_set] = found[:cap]
        self._queries[request.result_set] = request
        return SearchResponse(len(found[:cap]), True)

    def _found(self, name: str) -> Sequence[str] | None:
        """The numbers in a result set; None when there is none."""
        request = self._queries.get(name) if self._target.behaviour.shifts else None
        if name in self._sets and request and not isinstance(request.query, ResultSet):
            return self._target.shelf.search(request.query, self._sets)
        return self._sets.get(name)

    def _present(self, request: PresentRequest) -> PresentResponse:
        found = self._found(request.result_set)
        if found is None:
            return _failed(request, Diagnostic(30, request.result_set))
        if request.start < 1 or request.count < 0 or request.start + request.count - 1 > len(found):
            return _failed(request, Diagnostic(13))
        syntax = request.syntax or Syntax.USMARC
        cap = self._target.behaviour.present_cap
        count = request.count if cap is None else min(cap, request.count)
        entries: list[Entry] = []
        room = self._message_size - _HEADROOM
        for number in found[request.start - 1 : request.start - 1 + count]:
            record = self._target.shelf.get(number)
            entry = (
                self._target.render(record, syntax, request.element_set) if record else Diagnostic(14, number)
            )
            if isinstance(entry, Diagnostic) and entry.code == 239:
                return _failed(request, entry)
            size = len(encode_entry(entry))
            if size > self._message_size - _HEADROOM:
                entry, size = Diagnostic(16, number), 0
            if size > room:
                break
            room -= size
            entries.append(entry)
        after = request.start + len(entries)
        return PresentResponse(
            tuple(entries), after if after <= len(found) else 0, 0 if len(entries) == request.count else 2
        )

    def _scan(self, request: ScanRequest) -> ScanResponse:
        try:
            return self._target.shelf.scan(request)
        except Refusal as refusal:
            return ScanResponse((), 6, diagnostics=(refusal.diagnostic,))


def _refused(diagnostic: Diagnostic) -> SearchResponse:
    return SearchResponse(0, False, (diagnostic,), 3)


def _failed(request: PresentRequest, diagnostic: Diagnostic) -> PresentResponse:
    return PresentResponse((), request.start, 5, (diagnostic,))
