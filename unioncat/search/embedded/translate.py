"""What an index is asked (`core/index/plan.py`), in tantivy's terms. Every score is a constant."""

from collections.abc import Iterable

import tantivy
from tantivy import Occur

from unioncat.core.index.fields import facet_field, facet_value
from unioncat.core.index.plan import (
    Beginning,
    Best,
    Both,
    Clause,
    Either,
    Everything,
    Held,
    Points,
    Ranked,
    Scored,
    SideBySide,
    Slipped,
    Value,
)
from unioncat.core.index.request import FacetName, SearchRequest
from unioncat.search.embedded.schema import SCHEMA, empty_index

_FARTHEST_YEAR = 1_000_000
_HIGHEST_ID = 2**63 - 1
_KEYS = empty_index()


def matching(clause: Clause) -> tantivy.Query:
    """The records that a clause finds."""
    match clause:
        case Everything():
            return tantivy.Query.all_query()
        case Value(field, value):
            return tantivy.Query.term_query(SCHEMA, field, value, "basic")
        case Held(doublings):
            return tantivy.Query.term_query(SCHEMA, "held", doublings)
        case SideBySide(field, words):
            return tantivy.Query.phrase_query(SCHEMA, field, [*words.split()])
        case Beginning(field, starts):
            return _either(
                tantivy.Query.fuzzy_term_query(SCHEMA, field, start, distance=0, prefix=True)
                for start in starts
            )
        case Slipped(field, word, slips):
            return tantivy.Query.fuzzy_term_query(SCHEMA, field, word, slips)
        case Either(parts):
            return _either(map(matching, parts))
        case Both(required, excluded):
            # tantivy wants something to take exclusions from
            wanted = required or (Everything(),)
            return tantivy.Query.boolean_query(
                [
                    *((Occur.Must, matching(part)) for part in wanted),
                    *((Occur.MustNot, matching(part)) for part in excluded),
                ]
            )


def scored(points: Points) -> tantivy.Query:
    """The records that have points."""
    match points:
        case Scored(clause, number):
            return _scored(matching(clause), number)
        case Best(parts):
            return tantivy.Query.disjunction_max_query([scored(part) for part in parts])
        case Ranked(found, more):
            return tantivy.Query.boolean_query(
                [
                    (Occur.Must, _scored(matching(found), 0)),
                    *((Occur.Should, scored(part)) for part in more),
                ]
            )


def narrowed(query: tantivy.Query, request: SearchRequest, without: FacetName | None = None) -> tantivy.Query:
    """The query with the filters and years of a request, but for the filter of one facet."""
    filters = [
        tantivy.Query.term_set_query(SCHEMA, facet_field(name), [facet_value(value) for value in values])
        for name, values in request.filters.items()
        if values and name is not without
    ]
    if request.year_from is not None or request.year_to is not None:
        filters.append(_years(request.year_from, request.year_to))
    return _required(query, filters)


def after_key(query: tantivy.Query, field: str, key: str) -> tantivy.Query:
    """The records of a query whose sort key comes after this one; only tantivy's parser makes such a query."""
    later = _KEYS.parse_query(f"{field}:{{{key} TO *}}")
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, later)])


def with_ids(query: tantivy.Query, after: int, until: int = _HIGHEST_ID) -> tantivy.Query:
    """The records of a query whose identifiers come after one and not after another, scored as before."""
    between = tantivy.Query.range_query(
        SCHEMA, "id_order", tantivy.FieldType.Integer, after, until, include_lower=False
    )
    return _required(query, [between])


def _either(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, query) for query in queries])


def _required(query: tantivy.Query, filters: Iterable[tantivy.Query]) -> tantivy.Query:
    """The records of a query that all filters let pass, scored as before."""
    required = [(Occur.Must, _scored(part, 0)) for part in filters]
    return tantivy.Query.boolean_query([(Occur.Must, query), *required]) if required else query


def _years(first: int | None, last: int | None) -> tantivy.Query:
    return tantivy.Query.range_query(
        SCHEMA,
        "year",
        tantivy.FieldType.Integer,
        -_FARTHEST_YEAR if first is None else max(first, -_FARTHEST_YEAR),
        _FARTHEST_YEAR if last is None else min(last, _FARTHEST_YEAR),
    )


def _scored(query: tantivy.Query, points: int) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, float(points))
