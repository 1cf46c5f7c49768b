"""What people type, and how it is read."""

import pytest

from unioncat.core.index.analysis import analyse
from unioncat.core.index.query import (
    All,
    And,
    Isbn,
    Issn,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    parse_query,
)


def show(node: Node) -> str:
    """A tree as a line: folded words, `&`, `|`, `!`."""
    match node:
        case All():
            return "*"
        case Term(token, field, prefix):
            return f"{field + ':' if field else ''}{token.folded}{'*' if prefix else ''}"
        case Phrase(tokens, field):
            return f'{field + ":" if field else ""}"{" ".join(token.folded for token in tokens)}"'
        case Isbn(number) | Issn(number):
            return f"{type(node).__name__}:{number}"
        case Not(part):
            return f"!{show(part)}"
        case And(parts):
            return f"({' & '.join(map(show, parts))})"
        case Or(parts):
            return f"({' | '.join(map(show, parts))})"


def read(text: str) -> str:
    return show(parse_query(text).tree)


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", "*"),
        (" \t\n", "*"),
        ('... ( ) " -', "*"),
        ("Truyện Kiều", "(truyen & kieu)"),
        ("TP.HCM", "(tp & hcm)"),
        ('"Truyện Kiều" thơ', '("truyen kieu" & tho)'),
        ("“truyện kiều”", '"truyen kieu"'),
        ('"kiều"', "kieu"),
        ('thơ "truyện kiều', '(tho & "truyen kieu")'),
        ("toa*", "toa*"),
        ("O'Br*", "(o & br*)"),
        ("a*b", "(a & b)"),
    ],
)
def test_words_phrases_and_beginnings(typed: str, tree: str) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize("name", ["nhan đề:", "Nhan de :", "nhande:", "NHAN ĐỀ:", "title:", "tiêu đề:"])
def test_a_field_has_names_in_both_languages(name: str) -> None:
    assert read(f"{name} kiều") == "title:kieu"


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("tác giả: nguyễn du", "(author:nguyen & author:du)"),
        ("author:nguyễn du title:kiều", "(author:nguyen & author:du & title:kieu)"),
        ("thơ tac gia: du", "(tho & author:du)"),
        ('nxb:"kim đồng" thơ', '(publisher:"kim dong" & tho)'),
        ("nhà xuất bản: trẻ", "publisher:tre"),
        ("chủ đề: toán", "subject:toan"),
        ("title:", "*"),
        ("toán: tập 1", "(toan & tap & 1)"),
        ("subtitle: x", "(subtitle & x)"),
        ("(title:toán)", "title:toan"),
    ],
)
def test_a_field_name_binds_the_words_up_to_the_next(typed: str, tree: str) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("a -b", "(a & !b)"),
        ("-a", "!a"),
        ('a -"b c"', '(a & !"b c")'),
        ("-b-c", "!(b & c)"),
        ("a-b", "(a & b)"),
        ("a - b", "(a & b)"),
        ("-author:nguyễn du title:kiều", "(!(author:nguyen & author:du) & title:kieu)"),
    ],
)
def test_a_minus_excludes(typed: str, tree: str) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("hóa học OR vật lý", "((hoa & hoc) | (vat & li))"),
        ("a HOẶC b OR c", "(a | b | c)"),
        ("author: du OR hữu", "(author:du | author:huu)"),
        ("a or b", "(a & or & b)"),
        ("OR", "or"),
        ("a OR", "(a & or)"),
        ("OR a", "(or & a)"),
        ('a OR "', "(a & or)"),
        ("a AND b", "(a & b)"),
        ("AND", "and"),
    ],
)
def test_or_in_capitals_parts_alternatives(typed: str, tree: str) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("0306406152", "(Isbn:9780306406157 | 0306406152)"),
        ("978-0-306-40615-7", "(Isbn:9780306406157 | (978 & 0 & 306 & 40615 & 7))"),
        ("ISBN 978 0306406157", "(Isbn:9780306406157 | (isbn & 978 & 0306406157))"),
        ("0-8044-2957-x", "(Isbn:9780804429573 | (0 & 8044 & 2957 & x))"),
        ("0306406153", "0306406153"),
        ("isbn:0-306-40615-2", "Isbn:9780306406157"),
        ("isbn: 978 0 306 40615 7 toán", "(Isbn:9780306406157 & toan)"),
        ("isbn: 0306406152 2010", "(Isbn:9780306406157 & 2010)"),
        ('isbn:"9780306406157"', "Isbn:9780306406157"),
        ("isbn:123 x", "(Isbn:123 & x)"),
        ("isbn:toán", "toan"),
        ("-isbn:0306406152 toán", "(!Isbn:9780306406157 & toan)"),
        ("0378-5955", "(Issn:0378-5955 | (0378 & 5955))"),
        ("issn:03785955", "Issn:0378-5955"),
        ("1945-1975", "(1945 & 1975)"),
    ],
)
def test_standard_numbers_in_every_form(typed: str, tree: str) -> None:
    assert read(typed) == tree


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("War AND Peace", "war and peace"),
        ('"truyện kiều"', "truyện kiều"),
        ("title: truyện kiều", "truyện kiều"),
        ("truyện -kiều", ""),
        ("truyện OR kiều", ""),
        ("truyện kiề*", ""),
        ("author: kiều", ""),
        ("isbn:0306406152", ""),
    ],
)
def test_only_plain_words_can_be_a_whole_title(typed: str, whole: str) -> None:
    forms = [(token.exact, token.folded) for token in parse_query(typed).whole]
    assert forms == [(token.exact, token.folded) for token in analyse(whole)]


def test_a_long_text_is_cut_after_1000_characters_and_40_words() -> None:
    assert parse_query("a" * 1000).notice is None
    assert parse_query("a" * 1001).notice == "truncated"
    assert parse_query("a " * 40).notice is None
    cut = parse_query("a " * 41)
    assert cut.notice == "truncated"
    assert isinstance(cut.tree, And)
    assert len(cut.tree.parts) == 40


def test_a_long_phrase_is_cut_too() -> None:
    cut = parse_query(f'"{"a " * 50}"')
    assert isinstance(cut.tree, Phrase)
    assert (len(cut.tree.tokens), cut.notice) == (40, "truncated")
