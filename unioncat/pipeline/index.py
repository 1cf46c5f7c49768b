"""Index: the one indexer drains the outbox into the search index; the index can always be rebuilt (law 5)."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import date

from unioncat.core.errors import IndexOutdated, IndexUnavailable
from unioncat.core.index.stored import StoredDocuments
from unioncat.pipeline.index_doubts import doubt_about
from unioncat.pipeline.ports import IndexRebuild, IndexWriter
from unioncat.pipeline.unit_of_work import ChangeBatch, Store

BATCH = 5_000
_PORTION, _AT_ONCE = 1_000, 4
_TRIES = 3

OpenWriter = Callable[[], Awaitable[IndexWriter]]
Progress = Callable[[int], None]


class LibraryWatch:
    """Appends to the outbox what changes in the index because the registry of libraries did, or the day."""

    def __init__(self) -> None:
        self._day: date | None = None

    async def look(self, store: Store, today: date) -> None:
        """Look at libraries that were saved since the last look; at the first look of a day, at all with dated groups."""
        async with store.work() as work:
            if today != self._day:
                await work.changes.days_changed()
            if await work.changes.libraries_changed():
                await work.matching.lock()
                await work.changes.announce_libraries(today)
            await work.commit()
        self._day = today


async def index_pending(store: Store, open_writer: OpenWriter, progress: Progress = lambda done: None) -> int:
    """Apply all changes that the index has not seen; returns how many documents were written or removed.

    Raises IndexOutdated when the index has seen more changes than the store made: it is of another store.
    """
    async with store.indexer_lock():
        writer = await open_writer()
        try:
            last = await last_change(store)
            if await writer.position() > last:
                raise IndexOutdated(
                    f"The search index knows change {await writer.position()}, the database only {last}: the "
                    "index belongs to another database. Build it anew with: unioncat reindex"
                )
            return await drain(store, writer, progress)
        finally:
            await writer.close()


async def rebuild_index(store: Store, writer: IndexRebuild, progress: Progress = lambda done: None) -> int:
    """Fill a new index beside the live one with all live masters, catch up, and switch to it.

    Returns the number of live documents. The live index follows the changes meanwhile, and none is lost to the new one.
    Raises IndexUnavailable, and does not switch, when the new index is not what the store has.
    """
    position = await last_change(store)
    serial = await _fill(store, writer, position, progress)
    await writer.apply((), (), position)
    async with store.indexer_lock():
        for _ in range(_TRIES):
            await drain(store, writer)
            if not (doubt := await doubt_about(store, writer, serial)):
                count = await (await writer.preview()).count()
                await writer.switch()
                return count
    raise IndexUnavailable(f"The index that was built is not used, the former one stays: {doubt}")


async def _fill(store: Store, writer: IndexRebuild, position: int, progress: Progress) -> int:
    """Put all live masters into a new index, some portions at a time; returns the last serial."""
    serial, done = 0, 0
    filling: deque[tuple[int, asyncio.Task[None]]] = deque()
    try:
        while found := await _live_after(store, serial):
            documents, serial = found
            if len(filling) == _AT_ONCE:
                done += await _filled(filling)
                progress(done)
            filling.append((len(documents.rows), asyncio.create_task(writer.fill(documents, position))))
        while filling:
            done += await _filled(filling)
            progress(done)
    finally:
        for _, task in filling:
            task.cancel()
    return serial


async def _filled(filling: deque[tuple[int, asyncio.Task[None]]]) -> int:
    """Wait for the oldest portion; returns its size."""
    size, task = filling.popleft()
    await task
    return size


async def _live_after(store: Store, serial: int) -> tuple[StoredDocuments, int] | None:
    async with store.work() as work:
        return await work.changes.everything(serial, _PORTION)


async def last_change(store: Store) -> int:
    """The number of the newest change in the outbox."""
    async with store.work() as work:
        return await work.changes.last()


async def drain(store: Store, writer: IndexWriter, progress: Progress = lambda done: None) -> int:
    """Apply the changes that the index has not seen; the indexer's lock is the caller's."""
    done = 0
    while batch := await _after(store, await writer.position()):
        await writer.apply(batch.documents, batch.deleted, batch.position)
        done += len(batch.documents) + len(batch.deleted)
        progress(done)
    return done


async def _after(store: Store, position: int) -> ChangeBatch | None:
    async with store.work() as work:
        return await work.changes.after(position, BATCH)
