"""The one writer of the index."""

from collections.abc import Iterable
from typing import Self

from unioncat.core.errors import IndexUnavailable
from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.stored import StoredDocuments
from unioncat.search.elasticsearch.bulk import in_portions, send, send_stored, version_at
from unioncat.search.elasticsearch.cluster import Cluster
from unioncat.search.elasticsearch.generations import Generations, write_alias
from unioncat.search.elasticsearch.reader import ElasticIndex


class ElasticWriter:
    """Writes one generation of the index (`async with` closes it). Make one with `open` or `rebuild`.

    Two writers do no harm to each other: of two words about a record the one of the later position stands.
    """

    def __init__(self, cluster: Cluster, generation: str, *, building: bool = False) -> None:
        self._cluster = cluster
        self._generation = generation
        self._building = building
        self._closed = False

    @classmethod
    async def open(cls, cluster: Cluster) -> Self:
        """Go on with the live generation; an index that was never written is made.

        Raises IndexUnavailable, IndexOutdated when it was built by another version.
        """
        async with cluster.client() as client:
            generations = Generations(client, cluster.address)
            return cls(cluster, await generations.live() or await generations.create(live=True))

    @classmethod
    async def rebuild(cls, cluster: Cluster) -> Self:
        """Begin a new, empty generation beside the live one, which stays as it is until `switch`.

        Raises IndexUnavailable.
        """
        async with cluster.client() as client:
            return cls(cluster, await Generations(client, cluster.address).create(live=False), building=True)

    async def apply(
        self, documents: Iterable[SearchDocument], deleted: Iterable[MasterId], position: int
    ) -> None:
        """Upsert and delete, then make it durable and visible together with `position`.

        What is deleted here is gone even when it is among the documents. A repeat changes nothing, nor does what comes
        later than something of a higher position. Raises IndexUnavailable when the cluster does not take it or the index
        was rebuilt meanwhile; the position is then the old one, and the same is to be applied again.
        """
        await self._send(documents, deleted, version_at(position))
        async with self._cluster.client() as client:
            await Generations(client, self._cluster.address).write_position(self._generation, position)

    async def fill(self, documents: StoredDocuments, position: int) -> None:
        """Add documents that this generation has not yet; raises IndexUnavailable."""
        async with self._cluster.client() as client:
            alias = write_alias(self._generation)
            await send_stored(client, alias, documents, version_at(position), self._cluster.aside)

    async def repair(self, documents: Iterable[SearchDocument], strays: Iterable[MasterId]) -> None:
        """Write these as the last word of the present position, above what others wrote by hand."""
        await self._send(documents, strays, version_at(await self.position() + 1) - 1)

    async def position(self) -> int:
        """The position of the last `apply` that is durable."""
        async with self._cluster.client() as client:
            return await Generations(client, self._cluster.address).read_position(self._generation)

    async def preview(self) -> ElasticIndex:
        """What was applied to this generation, as readers will see it."""
        async with self._cluster.client() as client:
            await client.indices.refresh(index=self._generation)
        return ElasticIndex(self._cluster, self._generation)

    async def switch(self) -> None:
        """Make this generation the live one and remove the older ones; closes the writer."""
        await self.close()
        async with self._cluster.client() as client:
            await client.indices.refresh(index=self._generation)
            await Generations(client, self._cluster.address).make_live(self._generation)

    async def close(self) -> None:
        """Write no more."""
        self._closed = True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    async def _send(
        self, documents: Iterable[SearchDocument], deleted: Iterable[MasterId], version: int
    ) -> None:
        if self._closed:
            raise IndexUnavailable("The writer of the search index in Elasticsearch is closed: open it again")
        async with self._cluster.client() as client:
            portions = in_portions(documents, deleted, version)
            await send(client, write_alias(self._generation), portions, self._cluster.aside)
            if not self._building:
                await client.indices.refresh(index=self._generation)
