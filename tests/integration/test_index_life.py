"""The life of an index on both engines: rebuilt beside the live one, guarded, compared with the store and repaired."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from deliveries import a_delivery, a_source, deliver
from elastic_clusters import a_cluster

from unioncat.core.errors import IndexUnavailable
from unioncat.core.identifiers import mint_master_id
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import SearchRequest
from unioncat.core.index.stored import StoredDocuments
from unioncat.pipeline.index import index_pending, rebuild_index
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.ports import IndexLag, IndexRebuild, SearchEngine
from unioncat.pipeline.repair_index import repair_index
from unioncat.pipeline.verify import verify_store
from unioncat.search.engine import elastic_engine, embedded_engine
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore

WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám")


@pytest.fixture(params=["embedded", "elasticsearch"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SearchEngine]:
    """An engine with nothing in it."""
    if request.param == "embedded":
        opened = embedded_engine(tmp_path)
        yield opened
        await opened.close()
        return
    async with a_cluster(request.getfixturevalue("elasticsearch_url")) as cluster:
        yield elastic_engine(cluster)


@pytest.fixture
async def filled(store: PostgresStore, engine: SearchEngine) -> tuple[PostgresStore, SearchEngine]:
    """Eight master records in store and index."""
    source = await a_source(store, "VN-TEST1")
    await deliver(store, source, [a_delivery(word, title=f"Tập {word}") for word in WORDS])
    await match_pending(store)
    assert await index_pending(store, engine.open_writer) == len(WORDS)
    return store, engine


async def test_how_far_the_index_is_behind_is_known(filled: tuple[PostgresStore, SearchEngine]) -> None:
    store, engine = filled
    catalogue = PostgresCatalogue(store)
    assert await catalogue.index_lag(await engine.index.position()) == IndexLag(0, 0.0)
    lag = await catalogue.index_lag(await engine.index.position() - 3)
    assert lag.changes == 3
    assert lag.seconds > 0


async def titles(engine: SearchEngine) -> list[str]:
    return sorted([hit.title async for hit in engine.index.walk(SearchRequest())])


async def broken(store: PostgresStore, engine: SearchEngine) -> list[str]:
    return [
        line
        for finding in await verify_store(store, engine.index)
        if finding.law == 5
        for line in finding.broken
    ]


class Faulty:
    """A rebuild that loses, or muddles, what it is given."""

    def __init__(self, writer: IndexRebuild, how: str) -> None:
        self.writer, self.how = writer, how
        self.preview, self.position, self.switch = writer.preview, writer.position, writer.switch
        self.repair, self.close, self.apply = writer.repair, writer.close, writer.apply

    async def fill(self, documents: StoredDocuments, position: int) -> None:
        rows = documents.rows
        muddled = tuple((json.dumps(json.loads(text) | {"title": "?"}), version) for text, version in rows)
        given = rows[1:] if self.how == "loses" else muddled
        await self.writer.fill(replace(documents, rows=given), position)


async def test_a_rebuilt_index_has_the_same_documents(filled: tuple[PostgresStore, SearchEngine]) -> None:
    store, engine = filled
    before = await titles(engine)
    assert await rebuild_index(store, await engine.open_rebuild()) == len(WORDS)
    assert await titles(engine) == before
    assert await broken(store, engine) == []


async def test_the_live_index_follows_changes_while_another_is_built_and_none_is_lost(
    filled: tuple[PostgresStore, SearchEngine],
) -> None:
    store, engine = filled
    source = await a_source(store, "VN-TEST2")
    writer = await engine.open_rebuild()
    meanwhile = []

    class Slow(Faulty):
        async def fill(self, documents: StoredDocuments, position: int) -> None:
            if not meanwhile:
                await deliver(store, source, [a_delivery("mới", title="Tập mới")])
                await match_pending(store)
                await index_pending(store, engine.open_writer)
                meanwhile.extend(await titles(engine))
            await self.writer.fill(documents, position)

    await rebuild_index(store, Slow(writer, ""))
    assert "Tập mới" in meanwhile
    assert await titles(engine) == meanwhile
    assert await broken(store, engine) == []


@pytest.mark.parametrize(("how", "why"), [("loses", "7 documents"), ("muddles", "title")])
async def test_an_index_that_is_not_what_the_store_has_does_not_go_live(
    filled: tuple[PostgresStore, SearchEngine], how: str, why: str
) -> None:
    store, engine = filled
    before = await titles(engine)
    writer = await engine.open_rebuild()
    with pytest.raises(IndexUnavailable, match=why):
        await rebuild_index(store, Faulty(writer, how))
    await writer.close()
    assert await titles(engine) == before


async def test_differing_records_are_named_and_repaired(filled: tuple[PostgresStore, SearchEngine]) -> None:
    store, engine = filled
    first, second = [hit async for hit in engine.index.walk(SearchRequest())][:2]
    stray = SearchDocument(mint_master_id(999), 1, "a stray")
    writer = await engine.open_writer()
    await writer.repair([replace(second, title="another"), stray], [first.master_id])
    await writer.close()
    damaged = {first.master_id, second.master_id, f"{stray.master_id} is in the index only"}
    assert set(await broken(store, engine)) == damaged
    found = await repair_index(store, engine)
    assert {document.master_id for document in found.differing} == {first.master_id, second.master_id}
    assert found.strays == (stray.master_id,)
    assert await broken(store, engine) == []
    nothing = await repair_index(store, engine)
    assert (nothing.differing, nothing.strays) == ((), ())


async def test_a_repaired_record_takes_its_next_change(filled: tuple[PostgresStore, SearchEngine]) -> None:
    store, engine = filled
    writer = await engine.open_writer()
    await writer.repair([], [hit.master_id async for hit in engine.index.walk(SearchRequest())])
    await writer.close()
    assert await titles(engine) == []
    await repair_index(store, engine)
    source = await a_source(store, "VN-TEST2")
    await deliver(store, source, [a_delivery(word, title=f"Tập {word}") for word in WORDS])
    await match_pending(store)
    await index_pending(store, engine.open_writer)
    assert await broken(store, engine) == []
