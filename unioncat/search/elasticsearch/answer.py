"""One page of hits and its facets: what is asked of Elasticsearch, and what its answer says."""

from collections.abc import Mapping
from typing import Any

from unioncat.core.index.cursor import Cursor, write_cursor
from unioncat.core.index.fields import facet_field, sort_key
from unioncat.core.index.plan import found_by, ranked
from unioncat.core.index.query import All, Query
from unioncat.core.index.request import (
    MOST_FACET_VALUES,
    FacetName,
    FacetValue,
    SearchPage,
    SearchRequest,
    Sort,
    page_of,
)
from unioncat.search.elasticsearch.mapping import SORT_FIELDS, to_document
from unioncat.search.elasticsearch.translate import filters, matching, scored, years

VALUES_OF_A_SHARD = 10_000
"""Each shard counts its most frequent values only; with so many the counts are nearly always exact."""
EVERY_VALUE = 2**31 - 1

Body = dict[str, Any]


def question(request: SearchRequest, query: Query, cursor: Cursor | None, values: int) -> Body:
    """The body of a search for one record more than a page has. Each shard is to count `values` values of a facet.

    The filters of counted facets are applied after counting, and to the counts of the other facets.
    """
    own = [name for name in request.facets if request.filters.get(name)]
    both = [*filters(request, [name for name in request.filters if name not in own]), *years(request)]
    by_points = request.sort is Sort.RELEVANCE and not isinstance(query.tree, All)
    found = {"must": [scored(ranked(query))]} if by_points else {"filter": [matching(found_by(query.tree))]}
    return {
        "query": {"bool": {**found, "filter": [*found.get("filter", []), *both]}},
        "post_filter": {"bool": {"filter": filters(request, own)}},
        "aggs": {name: _counting(request, name, own, values) for name in request.facets},
        **_order(request, by_points, cursor),
        "size": request.size + 1,
        "track_total_hits": True,
    }


def page(
    request: SearchRequest, query: Query, cursor: Cursor | None, answer: Mapping[str, Any]
) -> SearchPage:
    """The page that Elasticsearch answered with."""
    hits = answer["hits"]["hits"]
    documents = tuple(to_document(hit["_source"]) for hit in hits[: request.size])
    next_cursor = None
    if len(hits) > request.size:
        shown = request.size + (cursor.shown if cursor else 0)
        values = hits[request.size - 1]["sort"]
        points = int(values[0]) if len(values) > 1 else 0
        next_cursor = write_cursor(Cursor(points, sort_key(documents[-1], request.sort), shown), request)
    return page_of(
        answer["hits"]["total"]["value"], documents, _facets(request, answer), next_cursor, query.notice
    )


def is_exact(answer: Mapping[str, Any]) -> bool:
    """Whether no shard left out values that it had."""
    counted = answer.get("aggregations", {}).values()
    return not any(counts["values"]["doc_count_error_upper_bound"] for counts in counted)


def _order(request: SearchRequest, by_points: bool, cursor: Cursor | None) -> Body:
    if by_points:
        order: Body = {"sort": [{"_score": "desc"}, {"id": "asc"}]}
        after: list[object] = [cursor.points, cursor.master_id] if cursor else []
    else:
        order = {"sort": [{SORT_FIELDS[request.sort]: "asc"}]}
        after = [cursor.key] if cursor else []
    return order | {"search_after": after} if after else order


def _counting(request: SearchRequest, name: FacetName, own: list[FacetName], values: int) -> Body:
    others = filters(request, [other for other in own if other is not name])
    counted = {"field": facet_field(name), "size": MOST_FACET_VALUES + 1, "shard_size": values}
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": {"terms": counted}}}


def _facets(request: SearchRequest, answer: Mapping[str, Any]) -> Mapping[FacetName, tuple[FacetValue, ...]]:
    """An index that is not there has no counts at all."""
    counts = answer.get("aggregations") or {name: {"values": {"buckets": ()}} for name in request.facets}
    return {
        name: tuple(FacetValue(each["key"], each["doc_count"]) for each in counts[name]["values"]["buckets"])
        for name in request.facets
    }
