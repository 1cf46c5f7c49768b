"""Three real nodes with one replica: one is killed under searches and an indexing run, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from elastic_clusters import three_nodes
from elastic_node import ElasticNode
from search_documents import a_document

from unioncat.core.identifiers import MasterId
from unioncat.core.index.request import SearchRequest
from unioncat.search.elasticsearch import Cluster, ClusterAddress, ElasticIndex, ElasticWriter

_SEARCHES_A_SECOND = 50
_SECONDS = 8.0
_KILLED_AFTER = 3.0
_BATCH = 50


@pytest.fixture(scope="module")
def nodes() -> Iterator[list[ElasticNode]]:
    with three_nodes() as started:
        yield started


@pytest.fixture
async def cluster(nodes: list[ElasticNode]) -> AsyncIterator[Cluster]:
    opened = Cluster(ClusterAddress(tuple(node.url for node in nodes), "killed", shards=2, replicas="1-1"))
    yield opened
    await opened.close()


async def index_until(stop: asyncio.Event, writer: ElasticWriter) -> set[MasterId]:
    """Write batches one after the other; what was acknowledged."""
    written: set[MasterId] = set()
    position = 1
    while not stop.is_set():
        position += 1
        documents = [a_document(position * _BATCH + n, f"sách {n}") for n in range(_BATCH)]
        await writer.apply(documents, (), position)
        written |= {document.master_id for document in documents}
    return written


async def search_until(stop: asyncio.Event, index: ElasticIndex) -> list[int]:
    """Ask at a steady rate, whatever the answers take; the totals that were answered."""
    asked: list[asyncio.Task[int]] = []

    async def ask() -> int:
        return (await index.search(SearchRequest("toan hoc"))).total

    clock = asyncio.get_running_loop().time
    begin = clock()
    while not stop.is_set():
        asked.append(asyncio.create_task(ask()))
        await asyncio.sleep(begin + len(asked) / _SEARCHES_A_SECOND - clock())
    return list(await asyncio.gather(*asked))


async def test_a_killed_node_costs_no_search_and_no_document(
    nodes: list[ElasticNode], cluster: Cluster
) -> None:
    async with await ElasticWriter.open(cluster) as writer:
        await writer.apply([a_document(n, "Toán học") for n in range(100)], (), 1)
        async with cluster.client() as client:
            await client.cluster.health(index="killed-v*", wait_for_status="green", timeout="30s")
        index, stop = ElasticIndex(cluster), asyncio.Event()
        searching = asyncio.create_task(search_until(stop, index))
        indexing = asyncio.create_task(index_until(stop, writer))
        await asyncio.sleep(_KILLED_AFTER)
        nodes[0].kill()
        await asyncio.sleep(_SECONDS - _KILLED_AFTER)
        stop.set()
        totals, written = await searching, await indexing
    assert len(totals) > _SECONDS * _SEARCHES_A_SECOND * 0.8
    assert set(totals) == {100}
    found = {hit.master_id async for hit in index.walk(SearchRequest("sach"))}
    assert written
    assert found == written
