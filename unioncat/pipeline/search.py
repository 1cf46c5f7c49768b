"""A search as people need it answered: when nothing has all of their words, what they may have meant, and what is near.

1. What was found for what was typed is the answer.
2. Where nothing was found, keystrokes that were not turned into letters (Telex) and slips are looked for; what would
   find something is proposed, never searched by itself.
3. Then the records with some of the words are the answer, the most words first, with the notice `relaxed`.
"""

from dataclasses import dataclass, replace

from unioncat.core.index.corrections import corrected, from_telex
from unioncat.core.index.reading import is_wider
from unioncat.core.index.request import QueryLanguage, Reading, SearchPage, SearchRequest
from unioncat.pipeline.ports import SearchIndex

RELAXED = "relaxed"
_NEAR_RECORDS = 30
_MARK = "~"
"""Before the cursor of a relaxed page, so that the next page is read as widely."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and the text that was perhaps meant."""

    page: SearchPage
    did_you_mean: str | None = None


async def search_catalogue(index: SearchIndex, request: SearchRequest) -> Found:
    """Answer a request; raises InvalidQuery, CursorExpired, IndexUnavailable."""
    if request.cursor and request.cursor.startswith(_MARK):
        return Found(await _relaxed(index, replace(request, cursor=request.cursor[1:])))
    page = await index.search(request)
    if page.total or request.cursor:
        return Found(page)
    meant = await _meant(index, request)
    if not is_wider(replace(request, reading=Reading.RELAXED)):
        return Found(page, meant)
    relaxed = await _relaxed(index, request)
    return Found(relaxed if relaxed.total else page, meant)


async def _relaxed(index: SearchIndex, request: SearchRequest) -> SearchPage:
    page = await index.search(replace(request, reading=Reading.RELAXED))
    cursor = f"{_MARK}{page.next_cursor}" if page.next_cursor else None
    return replace(page, next_cursor=cursor, notice=page.notice or RELAXED)


async def _meant(index: SearchIndex, request: SearchRequest) -> str | None:
    if request.language is not QueryLanguage.WORDS:
        return None
    plain = SearchRequest(request.text, size=1)
    if (typed := from_telex(request.text)) and (await index.search(replace(plain, text=typed))).total:
        return typed
    near = replace(plain, reading=Reading.NEAR, size=_NEAR_RECORDS)
    if not is_wider(near):
        return None
    proposed = corrected(request.text, (await index.search(near)).hits)
    if proposed and (await index.search(replace(plain, text=proposed))).total:
        return proposed
    return None
