"""A row of a list becomes a brief MARC record with holdings, or comes back with a reason."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.findings import FindingKind
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.merge.holding import Item
from unioncat.core.merge.holdings import IMPLIED, load_profiles, read_holdings
from unioncat.core.normalise.description import describe
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.parse.book_numbers import is_rounded, read_isbn13, read_issn
from unioncat.core.parse.reading import Readable, Unreadable
from unioncat.core.parse.rows import LONGEST_CELL, isbn_of_row, parse_row
from unioncat.core.parse.unmatched import unmatched_csv

GUESSED: tuple[tuple[str, str], ...] = ()


def raw(**cells: str) -> bytes:
    return json.dumps(cells, ensure_ascii=False).encode()


def row(cells: dict[str, str]) -> bytes:
    return json.dumps(cells, ensure_ascii=False).encode()


def read(cells: dict[str, str], columns: tuple[tuple[str, str], ...] = GUESSED) -> Readable:
    reading = parse_row(row(cells), columns)
    assert isinstance(reading, Readable), reading
    return reading


def refusal(cells: dict[str, str], columns: tuple[tuple[str, str], ...] = GUESSED) -> Unreadable:
    reading = parse_row(row(cells), columns)
    assert isinstance(reading, Unreadable)
    return reading


def field(cells: dict[str, str], tag: str) -> list[tuple[str, ...]]:
    found = read(cells).marc.data(tag)
    return [(one.indicators, *(f"{code}{value}" for code, value in one.subfields)) for one in found]


BOOK = {
    "STT": "1",
    "Mã tài liệu": "TL0001",
    "Tên sách": "Tắt đèn",
    "Phụ đề": "tiểu thuyết",
    "Tập": "2",
    "Tác giả": "Ngô Tất Tố; Nguyễn Văn A",
    "NXB": "Văn học",
    "Nơi XB": "H.",
    "Năm XB": "2015.0",
    "Tái bản": "Tái bản lần thứ 2",
    "ISBN": "978-604-57-0112-6",
    "Số trang": "292",
    "Khổ": "20,5",
    "Tùng thư": "Văn học Việt Nam",
    "Từ khoá": "Văn học; Tiểu thuyết",
    "Môn loại": "895.922",
    "Ngôn ngữ": "Tiếng Việt",
    "Giá tiền": "45000",
    "Ghi chú": "Bìa rách",
    "Kho": "Kho mượn",
    "Ký hiệu xếp giá": "VV12",
    "Số ĐKCB": "VN001, VN002",
    "Số lượng": "3",
}


def test_a_full_row_becomes_a_brief_record_with_its_columns_in_their_fields() -> None:
    marc = read(BOOK).marc
    written = [
        f"{one.tag} {one.value}"
        if isinstance(one, ControlField)
        else f"{one.tag} {one.indicators.replace(' ', '#')} "
        + "".join(f"${code}{value}" for code, value in one.subfields)
        for one in marc.fields
    ]
    assert written == [
        "001 TL0001",
        "020 ## $a978-604-57-0112-6$c45000",
        "041 ## $avie",
        "082 04 $a895.922",
        "100 0# $aNgô Tất Tố",
        "245 10 $aTắt đèn$btiểu thuyết$n2",
        "250 ## $aTái bản lần thứ 2",
        "260 ## $aH.$bVăn học$c2015",
        "300 ## $a292 tr.$c20,5 cm",
        "490 0# $aVăn học Việt Nam",
        "500 ## $aBìa rách",
        "653 ## $aVăn học",
        "653 ## $aTiểu thuyết",
        "700 0# $aNguyễn Văn A",
        "852 ## $bKho mượn$hVV12$pVN001",
        "852 ## $bKho mượn$hVV12$pVN002",
        "852 ## $bKho mượn$hVV12$t3",
    ]


def test_matching_reads_all_that_a_row_says() -> None:
    seen = describe(read(BOOK).marc)
    assert (seen.volume, seen.edition, seen.years, seen.pages, seen.size) == ((2,), 2, (2015,), 292, 21)
    assert seen.isbns == {"9786045701126"}
    assert seen.languages == {"vie"}
    assert len(seen.persons) == 2


def test_a_row_is_of_abbreviated_level_so_that_a_full_record_wins() -> None:
    assert read(BOOK).marc.leader == "00000nam a22000003  4500"


def test_a_row_with_an_issn_is_a_serial() -> None:
    marc = read({"Tên tạp chí": "Thư viện Việt Nam", "ISSN": "18591450"}).marc
    assert marc.leader[7] == "s"
    assert marc.values("022", "a") == ("1859-1450",)


# --- holdings -----------------------------------------------------------------------------------------


def holdings(cells: dict[str, str]) -> list[tuple[str | None, str | None, int, tuple[Item, ...], str | None]]:
    found = read_holdings(read(cells).marc, load_profiles()["default"])
    return [(one.location, one.call_number, one.copies, one.items, one.note) for one in found]


def test_the_default_profile_reads_location_call_number_copies_and_items() -> None:
    items = (Item("VN001"), Item("VN002"))
    assert holdings(BOOK) == [("Kho mượn", "VV12", 3, items, None)]


def test_a_title_alone_says_that_the_library_has_it() -> None:
    assert holdings({"Tên sách": "Tắt đèn"}) == [(None, None, 1, (), IMPLIED)]


@pytest.mark.parametrize("copies", ["3", "3.0", "03", "3 bản", "3 cuốn"])
def test_a_number_of_copies_is_counted(copies: str) -> None:
    assert holdings({"Tên sách": "Tắt đèn", "Kho": "A", "Số lượng": copies}) == [("A", None, 3, (), None)]


def test_copies_without_a_place_are_numbered() -> None:
    found = field({"Tên sách": "Tắt đèn", "Số lượng": "2"}, "852")
    assert found == [("  ", "t1"), ("  ", "t2")]


@pytest.mark.parametrize("copies", ["45000", "nhiều", "-2"])
def test_what_is_no_number_of_copies_is_told_and_one_copy_remains(copies: str) -> None:
    cells = {"Tên sách": "Tắt đèn", "Kho": "A", "Số lượng": copies}
    assert holdings(cells) == [("A", None, 1, (), None)]
    assert [one.kind for one in read(cells).findings] == [FindingKind.UNMAPPED]


def test_several_barcodes_in_a_cell_are_parted_and_a_range_stays_one() -> None:
    cells = {"Tên sách": "Tắt đèn", "Số ĐKCB": "VN1; VN2\nVN3, VN010-VN015"}
    assert [one[-1] for one in field(cells, "852")] == ["pVN1", "pVN2", "pVN3", "pVN010-VN015"]


def test_the_call_number_of_a_row_without_one_is_its_classification() -> None:
    assert holdings({"Tên sách": "Tắt đèn", "DDC": "895.9", "Kho": "A"})[0][:2] == ("A", "895.9")


# --- cells --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2015", "2015"),
        ("2015.0", "2015"),
        ("2015-03-01", "2015"),
        ("2015-03-01 00:00:00", "2015"),
        ("01/03/2015", "2015"),
        ("1905-07-07", "2015"),
        ("1905-07-07 00:00:00", "2015"),
        ("[2015?]", "[2015?]"),
        ("0000-00-00", "0000-00-00"),
    ],
)
def test_a_year_is_a_year_whatever_a_spreadsheet_made_of_it(cell: str, year: str) -> None:
    assert read({"Tên sách": "X", "Năm XB": cell}).marc.values("260", "c") == (year,)


def test_the_year_behind_the_publisher_is_the_year_where_no_column_has_it() -> None:
    assert field({"Tên sách": "X", "NXB": "Giáo dục, 2015"}, "260") == [("  ", "bGiáo dục", "c2015")]
    cells = {"Tên sách": "X", "NXB": "Giáo dục, 2015", "Năm XB": "2016"}
    assert field(cells, "260") == [("  ", "bGiáo dục, 2015", "c2016")]


@pytest.mark.parametrize("nothing", ["", " ", "-", "…", "#N/A", "#REF!", "N/A", "null", "___"])
def test_a_cell_that_says_nothing_makes_no_field(nothing: str) -> None:
    assert [one.tag for one in read({"Tên sách": "X", "Tác giả": nothing, "ISBN": nothing}).marc.fields] == [
        "245"
    ]


def test_a_body_is_no_person_and_an_inverted_name_is_told() -> None:
    cells = {"Tên sách": "X", "Tác giả": "Bộ Y tế; Rowling, J.K.; Trường Chinh"}
    assert [(f.tag, f.indicators) for f in read(cells).marc.data("100", "110", "700", "710")] == [
        ("110", "2 "),
        ("700", "1 "),
        ("700", "0 "),
    ]


@pytest.mark.parametrize(
    ("cell", "tag"),
    [("895.922", "082"), ("001 DY-V", "082"), ("V23", "084"), ("4(V)", "084"), ("3K5H", "084")],
)
def test_what_looks_like_dewey_is_082_and_all_else_084(cell: str, tag: str) -> None:
    assert read({"Tên sách": "X", "Phân loại": cell}).marc.values(tag, "a") == (cell,)


@pytest.mark.parametrize(
    ("cell", "tag", "value"),
    [
        ("Việt", "041", "vie"),
        ("eng", "041", "eng"),
        ("Tiếng Anh", "041", "eng"),
        ("tiếng Mường", "546", "tiếng Mường"),
    ],
)
def test_a_language_has_its_code_or_stands_in_words(cell: str, tag: str, value: str) -> None:
    assert read({"Tên sách": "X", "Ngôn ngữ": cell}).marc.values(tag, "a") == (value,)


def test_text_is_nfc_and_in_one_line() -> None:
    cells = {"Tên sách": "Ta\u0306\u0301t\nđe\u0300n ", "Tập": "0"}
    assert field(cells, "245") == [("00", "aTắt đèn")]


# --- ISBN ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "isbn"),
    [
        ("978-604-57-0112-6", "9786045701126"),
        ("9786045701126.0", "9786045701126"),
        ("9.786045701126E12", "9786045701126"),
        ("9.786045701126e+12", "9786045701126"),
        ("ISBN: 9786045701126", "9786045701126"),
        ("0306406152", "9780306406157"),
        ("306406152", "9780306406157"),
        ("306406152.0", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("9786045701127", None),
        ("9.78605E+12", None),
        ("8935236402309", None),
        ("45000", None),
        ("0000000000", None),
        ("", None),
    ],
)
def test_an_isbn_is_what_it_was_before_the_spreadsheet(cell: str, isbn: str | None) -> None:
    assert read_isbn13(cell) == isbn
    assert isbn_of_row(row({"ISBN": cell}), GUESSED) == isbn


@given(st.text(st.sampled_from("0123456789X-. 978"), max_size=20))
def test_what_normalisation_takes_for_an_isbn_is_one_here_too(text: str) -> None:
    """Only nine digits that lost a zero and decimal numbers are more."""
    known = read_isbn(text).isbn13
    assert known is None or read_isbn13(text) == known


@pytest.mark.parametrize(
    ("cell", "issn"), [("1859-1450", "1859-1450"), ("3784371", "0378-4371"), ("1859-1451", None)]
)
def test_an_issn_may_have_lost_its_zeros(cell: str, issn: str | None) -> None:
    assert read_issn(cell) == issn


def test_a_destroyed_isbn_is_told_and_the_row_kept() -> None:
    reading = read({"Tên sách": "Tắt đèn", "ISBN": "9.78605E+12"})
    assert list(reading.marc.data("020")) == []
    assert reading.findings[0].kind is FindingKind.ISBN_CHECK_DIGIT
    assert "'9.78605E+12' was destroyed by the spreadsheet program" in reading.findings[0].detail
    assert not is_rounded("9.786045701126E12")


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("9786045701127", FindingKind.ISBN_CHECK_DIGIT),
        ("123456789", FindingKind.ISBN_CHECK_DIGIT),
        ("8935236402309", FindingKind.ISBN_RUNNING_NUMBER),
        ("42256", FindingKind.ISBN_RUNNING_NUMBER),
    ],
)
def test_a_wrong_isbn_is_kept_and_told(cell: str, kind: FindingKind) -> None:
    reading = read({"Tên sách": "Tắt đèn", "ISBN": cell})
    assert [one.kind for one in reading.findings] == [kind]
    assert reading.marc.values("020", "a") == (cell,)


def test_several_isbns_and_columns_of_isbns_are_all_read() -> None:
    cells = {"Tên sách": "X", "ISBN 10": "0306406152", "ISBN 13": "9780306406157; 9786045701126"}
    assert read(cells).marc.values("020", "a") == ("0306406152", "9780306406157", "9786045701126")


# --- rows without a title -----------------------------------------------------------------------------

CATALOGUED = MarcRecord(
    "00000cam a2200000 a 4500",
    (
        ControlField("001", "u12345x"),
        ControlField("008", "200101s2015    vm            000 1 vie d"),
        DataField("020", "  ", (("a", "9786045701126"),)),
        DataField("100", "0 ", (("a", "Ngô Tất Tố"),)),
        DataField("245", "10", (("6", "880-01"), ("a", "Tắt đèn :"), ("b", "tiểu thuyết"))),
        DataField("260", "  ", (("a", "H. :"), ("b", "Văn học,"), ("c", "2015"))),
        DataField("300", "  ", (("a", "292 tr. ;"), ("c", "21 cm"))),
        DataField("650", " 4", (("a", "Văn học"),)),
        DataField("852", "  ", (("b", "Kho của thư viện khác"),)),
    ),
)


def test_an_isbn_that_nobody_has_comes_back_with_it() -> None:
    said = refusal({"ISBN": "9786045701126.0", "Kho": "A"})
    assert said.kind is FindingKind.ROW_UNMATCHED
    assert said.reason == (
        "the row has no title, and the joint catalogue has no publication with the ISBN 9786045701126;"
        " add the title, or check the number"
    )


def test_an_isbn_that_the_joint_catalogue_has_takes_its_description_and_keeps_its_own_holdings() -> None:
    cells = {
        "Mã sách": "7",
        "ISBN": "9.786045701126E12",
        "Giá": "45000",
        "Kho": "Kho xã",
        "Số ĐKCB": "X1;X2",
        "SL": "2",
    }
    reading = parse_row(row(cells), GUESSED, CATALOGUED)
    assert isinstance(reading, Readable)
    assert reading.findings == ()
    marc = reading.marc
    assert describe(marc) == describe(CATALOGUED)
    assert marc.control("001") == "7"
    assert marc.leader[17] == "3"
    assert not list(marc.data("650"))
    assert not marc.values("245", "6")
    (held,) = read_holdings(marc, load_profiles()["default"])
    assert (held.location, held.copies, held.items) == ("Kho xã", 2, (Item("X1"), Item("X2")))


def test_a_row_with_a_title_never_takes_the_description_of_another() -> None:
    reading = parse_row(row({"Tên sách": "Số đỏ", "ISBN": "9786045701126"}), GUESSED, CATALOGUED)
    assert isinstance(reading, Readable)
    assert reading.marc.values("245", "a") == ("Số đỏ",)


def test_a_wrong_isbn_without_a_title_says_what_is_wrong() -> None:
    assert refusal({"ISBN": "9786045701127"}).kind is FindingKind.ISBN_CHECK_DIGIT
    assert "'9786045701127' is no valid ISBN or ISSN" in refusal({"ISBN": "9786045701127"}).reason
    assert "was destroyed by the spreadsheet program" in refusal({"ISBN": "9.78605E+12"}).reason


@pytest.mark.parametrize(
    "cells", [{}, {"STT": "I. SÁCH GIÁO KHOA"}, {"Tác giả": "Ngô Tất Tố"}, {"Tên sách": " - "}]
)
def test_a_row_without_title_and_isbn_is_empty(cells: dict[str, str]) -> None:
    assert refusal(cells).kind is FindingKind.ROW_EMPTY


def test_an_issn_without_a_title_needs_the_joint_catalogue_too() -> None:
    said = refusal({"ISSN": "1859-1450"})
    assert said.kind is FindingKind.ROW_UNMATCHED
    assert "ISSN 1859-1450" in said.reason


# --- the mapping --------------------------------------------------------------------------------------


def test_the_same_row_is_read_anew_with_another_mapping() -> None:
    cells = {"A": "Tắt đèn", "B": "Ngô Tất Tố"}
    assert refusal(cells).kind is FindingKind.ROW_EMPTY
    one = read(cells, (("A", "title"), ("B", "authors"))).marc
    other = read(cells, (("B", "title"), ("A", "note"))).marc
    assert (one.values("245", "a"), other.values("245", "a")) == (("Tắt đèn",), ("Ngô Tất Tố",))


def test_a_column_that_the_mapping_does_not_know_is_told_and_an_ignored_one_is_not() -> None:
    columns = (("Tên sách", "title"), ("STT", "ignored"))
    reading = read({"TÊN SÁCH": "X", "STT": "1", "Màu bìa": "đỏ"}, columns)
    assert [one.detail for one in reading.findings] == ["the column 'Màu bìa' has no role and was left out"]


def test_a_row_whose_columns_are_all_new_names_them() -> None:
    said = refusal({"Nhan đề": "X", "Tác giả": "Y"}, (("Tên sách", "title"),))
    assert said.reason == "none of the columns that have a role is in this row; it has 'Nhan đề', 'Tác giả'"


# --- bytes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'"x"', b"null", b"\xff{}", b'{"a": 1}', b'{"a": {"b": "c"}}', b"[" * 100_000]
)
def test_bytes_that_are_no_row_are_a_rejection(data: bytes) -> None:
    reading = parse_row(data, GUESSED)
    assert isinstance(reading, Unreadable)
    assert reading.kind is FindingKind.JSON
    assert isbn_of_row(data, GUESSED) is None


def test_a_cell_longer_than_a_spreadsheet_allows_is_told() -> None:
    said = refusal({"Tên sách": "x" * (LONGEST_CELL + 1)})
    assert said.kind is FindingKind.TOO_LONG
    assert "'Tên sách' has 32768 characters" in said.reason


@given(
    st.dictionaries(st.sampled_from(sorted(BOOK)) | st.text(max_size=20), st.text(max_size=40), max_size=12)
)
def test_any_row_is_a_record_or_a_reason_and_its_copies_are_one_at_least(cells: dict[str, str]) -> None:
    reading = parse_row(json.dumps(cells).encode(), GUESSED)
    if isinstance(reading, Unreadable):
        assert reading.reason
        return
    describe(reading.marc)
    assert sum(one.copies for one in read_holdings(reading.marc, load_profiles()["default"])) >= 1


# --- back to the sender -------------------------------------------------------------------------------


def table(rows: list[tuple[bytes, str]]) -> list[list[str]]:
    text = "".join(unmatched_csv(rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_unmatched_rows_come_back_with_the_reason_and_their_own_columns() -> None:
    rows = [
        (raw(STT="1", ISBN="9786045701126"), "không có trong mục lục"),
        (raw(ISBN="123", Kho='Kho "A",\nphòng 2'), "sai ISBN"),
        (b"\xff", "hỏng"),
    ]
    assert table(rows) == [
        ["Lý do", "STT", "ISBN", "Kho", "Dòng"],
        ["không có trong mục lục", "1", "9786045701126", "", ""],
        ["sai ISBN", "", "123", 'Kho "A",\nphòng 2', ""],
        ["hỏng", "", "", "", "\ufffd"],
    ]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(formula: str) -> None:
    written = table([(row({"A": formula, formula: "x"}), formula)])
    assert all(cell.startswith("'") for line in written for cell in line if formula in cell)


def test_a_table_that_was_mended_and_failed_again_has_the_new_reason_only() -> None:
    rows = [(row({"Lý do": "cũ", "ISBN": "123"}), "mới")]
    assert table(rows) == [["Lý do", "ISBN"], ["mới", "123"]]


def test_nothing_unmatched_is_a_table_of_no_rows() -> None:
    assert table([]) == [["Lý do"]]
