"""Whether an index is what the store has: the guard before a new one goes live, and the comparison of every document.

1. A new index has as many documents as the store has live masters, give or take the changes that it has not seen.
2. Some master records, evenly spread, are found by the words of their own title.
"""

import asyncio
from dataclasses import dataclass
from itertools import compress

from unioncat.core.identifiers import MasterId
from unioncat.core.index.analysis import analyse
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import SearchRequest
from unioncat.core.normalise.vietnamese import nfc
from unioncat.pipeline.ports import IndexRebuild, SearchIndex
from unioncat.pipeline.unit_of_work import Store

_SAMPLES = 10
_HITS = 20
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class IndexDifference:
    """Documents that the index has not or has otherwise, and identifiers that are in the index only."""

    differing: tuple[SearchDocument, ...]
    strays: tuple[MasterId, ...]


async def doubt_about(store: Store, writer: IndexRebuild, last_serial: int) -> str | None:
    """Why a new index must not go live (rules 1 and 2); None when all is well."""
    preview = await writer.preview()
    indexed, position = await preview.count(), await writer.position()
    async with store.work() as work:
        live, unseen = await work.changes.live(), await work.changes.last() - position
    if abs(indexed - live) > unseen:
        return f"it has {indexed:,} documents, the database {live:,} live master records"
    samples = await _samples(store, last_serial)
    missed = await asyncio.gather(*(_misses(preview, document) for document in samples))
    for document in compress(samples, missed):
        return f"a search for the title of {document.master_id} does not find it"
    return None


async def _misses(index: SearchIndex, document: SearchDocument) -> bool:
    """Whether a search for its title does not find a record; where many are found it need not be on the first page."""
    found = await index.search(SearchRequest(_words(document.title), size=_HITS))
    return found.total <= _HITS and document.master_id not in {hit.master_id for hit in found.hits}


async def compare_index(store: Store, search: SearchIndex) -> IndexDifference:
    """Compare every document of the store with the index."""
    indexed = {document.master_id: document async for document in search.walk(SearchRequest())}
    differing: list[SearchDocument] = []
    serial = 0
    while True:
        async with store.work() as work:
            page = await work.changes.everything(serial, _PAGE)
        if page is None:
            return IndexDifference(tuple(differing), tuple(indexed))
        documents, serial = page
        differing += [
            document for document in documents.read() if indexed.pop(document.master_id, None) != document
        ]


async def _samples(store: Store, last_serial: int) -> list[SearchDocument]:
    found: dict[MasterId, SearchDocument] = {}
    async with store.work() as work:
        for part in range(_SAMPLES):
            if page := await work.changes.everything(last_serial * part // _SAMPLES, 1):
                found |= {document.master_id: document for document in page[0].read()}
    return list(found.values())


def _words(title: str) -> str:
    """The words of a title without the signs that mean something in a query."""
    text = nfc(title)
    return " ".join(text[token.start : token.end] for token in analyse(text)).lower()
