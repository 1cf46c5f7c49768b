"""Work that several lines share, and whose results come in its own order.

1. Each line takes the next piece of work when it is free, one line at a time.
2. What a line brings before its turn waits; a line whose results wait too long waits with them.
3. The first error ends it all, when its turn comes.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Line = TypeVar("Line")
Piece = TypeVar("Piece")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Desk(Generic[Piece, Result]):
    """A piece of work that a line has taken, and what it has brought; None is its end."""

    piece: Piece
    results: "asyncio.Queue[Result | Exception | None]" = field(default_factory=asyncio.Queue)


async def in_order(
    lines: Sequence[Line],
    take: Callable[[Line], Awaitable[Piece | None]],
    read: Callable[[Line, Piece], AsyncGenerator[Result, None]],
    waiting: int,
) -> AsyncGenerator[tuple[Piece, Result | None], None]:
    """The results of all pieces in the order in which they were taken, None behind the last of each.

    `take` returns None when nothing is left. At most `waiting` results of a piece wait.
    """
    desks: asyncio.Queue[_Desk[Piece, Result] | Exception | None] = asyncio.Queue()
    taking = asyncio.Lock()

    async def work(line: Line) -> None:
        while True:
            async with taking:
                try:
                    piece = await take(line)
                except Exception as error:
                    desks.put_nowait(error)
                    return
                if piece is None:
                    desks.put_nowait(None)
                    return
                desk = _Desk[Piece, Result](piece, asyncio.Queue(waiting))
                desks.put_nowait(desk)
            if not await _brought(desk, read(line, piece)):
                return

    tasks = [asyncio.create_task(work(line)) for line in lines]
    try:
        while (desk := await desks.get()) is not None:
            if isinstance(desk, Exception):
                raise desk
            while (result := await desk.results.get()) is not None:
                if isinstance(result, Exception):
                    raise result
                yield desk.piece, result
            yield desk.piece, None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _brought(desk: _Desk[Piece, Result], results: AsyncGenerator[Result, None]) -> bool:
    try:
        async with aclosing(results) as read:
            async for result in read:
                await desk.results.put(result)
    except Exception as error:
        await desk.results.put(error)
        return False
    await desk.results.put(None)
    return True
