"""Answers that Zebra and yaz-ztest really sent are read as what they are, in whatever pieces they come."""

import tomllib
from pathlib import Path

import pytest

from harvesters.z3950.ber import Framer, Limits
from harvesters.z3950.codec import read_message
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.messages import (
    Close,
    DeleteResponse,
    InitResponse,
    Message,
    PresentResponse,
    ScanResponse,
    SearchResponse,
    TermCount,
)
from harvesters.z3950.records import Record, Syntax
from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.parse.read import read_record

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "support" / "golden" / "z3950.toml").read_text())
ALL = [(server, name) for server, answers in GOLDEN.items() for name in answers]


def _read(server: str, name: str, piece: int = 1 << 20) -> Message:
    data = bytes.fromhex(GOLDEN[server][name])
    framer = Framer(Limits())
    (message,) = [whole for at in range(0, len(data), piece) for whole in framer.feed(data[at : at + piece])]
    assert len(framer) == 0
    return read_message(message)


@pytest.mark.parametrize(("server", "name"), ALL)
def test_an_answer_is_the_same_in_whatever_pieces_it_comes(server: str, name: str) -> None:
    assert _read(server, name, 1) == _read(server, name, 7) == _read(server, name)


def test_init_agrees_on_utf_8() -> None:
    for server in ("zebra", "yaz-ztest"):
        answer = _read(server, "init")
        assert isinstance(answer, InitResponse)
        assert answer.accepted
        assert answer.message_size >= 4_000_000
    assert _read("zebra", "init").utf8 is True  # type: ignore[union-attr]


def test_hits() -> None:
    for server, hits in (("zebra", 28), ("yaz-ztest", 100)):
        answer = _read(server, "search")
        assert isinstance(answer, SearchResponse)
        assert answer.succeeded
        assert answer.hits == hits


def test_records_keep_their_vietnamese() -> None:
    answer = _read("zebra", "present")
    assert isinstance(answer, PresentResponse)
    assert len(answer.entries) == 2
    for entry in answer.entries:
        assert isinstance(entry, Record)
        assert entry.syntax == Syntax.USMARC
        read = read_record(DeliveredRecord(entry.data, RecordFormat.ISO2709, "golden"))
        assert isinstance(read, ParsedRecord)
        assert not (read.marc.control("005") or "").find("20150115")
        assert read.marc.values("260", "a") == ("Hà Nội :",)


def test_records_as_xml() -> None:
    answer = _read("zebra", "present xml")
    assert isinstance(answer, PresentResponse)
    (entry,) = answer.entries
    assert isinstance(entry, Record)
    assert entry.syntax == Syntax.XML
    assert b"<record" in entry.data


@pytest.mark.parametrize(
    ("server", "name", "code", "detail"),
    [
        ("zebra", "out of range", 13, "100000"),
        ("zebra", "unknown use", 114, "9999"),
        ("zebra", "relation", 117, "4"),
        ("zebra", "opac", 239, Syntax.OPAC),
        ("zebra", "lost set", 30, "1"),
    ],
)
def test_diagnostics(server: str, name: str, code: int, detail: str) -> None:
    answer = _read(server, name)
    assert isinstance(answer, SearchResponse | PresentResponse)
    assert answer.diagnostics == (Diagnostic(code, detail),)


def test_the_same_question_is_answered_with_chr_indexes() -> None:
    answer = _read("zebra-chr", "relation")
    assert isinstance(answer, SearchResponse)
    assert answer.succeeded
    assert answer.hits > 28


def test_terms_with_their_counts() -> None:
    answer = _read("zebra", "scan")
    assert isinstance(answer, ScanResponse)
    assert [one.term for one in answer.terms if isinstance(one, TermCount)] == ["1990", "1991", "1992"]
    assert all(one.records for one in answer.terms if isinstance(one, TermCount))


def test_a_record_with_holdings_and_circulation() -> None:
    answer = _read("yaz-ztest", "opac")
    assert isinstance(answer, PresentResponse)
    (entry,) = answer.entries
    assert isinstance(entry, Record)
    assert entry.inner_syntax == Syntax.USMARC
    assert [one.call_number for one in entry.holdings]
    assert [item.available_now for one in entry.holdings for item in one.circulation]


def test_text_records() -> None:
    answer = _read("yaz-ztest", "sutrs")
    assert isinstance(answer, PresentResponse)
    (entry,) = answer.entries
    assert isinstance(entry, Record)
    assert entry.syntax == Syntax.SUTRS
    assert entry.data.isascii()


def test_a_record_that_cannot_be_given_is_a_diagnostic_at_its_place() -> None:
    answer = _read("yaz-ztest", "grs-1")
    assert isinstance(answer, PresentResponse)
    (entry,) = answer.entries
    assert isinstance(entry, Diagnostic)
    assert entry.code == 14


def test_farewell() -> None:
    assert isinstance(_read("zebra", "close"), Close)
    assert _read("zebra", "delete") == DeleteResponse(0)
