"""Theses, standards, laws and textbooks, and what only looks like them."""

import pytest

from unioncat.core.normalise.works import (
    is_thesis_summary,
    law_key,
    standard_numbers,
    textbook_grade,
    textbook_role,
    textbook_series,
    thesis_degree,
)


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("Luận án TS. Thông tin", "doctor"),
        ("Luận văn TSKH", "doctor"),
        ("Luận án thạc sĩ", "master"),
        ("LV ThS. Khoa học Thư viện", "master"),
        ("Luận văn tốt nghiệp", "thesis"),
        ("Thesis (Ph.D.)--MIT", "doctor"),
        ("Thèse de doctorat", "doctor"),
        ("fables de La Fontaine", None),
        ("Los Angeles, L.A. stories", None),
        ("Bàn luận", None),
    ],
)
def test_a_degree_is_read_only_beside_a_word_for_a_thesis(text: str, degree: str | None) -> None:
    assert thesis_degree(text) == degree


@pytest.mark.parametrize(
    "text", ["Tóm tắt L.A. TS", "Tóm tắt luận án tiến sĩ", "Summary of doctoral thesis", "TTLA"]
)
def test_a_summary_of_a_thesis_is_told_from_the_thesis(text: str) -> None:
    assert is_thesis_summary(text)
    assert not is_thesis_summary("Luận án tiến sĩ")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("TCVN 4038 - 85", {"TCVN 4038:1985"}),
        ("22 TCN 211 - 06", {"22TCN 211:2006"}),
        ("TCVN ISO 9001:2008", {"TCVN ISO 9001:2008"}),
        ("ISO/IEC 27001:2013", {"ISO/IEC 27001:2013"}),
        ("ASTM D638-14", {"ASTM D638:2014"}),
        ("TCXDVN 33:2006; TCXDVN 51-84", {"TCXDVN 33:2006", "TCXDVN 51:1984"}),
        ("QCVN 06: 2021/BXD", {"QCVN 06:2021"}),
        ("Tuyển tập TCVN 1-5", set()),
    ],
)
def test_a_standard_is_known_by_body_number_and_year(text: str, numbers: set[str]) -> None:
    assert standard_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Luật Đất đai năm 2013", "luat dat dai 2013"),
        ("Nghị định số 93/2020/NĐ-CP ngày 18/8/2020", "nghi dinh 93/2020/nd-cp"),
        ("Luật số 45/2013/QH13", "luat 45/2013/qh13"),
        ("Giáo trình luật hình sự 2010", None),
        ("Kỷ luật 2005", None),
        ("Luật Đất đai", None),
    ],
)
def test_a_law_opens_its_text_and_has_a_number_or_a_year(text: str, key: str | None) -> None:
    assert law_key(text) == key


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Vở bài tập Toán 5", {"workbook"}),
        ("Giải bài tập Hoá học", {"guide"}),
        ("Cơ học kỹ thuật: lý thuyết và bài tập", set()),
        ("Streamline: teacher's book", {"teacher"}),
        ("Physics: instructor's solutions manual", {"solutions"}),
        ("Tiếng Anh 6: sách học sinh", set()),
    ],
)
def test_the_longest_word_tells_the_role_of_a_textbook(text: str, roles: set[str]) -> None:
    assert textbook_role(text) == roles


@pytest.mark.parametrize(
    ("text", "grade"), [("Toán lớp năm", 5), ("lớp 1A", 1), ("Grade 5", 5), ("Lớp 100", None)]
)
def test_a_grade_is_read_in_digits_and_words(text: str, grade: int | None) -> None:
    assert textbook_grade(text) == grade


def test_a_series_has_one_name_for_its_forms() -> None:
    assert textbook_series("KNTT") == textbook_series("Kết nối tri thức với cuộc sống") is not None
