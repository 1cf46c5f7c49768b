"""Several lines share the leaves of a catalogue; what they bring comes in the order of the leaves."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from harvesters.z3950.several import in_order


@pytest.mark.parametrize("lines", [1, 2, 5])
@pytest.mark.parametrize("waiting", [1, 3, 100])
async def test_results_come_in_the_order_of_the_pieces(lines: int, waiting: int) -> None:
    chance = random.Random(lines * 100 + waiting)
    sizes = [chance.randrange(6) for _ in range(30)]
    left = [*enumerate(sizes)]

    async def take(line: int) -> tuple[int, int] | None:
        await asyncio.sleep(0)
        return left.pop(0) if left else None

    async def read(line: int, piece: tuple[int, int]) -> AsyncGenerator[str, None]:
        for number in range(piece[1]):
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            yield f"{piece[0]}.{number}"

    found = [result async for _, result in in_order(range(lines), take, read, waiting)]
    expected = [[*(f"{n}.{number}" for number in range(size)), None] for n, size in enumerate(sizes)]
    assert found == [result for piece in expected for result in piece]


async def test_an_error_comes_in_its_turn_and_ends_all() -> None:
    left = [0, 1, 2]
    closed: list[int] = []

    async def take(line: int) -> int | None:
        return left.pop(0) if left else None

    async def read(line: int, piece: int) -> AsyncGenerator[int, None]:
        try:
            if piece == 1:
                raise ValueError("the second")
            await asyncio.sleep(0.01)
            yield piece
        finally:
            closed.append(piece)

    found: list[int | None] = []
    with pytest.raises(ValueError, match="the second"):
        await _collect(in_order(range(2), take, read, 1), found)
    assert found == [0, None]
    assert {0, 1} <= {*closed}


async def test_what_cannot_be_taken_is_an_error_behind_what_was() -> None:
    left = [0]

    async def take(line: int) -> int | None:
        if left:
            return left.pop()
        raise ValueError("no more")

    async def read(line: int, piece: int) -> AsyncGenerator[int, None]:
        yield piece

    found: list[int | None] = []
    with pytest.raises(ValueError, match="no more"):
        await _collect(in_order([1, 2], take, read, 1), found)
    assert found == [0, None]


async def _collect(results: AsyncGenerator[tuple[int, int | None], None], found: list[int | None]) -> None:
    async with aclosing(results) as read:
        async for _, result in read:
            found.append(result)
