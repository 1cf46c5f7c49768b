"""How a request's text becomes a query: in its language, as typed or in a wider reading.

1. `typed` is the query itself.
2. `anywhere`: words that were bound to a field may stand in any.
3. `relaxed`: of words and phrases that are all required, one suffices; what has more of them has more points. What is
   excluded stays excluded.
4. `near`: each word may differ by a slip from what is in the index (`corrections.slips_allowed`); numbers and the
   beginnings of words may not.
"""

from dataclasses import replace

from unioncat.core.index.corrections import slips_allowed
from unioncat.core.index.cql import parse_cql
from unioncat.core.index.query import And, Near, Node, Not, Or, Phrase, Query, Term, parse_query
from unioncat.core.index.request import QueryLanguage, Reading, SearchRequest


def read_query(request: SearchRequest) -> Query:
    """The query of a request; raises InvalidQuery for CQL that cannot be read."""
    is_cql = request.language is QueryLanguage.CQL
    query = parse_cql(request.text) if is_cql else parse_query(request.text)
    match request.reading:
        case Reading.TYPED:
            return query
        case Reading.ANYWHERE:
            return replace(query, tree=_anywhere(query.tree))
        case Reading.RELAXED:
            return replace(query, tree=_relaxed(_anywhere(query.tree)))
        case Reading.NEAR:
            return replace(query, tree=_near(query.tree))


def is_wider(request: SearchRequest) -> bool:
    """Whether its reading asks for more than what was typed does."""
    return read_query(request).tree != read_query(replace(request, reading=Reading.TYPED)).tree


def _anywhere(node: Node) -> Node:
    match node:
        case And(parts):
            return And(tuple(map(_anywhere, parts)))
        case Or(parts):
            return Or(tuple(map(_anywhere, parts)))
        case Not():
            return node
        case Term() | Phrase():
            return replace(node, field=None)
    return node


def _relaxed(node: Node) -> Node:
    if not isinstance(node, And):
        return node
    wanted = [part for part in node.parts if not isinstance(part, Not)]
    if len(wanted) < 2:
        return node
    excluded = [part for part in node.parts if isinstance(part, Not)]
    return And((Or(tuple(wanted)), *excluded)) if excluded else Or(tuple(wanted))


def _near(node: Node) -> Node:
    match node:
        case And(parts):
            return And(tuple(map(_near, parts)))
        case Or(parts):
            return Or(tuple(map(_near, parts)))
        case Term(token, field, prefix=False) if slips_allowed(token.folded):
            return Near(token, field)
    return node
