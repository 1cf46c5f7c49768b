"""A search as people need it answered: when nothing has all of their words, what they meant, and what is near.

1. What was found for what was typed is the answer.
2. Where nothing was, keystrokes that were not turned into letters (Telex) and slips are looked for. Where what was
   perhaps meant finds something, that is the answer, with the notice `corrected` and the text that was searched.
3. Else words that were bound to a field may stand anywhere, and then one of the words suffices, the most words first:
   the notice is `relaxed`.
4. A cursor says which of these its page was, so that the next page is one of the same.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from unioncat.core.index.corrections import corrected, from_telex
from unioncat.core.index.reading import is_wider
from unioncat.core.index.request import QueryLanguage, Reading, SearchPage, SearchRequest
from unioncat.pipeline.ports import SearchIndex

CORRECTED, RELAXED = "corrected", "relaxed"
_NEAR_RECORDS = 30
_CORRECTED = "^"
_WIDER = {"!": Reading.ANYWHERE, "~": Reading.RELAXED}
"""Before the cursor of a page that answers something else than what was typed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page, the request that it answers, and the text that was searched instead of the one that was typed."""

    page: SearchPage
    request: SearchRequest
    instead: str | None = None


async def search_catalogue(index: SearchIndex, request: SearchRequest) -> Found:
    """Answer a request; raises InvalidQuery, CursorExpired, IndexUnavailable."""
    mark = (request.cursor or "")[:1]
    if mark == _CORRECTED or mark in _WIDER:
        following = replace(request, cursor=(request.cursor or "")[1:])
        async for found in _others(index, following, mark):
            return found
    page = await index.search(request)
    if page.total or request.cursor:
        return Found(page, request)
    async for found in _others(index, request):
        if found.page.total:
            return found
    return Found(page, request)


async def _others(index: SearchIndex, request: SearchRequest, only: str = "") -> AsyncIterator[Found]:
    """What may be answered instead, the nearest first; only that of one mark, if one is given."""
    if only in ("", _CORRECTED) and (text := await _meant_by(index, request)):
        other = replace(request, text=text)
        yield Found(_marked(await index.search(other), _CORRECTED, CORRECTED), other, text)
    for mark, reading in _WIDER.items():
        wider = replace(request, reading=reading)
        if only in ("", mark) and is_wider(wider):
            yield Found(_marked(await index.search(wider), mark, RELAXED), wider)


def _marked(page: SearchPage, mark: str, notice: str) -> SearchPage:
    cursor = f"{mark}{page.next_cursor}" if page.next_cursor else None
    return replace(page, next_cursor=cursor, notice=page.notice or notice)


async def _meant_by(index: SearchIndex, request: SearchRequest) -> str | None:
    return await meant(index, request.text) if request.language is QueryLanguage.WORDS else None


async def meant(index: SearchIndex, text: str) -> str | None:
    """What was perhaps meant by a text that finds nothing, if that finds something; raises IndexUnavailable."""
    plain = SearchRequest(text, size=1)
    if (typed := from_telex(text)) and (await index.search(replace(plain, text=typed))).total:
        return typed
    near = replace(plain, reading=Reading.NEAR, size=_NEAR_RECORDS)
    if not is_wider(near):
        return None
    proposed = corrected(text, (await index.search(near)).hits)
    if proposed and (await index.search(replace(plain, text=proposed))).total:
        return proposed
    return None
