"""Volume designations as catalogues write them: letters, nested numbers, initials of persons, words with accents."""

import csv
import gzip
from pathlib import Path

import pytest

from unioncat.core.normalise.volumes import read_numbers, split_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("T. 2B", (2, 2)),
        ("V. 1A", (1, 1)),
        ("V.A", (1,)),
        ("Part B", (2,)),
        ("B", (2,)),
        ("Part 3.1", (3, 1)),
        ("V.03A-P.01", (3, 1, 1)),
        ("T.03Q.1", (3, 1)),
        ("Level 2, Book 1", (2, 1)),
        ("V 2", (2,)),
        ("F.1", (1,)),
        ("V", (5,)),
        ("XI", (11,)),
        ("Tập hai mươi mốt", (21,)),
        ("thượng", (1,)),
        ("Quyển hạ", (3,)),
        ("第2巻", (2,)),
        ("卷三", (3,)),
        ("下", (3,)),
        ("2001", (2001,)),
        ("2 vol", ()),
        ("T.", ()),
        ("P. Điện", ()),
    ],
)
def test_a_number_field_is_read_however_it_is_written(text: str, numbers: tuple[int, ...]) -> None:
    assert read_numbers(text) == numbers


@pytest.mark.parametrize(
    ("title", "rest", "numbers"),
    [
        ("Bài tập toán tập 1", "Bài tập toán", (1,)),
        ("Toan cao cap. Tap 2", "Toan cao cap", (2,)),
        ("Handbook, part B", "Handbook", (2,)),
        ("Tập 1 và 2", "", (1, 2)),
        ("Tập (1)", "", (1,)),
        ("Lịch sử. T.I. Cổ đại", "Lịch sử. Cổ đại", (1,)),
    ],
)
def test_a_designation_is_found_beside_other_words(title: str, rest: str, numbers: tuple[int, ...]) -> None:
    assert split_numbers(title) == (rest, numbers)


@pytest.mark.parametrize(
    "title",
    [
        "V.I. Lênin toàn tập",
        "Bút ký V. I. Lênin",
        "Q. V. Le",
        "Cổ phần hoá - thành lập công ty cổ phần năm 2007",
        "Giúp bạn trở thành nhà đàm phán số một",
        "Phương pháp phần tử hữu hạn",
        "Một phần tư thế kỷ",
        "Student's book 2",
        "Part A guide",
        "Tập thượng tướng",
        "Hồ Chí Minh toàn tập 3",
        "上海",
    ],
)
def test_words_that_only_look_like_a_designation_stay_in_the_title(title: str) -> None:
    assert split_numbers(title) == (title, ())


@pytest.mark.data
def test_nearly_every_volume_of_a_real_catalogue_is_read(test_data: Path) -> None:
    with gzip.open(test_data / "vn/hcmut_bk.tsv.gz", "rt", encoding="utf-8") as rows:
        stated = [row["volume"] for row in csv.DictReader(rows, delimiter="\t")]
    numbered = [volume for volume in stated if any(sign.isdigit() for sign in volume)]
    unread = [volume for volume in numbered if not read_numbers(volume)]
    assert len(numbered) > 2000
    assert len(unread) <= len(numbered) // 200, unread
