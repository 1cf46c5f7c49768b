"""Faults of records that could be read, and what is said about them."""

import tomllib
from importlib.resources import files

import pytest
from books import a_record
from hypothesis import given
from marc_strategies import marc_records

from unioncat.core.findings import Finding, FindingKind
from unioncat.core.marc import MarcRecord
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.holdings import IMPLIED, load_profiles, read_holdings
from unioncat.core.normalise.description import describe
from unioncat.core.quality.check import check_record
from unioncat.core.quality.numbers import fault_of_isbn, fault_of_issn
from unioncat.core.quality.sentences import LANGUAGES, Severity, load_faults, sentences_of, severity_of

HELD = (Holding("Kho A", "V21", 1),)
A_BOOK = {"title": "Đất rừng phương Nam", "author": "Đoàn Giỏi", "publisher": "Kim Đồng", "year": "2012"}


def check(
    record: MarcRecord | None = None, holdings: tuple[Holding, ...] = HELD, **values: str
) -> list[Finding]:
    marc = record or a_record(**{**A_BOOK, **values})
    return list(check_record(marc, describe(marc), holdings))


def kinds(*arguments: object, **values: str) -> list[FindingKind]:
    return [finding.kind for finding in check(*arguments, **values)]


def test_an_ordinary_record_has_no_fault() -> None:
    assert check(isbn="9786045701126", issn="0866-7373", pages="292 tr.") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("9786045701126", None),
        ("978-604-57-0112-6 (bìa mềm)", None),
        ("0306406152", None),
        ("9786045701126 : 45000đ", None),
        ("bìa mềm", None),
        ("45000đ", FindingKind.ISBN_PRICE),
        ("45.000 đ", FindingKind.ISBN_PRICE),
        ("120000 VNĐ", FindingKind.ISBN_PRICE),
        ("1500b", FindingKind.ISBN_PRICE),
        ("1500 bản", FindingKind.ISBN_PRICE),
        ("Price 20", FindingKind.ISBN_PRICE),
        ("Giá: 18000", FindingKind.ISBN_PRICE),
        ("$15.00", FindingKind.ISBN_PRICE),
        ("42256", FindingKind.ISBN_RUNNING_NUMBER),
        ("1", FindingKind.ISBN_RUNNING_NUMBER),
        ("8935244812345", FindingKind.ISBN_RUNNING_NUMBER),
        ("9786045701127", FindingKind.ISBN_CHECK_DIGIT),
        ("978604570112", FindingKind.ISBN_CHECK_DIGIT),
        ("0306406153", FindingKind.ISBN_CHECK_DIGIT),
        ("0000000000", FindingKind.PLACEHOLDER),
        ("9781234567897", FindingKind.PLACEHOLDER),
        ("đang cập nhật", FindingKind.PLACEHOLDER),
        ("...", FindingKind.PLACEHOLDER),
        ("", None),
    ],
)
def test_what_stands_in_020(text: str, kind: FindingKind | None) -> None:
    assert fault_of_isbn(text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0866-7373", None),
        ("0866-7374", FindingKind.ISSN_CHECK_DIGIT),
        ("08667", FindingKind.ISSN_CHECK_DIGIT),
        ("N/A", FindingKind.PLACEHOLDER),
        ("online", None),
    ],
)
def test_what_stands_in_022(text: str, kind: FindingKind | None) -> None:
    assert fault_of_issn(text) == kind


def test_a_detail_names_tag_subfield_and_the_value_cut_to_sixty_characters() -> None:
    (finding,) = check(isbn="42256")
    assert finding.detail == "020 $a '42256'"
    (finding,) = check(holdings=(), title="Rất dài " * 20)
    assert finding.kind is FindingKind.NO_HOLDINGS
    assert len(finding.detail) == len("245 $a ''") + 60
    assert finding.detail.endswith("…'")


def test_a_price_in_its_own_subfield_is_right() -> None:
    assert check(cancelled_isbn="9786045701127") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("author", "Đang cập nhật"),
        ("author", "Không rõ"),
        ("publisher", "BK Library system"),
        ("edition", "xxx"),
        ("pages", "0p"),
        ("pages", "1"),
        ("place", "N/A"),
    ],
)
def test_a_placeholder_is_found(name: str, text: str) -> None:
    assert kinds(**{name: text}) == [FindingKind.PLACEHOLDER]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("place", "[K.đ.]"),
        ("place", "[S.l.] :"),
        ("publisher", "[s.n.],"),
        ("publisher", "[K.nxb.]"),
        ("publisher", "[publisher not identified]"),
        ("edition", "1"),
        ("pages", "292 tr."),
    ],
)
def test_what_the_rules_prescribe_is_no_placeholder(name: str, text: str) -> None:
    assert kinds(**{name: text}) == []


@pytest.mark.parametrize(
    ("fixed", "is_default"),
    [
        ("181222s9999||||xx |||||||||||||| ||und||", True),
        ("200101s        xxu||||| |||| 00| 0 eng d", True),
        ("181222s2009||||vm |||||||||||||| ||vie||", False),
        ("181222suuuu||||vm |||||||||||||| ||vie||", False),
        ("181222s2009", False),
    ],
)
def test_008_as_a_system_fills_it(fixed: str, is_default: bool) -> None:
    record = a_record(fixed=fixed, **A_BOOK)
    assert (FindingKind.DEFAULT_008 in kinds(record)) is is_default


def test_title_year_and_holdings_are_missed() -> None:
    assert kinds(a_record(author="Đoàn Giỏi"), ()) == [
        FindingKind.NO_TITLE,
        FindingKind.NO_YEAR,
        FindingKind.NO_HOLDINGS,
    ]


def test_an_implied_holding_is_none_and_a_link_is_one() -> None:
    assert kinds(None, (Holding(None, "895", 1, note=IMPLIED),)) == [FindingKind.NO_HOLDINGS]
    assert kinds(None, (Holding(None, None, 0, url="https://example.org/1"),)) == []


def test_an_article_needs_neither_year_nor_holdings() -> None:
    article = a_record("00000nab a2200000 a 4500", title="Nguồn gốc từ gừng", host="Tạp chí Ngôn ngữ")
    assert kinds(article, ()) == []


def test_a_year_in_008_is_enough() -> None:
    record = a_record(fixed="181222s2009    vm ||||||||||||||||||vie||", title="Đất rừng phương Nam")
    assert kinds(record) == []


@given(marc_records())
def test_every_record_can_be_checked_and_each_fault_is_said_once(marc: MarcRecord) -> None:
    found = check_record(marc, describe(marc), read_holdings(marc, load_profiles()["auto"]))
    assert len(found) == len(set(found))
    assert all(len(finding.detail) < 100 for finding in found)


# --- sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FindingKind)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_explained_in_every_language(kind: FindingKind, language: str) -> None:
    said = load_faults()[kind].sentences[language]
    assert len(said.title) > 10
    assert said.means.endswith(".")
    assert said.mend.endswith(".")
    assert not said.title.endswith(".")


def test_no_vietnamese_sentence_is_left_in_english() -> None:
    for kind, fault in load_faults().items():
        assert any(
            letter in "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
            for letter in fault.sentences["vi"].mend
        ), kind
        assert fault.sentences["vi"].title != fault.sentences["en"].title


def test_there_is_no_sentence_for_a_kind_that_does_not_exist() -> None:
    table = tomllib.loads(files("unioncat.core.quality").joinpath("sentences.toml").read_text("utf-8"))
    assert set(table) == set(FindingKind)


def test_a_rejected_record_is_always_serious_and_an_old_kind_keeps_its_name() -> None:
    assert severity_of(FindingKind.LEADER) is Severity.HINT
    assert severity_of(FindingKind.LEADER, rejected=True) is Severity.SERIOUS
    assert severity_of("of-an-older-version") is Severity.HINT
    assert sentences_of("of-an-older-version", "vi").title == "of-an-older-version"
