"""Names of persons and bodies: what is of the name, where a list is parted, who did what."""

import pytest

from unioncat.core.normalise.names import (
    corporate_key,
    heading_name,
    names_a_body,
    person_names,
    responsibilities,
)
from unioncat.core.normalise.vietnamese import syllable_key


def key(name: str) -> str:
    return " ".join(sorted(syllable_key(name).split()))


def stated(text: str) -> list[tuple[str, str]]:
    return [(one.role, " ".join(one.name.tokens)) for one in responsibilities(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Nguyễn Văn An và Trần Bình", ["Nguyễn Văn An", "Trần Bình"]),
        ("John Smith and Mary Jones", ["John Smith", "Mary Jones"]),
        ("Smith, J., Jones, M.", ["Smith J", "Jones M"]),
        ("Smith, John; Jones, Mary", ["John Smith", "Mary Jones"]),
        ("Walter T. Harrison, Jr.", ["Walter T Harrison"]),
        ("Lê Trung Tương - Lê Hồng Vân", ["Lê Trung Tương", "Lê Hồng Vân"]),
        ("Võ Xuân Đàn sưu tầm và giới thiệu", ["Võ Xuân Đàn"]),
        ("Nguyễn An, Trần Bình, nnk", ["Nguyễn An", "Trần Bình"]),
        ("Bộ Giáo dục và Đào tạo", ["Bộ Giáo dục và Đào tạo"]),
        ("Không rõ", []),
        ("đang cập nhật", []),
    ],
)
def test_a_list_is_parted_at_and_but_not_inside_a_body(text: str, names: list[str]) -> None:
    assert [" ".join(name.tokens) for name in person_names(text)] == [key(name) for name in names]


@pytest.mark.parametrize(
    "name",
    [
        "Võ Bá Tầm",
        "Phạm Viết Vượng",
        "Trần Văn Kể",
        "Lê Lời",
        "Ngô Nhật Ảnh",
        "Dương Thị Bà",
        "Trần Đức Ba",
        "Lê Trung Tương",
    ],
)
def test_a_name_keeps_the_words_that_elsewhere_are_titles_or_roles(name: str) -> None:
    found = heading_name(name)
    assert found is not None
    assert " ".join(found.tokens) == key(name)


@pytest.mark.parametrize(
    "text",
    [
        "Bà Huyện Thanh Quan",
        "Giáo sư Tiến sĩ Nguyễn An",
        "Hồ Xuân Hương, chủ tịch",
        "PGS. TS Lê Văn An chủ biên",
    ],
)
def test_a_title_before_a_name_is_not_of_it(text: str) -> None:
    found = heading_name(text)
    assert found is not None
    assert not {"baˋ", "chuˀ", "ts", "pgs", "biên", "giaoˊ", "siˇ"} & set(found.tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lep Tôn-xtôi ; Nhị Ca d.", [("author", "Lep Tôn xtôi"), ("translator", "Nhị Ca")]),
        ("Dịch: Lê An, Trần Bình", [("translator", "Lê An"), ("translator", "Trần Bình")]),
        ("Lê An, Trần Bình dịch", [("translator", "Lê An"), ("translator", "Trần Bình")]),
        ("Lê An và Trần Bình, dịch", [("translator", "Lê An"), ("translator", "Trần Bình")]),
        ("John Smith, Mary Jones, editors", [("editor", "John Smith"), ("editor", "Mary Jones")]),
        ("Ngô Đức Thọ dịch và chú thích", [("translator", "Ngô Đức Thọ")]),
        ("Hoàng Văn Lân dịch từ tiếng Pháp", [("translator", "Hoàng Văn Lân")]),
        ("Nguyên tác: Aoyama Gosho", [("author", "Aoyama Gosho")]),
        ("Kể: Trần Văn An", [("other", "Trần Văn An")]),
        ("sponsored by the Ford Foundation", [("author", "Ford Foundation")]),
        ("nguyễn du", [("author", "nguyễn du")]),
        ("", []),
    ],
)
def test_a_statement_tells_who_did_what(text: str, expected: list[tuple[str, str]]) -> None:
    assert stated(text) == [(role, key(name)) for role, name in expected]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Bộ TN&MT", "Bộ Tài nguyên và Môi trường"),
        ("Bộ Giáo dục & Đào tạo", "Bộ GDĐT"),
        ("[Quốc hội nước Cộng hòa XHCN Việt Nam]", "Việt Nam (CHXHCN). Quốc hội"),
        ("Trường ĐH Bách khoa Hà Nội", "ĐHBK Hà Nội"),
        ("UBND tỉnh Quảng Nam", "Uỷ ban nhân dân tỉnh Quảng Nam"),
        ("Việt Nam. Bộ Xây dựng", "Bộ Xây dựng"),
    ],
)
def test_short_and_long_forms_of_a_body_are_one(left: str, right: str) -> None:
    assert corporate_key(left) == corporate_key(right) != frozenset()


def test_a_person_whose_plain_name_opens_like_a_body_is_a_person() -> None:
    assert names_a_body("Bộ Xây dựng")
    assert not names_a_body("Bồ Tùng Linh")


def test_the_last_syllable_of_a_vietnamese_name_may_be_typed_small() -> None:
    assert heading_name("Vũ Ngọc phan") == heading_name("Vũ Ngọc Phan")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("translated from the Russian by Ruth Mason", [("translator", key("Ruth Mason"))]),
        (
            "Ivan Petrov. Translated from the Russian by Ruth Mason",
            [("author", key("Ivan Petrov")), ("translator", key("Ruth Mason"))],
        ),
        ("translated from the French of Marie Blanc", []),
        ("translated from French by Ruth Mason", [("translator", key("Ruth Mason"))]),
        ("translated by Ruth Mason", [("translator", key("Ruth Mason"))]),
    ],
)
def test_what_a_book_was_translated_from_is_no_translator(text: str, expected: list[tuple[str, str]]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "GEORGE ORWELL; PHẠM MINH NGỌC DỊCH",
            [("author", key("George Orwell")), ("translator", key("Phạm Minh Ngọc"))],
        ),
        ("TRẦN VĂN KỂ", [("author", key("Trần Văn Kể"))]),
        ("phạm viết vượng", [("author", key("Phạm Viết Vượng"))]),
        ("nguyễn văn an dịch", [("translator", key("Nguyễn Văn An"))]),
    ],
)
def test_roles_are_told_from_names_without_the_help_of_capitals(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert stated(text) == expected
