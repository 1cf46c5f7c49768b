"""The query tree in Elasticsearch's terms. Every score is a constant: the points of `core/index/fields.py`."""

from collections.abc import Iterable, Iterator
from typing import Any

from unioncat.core.index.analysis import Token
from unioncat.core.index.corrections import slips_allowed
from unioncat.core.index.fields import (
    DOUBLING,
    FOLDED_SHARE,
    MOST_DOUBLINGS,
    NUMBER,
    POINTS,
    SEARCHED_AS,
    SIDE_BY_SIDE,
    WHOLE_TITLE,
    TextField,
    beginnings,
    facet_value,
    forms,
    title_points,
    word_points,
)
from unioncat.core.index.query import All, And, Isbn, Issn, Near, Node, Not, Or, Phrase, Query, Term
from unioncat.core.index.request import FacetName, SearchRequest
from unioncat.search.elasticsearch.mapping import facet_field

Clause = dict[str, Any]

_FARTHEST_YEAR = 1_000_000
_NEAR_WORDS = 1_000


def matching(node: Node) -> Clause:
    """The records that a tree matches, scored by the words that are found."""
    match node:
        case All():
            return _scored({"match_all": {}}, 0)
        case Term(token, field, prefix=True):
            return _best(_beginning(token, found) for found in SEARCHED_AS[field])
        case Term(token, field):
            return _words((token,), SEARCHED_AS[field])
        case Near(token, field):
            return _best((_words((token,), SEARCHED_AS[field]), *_slipped(token, SEARCHED_AS[field])))
        case Phrase(tokens, field):
            return _words(tokens, SEARCHED_AS[field])
        case Isbn(number):
            return _value("isbn", number, NUMBER)
        case Issn(number):
            return _value("issn", number, NUMBER)
        case Or(parts):
            return {"bool": {"should": [matching(part) for part in parts], "minimum_should_match": 1}}
        case And(parts):
            return _all_of(parts)
        case Not():
            return _all_of((node,))


def ranked(query: Query) -> Clause:
    """The same records, with the points for whole titles and for libraries."""
    extra = [_value("held", str(step), DOUBLING) for step in range(1, MOST_DOUBLINGS + 1)]
    return {"bool": {"must": [matching(query.tree)], "should": [*extra, *_title_bonuses(query.whole)]}}


def filters(request: SearchRequest, names: Iterable[FacetName]) -> list[Clause]:
    """The filters of a request on these facets."""
    return [
        {"terms": {facet_field(name): [facet_value(value) for value in request.filters[name]]}}
        for name in names
        if request.filters.get(name)
    ]


def years(request: SearchRequest) -> list[Clause]:
    """The range of years of a request."""
    bounds = {"gte": request.year_from, "lte": request.year_to}
    stated = {
        side: max(-_FARTHEST_YEAR, min(year, _FARTHEST_YEAR))
        for side, year in bounds.items()
        if year is not None
    }
    return [{"range": {"year": stated}}] if stated else []


def _all_of(parts: Iterable[Node]) -> Clause:
    clauses: dict[str, list[Clause]] = {"must": [matching(All())], "must_not": []}
    for part in parts:
        if isinstance(part, Not):
            clauses["must_not"].append(matching(part.part))
        else:
            clauses["must"].append(matching(part))
    return {"bool": clauses}


def _words(tokens: tuple[Token, ...], fields: Iterable[TextField]) -> Clause:
    return _best(
        clause for field in fields for clause in _both_forms(field, tokens, word_points(field, tokens))
    )


def _both_forms(name: str, tokens: tuple[Token, ...], points: tuple[int, int]) -> Iterator[Clause]:
    words = forms(tokens)
    for form, text, score in zip(("exact", "folded"), (words.exact, words.folded), points, strict=True):
        if len(tokens) == 1:
            yield _value(f"{name}_{form}", text, score)
        else:
            yield _scored({"match_phrase": {f"{name}_{form}": text}}, score)


def _beginning(token: Token, field: TextField) -> Clause:
    return _best(
        _scored({"prefix": {f"{field}_folded": start}}, POINTS[field]) for start in beginnings(token)
    )


def _slipped(token: Token, fields: Iterable[TextField]) -> Iterator[Clause]:
    for field in fields:
        near = {
            "value": token.folded,
            "fuzziness": slips_allowed(token.folded),
            "max_expansions": _NEAR_WORDS,
        }
        yield _scored({"fuzzy": {f"{field}_folded": near}}, POINTS[field] // FOLDED_SHARE)


def _title_bonuses(tokens: tuple[Token, ...]) -> Iterator[Clause]:
    if not tokens:
        return
    words, points = forms(tokens), title_points(WHOLE_TITLE, tokens)
    yield _best(
        (_value("whole_exact", words.exact, points[0]), _value("whole_folded", words.folded, points[1]))
    )
    if len(tokens) > 1:
        yield _best(_both_forms(TextField.TITLE, tokens, title_points(SIDE_BY_SIDE, tokens)))


def _value(field: str, value: str, points: int) -> Clause:
    return _scored({"term": {field: value}}, points)


def _best(clauses: Iterable[Clause]) -> Clause:
    return {"dis_max": {"queries": list(clauses)}}


def _scored(clause: Clause, points: int) -> Clause:
    return {"constant_score": {"filter": clause, "boost": points}}
