"""One page of hits and its facets from one point in time of the index."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import tantivy

from unioncat.core.index.cursor import Cursor, write_cursor
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.fields import DOUBLING, facet_field, sort_key
from unioncat.core.index.plan import found_by, ranked, ranked_by_words
from unioncat.core.index.query import All, Query
from unioncat.core.index.reading import read_query
from unioncat.core.index.request import (
    MOST_FACET_VALUES,
    FacetName,
    FacetValue,
    SearchPage,
    SearchRequest,
    Sort,
    page_of,
)
from unioncat.search.embedded.schema import SORT_FIELDS, id_order, to_document
from unioncat.search.embedded.translate import after_key, matching, narrowed, scored, with_ids

_EVERY_VALUE = 2**31
"""Of each segment tantivy would otherwise look at the most frequent values only, and count too few."""
_FEW = 500
_GROWTH = 64
_FIRST_LOOKED_AT = 4_000
_WALKED = 1_000

Hits = list[tuple[int, tantivy.DocAddress]]
"""Points (0 where keys decide the order) and the place of a document."""


def answer(searcher: tantivy.Searcher, request: SearchRequest, cursor: Cursor | None) -> SearchPage:
    """Search, count and fetch."""
    query = read_query(request)
    by_points = request.sort is Sort.RELEVANCE and not isinstance(query.tree, All)
    page = _by_points if by_points else _by_key
    total, hits = page(searcher, request, query, cursor)
    documents = tuple(to_document(searcher.doc(address)) for _, address in hits[: request.size])
    next_cursor = None
    if len(hits) > request.size:
        shown = request.size + (cursor.shown if cursor else 0)
        last = Cursor(hits[request.size - 1][0], sort_key(documents[-1], request.sort), shown)
        next_cursor = write_cursor(last, request)
    return page_of(total, documents, _facets(searcher, request, query), next_cursor, query.notice)


def walked(
    searcher: tantivy.Searcher, request: SearchRequest, cursor: Cursor | None
) -> Iterator[tuple[SearchDocument, ...]]:
    """All hits after the cursor, some at a time."""
    query = read_query(request)
    if request.sort is Sort.RELEVANCE and not isinstance(query.tree, All):
        everything = replace(request, size=searcher.num_docs + 1)
        _, hits = _by_points(searcher, everything, query, cursor)
        for start in range(0, len(hits), _WALKED):
            yield tuple(to_document(searcher.doc(address)) for _, address in hits[start : start + _WALKED])
        return
    some = replace(request, size=_WALKED)
    while True:
        _, hits = _by_key(searcher, some, query, cursor)
        documents = tuple(to_document(searcher.doc(address)) for _, address in hits[:_WALKED])
        yield documents
        if len(hits) <= _WALKED:
            return
        cursor = Cursor(0, sort_key(documents[-1], request.sort), 0)


def _by_key(
    searcher: tantivy.Searcher, request: SearchRequest, query: Query, cursor: Cursor | None
) -> tuple[int, Hits]:
    """The total, and the records after the cursor in the order of a key, one more than asked."""
    found = narrowed(matching(found_by(query.tree)), request)
    field = SORT_FIELDS[request.sort]
    rest = found if cursor is None else after_key(found, field, cursor.key)
    page = searcher.search(rest, request.size + 1, order_by_field=field, order=tantivy.Order.Asc)
    total = _count(page if cursor is None else searcher.search(found, 1))
    return total, [(0, address) for _, address in page.hits]


def _by_points(
    searcher: tantivy.Searcher, request: SearchRequest, query: Query, cursor: Cursor | None
) -> tuple[int, Hits]:
    """The total, and the records after the cursor by points and identifier, one more than asked."""
    found = searcher.search(narrowed(matching(found_by(query.tree)), request), 1)
    total = _count(found)
    if total <= 1 and cursor is None:  # whose points nobody sees
        return total, [(0, address) for _, address in found.hits]
    by_points = _by_points_of_few if total <= _FEW else _by_points_of_many
    return total, by_points(searcher, request, query, cursor)[: request.size + 1]


def _by_points_of_few(
    searcher: tantivy.Searcher, request: SearchRequest, query: Query, cursor: Cursor | None
) -> Hits:
    """The records after the cursor. What their libraries add is read: to search for it costs more than all else."""
    hits = searcher.search(narrowed(scored(ranked_by_words(query)), request), _FEW).hits
    doublings = searcher.fast_field_values("held", [address for _, address in hits])
    points = [
        (score + DOUBLING * int(steps or 0), address)
        for (score, address), steps in zip(hits, doublings, strict=True)
    ]
    return _in_order(searcher, points, cursor)


def _by_points_of_many(
    searcher: tantivy.Searcher, request: SearchRequest, query: Query, cursor: Cursor | None
) -> Hits:
    """The first records after the cursor.

    tantivy orders equal points by place, so a cut through records of equal points is of no use: when the last whole
    group is not reached, we look for its members where identifiers are lowest, or ask for more.
    """
    found = narrowed(scored(ranked(query)), request)
    limit = (cursor.shown if cursor else 0) + request.size + _FEW
    while True:
        result = searcher.search(found, min(limit, searcher.num_docs + 1))
        safe = _without_cut_tie(result.hits, _count(result))
        rest = _in_order(searcher, safe, cursor)
        if len(rest) > request.size or len(safe) == _count(result):
            return rest
        tied = int(result.hits[-1][0])
        if cursor is None or cursor.points >= tied:
            after = id_order(cursor.master_id) if cursor and cursor.points == tied else -1
            return rest + _tied(searcher, found, tied, after, request.size + 1 - len(rest))
        limit *= _GROWTH


def _tied(searcher: tantivy.Searcher, found: tantivy.Query, points: int, after: int, wanted: int) -> Hits:
    """The first records of so many points by identifier, behind `after`."""
    some = _FIRST_LOOKED_AT
    while True:
        behind = with_ids(found, after)
        lowest = searcher.search(behind, some, order_by_field="id_order", order=tantivy.Order.Asc).hits
        if not lowest:
            return []
        last = int(searcher.fast_field_values("id_order", [lowest[-1][1]])[0] or 0)
        with_points = searcher.search(with_ids(found, after, last), len(lowest)).hits
        tied = _in_order(searcher, [hit for hit in with_points if int(hit[0]) == points], None)
        if len(tied) >= wanted or len(lowest) < some:
            return tied[:wanted]
        some *= _GROWTH


def _count(result: Any) -> int:
    """The number of all hits, an attribute that the type stub of tantivy leaves out."""
    return int(result.count)


def _without_cut_tie(
    hits: list[tuple[float, tantivy.DocAddress]], total: int
) -> list[tuple[float, tantivy.DocAddress]]:
    if len(hits) == total:
        return hits
    floor = hits[-1][0]
    return [hit for hit in hits if hit[0] > floor]


def _in_order(
    searcher: tantivy.Searcher, hits: list[tuple[float, tantivy.DocAddress]], cursor: Cursor | None
) -> Hits:
    orders = searcher.fast_field_values("id_order", [address for _, address in hits])
    last = (-cursor.points, id_order(cursor.master_id)) if cursor else None
    places = sorted(
        (-int(score), order, place)
        for place, ((score, _), order) in enumerate(zip(hits, orders, strict=True))
    )
    return [
        (-points, hits[place][1]) for points, order, place in places if last is None or (points, order) > last
    ]


def _facets(
    searcher: tantivy.Searcher, request: SearchRequest, query: Query
) -> Mapping[FacetName, tuple[FacetValue, ...]]:
    """The values of the facets that were asked for, each counted without its own filter."""
    found = matching(found_by(query.tree))
    own = [name for name in request.facets if request.filters.get(name)]
    shared = [name for name in request.facets if name not in own]
    counted = _count_values(searcher, narrowed(found, request), shared)
    for name in own:
        counted |= _count_values(searcher, narrowed(found, request, without=name), [name])
    return {name: counted[name] for name in request.facets}


def _count_values(
    searcher: tantivy.Searcher, query: tantivy.Query, names: list[FacetName]
) -> dict[FacetName, tuple[FacetValue, ...]]:
    """The most frequent values, equal counts in the order of the values."""
    if not names:
        return {}
    asked = {
        name.value: {
            "terms": {"field": facet_field(name), "size": MOST_FACET_VALUES + 1, "segment_size": _EVERY_VALUE}
        }
        for name in names
    }
    counts = searcher.aggregate(query, asked)
    return {
        name: tuple(FacetValue(bucket["key"], bucket["doc_count"]) for bucket in counts[name]["buckets"])
        for name in names
    }
