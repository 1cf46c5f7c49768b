"""The cluster: how it is reached, and what its refusals mean for people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, AsyncElasticsearch, UnsupportedProductError

from unioncat.core.errors import IndexUnavailable
from unioncat.search.aside import Aside

MAJOR = 9
"""The version of Elasticsearch that the client of this release speaks to."""
_PATIENCE = 30.0
_RETRIES = 5
_A = TypeVar("_A")
_B = TypeVar("_B")
BUSY = frozenset({429, 502, 503, 504})
"""What an overloaded cluster answers, or one that is choosing a new master or primary."""


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """Where a cluster is, and under which name our indexes are there.

    `replicas` is a range as Elasticsearch writes it: as many copies as there are nodes for them.
    """

    urls: tuple[str, ...]
    name: str = "unioncat"
    api_key: str | None = field(default=None, repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: str = "0-1"


class Cluster:
    """One client for all requests of a process; it asks another node when one does not answer."""

    def __init__(self, address: ClusterAddress, aside: Aside = asyncio.to_thread) -> None:
        """`aside` makes documents ready; of processes it is quicker than of threads."""
        self.address = address
        self.aside = aside
        self._known = False
        options: dict[str, Any] = {} if address.ca is None else {"ca_certs": str(address.ca)}
        try:
            self._client = AsyncElasticsearch(
                list(address.urls),
                node_class="httpxasync",  # type: ignore[arg-type]  # its name is as good
                api_key=address.api_key,
                request_timeout=_PATIENCE,
                retry_on_timeout=True,
                retry_on_status=BUSY,
                max_retries=_RETRIES,
                **options,
            )
        except (ValueError, OSError) as error:
            raise IndexUnavailable(f"Elasticsearch at {self} cannot be reached: {error}") from error

    def __str__(self) -> str:
        return ", ".join(self.address.urls)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[AsyncElasticsearch]:
        """The client of a cluster of the right version; its errors become IndexUnavailable, with what to do."""
        try:
            if not self._known:
                await self._check_version()
            yield self._client
        except UnsupportedProductError as error:
            raise IndexUnavailable(
                f"The server at {self} is not Elasticsearch: see UNIONCAT_ES_URL"
            ) from error
        except ApiError as error:
            raise IndexUnavailable(f"Elasticsearch at {self} {_refusal(error)}") from error
        except TransportError as error:
            raise IndexUnavailable(f"Elasticsearch at {self} {_silence(error)}") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _check_version(self) -> None:
        found = await self._client.nodes.info(metric="http", filter_path="nodes.*.version")
        versions = {node["version"] for node in found.body.get("nodes", {}).values()}
        if others := sorted(version for version in versions if not version.startswith(f"{MAJOR}.")):
            raise IndexUnavailable(
                f"The cluster at {self} is Elasticsearch {', '.join(others)}, but unioncat needs version {MAJOR}"
            )
        self._known = True


def _refusal(error: ApiError) -> str:
    if error.status_code in (401, 403):
        return f"refuses access ({error.status_code}): see UNIONCAT_ES_API_KEY and the privileges of that key"
    if "media_type_header" in str(error.error):
        return f"does not speak to clients of version {MAJOR}: it is of another version"
    return f"refuses ({error.status_code}): {reason(error)}"


def _silence(error: TransportError) -> str:
    if isinstance(error, TlsError):
        return f"shows a certificate that is not trusted ({error.message}): see UNIONCAT_ES_CA"
    if isinstance(error, ConnectionTimeout):
        return "does not answer in time"
    return f"does not answer: {error.message}"


def reason(error: ApiError) -> str:
    """What Elasticsearch says is wrong: the cause of a failed shard rather than that all failed."""
    stated = error.body.get("error") if isinstance(error.body, dict) else None
    if not isinstance(stated, dict):
        return str(error.message)
    causes = stated.get("root_cause") or [stated]
    return f"{causes[0].get('type')}: {causes[0].get('reason')}"
