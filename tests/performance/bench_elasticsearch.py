"""Build the index of a real catalogue in Elasticsearch, against the bare bulk rate of the same documents in the same run.

Bare means: the documents lie ready, and the bulk helper of the client sends them into an index of the same mapping.
The catalogue is that of `bench_search.py`.
Usage: python tests/performance/bench_elasticsearch.py [MASTERS]
"""

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE.parents[1] / "deploy" / "elasticsearch"), str(HERE)]

from bench_import import DATA  # noqa: E402
from bench_locate import fill  # noqa: E402
from bench_search import ask, mixed, real_documents  # noqa: E402
from elastic_node import single_node  # noqa: E402
from elasticsearch.helpers import async_bulk  # noqa: E402

from unioncat.bootstrap import Application, open_application  # noqa: E402
from unioncat.core.index.document_json import document_to_text  # noqa: E402
from unioncat.core.index.request import FacetName, SearchRequest  # noqa: E402
from unioncat.search.elasticsearch import Cluster, ClusterAddress  # noqa: E402
from unioncat.search.elasticsearch.generations import Generations, write_alias  # noqa: E402
from unioncat.search.elasticsearch.mapping import to_source  # noqa: E402
from unioncat.settings import Settings  # noqa: E402

ROUNDS = 5
PORTION = 1_000


async def bench(home: Path, url: str, masters: int) -> None:
    """Rebuild and send bare in turns, after one round of each that nobody measures."""
    settings = Settings(home=home, engine="elasticsearch", es_url=url)
    cluster = Cluster(ClusterAddress((url,), "bare"))
    async with open_application(settings) as application:
        await fill(application, masters, mixed(real_documents(DATA / "vn" / "hcmut_bk.mrc.gz")))
        await application.reindex()
        documents = [document async for document in application.engine.index.walk(SearchRequest())]
        ready = [
            {"_id": document.master_id, "_source": to_source(document, document_to_text(document))}
            for document in documents
        ]
        await bare(cluster, ready)
        built, sent = [], []
        for _ in range(ROUNDS):
            built.append(len(documents) / await reindexing(application))
            sent.append(len(documents) / await bare(cluster, ready))
            print(f"index build {built[-1]:,.0f} documents/s, bare bulk {sent[-1]:,.0f} documents/s")
        ours, theirs = statistics.median(built), statistics.median(sent)
        print(
            f"{len(documents):,} documents: index build {ours:,.0f} documents/s, bare bulk {theirs:,.0f} documents/s: "
            f"{ours / theirs:.0%}"
        )
        for text in ("truyện kiều", "ky thuat", "the", ""):
            await ask(application, f"'{text}' with all facets", [text] * 100, tuple(FacetName))
    await cluster.close()


async def reindexing(application: Application) -> float:
    """Seconds of a rebuild beside the live index: read, analysed, sent, checked, switched."""
    begin = time.perf_counter()
    await application.reindex()
    return time.perf_counter() - begin


async def bare(cluster: Cluster, ready: list[dict[str, object]]) -> float:
    """Seconds that the client and Elasticsearch take for documents that lie ready."""
    async with cluster.client() as client:
        name = await Generations(client, cluster.address).create(live=False)
        begin = time.perf_counter()
        await async_bulk(client, ready, index=write_alias(name), chunk_size=PORTION)
        await client.indices.refresh(index=name)
        seconds = time.perf_counter() - begin
        await client.indices.delete(index=name)
    return seconds


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder, single_node(fast=True) as node:
        Path(folder).chmod(0o755)
        asyncio.run(bench(Path(folder), node, asked))
