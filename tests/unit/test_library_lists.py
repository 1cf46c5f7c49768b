from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.library import (
    Contact,
    LegalForm,
    Lending,
    Level,
    LibraryStatus,
    MemberLibrary,
    Place,
    Position,
)
from unioncat.core.membership.library_list import ListedLibrary, RefusedRow, headings, read_library_list
from unioncat.core.membership.statement import Statement, apply_statement
from unioncat.core.membership.write_list import write_library_list

FULL = MemberLibrary(
    Isil("VN-HN"),
    "Thư viện Hà Nội; “cũ”",
    "Hanoi Library",
    "Hà Nội",
    "provincial",
    7,
    False,
    LibraryStatus.LISTED,
    LegalForm.PUBLIC,
    Level.PROVINCE,
    Place("01", "00070", "Phường Hoàn Kiếm", "47 Bà Triệu,\nHà Nội", Position(21.0245, 105.849)),
    "Phục vụ công cộng",
    ("Khoa học xã hội", "Địa chí"),
    "Sở Văn hóa",
    "https://thuvien.example.vn",
    (Contact("Nghiệp vụ", "tv@example.org", "+84 24 3825"),),
    Lending(True, False, None, "=30 ngày"),
)


def only(content: str | bytes) -> ListedLibrary | RefusedRow:
    (row,) = read_library_list(content.encode() if isinstance(content, str) else content)
    return row


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiter_and_byte_order_mark_are_found_out(delimiter: str, mark: str) -> None:
    row = only(f"{mark}Tên thư viện{delimiter}Tỉnh\nThư viện A{delimiter}Huế\n")
    assert row == ListedLibrary(2, None, Statement(name="Thư viện A", province="Huế"))


@pytest.mark.parametrize(
    "heading",
    ["Mã thư viện;TÊN THƯ VIỆN;Vĩ độ;Kinh độ", "isil;Name;Lat;Lng", "MA THU VIEN;ten thu vien;vi do;kinh do"],
)
def test_headings_are_known_in_both_languages_and_any_spelling(heading: str) -> None:
    row = only(f"{heading}\nVN-A;Thư viện A;21,5;105.25\n")
    assert row == ListedLibrary(
        2, Isil("VN-A"), Statement(name="Thư viện A", latitude=21.5, longitude=105.25)
    )


def test_no_heading_means_two_things() -> None:
    content = ";".join(headings().values()) + "\n" + ";".join("x" for _ in headings())
    assert only(content) == RefusedRow(
        2, "'x' is not an ISIL: write a prefix, a hyphen and a unit, such as VN-TVQG (ISO 15511)"
    )


def test_unknown_columns_and_empty_lines_are_left_alone() -> None:
    rows = list(read_library_list("\n\nSTT,Name,Màu\n1,A,đỏ\n\n,,\n2,B,xanh\n".encode()))
    assert [(row.line, row.statement.name) for row in rows if isinstance(row, ListedLibrary)] == [
        (4, "A"),
        (7, "B"),
    ]


def test_a_line_break_in_a_cell_does_not_shift_the_lines_of_later_rows() -> None:
    rows = list(read_library_list(b'name,address\nA,"1\n2"\nB,3\n,4\n'))
    assert [row.line for row in rows] == [2, 4, 5]


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        (";VN-A", "name"),
        ("A;VN A", "VN A"),
        ("A;;north", "north"),
        ("A;;21;105;perhaps", "perhaps"),
        ("A;;;;;many", "many"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line(cells: str, named: str) -> None:
    row = only(f"name;isil;lat;lon;lends;rank\n{cells}\n")
    assert isinstance(row, RefusedRow)
    assert row.line == 2
    assert named in row.reason


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"Tinh,Loai\nHue,x\n", "no column for the name"),
        ("Tên\nThư viện".encode("utf-16"), "UTF-8"),
        ("name\nTên".encode("latin-1"), "Line 2"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes, named: str) -> None:
    with pytest.raises(InvalidLibrary, match=named):
        list(read_library_list(content))


def test_a_written_list_reads_back_as_the_same_libraries() -> None:
    row = only(write_library_list([FULL]))
    assert isinstance(row, ListedLibrary)
    assert row.isil == FULL.isil
    empty = MemberLibrary(FULL.isil, "", status=LibraryStatus.LISTED)
    assert apply_statement(empty, row.statement) == FULL


def test_a_spreadsheet_program_calculates_nothing() -> None:
    text = write_library_list([replace(FULL, name="=cmd()")]).decode("utf-8-sig")
    assert ";'=cmd();" in text
    assert ";'+84 24 3825;" in text
    assert ";21.0245;" in text


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"name;isil;lat\n{text}".encode(errors="replace"))
)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    try:
        rows = list(read_library_list(content))
    except InvalidLibrary:
        return
    assert all(isinstance(row, ListedLibrary | RefusedRow) for row in rows)


def test_a_real_table_of_places_is_read(test_data: Path) -> None:
    content = (test_data / "lists" / "provinces_34_latlon.csv").read_bytes()
    rows = list(read_library_list(content.replace(b"short", b"name", 1)))
    assert len(rows) == 34
    for row in rows:
        assert isinstance(row, ListedLibrary)
        assert apply_statement(MemberLibrary(Isil("VN-A"), ""), row.statement).place.position is not None
