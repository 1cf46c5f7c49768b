"""CQL from queries, and the answers of SRU servers."""

import pytest
from cql.parser import CQLParser12, CQLSearchClause
from hypothesis import given
from hypothesis import strategies as st

from harvesters.sru.cql import to_cql
from harvesters.sru.errors import objection
from harvesters.sru.responses import SruRecord, read_explained, read_found, read_listed
from harvesters.sru.vocabulary import vocabulary
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Busy, Interrupted, LostSet, Objection, OutOfRange, Refused, Unsupported
from harvesters.z3950.messages import TermCount
from harvesters.z3950.query import Clause, Combined, Operator, ResultSet

_PARSER = CQLParser12()
_PARSER.build()
TITLE = ((1, "dc.title"),)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Clause("Truyện Kiều", TITLE), 'dc.title = "Truyện Kiều"'),
        (Clause("2026", ((1, "dc.date"), (5, 1))), 'dc.date = "2026*"'),
        (Clause("20260131", ((1, "rec.modified"), (2, 4))), 'rec.modified >= "20260131"'),
        (Clause("20260131", ((1, "rec.modified"), (2, 2), (4, "dashed"))), 'rec.modified <= "2026-01-31"'),
        (Clause("202601", ((1, "rec.modified"), (4, "dashed"), (5, 1))), 'rec.modified = "2026-01*"'),
        (Clause("x", ((1, "cql.allRecords"), (2, 103))), "cql.allRecords = 1"),
        (Clause("x", ((1, "rec.id"), (2, 103))), "rec.id = *"),
        (Clause('a" or *?^\\', TITLE), 'dc.title = "a\\" or \\*\\?\\^\\\\"'),
        (
            Combined(Operator.NOT, Clause("a", TITLE), Clause("b", TITLE)),
            '(dc.title = "a") not (dc.title = "b")',
        ),
    ],
)
def test_queries_in_cql(query: Clause, expected: str) -> None:
    assert to_cql(query) == expected


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_no_term_becomes_an_operator(term: str) -> None:
    root = _PARSER.parse(to_cql(Clause(term, TITLE))).root
    assert str(root.index) == "dc.title"
    assert isinstance(root, CQLSearchClause)


@pytest.mark.parametrize(
    "query", [ResultSet("1"), Clause("a", ((1, 12),)), Clause("a", ((1, "a b"),)), Clause("a")]
)
def test_what_cql_cannot_say_is_refused(query: Clause) -> None:
    with pytest.raises(ValueError, match=r"CQL|index"):
        to_cql(query)


def _found(content: str, namespace: str = "http://www.loc.gov/zing/srw/") -> bytes:
    return f'<s:searchRetrieveResponse xmlns:s="{namespace}">{content}</s:searchRetrieveResponse>'.encode()


MARC = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>x</leader></record>'


@pytest.mark.parametrize(
    "namespace", ["http://www.loc.gov/zing/srw/", "http://docs.oasis-open.org/ns/search-ws/sruResponse"]
)
@pytest.mark.parametrize("data", [MARC, f"<!-- a -->{MARC}", MARC.replace("<", "&lt;")])
def test_records_come_as_elements_or_as_text_in_every_version(namespace: str, data: str) -> None:
    answer = read_found(
        _found(
            "<s:numberOfRecords>7</s:numberOfRecords><s:records><s:record><s:recordSchema>marcxml</s:recordSchema>"
            f"<s:recordData>{data}</s:recordData><s:recordIdentifier>n1</s:recordIdentifier></s:record></s:records>",
            namespace,
        ),
        "here",
    )
    (record,) = answer.entries
    assert answer.hits == 7
    assert isinstance(record, SruRecord)
    assert record.identifier == "n1"
    assert record.data.startswith(b'<record xmlns="http://www.loc.gov/MARC21/slim"')


def test_a_diagnostic_in_place_of_a_record_is_the_records() -> None:
    answer = read_found(
        _found(
            "<s:numberOfRecords>1</s:numberOfRecords><s:records><s:record><s:recordData>"
            '<d:diagnostic xmlns:d="http://www.loc.gov/zing/srw/diagnostic/"><d:uri>info:srw/diagnostic/1/64</d:uri>'
            "<d:message>gone</d:message><d:details>n1</d:details></d:diagnostic>"
            "</s:recordData></s:record></s:records>"
        ),
        "here",
    )
    assert answer.entries == (Diagnostic(64, "gone: n1", "info:srw/diagnostic/1"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        b"not XML",
        b'<!DOCTYPE a [<!ENTITY x "y">]><searchRetrieveResponse/>',
        _found("<a>" * 300 + "</a>" * 300),
    ],
)
def test_what_is_no_sru_is_refused(body: bytes) -> None:
    with pytest.raises(Interrupted, match="here does not speak SRU"):
        read_found(body, "here")


def test_terms_and_their_numbers_of_records() -> None:
    body = (
        b"<scanResponse><terms><term><value>1999</value><numberOfRecords>3</numberOfRecords></term>"
        b"<term><value>2000</value></term></terms></scanResponse>"
    )
    assert read_listed(body, "here").terms == (TermCount("1999", 3), TermCount("2000", None))


EXPLAINED = (
    b"<explainResponse><record><recordData><explain><serverInfo version='1.1'/><indexInfo>"
    b"<index><map><name set='rec'>lastModified</name></map></index><index><map><name>dateOfUpdate</name></map></index>"
    b"<index><map><name set='pica'>ppn</name></map></index><index><map><name set='dc'>date</name></map></index></indexInfo>"
    b"<schemaInfo><schema name='MARC21-xml'/><schema name='dc' identifier='info:srw/schema/1/dc-v1.1'/></schemaInfo>"
    b"<configInfo><setting type='maximumRecords'>50</setting></configInfo></explain></recordData></record></explainResponse>"
)


def test_an_explain_record_says_what_is_worth_trying() -> None:
    explained = read_explained(EXPLAINED, "here")
    words = vocabulary(explained)
    assert explained.version == "1.1"
    assert [(form.element_set, form.chunk) for form in words.forms] == [
        ("MARC21-xml", 50), (None, 50), ("dc", 50), ("info:srw/schema/1/dc-v1.1", 50),
    ]  # fmt: skip
    assert {dict(one)[1] for one in words.dates} == {"rec.lastModified"}
    assert [dict(one)[1] for one in words.ids] == ["pica.ppn"]
    assert [dict(one)[1] for one in words.years] == ["dc.date"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (2, Busy),
        (3, Refused),
        (51, LostSet),
        (61, OutOfRange),
        (16, Unsupported),
        (5, Unsupported),
        (1, Objection),
    ],
)
def test_diagnostics_are_errors_with_a_policy(code: int, kind: type[Objection]) -> None:
    error = objection("here", [Diagnostic(code, "x", "info:srw/diagnostic/1")])
    assert type(error) is kind
    assert str(error).startswith(f"here answers {code}: ")


def test_a_diagnostic_of_the_servers_own_is_no_more_than_an_objection() -> None:
    assert type(objection("here", [Diagnostic(2, "x", "info:our/diagnostic")])) is Objection
