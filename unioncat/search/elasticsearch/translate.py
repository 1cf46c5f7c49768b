"""What an index is asked (`core/index/plan.py`), in Elasticsearch's terms. Every score is a constant."""

from collections.abc import Iterable
from typing import Any

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

Body = dict[str, Any]

_FARTHEST_YEAR = 1_000_000
_NEAR_WORDS = 1_000


def matching(clause: Clause) -> Body:
    """The records that a clause finds."""
    match clause:
        case Everything():
            return {"match_all": {}}
        case Value(field, value):
            return {"term": {field: value}}
        case Held(doublings):
            return {"term": {"held": str(doublings)}}
        case SideBySide(field, words):
            return {"match_phrase": {field: words}}
        case Beginning(field, starts):
            return _either({"prefix": {field: start}} for start in starts)
        case Slipped(field, word, slips):
            near = {"value": word, "fuzziness": slips, "max_expansions": _NEAR_WORDS}
            return {"fuzzy": {field: near}}
        case Either(parts):
            return _either(map(matching, parts))
        case Both(required, excluded):
            return {
                "bool": {
                    "filter": [matching(part) for part in required or (Everything(),)],
                    "must_not": [matching(part) for part in excluded],
                }
            }


def scored(points: Points) -> Body:
    """The records that have points."""
    match points:
        case Scored(clause, number):
            return {"constant_score": {"filter": matching(clause), "boost": number}}
        case Best(parts):
            return {"dis_max": {"queries": [scored(part) for part in parts]}}
        case Ranked(found, more):
            return {"bool": {"filter": [matching(found)], "should": [scored(part) for part in more]}}


def filters(request: SearchRequest, names: Iterable[FacetName]) -> list[Body]:
    """The filters of a request on these facets."""
    return [
        {"terms": {facet_field(name): [facet_value(value) for value in request.filters[name]]}}
        for name in names
        if request.filters.get(name)
    ]


def years(request: SearchRequest) -> list[Body]:
    """The range of years of a request."""
    bounds = {"gte": request.year_from, "lte": request.year_to}
    stated = {
        side: max(-_FARTHEST_YEAR, min(year, _FARTHEST_YEAR))
        for side, year in bounds.items()
        if year is not None
    }
    return [{"range": {"year": stated}}] if stated else []


def _either(bodies: Iterable[Body]) -> Body:
    return {"bool": {"should": list(bodies), "minimum_should_match": 1}}
