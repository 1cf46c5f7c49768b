"""The indexes of a cluster that are ours: one a generation, and an alias that names the live one.

1. The names carry the version of the index: `unioncat-v1-000002`, live as `unioncat-v1`. No other version is read.
2. A generation is written through an alias of its own, which goes with it: what is sent too late makes no index anew.
3. `unioncat-positions` holds the position of the last durable `apply` of each generation; it never goes back.
"""

import re
from contextlib import suppress
from typing import Any

from elasticsearch import AsyncElasticsearch, BadRequestError, ConflictError, NotFoundError

from unioncat.core.errors import IndexOutdated
from unioncat.core.index.fields import INDEX_VERSION
from unioncat.search.elasticsearch.cluster import ClusterAddress
from unioncat.search.elasticsearch.mapping import MAPPING

_POSITIONS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {"position": {"type": "long", "index": False}},
}
_NUMBERED = r"-v(\d+)-(\d{6,})"
_REMEMBERED = "1h"
"""How long Elasticsearch knows that a record was deleted, and refuses what was sent before that."""
_BUILDING = {"refresh_interval": "-1"}
_LIVE = {"refresh_interval": "1s"}


class Generations:
    """The indexes of one name."""

    def __init__(self, client: AsyncElasticsearch, address: ClusterAddress) -> None:
        self._client = client
        self._address = address
        self._positions = f"{address.name}-positions"

    async def live(self) -> str | None:
        """The live generation; None for an index that was never written. Raises IndexOutdated."""
        try:
            found = await self._client.indices.get_alias(name=live_alias(self._address))
        except NotFoundError:
            await self.refuse_other_versions()
            return None
        return str(next(iter(found.body)))

    async def refuse_other_versions(self) -> None:
        """Raise IndexOutdated when there are generations, but another version built them."""
        versions = {version for version, _ in (await self._all()).values()}
        if versions and INDEX_VERSION not in versions:
            raise IndexOutdated(
                f"The search index {self._address.name} in Elasticsearch was built by another version of unioncat. "
                "Run `unioncat reindex`"
            )

    async def create(self, *, live: bool) -> str:
        """An empty index for a generation newer than all others."""
        await self._make_positions()
        newest = max((number for _, number in (await self._all()).values()), default=0)
        name = f"{live_alias(self._address)}-{newest + 1:06}"
        aliases: dict[str, Any] = {write_alias(name): {"is_hidden": True}}
        if live:
            aliases[live_alias(self._address)] = {}
        settings = (
            self._copies(self._address.shards) | {"gc_deletes": _REMEMBERED} | (_LIVE if live else _BUILDING)
        )
        await self._client.indices.create(
            index=name, mappings=dict(MAPPING), settings=settings, aliases=aliases
        )
        return name

    async def make_live(self, generation: str) -> None:
        """Let the alias name this generation, at once for every reader, and remove the older ones."""
        await self._client.indices.put_settings(index=generation, settings=_LIVE)
        numbers = await self._all()
        older = [name for name, (_, number) in numbers.items() if number < numbers[generation][1]]
        named = {"index": generation, "alias": live_alias(self._address)}
        await self._client.indices.update_aliases(
            actions=[{"add": named}, *({"remove_index": {"index": name}} for name in older)]
        )

    async def read_position(self, generation: str) -> int:
        """The position of the last durable `apply`; 0 when it is not known."""
        try:
            found = await self._client.get(index=self._positions, id=generation)
        except NotFoundError:
            return 0
        return int(found["_source"]["position"])

    async def write_position(self, generation: str, position: int) -> None:
        """Keep the position of what was just applied, unless a later one is known."""
        with suppress(ConflictError):
            await self._client.index(
                index=self._positions,
                id=generation,
                document={"position": position},
                version=position,
                version_type="external_gte",
            )

    async def _make_positions(self) -> None:
        try:
            await self._client.indices.create(
                index=self._positions, mappings=_POSITIONS, settings=self._copies(shards=1)
            )
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    async def _all(self) -> dict[str, tuple[int, int]]:
        """Version and number of every generation by its name."""
        ours = re.compile(re.escape(self._address.name) + _NUMBERED)
        found = await self._client.indices.get_alias(index=f"{self._address.name}-v*", expand_wildcards="all")
        numbers = {name: ours.fullmatch(name) for name in found.body}
        return {name: (int(parts[1]), int(parts[2])) for name, parts in numbers.items() if parts}

    def _copies(self, shards: int) -> dict[str, Any]:
        return {"number_of_shards": shards, "auto_expand_replicas": self._address.replicas}


def live_alias(address: ClusterAddress) -> str:
    """The name under which readers find the live generation."""
    return f"{address.name}-v{INDEX_VERSION}"


def write_alias(generation: str) -> str:
    """The name under which a generation is written."""
    return f"{generation}-write"
