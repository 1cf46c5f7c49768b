"""The query tree in tantivy's terms. Every score is a constant: the points of `core/index/fields.py`."""

from collections.abc import Iterable, Iterator

import tantivy
from tantivy import Occur

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
from unioncat.search.embedded.schema import SCHEMA, empty_index, facet_field

_FARTHEST_YEAR = 1_000_000
_HIGHEST_ID = 2**63 - 1
_KEYS = empty_index()


def matching(node: Node) -> tantivy.Query:
    """The records that a tree matches, scored by the words that are found."""
    match node:
        case All():
            return _scored(tantivy.Query.all_query(), 0)
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
            return tantivy.Query.boolean_query([(Occur.Should, matching(part)) for part in parts])
        case And(parts):
            return _all_of(parts)
        case Not():
            return _all_of((node,))


def ranked(query: Query) -> tantivy.Query:
    """The same records, with the points for whole titles and for libraries."""
    extra = [_value("held", str(step), DOUBLING) for step in range(1, MOST_DOUBLINGS + 1)]
    extra += _title_bonuses(query.whole)
    return tantivy.Query.boolean_query(
        [(Occur.Must, matching(query.tree)), *((Occur.Should, bonus) for bonus in extra)]
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
    if not filters:
        return query
    return tantivy.Query.boolean_query(
        [(Occur.Must, query), *((Occur.Must, _scored(part, 0)) for part in filters)]
    )


def after_key(query: tantivy.Query, field: str, key: str) -> tantivy.Query:
    """The records of a query whose sort key comes after this one; only tantivy's parser makes such a query."""
    later = _KEYS.parse_query(f"{field}:{{{key} TO *}}")
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, later)])


def with_ids(query: tantivy.Query, after: int, until: int = _HIGHEST_ID) -> tantivy.Query:
    """The records of a query whose identifiers come after one and not after another, scored as before."""
    between = tantivy.Query.range_query(
        SCHEMA, "id_order", tantivy.FieldType.Integer, after, until, include_lower=False
    )
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, _scored(between, 0))])


def _all_of(parts: Iterable[Node]) -> tantivy.Query:
    """All parts; tantivy wants something to take exclusions from, unless there is a required part."""
    clauses = [
        (Occur.MustNot, matching(part.part)) if isinstance(part, Not) else (Occur.Must, matching(part))
        for part in parts
    ]
    if all(occur == Occur.MustNot for occur, _ in clauses):
        clauses.append((Occur.Must, matching(All())))
    return tantivy.Query.boolean_query(clauses)


def _words(tokens: tuple[Token, ...], fields: Iterable[TextField]) -> tantivy.Query:
    return _best(
        query for field in fields for query in _both_forms(field, tokens, word_points(field, tokens))
    )


def _both_forms(name: str, tokens: tuple[Token, ...], points: tuple[int, int]) -> Iterator[tantivy.Query]:
    for form, score in zip(("exact", "folded"), points, strict=True):
        words = [getattr(token, form) for token in tokens]
        if len(words) == 1:
            yield _value(f"{name}_{form}", words[0], score)
        else:
            yield _scored(tantivy.Query.phrase_query(SCHEMA, f"{name}_{form}", words), score)


def _beginning(token: Token, field: TextField) -> tantivy.Query:
    pattern = f"({'|'.join(beginnings(token))}).*"
    return _scored(tantivy.Query.regex_query(SCHEMA, f"{field}_folded", pattern), POINTS[field])


def _slipped(token: Token, fields: Iterable[TextField]) -> Iterator[tantivy.Query]:
    for field in fields:
        slips = slips_allowed(token.folded)
        found = tantivy.Query.fuzzy_term_query(SCHEMA, f"{field}_folded", token.folded, slips)
        yield _scored(found, POINTS[field] // FOLDED_SHARE)


def _title_bonuses(tokens: tuple[Token, ...]) -> Iterator[tantivy.Query]:
    if not tokens:
        return
    words, points = forms(tokens), title_points(WHOLE_TITLE, tokens)
    yield _best(
        (_value("whole_exact", words.exact, points[0]), _value("whole_folded", words.folded, points[1]))
    )
    if len(tokens) > 1:
        yield _best(_both_forms(TextField.TITLE, tokens, title_points(SIDE_BY_SIDE, tokens)))


def _years(first: int | None, last: int | None) -> tantivy.Query:
    return tantivy.Query.range_query(
        SCHEMA,
        "year",
        tantivy.FieldType.Integer,
        -_FARTHEST_YEAR if first is None else max(first, -_FARTHEST_YEAR),
        _FARTHEST_YEAR if last is None else min(last, _FARTHEST_YEAR),
    )


def _value(field: str, value: str, points: int) -> tantivy.Query:
    return _scored(tantivy.Query.term_query(SCHEMA, field, value, "basic"), points)


def _best(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.disjunction_max_query(list(queries))


def _scored(query: tantivy.Query, points: int) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, float(points))
