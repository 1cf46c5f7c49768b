"""Law 2 on a real PostgreSQL: random histories with decisions of people, matched by several workers at once."""

import asyncio
import random

import pytest
from deliveries import a_source, clusters_in
from histories import History, a_crowded_delivery
from sqlalchemy import text

from unioncat.core.match.keys import MAX_SHARE
from unioncat.core.match.policy import DEFAULT
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.rematch import rematch
from unioncat.store.engine import PostgresStore

ISILS = ("VN-TEST1", "VN-TEST2", "VN-TEST3")
HISTORIES = 20
"""In each of ten tests: two hundred."""


async def _match_at_once(store: PostgresStore, draw: random.Random, workers: int = 4) -> None:
    await asyncio.gather(*(match_pending(store, batch=draw.randint(1, 20)) for _ in range(workers)))


@pytest.mark.parametrize("seed", range(10))
async def test_law_2_any_history_gives_the_clusters_of_what_is_live_and_decided(
    store: PostgresStore, seed: int
) -> None:
    draw = random.Random(seed)
    history = History(store, {isil: await a_source(store, isil) for isil in ISILS}, draw)
    for _ in range(HISTORIES):
        for _ in range(draw.randint(1, 4)):
            await (history.decide_something() if draw.random() < 0.4 else history.deliver_some())
            if draw.random() < 0.3:
                await match_pending(store, batch=draw.randint(1, 20))
        await _match_at_once(store, draw)
        assert await clusters_in(store) == history.expected()
        assert await history.relations() == history.expected_relations()
        if draw.random() < 0.1:
            await _rebuilt_from_nothing_it_is_the_same(store, draw)
            assert await history.relations() == history.expected_relations()


@pytest.mark.parametrize("seed", range(3))
async def test_law_2_holds_while_keys_become_crowded_and_free_again(store: PostgresStore, seed: int) -> None:
    draw = random.Random(seed)
    sources = {isil: await a_source(store, isil) for isil in ISILS}
    history = History(store, sources, draw, records=60, make=a_crowded_delivery)
    crowded = []
    for most in (60, 60, 60, 60, 20, 20):
        for _ in range(3):
            await history.deliver_some(most)
        await _match_at_once(store, draw)
        assert await clusters_in(store) == history.expected()
        assert await history.relations() == history.expected_relations()
        crowded.append(await _crowded(store))
    await history.delete_all_but(20)
    await match_pending(store)
    assert await clusters_in(store) == history.expected()
    assert await history.relations() == history.expected_relations()
    assert max(crowded) > 0
    assert await _crowded(store) == 0


async def _crowded(store: PostgresStore) -> int:
    query = (
        f"SELECT count(*) FROM (SELECT FROM match_key GROUP BY key HAVING count(*) > {MAX_SHARE}) AS crowded"
    )
    async with store.connect() as connection:
        return await connection.scalar(text(query))


async def _rebuilt_from_nothing_it_is_the_same(store: PostgresStore, draw: random.Random) -> None:
    before = await _identified(store)
    assert await rematch(store, DEFAULT.name) == sum(map(len, before.values()))
    await match_pending(store, batch=draw.randint(1, 50))
    assert await _identified(store) == before


async def _identified(store: PostgresStore) -> dict[str, set[tuple[str, str]]]:
    """The records of each master identifier."""
    found: dict[str, set[tuple[str, str]]] = {}
    async with store.work() as work:
        async for isil, control_number, master_id in work.audit.clusters():
            found.setdefault(master_id, set()).add((isil, control_number))
    return found
