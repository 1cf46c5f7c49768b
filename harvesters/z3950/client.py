"""One session with a target: asyncio, one question at a time, one time limit for each answer.

1. Whatever comes is bounded: message size, depth, and the time until the whole answer is there.
2. A question that fails in the transport ends the session: what the next bytes would mean is not known.
3. Answers are kept to what was asked: another kind of message is Interrupted, Close is Interrupted with its reason.
4. Segments before a response are joined to it.
5. At the end Close is said, briefly; a target that does not answer it is left.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from harvesters.guard import AddressGuard
from harvesters.pacing import Pace
from harvesters.z3950.ber import DEFAULT_LIMITS, BerError, Framer, Limits
from harvesters.z3950.codec import encode_message, read_message
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Interrupted, Refused, Unreachable, objection
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
    Segment,
    SortRequest,
    SortResponse,
)
from harvesters.z3950.query import Query
from unioncat.core.errors import SourceUnreachable

Answer = TypeVar("Answer", bound=Message)

_OPTIONS = frozenset(
    (Option.SEARCH, Option.PRESENT, Option.DELETE, Option.SCAN, Option.SORT, Option.NAMED_SETS)
)
_READ = 1 << 18  # bytes at a time
_FAREWELL = 2.0  # seconds for Close
_PRESENT_RESPONSE = 0xA0 | 25  # the first byte of its encoding (Z39.50-2003, 4.2.3.1: PDU 25)
_INIT_REFUSED = 1015


@dataclass(frozen=True, slots=True)
class Target:
    """Where a target is and how it wants to be asked. `charset` is that of terms when UTF-8 is not agreed on."""

    host: str
    port: int
    databases: tuple[str, ...]
    tls: bool = False
    credentials: Credentials | None = field(default=None, repr=False)
    charset: str = "utf-8"
    timeout: float = 60.0
    """Seconds for each answer."""
    message_size: int = 4 * 1024 * 1024
    limits: Limits = DEFAULT_LIMITS
    pace: Pace | None = None
    """How long to wait between questions."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{'+'.join(self.databases)}"


class Session:
    """An open session; made by `open_session`."""

    def __init__(self, target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.target = target
        self.terms = InitResponse(False)
        self._reader = reader
        self._writer = writer
        self._framer = Framer(target.limits)
        self._waiting: list[bytes] = []
        self._asking = asyncio.Lock()
        self._asked_ahead: Message | None = None
        self.lost = False

    async def init(self) -> InitResponse:
        """Begin; raises Refused when the target does not want to."""
        target = self.target
        request = InitRequest(
            _OPTIONS | {Option.NEGOTIATION},
            target.message_size,
            target.message_size,
            target.credentials,
            utf8=True,
        )
        self.terms = await self._ask(request, InitResponse)
        if not self.terms.accepted:
            await self.close()
            raise Refused(str(target), Diagnostic(_INIT_REFUSED, "Init was not accepted"))
        return self.terms

    @property
    def charset(self) -> str:
        """The charset of terms."""
        return "utf-8" if self.terms.utf8 else self.target.charset

    async def search(self, query: Query, result_set: str = "1", syntax: str | None = None) -> int:
        """Make a result set; returns how many records it has. Raises Objection."""
        request = SearchRequest(self.target.databases, query, result_set, syntax)
        response = await self._ask(request, SearchResponse)
        if response.diagnostics or not response.succeeded:
            raise objection(str(self.target), response.diagnostics)
        return response.hits

    async def present(
        self,
        start: int,
        count: int,
        syntax: str | None = None,
        element_set: str | None = None,
        result_set: str = "1",
        *,
        then: tuple[int, int] | None = None,
    ) -> PresentResponse:
        """Records from position `start` on, as many as the target gives of `count`; raises Objection.

        A single record that the target cannot give is a Diagnostic at its place. `then` are position and count of what
        will probably be wanted next: it is asked for as soon as the answer is here, before that is decoded, so that
        the target works meanwhile; not where a pause between questions is wanted.
        """
        request = PresentRequest(start, count, result_set, syntax, element_set)
        is_paused = self.target.pace is not None and self.target.pace.pause > 0
        ahead = None if then is None or is_paused else replace(request, start=then[0], count=then[1])
        response = await self._ask(request, PresentResponse, ahead)
        if response.diagnostics:
            raise objection(str(self.target), response.diagnostics)
        return response

    async def scan(self, request: ScanRequest) -> ScanResponse:
        """Terms of an index; raises Objection when there are none but diagnostics."""
        response = await self._ask(request, ScanResponse)
        if response.diagnostics and not response.terms:
            raise objection(str(self.target), response.diagnostics)
        return response

    async def sort(self, request: SortRequest) -> SortResponse:
        """Sort result sets; raises Objection."""
        response = await self._ask(request, SortResponse)
        if response.diagnostics or response.status == 2:
            raise objection(str(self.target), response.diagnostics)
        return response

    async def delete(self, *result_sets: str) -> int:
        """Give up result sets (all, when none is named); returns the target's status, 0 for success."""
        return (await self._ask(DeleteRequest(result_sets), DeleteResponse)).status

    async def close(self) -> None:
        """Say Close and end the connection."""
        if not self.lost:
            self.lost = True  # nobody asks anything more
            with suppress(OSError, TimeoutError, BerError, SourceUnreachable):
                async with asyncio.timeout(_FAREWELL):
                    self._writer.write(encode_message(Close()))
                    await self._writer.drain()
                    while not isinstance(await self._message(), Close):
                        pass
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                await self._writer.wait_closed()

    def abort(self) -> None:
        """End the connection without a word."""
        self.lost = True
        self._writer.transport.abort()

    async def _ask(self, request: Message, kind: type[Answer], ahead: PresentRequest | None = None) -> Answer:
        async with self._asking:
            if self.lost:
                raise Interrupted(f"{self.target}: the session is over")
            try:
                async with self._turn(), asyncio.timeout(self.target.timeout):
                    return await self._answer(request, kind, ahead)
            except TimeoutError:
                self.abort()
                raise Interrupted(
                    f"{self.target} did not answer within {self.target.timeout:g} seconds"
                ) from None
            except BerError as error:
                self.abort()
                raise Interrupted(f"{self.target} sends no Z39.50: {error}") from error
            except OSError as error:
                self.abort()
                raise Interrupted(
                    f"{self.target}: the connection broke: {str(error) or type(error).__name__}"
                ) from error
            except BaseException:  # cancelled, closed: the next bytes could belong to this question
                self.abort()
                raise

    def _turn(self) -> AbstractAsyncContextManager[None]:
        return self.target.pace.turn(self.target.host) if self.target.pace else nullcontext()

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        return self._asking.locked()

    async def _answer(self, request: Message, kind: type[Answer], ahead: PresentRequest | None) -> Answer:
        if self._asked_ahead is None or self._asked_ahead != request:
            await self._forget_what_was_asked_ahead()
            self._write(request)
            await self._writer.drain()
        self._asked_ahead = None
        segments: list[Segment] = []
        while True:
            frame = await self._frame()
            if ahead is not None and frame[0] == _PRESENT_RESPONSE:
                self._asked_ahead = ahead
                self._write(ahead)
            message = read_message(frame, self.target.limits)
            if isinstance(message, Segment) and isinstance(request, PresentRequest):
                segments.append(message)
                if sum(len(one.entries) for one in segments) > request.count or not message.entries:
                    raise BerError("segments with more records than were asked for, or with none")
            elif isinstance(message, kind):
                return _joined(message, segments)
            elif isinstance(message, Close):
                detail = f": {message.detail}" if message.detail else ""
                raise Interrupted(f"{self.target} closed the session (reason {message.reason}){detail}")
            else:
                raise BerError(f"{type(message).__name__} where {kind.__name__} should be")

    async def _forget_what_was_asked_ahead(self) -> None:
        while self._asked_ahead is not None:
            if isinstance(await self._message(), PresentResponse | Close):
                self._asked_ahead = None

    def _write(self, request: Message) -> None:
        self._writer.write(encode_message(request, self.charset))

    async def _message(self) -> Message:
        return read_message(await self._frame(), self.target.limits)

    async def _frame(self) -> bytes:
        while not self._waiting:
            data = await self._reader.read(_READ)
            if not data:
                raise Interrupted(
                    f"{self.target} ended the connection, {len(self._framer)} bytes into an answer"
                )
            self._waiting += self._framer.feed(data)
        return self._waiting.pop(0)


def _joined(message: Answer, segments: Sequence[Segment]) -> Answer:
    if not segments or not isinstance(message, PresentResponse):
        return message
    entries = tuple(entry for segment in segments for entry in segment.entries) + message.entries
    return replace(message, entries=entries)


@asynccontextmanager
async def open_session(target: Target, guard: AddressGuard) -> AsyncIterator[Session]:
    """Connect to an address that the guard allows, begin a session, and end it; raises Unreachable and Refused."""
    session = await connect(target, guard)
    try:
        yield session
    finally:
        await session.close()


async def connect(target: Target, guard: AddressGuard) -> Session:
    """A session that has begun; the caller closes it."""
    reader, writer = await _connected(target, guard)
    session = Session(target, reader, writer)
    try:
        await session.init()
    except BaseException:
        session.abort()
        raise
    return session


async def _connected(
    target: Target, guard: AddressGuard
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = ssl.create_default_context() if target.tls else None
    failed: Exception | None = None
    try:
        async with asyncio.timeout(target.timeout):
            addresses = await guard.addresses(target.host, target.port)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise Unreachable(f"{target.host} is not known: {error}") from error
    for address in addresses:
        try:
            async with asyncio.timeout(target.timeout):
                return await asyncio.open_connection(
                    str(address),
                    target.port,
                    ssl=context,
                    server_hostname=target.host if context else None,
                    limit=_READ,
                )
        except (OSError, TimeoutError) as error:
            failed = error
    raise Unreachable(f"{target} cannot be reached: {failed or 'no address'}") from failed
