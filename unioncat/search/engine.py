"""The two search engines as the rest of unioncat sees them: one reader, writers, and rebuilds."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from unioncat.search.aside import Aside
from unioncat.search.elasticsearch import Cluster, ElasticIndex, ElasticWriter
from unioncat.search.embedded import TantivyIndex, TantivyWriter


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """The index of one machine, in a folder."""

    folder: Path
    index: TantivyIndex
    aside: Aside = asyncio.to_thread

    async def open_writer(self) -> TantivyWriter:
        """The writer of the live index; raises IndexUnavailable, IndexOutdated."""
        return await TantivyWriter.open(self.folder)

    async def open_rebuild(self) -> TantivyWriter:
        """A new index beside the live one; raises IndexUnavailable."""
        return await asyncio.to_thread(TantivyWriter.rebuild, self.folder, self.aside)

    async def close(self) -> None:
        """Free what is held."""
        await self.index.close()


@dataclass(frozen=True, slots=True)
class ElasticEngine:
    """The index of a cluster."""

    cluster: Cluster
    index: ElasticIndex

    async def open_writer(self) -> ElasticWriter:
        """The writer of the live index; raises IndexUnavailable, IndexOutdated."""
        return await ElasticWriter.open(self.cluster)

    async def open_rebuild(self) -> ElasticWriter:
        """A new index beside the live one; raises IndexUnavailable."""
        return await ElasticWriter.rebuild(self.cluster)

    async def close(self) -> None:
        """Close the connections."""
        await self.cluster.close()


def embedded_engine(folder: Path, aside: Aside = asyncio.to_thread) -> EmbeddedEngine:
    """The engine of the index in a folder; `aside` makes the documents of a rebuild ready."""
    return EmbeddedEngine(folder, TantivyIndex(folder), aside)


def elastic_engine(cluster: Cluster) -> ElasticEngine:
    """The engine of the index in a cluster, whose connections it closes."""
    return ElasticEngine(cluster, ElasticIndex(cluster))
