"""Reading one result set to its end, although a result set is no snapshot and sessions die.

1. Records come in pages of positions. The target gives fewer than asked as it likes: the next page begins behind what
   came. Never is a position behind the last hit asked for.
2. A page begins with the last record of the one before. Is it another one now, the set has shifted (the target was
   reindexed): Shifted. So it is when a new search finds another number of hits, and at the end once more. When only the
   overlapping record fits into a message, the page after it goes without.
3. Pages are `chunk` records at first; after a setback half as many, after a success twice as many, up to the chunk.
4. After a broken session, and a lost result set, the same query is searched again and the reading goes on where it was.
   `tries` setbacks without a record between them are too many: the last one is raised.
5. A target that is busy is left alone for a while: two seconds, four, eight …
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Busy, Interrupted, LostSet, OutOfRange, Unreachable
from harvesters.z3950.messages import InitResponse, PresentResponse, ScanRequest, ScanResponse
from harvesters.z3950.query import Query
from harvesters.z3950.records import Fragment, Record, Syntax
from unioncat.core.errors import FeedError

Sleep = Callable[[float], Awaitable[None]]
_LONGEST_WAIT = 60.0
_SETBACKS = (Interrupted, Unreachable, Busy, LostSet)


class Shifted(FeedError):
    """The records of a result set moved while it was read."""


@dataclass(frozen=True, slots=True)
class Form:
    """How records are asked for, and how many at a time."""

    syntax: str = Syntax.USMARC
    element_set: str | None = "F"
    chunk: int = 200
    tries: int = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of a result set is: the next position (from 1), the hits, and a mark of the record before."""

    position: int = 1
    hits: int | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Positioned:
    """A record, or the diagnostic that stands for it, and its position."""

    position: int
    entry: Record | Diagnostic


@dataclass(frozen=True, slots=True)
class PartitionPage:
    """What came, and where the next page begins."""

    entries: tuple[Positioned, ...]
    place: Place


class Session(Protocol):
    """A target that can be asked; all may raise FeedError. One that is `lost` must be opened again."""

    @property
    def lost(self) -> bool:
        """Whether it is over."""
        ...

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        ...

    @property
    def terms(self) -> InitResponse:
        """On which terms it began."""
        ...

    async def search(self, query: Query) -> int:
        """Make a result set; returns how many records it has."""
        ...

    async def present(
        self,
        start: int,
        count: int,
        syntax: str | None = None,
        element_set: str | None = None,
        *,
        then: tuple[int, int] | None = None,
    ) -> PresentResponse:
        """Records of the result set from position `start` on, as many of `count` as the target gives.

        `then`: position and count of what will probably be wanted next.
        """
        ...

    async def scan(self, request: ScanRequest) -> ScanResponse:
        """Terms of an index."""
        ...

    async def close(self) -> None:
        """End it."""
        ...


class Line:
    """The one connection of a harvest to its target: opened when it is needed, again after it broke.

    It is closed when nothing was asked for `idle` seconds, for a target may count those who only hold a place.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Session]],
        *,
        sleep: Sleep = asyncio.sleep,
        idle: float = 20.0,
    ) -> None:
        self._connect = connect
        self._session: Session | None = None
        self._idle = idle
        self._watch: asyncio.Task[None] | None = None
        self._used = 0.0
        self.sleep = sleep

    async def session(self) -> Session:
        """The open session; raises Unreachable, Refused, Interrupted."""
        self._used = time.monotonic()
        if self._session is None or self._session.lost:
            self._session = await self._connect()
            self._end_watch()
            self._watch = asyncio.create_task(self._let_go(self._session))
        return self._session

    async def try_another(self) -> int:
        """How many connections may be open at a time, as far as two are tried."""
        await self.session()
        try:
            other = await self._connect()
        except FeedError:
            return 1
        await other.close()
        return 2

    async def _let_go(self, session: Session) -> None:
        """Close a session that is not used for a while; the next question opens another."""
        while not session.lost:
            rest = self._used + self._idle - time.monotonic()
            if rest <= 0 and not session.is_asking:
                await session.close()
                return
            await asyncio.sleep(max(rest, self._idle / 4))

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = None

    @property
    def is_new(self) -> bool:
        """Whether the next question goes to a session that does not know of earlier ones."""
        return self._session is None or self._session.lost

    async def wait_after(self, error: FeedError, setbacks: int) -> None:
        """Leave the target alone for a while; longer each time, and much longer when it is busy."""
        if not isinstance(error, LostSet):
            await self.sleep(min(2.0**setbacks * (1.0 if isinstance(error, Busy) else 0.1), _LONGEST_WAIT))

    async def close(self) -> None:
        """Say Close, so that the licence seat is free."""
        self._end_watch()
        if self._session is not None:
            await self._session.close()
        self._session = None


async def count_hits(line: Line, query: Query, tries: int = 5) -> int:
    """How many records a query finds now; raises FeedError."""
    setbacks = 0
    while True:
        try:
            return await (await line.session()).search(query)
        except _SETBACKS as error:
            setbacks += 1
            if setbacks >= tries:
                raise
            await line.wait_after(error, setbacks)


async def read_partition(
    line: Line, query: Query, form: Form, place: Place
) -> AsyncGenerator[PartitionPage, None]:
    """The pages of a query's result set from `place` on; raises Shifted, FeedError."""
    chunk, setbacks, searched, filled = form.chunk, 0, False, False
    while True:
        try:
            if line.is_new or not searched:
                place = await _searched(line, query, place)
                searched = True
            assert place.hits is not None
            if place.position > place.hits:
                await _searched(line, query, place)
                return
            page = await _present(line, form, chunk, place, ahead=filled)
        except OutOfRange as error:
            raise Shifted(f"{error}: the result set became shorter while it was read") from error
        except _SETBACKS as error:
            setbacks, chunk, searched, filled = setbacks + 1, max(1, chunk // 2), False, False
            if setbacks >= form.tries:
                raise
            await line.wait_after(error, setbacks)
            continue
        filled = chunk == form.chunk and page.place.position - place.position == chunk
        place = page.place
        if page.entries:
            setbacks, chunk = 0, min(form.chunk, chunk * 2)
            yield page


async def _searched(line: Line, query: Query, place: Place) -> Place:
    hits = await (await line.session()).search(query)
    if place.hits is not None and hits != place.hits:
        raise Shifted(
            f"the query found {place.hits} records, and at position {place.position} it finds {hits}"
        )
    return replace(place, hits=hits)


async def _present(line: Line, form: Form, chunk: int, place: Place, *, ahead: bool) -> PartitionPage:
    """One page; without entries when only the overlapping record came. `ahead`: it will be a full one."""
    assert place.hits is not None
    overlap = place.mark is not None
    start = place.position - overlap
    count = min(chunk + overlap, place.hits - start + 1)
    last = start + count - 1
    then = (last, min(chunk + 1, place.hits - last + 1)) if ahead and last < place.hits else None
    session = await line.session()
    response = await session.present(start, count, form.syntax, form.element_set, then=then)
    if any(isinstance(entry, Fragment) for entry in response.entries):
        raise FeedError("the target cuts records into fragments, which was not agreed on")
    entries = [entry for entry in response.entries if not isinstance(entry, Fragment)][:count]
    if not entries:
        raise Interrupted(f"the target gave no record at position {start}")
    if overlap:
        first, *entries = entries
        if mark_of(first) != place.mark:
            raise Shifted(f"another record stands at position {start} than before")
    if not entries:
        return PartitionPage((), replace(place, mark=None))
    found = tuple(Positioned(place.position + number, entry) for number, entry in enumerate(entries))
    return PartitionPage(
        found, replace(place, position=place.position + len(found), mark=mark_of(entries[-1]))
    )


def mark_of(entry: Record | Diagnostic) -> str | None:
    """What a record is known by in the next page; a diagnostic by nothing, for it may go away."""
    return None if isinstance(entry, Diagnostic) else sha256(entry.data).hexdigest()[:20]
