"""Publishers and places: several in one text, partner companies, short forms, houses abroad."""

import pytest

from unioncat.core.normalise.publishers import is_partner, place_key, publisher_keys


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Khoa học và kĩ thuật", "NXB Khoa học & Kỹ thuật"),
        ("Đại học Sư phạm TP.HCM", "ĐHSP TP HCM"),
        ("ĐH Quốc gia Hà Nội", "ĐHQGHN"),
        ("Giáo dục, Hà Nội", "Giáo dục"),
        ("Văn học, 2015", "Văn học"),
        ("Oxford Univ. Press", "O.U.P."),
        ("W.W. Norton & Company", "Norton"),
        ("M.I.T. Press", "The MIT Press"),
        ("Simon and Schuster", "Simon & Schuster, Inc."),
        ("McGraw-Hill Book Co.", "McGraw-Hill"),
    ],
)
def test_short_and_long_forms_of_a_house_are_one(left: str, right: str) -> None:
    assert publisher_keys(left) == publisher_keys(right) != frozenset()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Đại học Sư phạm", "Đại học Sư phạm TP.HCM"),
        ("Oxford University Press", "Cambridge University Press"),
        ("Lao động", "Lao động - Xã hội"),
        ("Văn nghệ", "Văn học"),
    ],
)
def test_houses_of_similar_names_are_two(left: str, right: str) -> None:
    assert not publisher_keys(left) & publisher_keys(right)


@pytest.mark.parametrize(
    "text",
    [
        "Trẻ - Nhã Nam",
        "Trẻ, Công ty Sách Nhã Nam",
        "Trẻ ; Công ty Văn hoá và Truyền thông Nhã Nam",
        "Trẻ : Nhã Nam",
    ],
)
def test_a_partner_company_is_told_from_the_house(text: str) -> None:
    keys = publisher_keys(text)
    assert {key for key in keys if not is_partner(key)} == publisher_keys("Nxb. Trẻ")
    assert {key for key in keys if is_partner(key)} == publisher_keys("Nhã Nam")


@pytest.mark.parametrize("text", ["Công ty Văn hoá Tân Bách", "Cty CP Sách Tân Bách", "CTCP Tân Bách"])
def test_a_company_that_no_list_knows_is_a_partner(text: str) -> None:
    assert all(map(is_partner, publisher_keys(text)))


def test_two_known_houses_may_be_parted_by_a_comma() -> None:
    assert publisher_keys("Thống kê, Lao động") == publisher_keys("Thống kê") | publisher_keys("Lao động")


@pytest.mark.parametrize("text", ["Nxb.", "[publisher not identified]", "[S.l. : s.n.]", "BK Library system"])
def test_what_names_nobody_is_no_publisher(text: str) -> None:
    assert publisher_keys(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("T.P HCM", "Thành phố Hồ Chí Minh"),
        ("S.", "Sài Gòn"),
        ("H. ; Tp. HCM", "Hà Nội"),
        ("Boston, MA :", "Boston"),
        ("London [etc.]", "London"),
        ("Tp. Đà Nẵng", "ĐN"),
        ("München", "Munich"),
    ],
)
def test_the_first_place_counts_by_its_usual_name(text: str, place: str) -> None:
    assert place_key(text) == place_key(place) is not None
