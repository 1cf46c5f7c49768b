"""Contextual Query Language 1.2 (OASIS searchRetrieve), read into the same tree as what people type.

1. Indexes are those of INDEXES; one without a name asks everywhere. Any other is an error that names it.
2. `=`, `all` and `scr`: every word; `any`: one of them; `adj`, `==` and `exact`: the words side by side. A `*` at the
   end of a word is its beginning. Other relations are errors that name them.
3. `and`, `or`, `not` as CQL says: from left to right, all alike. `prox` and sortby are errors: a request has its own sort.
4. `isbn` and `issn` take a number in any form; one that cannot be right finds nothing.
"""

from collections.abc import Callable
from functools import cache, reduce
from typing import TYPE_CHECKING, Any

from unioncat.core.errors import InvalidQuery
from unioncat.core.index.analysis import analyse
from unioncat.core.index.query import (
    MAX_CHARACTERS,
    MAX_TERMS,
    All,
    And,
    Isbn,
    Issn,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    QueryField,
    Term,
)
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.vietnamese import nfc

if TYPE_CHECKING:
    from cql.parser import CQLParser12

INDEXES: dict[str, QueryField | type[Isbn] | type[Issn] | None] = {
    "": None,
    "cql.serverchoice": None,
    "cql.anywhere": None,
    "cql.keywords": None,
    "dc.title": QueryField.TITLE,
    "title": QueryField.TITLE,
    "dc.creator": QueryField.AUTHOR,
    "dc.contributor": QueryField.AUTHOR,
    "author": QueryField.AUTHOR,
    "creator": QueryField.AUTHOR,
    "dc.subject": QueryField.SUBJECT,
    "subject": QueryField.SUBJECT,
    "dc.publisher": QueryField.PUBLISHER,
    "publisher": QueryField.PUBLISHER,
    "bath.isbn": Isbn,
    "isbn": Isbn,
    "bath.issn": Issn,
    "issn": Issn,
}
_ALL, _ANY, _SIDE_BY_SIDE = ("=", "all", "scr"), ("any",), ("adj", "==", "exact")


def parse_cql(text: str) -> Query:
    """The query; an empty text matches all. Raises InvalidQuery for what is no CQL, or CQL that is not understood."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidQuery(
            f"A CQL query has at most {MAX_CHARACTERS:,} characters, and this one {len(text):,}"
        )
    if not text.strip():
        return Query(All())
    try:
        parsed = _parser().parse(nfc(text))
    except Exception as error:  # the parser raises what it likes
        raise InvalidQuery(f"This is no CQL 1.2: {error}") from error
    if parsed.root.sortSpecs:
        raise InvalidQuery("sortby is not understood in CQL: use the parameter sort")
    try:
        tree = _node(parsed.root)
    except RecursionError:
        raise InvalidQuery("The CQL query is nested too deeply") from None
    if (words := _words_in(tree)) > MAX_TERMS:
        raise InvalidQuery(f"A CQL query has at most {MAX_TERMS} words, and this one {words}")
    return Query(tree)


@cache
def _parser() -> "CQLParser12":
    from cql.parser import CQLParser12  # builds its tables, which not every process needs

    parser = CQLParser12()
    parser.build()
    return parser


def _node(part: Any) -> Node:
    if not hasattr(part, "operator"):
        return _clause(part)
    left, right = _node(part.left), _node(part.right)
    operator = str(part.operator.value).lower()
    match operator:
        case "and":
            return And((left, right))
        case "or":
            return Or((left, right))
        case "not":
            return And((left, Not(right)))
    raise InvalidQuery(f"{operator} is not understood in CQL: use and, or, not")


def _clause(part: Any) -> Node:
    index = str(part.index or "").lower()
    relation = str(part.relation.comparitor if part.relation else "=").lower().removeprefix("cql.")
    if index not in INDEXES:
        known = ", ".join(name for name in INDEXES if name)
        raise InvalidQuery(f"There is no CQL index {part.index}; choose one of: {known}")
    within, term = INDEXES[index], _unquoted(str(part.term))
    if isinstance(within, type):
        return _number(within, term)
    return _related(relation, term, within)


def _related(relation: str, term: str, within: QueryField | None) -> Node:
    terms = _terms(term, within)
    if relation in _SIDE_BY_SIDE:
        tokens = analyse(term)
        return Phrase(tokens, within) if len(tokens) > 1 else _joined(And, terms)
    if relation in _ALL:
        return _joined(And, terms)
    if relation in _ANY:
        return _joined(Or, terms)
    raise InvalidQuery(f"The CQL relation {relation} is not understood; use =, all, any, adj, == or exact")


def _terms(term: str, within: QueryField | None) -> list[Node]:
    return [Term(token, within, prefix=term[token.end : token.end + 1] == "*") for token in analyse(term)]


def _joined(kind: Callable[[tuple[Node, ...]], Node], parts: list[Node]) -> Node:
    if not parts:
        return All()
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _number(kind: type[Isbn] | type[Issn], term: str) -> Node:
    typed = "".join(sign for sign in term.upper() if sign in "0123456789X")
    right = read_isbn(typed).isbn13 if kind is Isbn else read_issn(typed)
    return kind(right or typed)


def _unquoted(term: str) -> str:
    inner = term[1:-1] if len(term) > 1 and term[0] == term[-1] == '"' else term
    return inner.replace('\\"', '"')


def _words_in(node: Node) -> int:
    match node:
        case And(parts) | Or(parts):
            return reduce(lambda total, part: total + _words_in(part), parts, 0)
        case Not(part):
            return _words_in(part)
        case Phrase(tokens, _):
            return len(tokens)
    return 1
