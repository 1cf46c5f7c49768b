"""Pages are fetched and read while earlier ones are being stored."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeAlias

from unioncat.core.delivery import DeliveredRecord, ReadingRules
from unioncat.pipeline.ports import HarvestPage
from unioncat.pipeline.reading import Reading, read_deliveries

ReadPage = Callable[[Sequence[DeliveredRecord], ReadingRules], Awaitable[list[Reading]]]
"""Understands the records of a page; in other processes where there are many."""

PageRead: TypeAlias = tuple[HarvestPage, list[Reading]]

_AHEAD = 3
_END = None


async def read_here(page: Sequence[DeliveredRecord], rules: ReadingRules) -> list[Reading]:
    """Understand a page in this process, in a thread beside the event loop."""
    return await asyncio.to_thread(read_deliveries, page, rules)


async def read_ahead(
    pages: AsyncIterator[HarvestPage], rules: ReadingRules, read: ReadPage
) -> AsyncGenerator[PageRead, None]:
    """Yield each page with its readings, in the order of the feed.

    At most three pages wait, so that memory stays flat. What the feed raises is raised after the pages before it.
    """
    waiting: asyncio.Queue[tuple[HarvestPage, asyncio.Task[list[Reading]]] | None] = asyncio.Queue(_AHEAD)

    async def fetch() -> None:
        try:
            async for page in pages:
                await waiting.put((page, asyncio.ensure_future(read(page.records, rules))))
        finally:
            await waiting.put(_END)

    fetching = asyncio.create_task(fetch())
    try:
        while (entry := await waiting.get()) is not _END:
            page, reading = entry
            yield page, await reading
        await fetching
    finally:
        await _stop(fetching, waiting)


async def _stop(
    fetching: asyncio.Task[None],
    waiting: asyncio.Queue[tuple[HarvestPage, asyncio.Task[list[Reading]]] | None],
) -> None:
    """End what is under way when nobody wants the rest; the feed is closed by its own generator."""
    fetching.cancel()
    while not fetching.done():
        while not waiting.empty():
            waiting.get_nowait()
        await asyncio.wait([fetching], timeout=0.1)
