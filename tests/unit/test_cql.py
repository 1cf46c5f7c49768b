"""CQL 1.2 is read into the same tree as what people type."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.errors import InvalidQuery
from unioncat.core.index.analysis import analyse
from unioncat.core.index.cql import parse_cql
from unioncat.core.index.query import All, And, Isbn, Issn, Node, Not, Or, Phrase, QueryField, Term


def _term(word: str, field: QueryField | None = None, *, prefix: bool = False) -> Term:
    (token,) = analyse(word)
    return Term(token, field, prefix)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", All()),
        ("kieu", _term("kieu")),
        ("dc.title = kieu", _term("kieu", QueryField.TITLE)),
        ("author any du", _term("du", QueryField.AUTHOR)),
        ("subject = van*", _term("van", QueryField.SUBJECT, prefix=True)),
        ("a and b", And((_term("a"), _term("b")))),
        ("a or b", Or((_term("a"), _term("b")))),
        ("a not b", And((_term("a"), Not(_term("b"))))),
        ("a or b and c", And((Or((_term("a"), _term("b"))), _term("c")))),
        ("isbn = 0-306-40615-2", Isbn("9780306406157")),
        ("bath.issn = 08667373", Issn("0866-7373")),
    ],
)
def test_queries(text: str, tree: Node) -> None:
    found = parse_cql(text).tree
    assert _placeless(found) == _placeless(tree)


def test_relations_say_how_words_belong_together() -> None:
    assert isinstance(parse_cql('title all "truyen kieu"').tree, And)
    assert isinstance(parse_cql('title any "truyen kieu"').tree, Or)
    assert isinstance(parse_cql('title adj "truyen kieu"').tree, Phrase)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("foo = x", "no CQL index foo"),
        ("title within x", "within"),
        ("x prox y", "prox"),
        ("x and", "no CQL"),
        ("title = x sortby dc.date", "sortby"),
        ("(" * 400 + "x", "no CQL"),
        ("x" * 1001, "1,000 characters"),
        (" and ".join("abcdefghij" * 5), "40 words"),
    ],
)
def test_what_is_not_understood_is_named(text: str, named: str) -> None:
    with pytest.raises(InvalidQuery, match=named):
        parse_cql(text)


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_refused_with_a_sentence(text: str) -> None:
    with suppress(InvalidQuery):
        assert parse_cql(text).tree is not None


def _placeless(node: Node) -> object:
    match node:
        case And(parts) | Or(parts):
            return type(node).__name__, tuple(map(_placeless, parts))
        case Not(part):
            return "Not", _placeless(part)
        case Term(token, field, prefix):
            return token.exact, field, prefix
    return node
