"""Documents on their way into a generation.

1. They go in portions; while Elasticsearch works on one, the next is made ready.
2. The version of every operation says the position of its batch: an older one never overwrites or revives a newer one.
3. What an overloaded or ailing cluster turns away is sent again, after longer and longer pauses.
4. Anything else that is refused is an error that names the record.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout
from elasticsearch import ApiError, AsyncElasticsearch

from unioncat.core.errors import IndexUnavailable
from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.search.elasticsearch.cluster import BUSY
from unioncat.search.elasticsearch.mapping import to_source

_PORTION = 1_000
_ROOM = 2**16
_FIRST_PAUSE, _LONGEST_PAUSE, _PAUSES = 0.1, 5.0, 20
_TOO_LATE = 409
_UNKNOWN = 404
_REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Operation:
    """One line that says what is done with which record, and the document where there is one."""

    master_id: MasterId
    lines: tuple[str, ...]


def version_at(position: int) -> int:
    """The version of what is applied at a position, with room for what is written by hand before the next one."""
    return position * _ROOM


async def send(
    client: AsyncElasticsearch,
    alias: str,
    documents: Iterable[SearchDocument],
    deleted: Iterable[MasterId],
    version: int,
) -> None:
    """Upsert and delete; raises IndexUnavailable, and what the client raises when it does not come through."""
    operations = _operations(documents, deleted, version)
    under_way: asyncio.Task[None] | None = None
    try:
        async for portion in _portions(operations):
            if under_way:
                await under_way
            under_way = asyncio.create_task(_send_portion(client, alias, portion))
        if under_way:
            await under_way
    finally:
        if under_way:
            under_way.cancel()


def _operations(
    documents: Iterable[SearchDocument], deleted: Iterable[MasterId], version: int
) -> Iterator[Operation]:
    """The last document of each record, but for what is deleted."""
    newest = {document.master_id: document for document in documents}
    at = {"version": version, "version_type": "external_gte"}
    for master_id in deleted:
        newest.pop(master_id, None)
        yield Operation(master_id, (json.dumps({"delete": {"_id": master_id, **at}}),))
    for master_id, document in newest.items():
        action = json.dumps({"index": {"_id": master_id, **at}})
        yield Operation(master_id, (action, json.dumps(to_source(document), ensure_ascii=False)))


async def _portions(operations: Iterator[Operation]) -> AsyncIterator[Sequence[Operation]]:
    while portion := await asyncio.to_thread(lambda: list(islice(operations, _PORTION))):
        yield portion


async def _send_portion(client: AsyncElasticsearch, alias: str, portion: Sequence[Operation]) -> None:
    for attempt in range(_PAUSES + 1):
        portion = await _turned_away(client, alias, portion, last=attempt == _PAUSES)
        if not portion:
            return
        await asyncio.sleep(min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE))
    raise IndexUnavailable(
        f"Elasticsearch is overloaded: it turned away {len(portion)} master records again and again"
    )


async def _turned_away(
    client: AsyncElasticsearch, alias: str, portion: Sequence[Operation], *, last: bool
) -> list[Operation]:
    """Send a portion; returns what is to be sent again."""
    lines = [line for operation in portion for line in operation.lines]
    try:
        answer = await client.options(max_retries=0).bulk(
            index=alias,
            require_alias=True,
            operations=lines,  # type: ignore[arg-type]  # text is sent as it is
        )
    except (NoConnection, ConnectionTimeout):
        if last:
            raise
        return list(portion)
    except ApiError as error:
        if last or error.status_code not in BUSY:
            raise
        return list(portion)
    if not answer["errors"]:
        return []
    outcomes = [next(iter(item.values())) for item in answer["items"]]
    _refuse_refusals(outcomes)
    return [
        operation for operation, outcome in zip(portion, outcomes, strict=True) if outcome["status"] in BUSY
    ]


def _refuse_refusals(outcomes: Iterable[dict[str, Any]]) -> None:
    """Raise IndexUnavailable for what will be refused again; that a newer version is there is as it should be."""
    refused = [
        outcome for outcome in outcomes if "error" in outcome and outcome["status"] not in (*BUSY, _TOO_LATE)
    ]
    if not refused:
        return
    if any(outcome["status"] == _UNKNOWN for outcome in refused):
        raise IndexUnavailable("The search index in Elasticsearch was rebuilt or removed: open it again")
    reasons = [f"{outcome['_id']} ({outcome['error']['reason']})" for outcome in refused[:_REASONS_SHOWN]]
    more = f" and {len(refused) - _REASONS_SHOWN} more" if len(refused) > _REASONS_SHOWN else ""
    raise IndexUnavailable(f"Elasticsearch refuses the master records {', '.join(reasons)}{more}")
