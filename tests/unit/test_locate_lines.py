"""What a line of a list is read as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.identifiers import ControlNumber, Isil, mint_master_id
from unioncat.core.locate.lines import (
    AskedControlNumber,
    AskedIsbn,
    AskedIssn,
    AskedLine,
    AskedMaster,
    Citation,
    Unreadable,
    read_line,
)
from unioncat.core.locate.wording import LANGUAGES, Reason, say_line

KIEU = AskedIsbn("9786040100016")


@pytest.mark.parametrize(
    "typed",
    [
        "9786040100016",
        "978-604-01-0001-6",
        "ISBN 978 604 01 0001 6",
        "ISBN-13: 978-604-01-0001-6",
        "isbn:9786040100016 (bìa mềm)",
        "604010001X",
        "ISBN-10 604010001X",
        "Truyện Kiều. - ISBN 978-604-01-0001-6",
        "\ufeff 9786040100016\t",
    ],
)
def test_an_isbn_is_read_in_any_form(typed: str) -> None:
    assert read_line(typed) == KIEU


@pytest.mark.parametrize(
    "typed", ["0866-7373", "08667373", "ISSN 0866-7373", "Tạp chí Hán Nôm, ISSN 0866-7373"]
)
def test_an_issn_is_read_in_any_form(typed: str) -> None:
    assert read_line(typed) == AskedIssn("0866-7373")


@pytest.mark.parametrize(
    "typed",
    ["(VN-TVQG)QG000017", "(VN-TVQG) QG000017", "VN-TVQG QG000017", "VN-TVQG: QG000017", "VN-TVQG\tQG000017"],
)
def test_a_control_number_comes_with_its_library(typed: str) -> None:
    assert read_line(typed) == AskedControlNumber(Isil("VN-TVQG"), ControlNumber("QG000017"))


@given(st.integers(0, 10**9))
def test_every_master_identifier_is_read_in_either_case(serial: int) -> None:
    master_id = mint_master_id(serial)
    if any(sign.isdigit() for sign in master_id):
        assert read_line(f" {master_id.upper()} ") == AskedMaster(master_id)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("9786040100017", "isbn-wrong"),
        ("ISBN 12", "isbn-wrong"),
        ("12345678901234", "isbn-wrong"),
        ("978-604-01-0001", "isbn-wrong"),
        ("ISSN 0866-7374", "issn-wrong"),
        ("?! …", "no-words"),
        ("a" * 1001, "too-long"),
        ("u0000kx", "master-typo"),
    ],
)
def test_a_line_that_cannot_be_read_has_a_reason_in_words(typed: str, why: str) -> None:
    assert read_line(typed) == Unreadable(why)
    assert all(say_line(Reason(why), language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("typed", "words", "year"),
    [
        ("Nguyễn Nhật Ánh, Mắt biếc, 2019", "Nguyễn Nhật Ánh Mắt biếc", 2019),
        ("An-nam chí lược", "An nam chí lược", None),
        ("1984", "1984", None),
        ("1930-1945", "1930", 1945),
        ("1984 / George Orwell. 2002", "1984 George Orwell", 2002),
        ("title:OR -x", "title OR x", None),
    ],
)
def test_all_else_is_a_citation_whose_last_year_is_that_of_publication(
    typed: str, words: str, year: int | None
) -> None:
    read = read_line(typed)
    assert isinstance(read, Citation)
    assert (" ".join(read.typed), read.year) == (words, year)


@given(st.text())
def test_no_line_is_an_error(typed: str) -> None:
    assert isinstance(read_line(typed), AskedLine)
