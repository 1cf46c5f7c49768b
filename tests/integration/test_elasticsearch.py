"""What only a cluster can do: refuse, be overloaded, be another, lose a generation under our hands.

Keys and certificates are checked by a reverse proxy of the tests: the node that they run has no security of its own.
"""

import random
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from guarded_proxy import KEY, GuardedProxy, guarded_proxy
from search_documents import a_document, random_documents

from unioncat.core.errors import IndexOutdated, IndexUnavailable
from unioncat.core.index.request import FacetName, FacetValue, SearchRequest
from unioncat.search.elasticsearch import Cluster, ClusterAddress, ElasticIndex, ElasticWriter


@asynccontextmanager
async def through(proxy: GuardedProxy, name: str, **other: object) -> AsyncIterator[Cluster]:
    """The cluster behind a proxy."""
    given = {"urls": (proxy.url,), "name": name, "api_key": KEY, "ca": proxy.ca, **other}
    opened = Cluster(ClusterAddress(**given))  # type: ignore[arg-type]
    yield opened
    await opened.close()


async def write(cluster: Cluster, *titles: str, position: int = 1) -> None:
    async with await ElasticWriter.open(cluster) as writer:
        await writer.apply([a_document(n, title) for n, title in enumerate(titles, 1)], (), position)


async def found(cluster: Cluster) -> list[str]:
    return sorted([hit.title async for hit in ElasticIndex(cluster).walk(SearchRequest())])


async def generations(cluster: Cluster) -> list[str]:
    async with cluster.client() as client:
        return sorted((await client.indices.get_alias(index=f"{cluster.address.name}-v*")).body)


# --- keys, certificates, versions, nodes -------------------------------------------------------------


async def test_the_right_key_and_certificate_open_the_cluster(
    cluster: Cluster, elasticsearch_url: str, tmp_path: Path
) -> None:
    with guarded_proxy(elasticsearch_url, tmp_path) as proxy:
        async with through(proxy, cluster.address.name) as guarded:
            await write(guarded, "behind a door")
            assert await found(guarded) == ["behind a door"]
            assert (await ElasticIndex(guarded).search(SearchRequest("door"))).total == 1


@pytest.mark.parametrize(
    ("wrong", "named"), [({"api_key": "x"}, "UNIONCAT_ES_API_KEY"), ({"ca": None}, "UNIONCAT_ES_CA")]
)
async def test_a_wrong_key_and_an_unknown_certificate_are_told_by_the_setting(
    cluster: Cluster, elasticsearch_url: str, tmp_path: Path, wrong: dict[str, object], named: str
) -> None:
    with guarded_proxy(elasticsearch_url, tmp_path) as proxy:
        async with through(proxy, cluster.address.name, **wrong) as refused:
            with pytest.raises(IndexUnavailable, match=named) as told:
                await ElasticIndex(refused).search(SearchRequest())
            assert refused.address.api_key == "x" or KEY not in str(told.value)


async def test_a_cluster_of_another_version_is_refused(cluster: Cluster, elasticsearch_url: str) -> None:
    with guarded_proxy(elasticsearch_url) as proxy:
        proxy.meddle = lambda path, answer: (
            httpx.Response(200, json={"nodes": {"a": {"version": "8.19.1"}}}) if "_nodes" in path else None
        )
        async with through(proxy, cluster.address.name) as old:
            with pytest.raises(IndexUnavailable, match=r"8\.19\.1.*needs version 9"):
                await ElasticIndex(old).count()


async def test_a_server_that_is_not_elasticsearch_is_told(cluster: Cluster, elasticsearch_url: str) -> None:
    with guarded_proxy(elasticsearch_url) as proxy:
        proxy.meddle = lambda path, answer: httpx.Response(200, json={}, headers={"x-not-elastic": "1"})
        async with through(proxy, cluster.address.name) as other:
            with pytest.raises(IndexUnavailable, match="not Elasticsearch"):
                await ElasticIndex(other).count()


async def test_another_node_answers_for_one_that_does_not(cluster: Cluster, elasticsearch_url: str) -> None:
    dead = f"http://127.0.0.1:{_unused_port()}"
    two = Cluster(replace(cluster.address, urls=(dead, elasticsearch_url)))
    await write(two, "a")
    assert [await found(two) for _ in range(4)] == [["a"]] * 4
    await two.close()


async def test_a_cluster_that_is_away_is_named() -> None:
    dead = f"http://127.0.0.1:{_unused_port()}"
    away = Cluster(ClusterAddress((dead,)))
    with pytest.raises(IndexUnavailable, match=dead):
        await ElasticIndex(away).search(SearchRequest())
    await away.close()


def _unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# --- bulk --------------------------------------------------------------------------------------------


async def test_what_an_overloaded_cluster_turns_away_is_sent_again(
    cluster: Cluster, elasticsearch_url: str
) -> None:
    turned_away = iter(["whole", "half", "whole", "half"])

    def overloaded(path: str, answer: httpx.Response) -> httpx.Response | None:
        if "-write/_bulk" not in path or not (how := next(turned_away, None)):
            return None
        if how == "whole":
            return httpx.Response(429, json={"error": {"type": "es_rejected_execution_exception"}})
        items = answer.json()["items"]
        for item in items[::2]:
            item["index"] = {"_id": item["index"]["_id"], "status": 429, "error": {"reason": "queue is full"}}
        return httpx.Response(200, json={"errors": True, "items": items})

    with guarded_proxy(elasticsearch_url) as proxy:
        async with through(proxy, cluster.address.name) as guarded:
            await write(guarded)
            proxy.meddle = overloaded
            await write(guarded, *map(str, range(100)), position=2)
    assert await found(cluster) == sorted(map(str, range(100)))
    assert next(turned_away, None) is None


async def test_a_refused_record_is_named_and_the_position_stays(cluster: Cluster) -> None:
    await write(cluster, "a")
    (live,) = await generations(cluster)
    async with cluster.client() as client:
        await client.indices.put_settings(index=live, settings={"blocks.write": True})
    with pytest.raises(IndexUnavailable, match=str(a_document(1, "").master_id)):
        await write(cluster, "b", position=2)
    assert (await found(cluster), await ElasticIndex(cluster).position()) == (["a"], 1)


# --- generations -------------------------------------------------------------------------------------


async def test_a_writer_of_the_old_generation_stops_after_the_switch_and_brings_nothing_back(
    cluster: Cluster,
) -> None:
    async with await ElasticWriter.open(cluster) as old, await ElasticWriter.rebuild(cluster) as new:
        await old.apply([a_document(1, "old")], (), 1)
        await new.apply([a_document(1, "new")], (), 1)
        assert await found(cluster) == ["old"]
        await new.switch()
        with pytest.raises(IndexUnavailable, match="rebuilt"):
            await old.apply([a_document(2, "late")], (), 2)
    assert await found(cluster) == ["new"]
    assert len(await generations(cluster)) == 1


async def test_an_index_of_another_version_asks_for_a_rebuild(cluster: Cluster) -> None:
    old = f"{cluster.address.name}-v0"
    async with cluster.client() as client:
        await client.indices.create(index=f"{old}-000007", aliases={old: {}})
    index = ElasticIndex(cluster)
    for ask in (index.count, index.position, lambda: index.search(SearchRequest())):
        with pytest.raises(IndexOutdated, match="unioncat reindex"):
            await ask()
    with pytest.raises(IndexOutdated, match="unioncat reindex"):
        await ElasticWriter.open(cluster)
    async with await ElasticWriter.rebuild(cluster) as writer:
        await writer.switch()
    assert (await index.count(), len(await generations(cluster))) == (0, 1)


async def test_an_abandoned_rebuild_changes_nothing_and_goes_with_the_next(cluster: Cluster) -> None:
    await write(cluster, "old")
    async with await ElasticWriter.rebuild(cluster) as writer:
        await writer.apply([a_document(2, "half")], (), 9)
    assert (await found(cluster), len(await generations(cluster))) == (["old"], 2)
    async with await ElasticWriter.rebuild(cluster) as writer:
        await writer.switch()
    assert (await found(cluster), len(await generations(cluster))) == ([], 1)


async def test_cursors_and_walks_go_on_in_a_rebuilt_index(cluster: Cluster) -> None:
    documents = [a_document(n, "toán", year=2000) for n in range(2_100)]
    async with await ElasticWriter.open(cluster) as writer:
        await writer.apply(documents, (), 1)
    index, seen = ElasticIndex(cluster), []
    page = await index.search(SearchRequest("toan", size=4))
    async for document in index.walk(SearchRequest("toan")):
        if not seen:
            async with await ElasticWriter.rebuild(cluster) as writer:
                await writer.apply(reversed(documents), (), 1)
                await writer.switch()
        seen.append(document)
    assert seen == documents
    rest = await index.search(SearchRequest("toan", size=10, cursor=page.next_cursor))
    assert [*page.hits, *rest.hits] == documents[:14]


async def test_a_record_that_was_changed_by_hand_is_written_anew_by_a_repair(cluster: Cluster) -> None:
    await write(cluster, "ours", "ours too")
    ours = [hit async for hit in ElasticIndex(cluster).walk(SearchRequest())]
    (live,) = await generations(cluster)
    async with cluster.client() as client:
        for _ in range(3):
            await client.delete(index=live, id=ours[0].master_id, refresh=True)
            await client.index(index=live, id=ours[0].master_id, document={"id": "x"}, refresh=True)
    async with await ElasticWriter.open(cluster) as writer:
        await writer.repair(ours, ())
        assert await found(cluster) == ["ours", "ours too"]
        await writer.apply([replace(ours[0], title="the next change")], (), 2)
    assert await found(cluster) == ["ours too", "the next change"]


# --- shards ------------------------------------------------------------------------------------------


async def test_facets_are_exact_though_every_shard_has_more_values_than_it_tells(
    cluster: Cluster,
) -> None:
    several = Cluster(replace(cluster.address, shards=3))
    rnd = random.Random(4)
    rare = [f"s{n:06}" for n in range(34_000)]
    rnd.shuffle(rare)
    documents = [
        a_document(n, "x", subjects=(*rare[n * 340 : (n + 1) * 340], f"zz{n % 7}", f"zy{n % 50}"))
        for n in range(100)
    ]
    async with await ElasticWriter.open(several) as writer:
        await writer.apply(documents, (), 1)
    page = await ElasticIndex(several).search(SearchRequest("x", facets=(FacetName.SUBJECT,)))
    counts = Counter(subject for document in documents for subject in document.subjects)
    expected = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:100]
    assert page.facets[FacetName.SUBJECT] == tuple(FacetValue(*pair) for pair in expected)
    await several.close()


async def test_several_shards_give_the_order_of_one(cluster: Cluster) -> None:
    documents = random_documents(8, 150)
    several = Cluster(replace(cluster.address, name=f"{cluster.address.name}-s", shards=4))
    for one in (cluster, several):
        async with await ElasticWriter.open(one) as writer:
            await writer.apply(documents, (), 1)
    for text in ("hoa hoc", "toán", ""):
        alone, together = [
            [hit async for hit in ElasticIndex(one).walk(SearchRequest(text))] for one in (cluster, several)
        ]
        assert alone == together
    await several.close()
