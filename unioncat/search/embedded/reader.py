"""Searches, in any number of processes, while another writes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

import tantivy

from unioncat.core.errors import IndexUnavailable, InvalidQuery
from unioncat.core.index.cursor import read_cursor
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import MOST_HITS, SearchPage, SearchRequest
from unioncat.search.embedded.answer import answer, walked
from unioncat.search.embedded.generations import commit_stamp, live_generation, live_stamp, read_position
from unioncat.search.embedded.schema import empty_index, open_index

_T = TypeVar("_T")


@dataclass(slots=True)
class _Opened:
    """An open generation, and the stamps of what was live and committed when it was read."""

    index: tantivy.Index
    generation: Path | None
    live: object
    commit: object


class TantivyIndex:
    """The readers' side of the index in a folder; an index that was never written is an empty one.

    Each search sees every commit made before it, by whatever process, and a rebuilt index once it is live.

    Pages go on after the last record shown, not at a number: while the index changes, a walk shows every record
    that stays as it is exactly once. A record that is changed so that it sorts elsewhere may be shown twice
    or not at all. Cursors outlive a restart and a rebuild, and hold in any process.
    """

    def __init__(self, folder: Path, generation: Path | None = None) -> None:
        """The index of a folder: its live generation, or one that is not live yet."""
        self._folder = folder
        self._generation = generation
        self._lock = Lock()
        self._opened: _Opened | None = None

    async def search(self, request: SearchRequest) -> SearchPage:
        """Answer one request.

        The years of a request narrow the year facet too; its filter does not. Raises InvalidQuery (a size
        out of bounds, a cursor that is not ours), CursorExpired, IndexUnavailable, IndexOutdated.
        """
        if not 1 <= request.size <= MOST_HITS:
            raise InvalidQuery(f"A page cannot have {request.size} records: ask for 1 to {MOST_HITS}")
        cursor = read_cursor(request)
        return await asyncio.to_thread(self._ask, lambda searcher: answer(searcher, request, cursor))

    async def walk(self, request: SearchRequest) -> AsyncIterator[SearchDocument]:
        """Every hit in the order of a request, of one point in time; raises what `search` raises.

        Its size and facets do not matter.
        """
        cursor = read_cursor(request)
        searcher = await asyncio.to_thread(self._ask, lambda searcher: searcher)
        pages = walked(searcher, request, cursor)
        while page := await asyncio.to_thread(next, pages, None):
            for document in page:
                yield document

    async def position(self) -> int:
        """The number of the last change that searches can see; 0 for a new index."""
        generation = await asyncio.to_thread(live_generation, self._folder)
        return 0 if generation is None else read_position(generation)

    async def count(self) -> int:
        """How many documents searches can see."""
        return await asyncio.to_thread(self._ask, lambda searcher: searcher.num_docs)

    async def close(self) -> None:
        """Free what is held."""
        self._opened = None

    def _ask(self, question: Callable[[tantivy.Searcher], _T]) -> _T:
        """Ask; once more when a rebuild took the generation away under our hands."""
        live = live_stamp(self._folder)
        try:
            return self._ask_newest(question)
        except IndexUnavailable:
            if live_stamp(self._folder) == live:
                raise
            return self._ask_newest(question)

    def _ask_newest(self, question: Callable[[tantivy.Searcher], _T]) -> _T:
        try:
            with self._lock:
                searcher = self._newest()
            return question(searcher)
        except (OSError, ValueError) as error:
            raise IndexUnavailable(
                f"The search index in {self._folder} cannot be read: {error}. Run `unioncat reindex`"
            ) from error

    def _newest(self) -> tantivy.Searcher:
        """A searcher of the newest commit of the live generation."""
        live = live_stamp(self._folder)
        if self._opened is None or self._opened.live != live:
            self._opened = _open(self._generation or live_generation(self._folder), live)
        commit = commit_stamp(self._opened.generation)
        if self._opened.commit != commit:
            self._opened.index.reload()
            self._opened.commit = commit
        return self._opened.index.searcher()


def _open(generation: Path | None, live: object) -> _Opened:
    commit = commit_stamp(generation)
    index = empty_index() if generation is None else open_index(generation)
    return _Opened(index, generation, live, commit)
