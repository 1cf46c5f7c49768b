"""Strategies for every message of Z39.50, and one sample of each for fuzzing."""

from typing import Any

from hypothesis import strategies as st

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.messages import (
    Close,
    Credentials,
    DeleteRequest,
    DeleteResponse,
    InitRequest,
    InitResponse,
    PresentRequest,
    PresentResponse,
    ScanRequest,
    ScanResponse,
    SearchRequest,
    SearchResponse,
    Segment,
    SortRequest,
    SortResponse,
    TermCount,
)
from harvesters.z3950.opac import Circulation, OpacHolding
from harvesters.z3950.query import Clause, Combined, Operator, ResultSet
from harvesters.z3950.records import Fragment, Record, Syntax

_text = st.text(st.characters(codec="utf-8"), max_size=8)
_size = st.integers(0, 1 << 31)
_bits = st.frozensets(st.integers(0, 20))
_names = st.lists(_text, min_size=1, max_size=3).map(tuple)
_optional = st.none() | _text
_implementation = st.tuples(_text, _text, _text)

_attributes = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 1 << 20) | _text), max_size=3, unique_by=lambda one: one[0]
).map(lambda found: tuple(sorted(found, key=lambda one: one[0])))
_clauses = st.builds(Clause, _text, _attributes)
_queries: st.SearchStrategy[Any] = st.recursive(
    _clauses | st.builds(ResultSet, _text),
    lambda inner: st.builds(Combined, st.sampled_from(Operator), inner, inner),
    max_leaves=6,
)
_diagnostics = st.builds(Diagnostic, st.integers(1, 2000), _text)
_several = st.lists(_diagnostics, max_size=3).map(tuple)
_circulation = st.builds(
    Circulation,
    st.booleans(),
    *[_optional] * 4,
    st.booleans(),
    st.booleans(),
    *[_optional] * 3,
)
_holding = st.builds(OpacHolding, *[_optional] * 8, circulation=st.lists(_circulation, max_size=2).map(tuple))
_record = st.builds(
    Record, st.sampled_from([s for s in Syntax if s is not Syntax.OPAC]), st.binary(max_size=20), database=_optional
)  # fmt: skip
_opac = st.builds(
    Record,
    st.just(Syntax.OPAC),
    st.binary(max_size=20),
    st.lists(_holding, max_size=2).map(tuple),
    st.lists(st.binary(max_size=9), max_size=2).map(tuple),
    _optional,
    st.just(Syntax.USMARC),
)
_fragment = st.builds(Fragment, st.sampled_from(("starting", "intermediate", "final")), st.binary(max_size=9))
_entries = st.lists(_record | _opac | _diagnostics | _fragment, max_size=3).map(tuple)
_credentials = st.builds(Credentials, _text, _text, _optional) | st.builds(Credentials, _optional)
_syntax = st.none() | st.sampled_from(Syntax).map(str)
_status = st.integers(0, 6)

MESSAGES: dict[type[Any], st.SearchStrategy[Any]] = {
    InitRequest: st.builds(
        InitRequest, _bits, _size, _size, st.none() | _credentials, _bits, _implementation, st.booleans()
    ),
    InitResponse: st.builds(
        InitResponse,
        st.booleans(),
        _bits,
        _size,
        _size,
        _bits,
        _implementation,
        st.none() | st.booleans(),
    ),
    SearchRequest: st.builds(SearchRequest, _names, _queries, _text, _syntax),
    SearchResponse: st.builds(SearchResponse, _size, st.booleans(), _several, st.none() | _status),
    PresentRequest: st.builds(PresentRequest, _size, _size, _text, _syntax, _optional),
    PresentResponse: st.builds(PresentResponse, _entries, _size, _status, _several),
    Segment: st.builds(Segment, _entries),
    ScanRequest: st.builds(ScanRequest, _names, _clauses, _size, _size, _size),
    ScanResponse: st.builds(
        ScanResponse,
        st.lists(st.builds(TermCount, _text, st.none() | _size) | _diagnostics, max_size=3).map(tuple),
        _status,
        st.none() | _size,
        _several,
    ),
    SortRequest: st.builds(
        SortRequest, _names, _text, st.lists(_attributes, min_size=1, max_size=2).map(tuple), st.booleans()
    ),
    SortResponse: st.builds(SortResponse, _status, _several),
    DeleteRequest: st.builds(DeleteRequest, _names | st.just(())),
    DeleteResponse: st.builds(DeleteResponse, _status),
    Close: st.builds(Close, st.integers(0, 10), _text),
}
"""How to draw a message of each kind."""

SAMPLES = (
    InitRequest(frozenset((0, 1, 14)), credentials=Credentials("u", "p", "g"), utf8=True),
    InitResponse(True, frozenset((0, 1)), 1 << 20, 1 << 20, implementation=("81", "Zebra", "2.2"), utf8=True),
    SearchRequest(
        ("biblios",),
        Combined(Operator.AND, Clause("20260101", ((1, 1012), (2, 4))), Clause("lịch", ((1, 4),))),
    ),
    SearchResponse(100, True),
    SearchResponse(0, False, (Diagnostic(114, "1012"),)),
    PresentRequest(1, 100, syntax=Syntax.USMARC, element_set="F"),
    PresentResponse(
        (
            Record(Syntax.USMARC, b"00042nam a2200000 a 4500" * 3),
            Diagnostic(16, "too large"),
            Record(
                Syntax.OPAC,
                b"marc",
                (OpacHolding("VN-1", "Kho đọc", circulation=(Circulation(True, item_id="BC1"),)),),
                inner_syntax=Syntax.USMARC,
            ),
        ),
        4,
        0,
    ),
    ScanResponse((TermCount("1999", 12), TermCount("2000", 3)), 0, 1),
    Close(0, "done"),
)
"""One message of most kinds, for fuzzing."""
