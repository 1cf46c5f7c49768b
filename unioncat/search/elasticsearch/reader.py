"""Searches in a cluster, in any number of processes, while another writes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from elastic_transport import ObjectApiResponse, TransportError
from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError

from unioncat.core.errors import InvalidQuery
from unioncat.core.index.cursor import read_cursor
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.reading import read_query
from unioncat.core.index.request import MOST_HITS, SearchPage, SearchRequest
from unioncat.search.elasticsearch.answer import (
    EVERY_VALUE,
    VALUES_OF_A_SHARD,
    is_exact,
    page,
    question,
)
from unioncat.search.elasticsearch.cluster import Cluster
from unioncat.search.elasticsearch.generations import Generations, live_alias
from unioncat.search.elasticsearch.mapping import to_document

_KEPT = "2m"
"""How long a point in time outlives the last question about it."""
_WALKED = 1_000
_NOTHING: Mapping[str, Any] = {"pit_id": None, "hits": {"hits": []}}


class ElasticIndex:
    """The readers' side of the index in a cluster; an index that was never written is an empty one.

    Cursors are those of the embedded index: they name the last record shown, outlive a rebuild and hold in any process.
    A generation that is not live yet can be read by its name.
    """

    def __init__(self, cluster: Cluster, generation: str | None = None) -> None:
        self._cluster = cluster
        self._target = generation or live_alias(cluster.address)

    async def search(self, request: SearchRequest) -> SearchPage:
        """Answer one request.

        The years of a request narrow the year facet too; its filter does not. Raises InvalidQuery (a size
        out of bounds, a cursor that is not ours), CursorExpired, IndexUnavailable, IndexOutdated.
        """
        if not 1 <= request.size <= MOST_HITS:
            raise InvalidQuery(f"A page cannot have {request.size} records: ask for 1 to {MOST_HITS}")
        cursor, query = read_cursor(request), read_query(request)
        async with self._cluster.client() as client:
            answer = await self._ask(client, question(request, query, cursor, VALUES_OF_A_SHARD))
            if not is_exact(answer):
                answer = await self._ask(client, question(request, query, cursor, EVERY_VALUE))
        return page(request, query, cursor, answer)

    async def walk(self, request: SearchRequest) -> AsyncIterator[SearchDocument]:
        """Every hit in the order of a request, of one point in time; raises what `search` raises.

        Its size and facets do not matter. When the index is rebuilt meanwhile, the walk goes on in the new one.
        """
        body = question(
            replace(request, size=_WALKED, facets=()), read_query(request), read_cursor(request), 0
        )
        moment, more = None, True
        async with self._cluster.client() as client:
            try:
                while more:
                    try:
                        answer = await self._ask_moment(client, moment, body)
                    except (ApiError, TransportError):  # its node was lost, or its generation
                        if moment is None:
                            raise
                        moment = None
                        continue
                    moment, hits = answer["pit_id"], answer["hits"]["hits"]
                    for hit in hits:
                        yield to_document(hit["_source"])
                    more = len(hits) == body["size"]
                    if (
                        more
                    ):  # without the place in its shard, which Elasticsearch adds, and a rebuild changes
                        body["search_after"] = hits[-1]["sort"][: len(body["sort"])]
            finally:
                if moment:
                    with suppress(ApiError):
                        await client.close_point_in_time(id=moment)

    async def position(self) -> int:
        """The number of the last change that searches can see; 0 for a new index."""
        async with self._cluster.client() as client:
            generations = Generations(client, self._cluster.address)
            live = await generations.live()
            return 0 if live is None else await generations.read_position(live)

    async def count(self) -> int:
        """How many documents searches can see."""
        async with self._cluster.client() as client:
            answer = await client.count(index=self._target, ignore_unavailable=True)
            await self._refuse_other_versions(client, answer)
            return int(answer["count"])

    async def close(self) -> None:
        """Nothing: the connections are the cluster's."""

    async def _ask(self, client: AsyncElasticsearch, body: dict[str, Any]) -> dict[str, Any]:
        """Search all shards or none; once more when a rebuild took the generation away under our hands."""
        ask = partial(
            client.search,
            index=self._target,
            ignore_unavailable=True,
            allow_partial_search_results=False,
            **body,
        )
        try:
            answer = await ask()
        except NotFoundError:
            answer = await ask()
        await self._refuse_other_versions(client, answer)
        return dict(answer.body)

    async def _refuse_other_versions(
        self, client: AsyncElasticsearch, answer: ObjectApiResponse[Any]
    ) -> None:
        if answer["_shards"]["total"] == 0:
            await Generations(client, self._cluster.address).refuse_other_versions()

    async def _ask_moment(
        self, client: AsyncElasticsearch, moment: str | None, body: dict[str, Any]
    ) -> Mapping[str, Any]:
        """Search a point in time, or a new one."""
        if moment:
            patient = client.options(max_retries=0)  # what is lost does not come back
        elif await client.indices.exists(index=self._target):
            opened = await client.open_point_in_time(index=self._target, keep_alive=_KEPT)
            moment, patient = str(opened["id"]), client
        else:
            await Generations(client, self._cluster.address).refuse_other_versions()
            return _NOTHING
        pit = {"id": moment, "keep_alive": _KEPT}
        answer = await patient.search(**body, pit=pit, allow_partial_search_results=False)
        return dict(answer.body)
