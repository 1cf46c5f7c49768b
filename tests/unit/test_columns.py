"""What the columns of a list hold: told by their names, then by their contents, then confirmed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.delivery import ReadingRules
from unioncat.core.errors import UnioncatError
from unioncat.core.parse.columns import Role, columns_from, guess_columns, mapping_of, name_key
from unioncat.core.parse.list_header import column_letter, find_header, is_no_record


def roles(header: list[str], sample: list[list[str]] | None = None) -> dict[str, Role]:
    return {guess.name: guess.role for guess in guess_columns(header, sample or [])}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Tên sách", Role.TITLE),
        ("NHAN ĐỀ", Role.TITLE),
        ("Ten tai lieu", Role.TITLE),
        ("Tên sách (đầy đủ)", Role.TITLE),
        ("Te\u0302n sa\u0301ch", Role.TITLE),
        ("Tác\ngiả", Role.AUTHORS),
        ("Tác giả / Dịch giả", Role.AUTHORS),
        ("Nhà xuất bản", Role.PUBLISHER),
        ("NXB", Role.PUBLISHER),
        ("Nơi XB", Role.PLACE),
        ("Năm XB", Role.YEAR),
        ("Năm xuất bản lần đầu", Role.YEAR),
        ("Mã ISBN", Role.ISBN),
        ("Số trang", Role.PAGES),
        ("Khổ", Role.SIZE),
        ("KHỔ (cm)", Role.SIZE),
        ("Kho", Role.LOCATION),
        ("KHO", Role.LOCATION),
        ("Vị trí", Role.LOCATION),
        ("Số ĐKCB", Role.BARCODE),
        ("Số đăng ký cá biệt", Role.BARCODE),
        ("Số đăng kí cá biệt", Role.BARCODE),
        ("Mã vạch", Role.BARCODE),
        ("Ký hiệu xếp giá", Role.CALL_NUMBER),
        ("Ký hiệu phân loại", Role.CLASSIFICATION),
        ("Môn loại", Role.CLASSIFICATION),
        ("DDC", Role.CLASSIFICATION),
        ("Số lượng", Role.COPIES),
        ("SL", Role.COPIES),
        ("Giá tiền (đồng)", Role.PRICE),
        ("Tập", Role.VOLUME),
        ("Lần xuất bản", Role.EDITION),
        ("Tái bản", Role.EDITION),
        ("Ngôn ngữ", Role.LANGUAGE),
        ("Từ khoá", Role.SUBJECTS),
        ("Từ khóa", Role.SUBJECTS),
        ("Tùng thư", Role.SERIES),
        ("Ghi chú", Role.NOTE),
        ("Mã tài liệu", Role.CONTROL_NUMBER),
        ("ISSN", Role.ISSN),
        ("Phụ đề", Role.TITLE_REST),
        ("STT", Role.IGNORED),
        ("Thành tiền", Role.IGNORED),
        ("Publication year", Role.YEAR),
        ("Call No.", Role.CALL_NUMBER),
        ("Accession No", Role.BARCODE),
        ("AUTHOR(S)", Role.AUTHORS),
    ],
)
def test_a_column_is_known_by_its_name_however_it_is_written(name: str, role: Role) -> None:
    assert roles([name]) == {name: role}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Tªn s¸ch", Role.TITLE),
        ("T¸c gi¶", Role.AUTHORS),
        ("Nhµ xuÊt b¶n", Role.PUBLISHER),
        ("Khæ", Role.SIZE),
        ("Teân saùch", Role.TITLE),
        ("Taùc giaû", Role.AUTHORS),
        ("TÃªn sÃ¡ch", Role.TITLE),
    ],
)
def test_a_name_in_an_old_encoding_counts_as_what_it_means(name: str, role: Role) -> None:
    assert roles([name]) == {name: role}


def test_a_guess_says_why() -> None:
    header, sample = (
        ["Tên sách", "Mã số", "Màu"],
        [["a", "9786045701126", "đỏ"], ["b", "9780306406157", "đỏ"]],
    )
    said = {guess.name: guess.reason for guess in guess_columns(header, sample)}
    assert said == {
        "Tên sách": "the name is 'tên sách'",
        "Mã số": "100 % of its first cells are ISBNs",
        "Màu": "neither the name nor the contents tell what it holds",
    }


def test_of_two_columns_that_claim_the_title_the_better_name_has_it() -> None:
    first, second = guess_columns(["Tên sách tiếng Anh", "Tên sách"], [])
    assert (first.role, second.role) == (Role.IGNORED, Role.TITLE)
    assert first.reason == "the name contains 'tên sách', but another column has the role title"


def test_authors_subjects_notes_barcodes_and_isbns_may_stand_in_several_columns() -> None:
    header = ["Tác giả", "Dịch giả", "ISBN 10", "ISBN 13", "Từ khoá", "Chủ đề"]
    found = list(roles(header).values())
    assert found == [Role.AUTHORS, Role.AUTHORS, Role.ISBN, Role.ISBN, Role.SUBJECTS, Role.SUBJECTS]


def test_a_list_without_a_header_is_told_by_its_contents() -> None:
    sample = [
        [
            "1",
            "Tắt đèn : tiểu thuyết",
            "Ngô Tất Tố",
            "NXB Văn học",
            "2015",
            "292 tr.",
            "21 cm",
            "45.000đ",
            "VN-00123",
        ],
        [
            "2",
            "Truyện Kiều và lời bình",
            "Nguyễn Du",
            "NXB Trẻ",
            "2003",
            "310 tr.",
            "19 cm",
            "30.000đ",
            "VN-00124",
        ],
        [
            "3",
            "Dế mèn phiêu lưu ký",
            "Tô Hoài",
            "NXB Kim Đồng",
            "1998",
            "150 tr.",
            "19 cm",
            "12.500đ",
            "VN-00125",
        ],
    ]
    assert list(roles(list("ABCDEFGHI"), sample).values()) == [
        Role.IGNORED, Role.TITLE, Role.AUTHORS, Role.PUBLISHER, Role.YEAR, Role.PAGES, Role.SIZE, Role.PRICE,
        Role.BARCODE,
    ]  # fmt: skip


def test_isbns_that_a_spreadsheet_damaged_still_tell_their_column() -> None:
    assert roles(["A"], [["9.78605E+12"], ["9786045701126.0"], ["604570112"]]) == {"A": Role.ISBN}


def test_contents_never_take_a_role_that_a_name_has() -> None:
    found = roles(["Năm XB", "Năm nhập kho X"], [["2015", "2016"], ["2010", "2011"]])
    assert found == {"Năm XB": Role.YEAR, "Năm nhập kho X": Role.IGNORED}


@given(
    st.lists(st.text(max_size=30), max_size=8),
    st.lists(st.lists(st.text(max_size=20), max_size=9), max_size=8),
)
def test_every_column_gets_one_guess_and_no_role_twice_that_only_one_may_have(
    header: list[str], sample: list[list[str]]
) -> None:
    guesses = guess_columns(header, sample)
    assert [guess.name for guess in guesses] == header
    assert all(guess.reason for guess in guesses)
    titles = [guess for guess in guesses if guess.role is Role.TITLE]
    assert len(titles) <= 1


@pytest.mark.parametrize(
    "cell", ["A" * 5000 + "!", "A-" * 3000 + "!", "Ab " * 3000 + "1", "1" * 5000, " ," * 3000, "[" * 5000]
)
def test_long_odd_cells_take_no_time(cell: str) -> None:
    began = time.perf_counter()
    roles(["X", cell], [[cell, cell]] * 160)
    find_header([[cell, cell]] * 160)
    assert time.perf_counter() - began < 2


# --- the mapping of a source --------------------------------------------------------------------------


def rules(*columns: tuple[str, str]) -> ReadingRules:
    return ReadingRules(columns=columns)


def test_a_confirmed_guess_is_a_mapping() -> None:
    mapping = mapping_of(guess_columns(["Tên sách", "STT"], []))
    assert mapping == (("Tên sách", "title"), ("STT", "ignored"))
    assert columns_from(ReadingRules(columns=mapping)) == {"tên sách": Role.TITLE, "stt": Role.IGNORED}


def test_an_unknown_role_is_refused_with_the_column_and_the_roles() -> None:
    with pytest.raises(
        UnioncatError, match=r"'titel', given to the column 'Tên sách', is no role.*control_number, title"
    ):
        columns_from(rules(("Tên sách", "titel")))


def test_a_mapping_without_title_and_isbn_is_refused() -> None:
    with pytest.raises(UnioncatError, match=r"No column has the role 'title' or 'isbn'.*: Tác giả, Năm"):
        columns_from(rules(("Tác giả", "authors"), ("Năm", "year")))
    assert columns_from(rules(("Số", "isbn"))) == {"số": Role.ISBN}


def test_a_role_that_only_one_column_may_have_is_refused_twice() -> None:
    with pytest.raises(UnioncatError, match="'Nhan đề' and 'Tên sách' both have the role 'title'"):
        columns_from(rules(("Nhan đề", "title"), ("Tên sách", "title")))
    columns_from(rules(("Nhan đề", "title"), ("Tác giả", "authors"), ("Dịch giả", "authors")))


def test_accents_tell_a_store_from_a_size() -> None:
    assert name_key("KHỔ") != name_key("Kho")
    assert name_key("Số  lượng:\n") == name_key("SỐ LƯỢNG")


# --- where the header stands --------------------------------------------------------------------------


def test_title_lines_stand_above_the_header() -> None:
    rows = [
        ["THƯ VIỆN XÃ AN PHÚ"],
        ["DANH MỤC SÁCH", "", "2023"],
        ["STT", "Tên sách", "Tác giả"],
        ["1", "Tắt đèn", "X"],
    ]
    header = find_header(rows)
    assert (header.names, header.rows) == (("STT", "Tên sách", "Tác giả"), 3)


def test_a_header_of_two_rows_gives_the_lower_names_under_the_upper_ones() -> None:
    rows = [
        ["STT", "Tên sách", "Xuất bản", "", "", "Giá"],
        ["", "", "Nhà XB", "Nơi XB", "Năm XB", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["1", "Tắt đèn", "Văn học", "H.", "2015", "45000"],
    ]
    header = find_header(rows)
    assert header.names == ("STT", "Tên sách", "Nhà XB", "Nơi XB", "Năm XB", "Giá")
    assert header.rows == 3


def test_columns_without_a_name_have_letters_and_equal_names_are_counted() -> None:
    header = find_header([["Tên sách", "", "Ghi chú", "Ghi chú"], ["a", "b", "c", "d", "e"]])
    assert header.names == ("Tên sách", "B", "Ghi chú", "Ghi chú (2)", "E")
    assert roles(list(header.names))["Ghi chú (2)"] is Role.NOTE


def test_a_row_of_unknown_words_above_numbers_is_a_header_and_a_row_of_data_is_none() -> None:
    assert find_header([["Cột một", "Cột hai"], ["x", "2015"], ["y", "2016"]]).rows == 1
    assert find_header([["Tắt đèn", "2014"], ["Số đỏ", "2015"], ["Vỡ đê", "2016"]]).rows == 0


def test_the_names_of_the_mapping_make_a_header_known() -> None:
    rows = [["Danh sách", "2024"], ["Cột một", "Cột hai"], ["x", "y"]]
    assert find_header(rows, {name_key("Cột một")}).rows == 2


@pytest.mark.parametrize(
    ("cells", "no_record"),
    [
        (["Tổng cộng", "", "150"], True),
        (["", "Tổng số sách: 150", ""], True),
        (["Cộng", "", "1.250.000 đ"], True),
        (["STT", "Tên sách", "Số bản"], True),
        (["37", "", ""], True),
        (["", "-", ""], True),
        (["Tổng cộng", "Nguyễn Văn A", "3"], False),
        (["1", "Cộng hoà xã hội", "3"], False),
        (["", "Tên sách", "3"], False),
        (["I. SÁCH GIÁO KHOA", "", ""], False),
    ],
)
def test_sums_repeated_headers_and_numbered_empty_rows_are_no_records(
    cells: list[str], no_record: bool
) -> None:
    assert is_no_record(cells, ["STT", "Tên sách", "Số bản"], {0}) is no_record


def test_columns_are_lettered_as_spreadsheet_programs_do() -> None:
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
