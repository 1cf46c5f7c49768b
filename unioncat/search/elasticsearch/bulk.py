"""Documents on their way into a generation.

1. They go in portions, some at a time: while Elasticsearch works on one, others are made ready.
2. The version of every operation says the position of its batch: an older one never overwrites or revives a newer one.
3. What an overloaded or ailing cluster turns away is sent again, after longer and longer pauses.
4. Anything else that is refused is an error that names the record.
"""

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout
from elasticsearch import ApiError, AsyncElasticsearch

from unioncat.core.errors import IndexUnavailable
from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_to_text
from unioncat.core.index.stored import StoredDocuments
from unioncat.search.aside import Aside
from unioncat.search.elasticsearch.cluster import BUSY
from unioncat.search.elasticsearch.mapping import to_source

_PORTION = 1_000
_ROOM = 2**16
_AT_ONCE = 3
_SMALL = 100  # so few are made ready sooner than they are given to another process
_FIRST_PAUSE, _LONGEST_PAUSE, _PAUSES = 0.1, 5.0, 20
_TOO_LATE = 409
_UNKNOWN = 404
_REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Portion:
    """Some documents and some identifiers of deleted records, and the version of what is done with them."""

    documents: tuple[SearchDocument, ...]
    deleted: tuple[MasterId, ...]
    version: int


Operation = tuple[str, ...]
"""A line that says what is done with which record, and the document where there is one."""


def version_at(position: int) -> int:
    """The version of what is applied at a position, with room for what is written by hand before the next one."""
    return position * _ROOM


async def send(client: AsyncElasticsearch, alias: str, portions: Iterable[Portion], aside: Aside) -> None:
    """Upsert and delete; raises IndexUnavailable, and what the client raises when it does not come through."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(portion: Portion) -> None:
        async with gate:
            small = len(portion.documents) < _SMALL
            operations = await (asyncio.to_thread if small else aside)(operations_of, portion)
            await _send_portion(client, alias, operations)

    under_way = [asyncio.create_task(one(portion)) for portion in portions]
    try:
        await asyncio.gather(*under_way)
    finally:
        for task in under_way:
            task.cancel()


async def send_stored(
    client: AsyncElasticsearch, alias: str, stored: StoredDocuments, version: int, aside: Aside
) -> None:
    """Add stored documents; raises what `send` raises."""
    operations = await aside(operations_of_stored, (stored, version))
    await _send_portion(client, alias, operations)


def operations_of_stored(given: tuple[StoredDocuments, int]) -> list[Operation]:
    """What is sent for stored documents at a version."""
    stored, version = given
    return [_indexing(document, text, version) for document, text in stored.read_with_text()]


def in_portions(
    documents: Iterable[SearchDocument], deleted: Iterable[MasterId], version: int
) -> Iterator[Portion]:
    """The last document of each record, but for what is deleted."""
    newest = {document.master_id: document for document in documents}
    gone = tuple(deleted)
    for master_id in gone:
        newest.pop(master_id, None)
    kept = tuple(newest.values())
    for start in range(0, max(len(kept), len(gone)), _PORTION):
        part = slice(start, start + _PORTION)
        yield Portion(kept[part], gone[part], version)


def operations_of(portion: Portion) -> list[Operation]:
    """What is sent for a portion."""
    return [
        *((_action("delete", master_id, portion.version),) for master_id in portion.deleted),
        *(_indexing(document, document_to_text(document), portion.version) for document in portion.documents),
    ]


def _indexing(document: SearchDocument, text: str, version: int) -> Operation:
    source = json.dumps(to_source(document, text), ensure_ascii=False)
    return _action("index", document.master_id, version), source


def _action(name: str, master_id: MasterId, version: int) -> str:
    return json.dumps({name: {"_id": master_id, "version": version, "version_type": "external_gte"}})


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
    lines = [line for operation in portion for line in operation]
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
