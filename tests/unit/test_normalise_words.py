"""The primitives of normalisation on the forms that real catalogues hold (tables of examples, one rule each)."""

import unicodedata

import pytest

from unioncat.core.normalise.editions import Edition, read_edition
from unioncat.core.normalise.extents import Extent, read_extent
from unioncat.core.normalise.isbn import is_set_qualifier, read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.names import corporate_key, heading_name, person_names, responsibilities
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.publishers import is_partner, place_key, publisher_keys
from unioncat.core.normalise.vietnamese import plain, syllable_key
from unioncat.core.normalise.volumes import read_numbers, split_numbers
from unioncat.core.normalise.works import (
    law_key,
    standard_numbers,
    textbook_grade,
    textbook_role,
    thesis_degree,
)
from unioncat.core.normalise.years import Years, read_years, year_of_008


@pytest.mark.parametrize(
    ("text", "isbn13"),
    [
        ("978-604-57-0112-6 (tập 1)", "9786045701126"),
        ("9786045701126 45000đ", "9786045701126"),
        ("0-306-40615-2 :", "9780306406157"),
        ("0 306 40615 2", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("ISBN 978 604 57 0112 6", "9786045701126"),
        ("978-604-57-0112-5", None),
        ("42256", None),
        ("45000đ", None),
        ("8936067593457", None),
        ("0000000000", None),
        ("1111111111", None),
        ("1234567890", None),
        ("", None),
    ],
)
def test_only_a_number_with_a_check_digit_that_fits_is_an_isbn(text: str, isbn13: str | None) -> None:
    assert read_isbn(text).isbn13 == isbn13


def test_the_qualifier_of_an_isbn_is_kept() -> None:
    assert read_isbn("978-604-57-0112-6 (trọn bộ)").qualifier == "trọn bộ"
    assert is_set_qualifier("trọn bộ")
    assert not is_set_qualifier("tập 1")


def test_digits_that_are_no_isbn_are_kept_for_the_quality_report() -> None:
    assert read_isbn("42256").digits == "42256"


@pytest.mark.parametrize(
    ("text", "issn"),
    [
        ("0866-7349", "0866-7349"),
        ("ISSN 03785955", "0378-5955"),
        ("0378-5956", None),
        ("2434-561x", "2434-561X"),
    ],
)
def test_an_issn_has_a_check_digit_that_fits(text: str, issn: str | None) -> None:
    assert read_issn(text) == issn


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Tái bản lần thứ 5", Edition("edition", 5, False)),
        ("Tái bản lần thứ nhất", Edition("edition", 1, False)),
        ("Tái bản lần thứ I", Edition("edition", 1, False)),
        ("Tái bản lần 14", Edition("edition", 14, False)),
        ("In lần thứ 3", Edition("printing", 3, False)),
        ("In lần thứ 3, có sửa chữa", Edition("edition", 3, True)),
        ("Tái bản", Edition("unnumbered", None, False)),
        ("Tái bản lần thứ 2, có sửa chữa, bổ sung", Edition("edition", 2, True)),
        ("2nd ed.", Edition("edition", 2, False)),
        ("Second edition, revised", Edition("edition", 2, True)),
        ("[4th ed.]", Edition("edition", 4, False)),
        ("3. Aufl.", Edition("edition", 3, False)),
        ("2e éd.", Edition("edition", 2, False)),
        ("Bản đặc biệt", Edition("unnumbered", None, False)),
        ("đang cập nhật", None),
        ("", None),
    ],
)
def test_an_edition_statement_gives_kind_number_and_revision(text: str, edition: Edition | None) -> None:
    assert read_edition(text) == edition


@pytest.mark.parametrize(
    ("title", "rest", "numbers"),
    [
        ("Giáo trình giải tích. T.1", "Giáo trình giải tích", (1,)),
        ("Toán cao cấp. Tập 2, Phép tính giải tích", "Toán cao cấp, Phép tính giải tích", (2,)),
        ("Vật lý đại cương. Tập một", "Vật lý đại cương", (1,)),
        ("Lịch sử Q.II", "Lịch sử", (2,)),
        ("T.4 - Q.2", "", (4, 2)),
        ("V.05 : Cơ học", "Cơ học", (5,)),
        ("Đại số tuyến tính, T. 01", "Đại số tuyến tính", (1,)),
        ("Harry Potter. Vol. 3", "Harry Potter", (3,)),
        ("Giải tích tập 1+2", "Giải tích", (1, 2)),
        ("史記 上", "史記", (1,)),
        ("Phần thứ hai", "", (2,)),
    ],
)
def test_a_volume_designation_is_taken_out_of_a_title(
    title: str, rest: str, numbers: tuple[int, ...]
) -> None:
    assert split_numbers(title) == (rest, numbers)


@pytest.mark.parametrize(
    "title",
    [
        "Tập làm văn lớp 5",
        "Bài tập 5",
        "Tuyển tập 3",
        "Windows 95",
        "Toán 10 nâng cao",
        "Việt Nam thế kỷ 20",
        "Cách mạng tháng Tám năm 1945",
        "Những T. Anh",
        "Tập tranh",
        "Phần mềm 3",
    ],
)
def test_other_numbers_are_no_volumes(title: str) -> None:
    assert split_numbers(title) == (title, ())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1", (1,)),
        ("T.1", (1,)),
        ("Tập một", (1,)),
        ("Book 2", (2,)),
        ("số 12", (12,)),
        ("Tập I", (1,)),
        ("", ()),
    ],
)
def test_in_a_number_field_a_number_alone_is_a_volume(text: str, numbers: tuple[int, ...]) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Nxb. Giáo dục", "Giáo dục Việt Nam"),
        ("KHXH", "Nhà xuất bản Khoa học Xã hội"),
        ("ĐHQGHN", "Nxb. Đại học Quốc gia Hà Nội"),
        ("Đại học Quốc gia Tp. HCM", "ĐHQG-HCM"),
        ("Chính trị quốc gia", "Nxb Chính trị quốc gia - Sự thật"),
        ("KH&KT", "Khoa học và Kỹ thuật"),
        ("John Wiley & Sons, Inc.", "John Wiley & Sons"),
        ("NXB Văn hoá - Thông tin", "VHTT"),
    ],
)
def test_forms_of_one_publisher_have_one_key(left: str, right: str) -> None:
    assert publisher_keys(left) == publisher_keys(right) != frozenset()


def test_two_universities_presses_are_two() -> None:
    assert not publisher_keys("ĐHQGHN") & publisher_keys("ĐHQG-HCM")


def test_several_publishers_are_a_set_and_partners_are_known() -> None:
    keys = publisher_keys("Hội Nhà văn ; Công ty Nhã Nam")
    assert len(keys) == 2
    assert [key for key in keys if is_partner(key)] == [*publisher_keys("Nhã Nam")]


@pytest.mark.parametrize("text", ["[K.nxb]", "[s.n.]", "đang cập nhật", ""])
def test_nobody_is_no_publisher(text: str) -> None:
    assert publisher_keys(text) == frozenset()


def test_places_have_aliases() -> None:
    assert place_key("H.") == place_key("Hà Nội") == place_key("Hanoi")
    assert place_key("Tp.HCM") == place_key("Thành phố Hồ Chí Minh")
    assert place_key("[K.đ.]") is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2012", Years(2012)),
        ("c2017", Years(copyright=2017)),
        ("©2017", Years(copyright=2017)),
        ("2016, c2015", Years(2016, copyright=2015)),
        ("[1964?]", Years(1964, approximate=(1963, 1965))),
        ("196-?", Years(approximate=(1960, 1969))),
        ("1960-1964", Years(1960, approximate=(1960, 1964))),
        ("1999, in 2001", Years(1999, printing=2001)),
        ("nộp lưu chiểu năm 2017", Years(printing=2017)),
        ("9999", Years()),
        ("", Years()),
    ],
)
def test_years_are_told_apart(text: str, years: Years) -> None:
    assert read_years(text) == years


def test_a_default_008_says_no_year() -> None:
    assert year_of_008("181222s9999||||xx") is None
    assert year_of_008("010101s2012    vm") == 2012


@pytest.mark.parametrize(
    ("pages", "size", "extent"),
    [
        ("292tr.", "21cm", Extent(292, None, 21.0)),
        ("xii, 345 p.", "24 cm.", Extent(345, None, 24.0)),
        ("1.056 tr.", "", Extent(1056)),
        ("2t.", "", Extent(None, 2)),
        ("98 tờ", "", Extent(98)),
        ("345 tr.", "20,5 cm (khổ 14,5 x 20,5)", Extent(345, None, 20.5)),
        ("12 tr., 300 tr", "21x15cm", Extent(300, None, 21.0)),
        ("0p", "", Extent()),
        ("1", "", Extent()),
    ],
)
def test_an_extent_gives_pages_volumes_and_height(pages: str, size: str, extent: Extent) -> None:
    assert read_extent(pages, size) == extent


def names(text: str) -> list[tuple[str, str]]:
    return [(r.role, " ".join(r.name.tokens)) for r in responsibilities(text)]


def tokens(text: str) -> str:
    return " ".join(sorted(syllable_key(text).split()))


def test_titles_and_roles_are_not_of_the_name() -> None:
    assert names("GS.TS. Trần Quốc Vượng (ch.b.), Tô Ngọc Thanh, Nguyễn Chí Bền...") == [
        ("editor", tokens("Trần Quốc Vượng")),
        ("author", tokens("Tô Ngọc Thanh")),
        ("author", tokens("Nguyễn Chí Bền")),
    ]


@pytest.mark.parametrize("text", ["Nguyễn Du ; Đào Duy Anh dịch", "Nguyễn Du ; Đào Duy Anh (dịch)"])
def test_a_translator_is_found_and_anh_is_a_name(text: str) -> None:
    assert names(text) == [("author", tokens("Nguyễn Du")), ("translator", tokens("Đào Duy Anh"))]


@pytest.mark.parametrize("text", ["Nguyễn, Trãi, 1380-1442", "Nguyễn Trãi", "NGUYỄN TRÃI (1380-1442)"])
def test_inversion_dates_and_case_do_not_make_another_person(text: str) -> None:
    name = heading_name(text)
    assert name is not None
    assert " ".join(name.tokens) == tokens("Nguyễn Trãi")


def test_a_heading_with_many_persons_is_a_list() -> None:
    assert len(person_names("GS.TSKH. Nguyễn Văn An, PGS.TS. Lê Bình, Trần Cường")) == 3


def test_a_body_has_one_key_for_its_forms() -> None:
    assert corporate_key("Bộ GD&ĐT") == corporate_key("Việt Nam (CHXHCN). Bộ Giáo dục và Đào tạo")


@pytest.mark.parametrize("text", ["đang cập nhật", "0p", "[K.nxb]", "---", " "])
def test_a_placeholder_says_nothing(text: str) -> None:
    assert is_placeholder(text)
    assert not is_placeholder("Giáo dục")


def test_standards_laws_theses_and_textbooks_have_an_identity() -> None:
    assert standard_numbers("TCVN 5638-91") == standard_numbers("TCVN 5638:1991") == {"TCVN 5638:1991"}
    assert law_key("Luật Đất đai năm 2013") != law_key("Luật Đất đai năm 2003")
    assert thesis_degree("Luận văn ThS. Kinh tế") == "master"
    assert textbook_role("Toán 5: sách giáo viên") == {"teacher"}
    assert textbook_grade("Tiếng Việt lớp 5") == 5


def test_decomposed_text_is_read_like_composed_text() -> None:
    title = "Vật lý đại cương. Tập một"
    assert split_numbers(unicodedata.normalize("NFD", title)) == split_numbers(title)
    assert plain(unicodedata.normalize("NFD", title)) == plain(title)
