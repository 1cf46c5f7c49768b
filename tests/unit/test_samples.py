import re
import unicodedata

import pytest

from unioncat.samples.dialects import (
    LIBRARIES,
    i_for_y,
    inverted_name,
    tone_on_main_vowel,
    without_accents,
)
from unioncat.samples.generate import publications, records_of

ALL = {library.isil: tuple(records_of(library)) for library in LIBRARIES}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("văn hóa", "văn hoá"),
        ("phù thủy", "phù thuỷ"),
        ("Quý hoàn", "Quý hoàn"),
        ("Hóa", "Hoá"),
        ("hòe", "hoè"),
    ],
)
def test_the_tone_moves_to_the_main_vowel_in_open_syllables(old: str, new: str) -> None:
    assert tone_on_main_vowel(old) == new


@pytest.mark.parametrize(
    ("old", "new"), [("Vật lý", "Vật lí"), ("kỹ thuật", "kĩ thuật"), ("thủy", "thủy"), ("yêu", "yêu")]
)
def test_a_lone_y_becomes_i(old: str, new: str) -> None:
    assert i_for_y(old) == new


def test_names_are_inverted_after_the_family_name() -> None:
    assert inverted_name("Nguyễn Nhật Ánh") == "Nguyễn, Nhật Ánh"


def test_accents_are_dropped_from_every_letter() -> None:
    assert without_accents("Đất rừng phương Nam") == "Dat rung phuong Nam"


def test_every_isbn_has_a_correct_check_digit_and_belongs_to_one_publication() -> None:
    isbns = [publication.isbn for publication in publications() if publication.isbn]
    assert len(set(isbns)) == len(isbns)
    for isbn in isbns:
        assert re.fullmatch(r"97[89]\d{10}", isbn)
        assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(isbn)) % 10 == 0


def test_most_publications_are_held_by_several_libraries() -> None:
    shared = [publication for publication in publications() if len(publication.held) > 1]
    assert len(shared) > 0.9 * len(publications())


def test_the_records_are_the_same_every_time() -> None:
    assert {library.isil: tuple(records_of(library)) for library in LIBRARIES} == ALL


def test_identifiers_are_unique_over_all_libraries() -> None:
    identifiers = [record.identifier for records in ALL.values() for record in records]
    assert len(set(identifiers)) == len(identifiers)


def test_the_libraries_write_the_same_book_differently() -> None:
    toan = {isil: b"".join(record.marcxml for record in records).decode() for isil, records in ALL.items()}
    assert "văn hoá Việt Nam" in toan["VN-MAU01"]
    assert unicodedata.normalize("NFD", "văn hóa Việt Nam") in toan["VN-MAU02"]
    assert "Vũ, Trọng Phụng" in toan["VN-MAU03"]
    assert "Toán cao cấp. T.1" in toan["VN-MAU04"]
    assert 'tag="020"' not in toan["VN-MAU04"]
    assert toan["US-MAU05"].isascii()
    assert [re.findall('tag="(852|949|952)"', text)[0] for text in toan.values()] == [
        "852",
        "952",
        "949",
        "852",
        "852",
    ]


def test_one_record_is_deleted_and_one_cannot_be_read() -> None:
    records = [record for records in ALL.values() for record in records]
    assert sum(record.deleted for record in records) == 1
    assert sum(b"lost" in record.marcxml for record in records) == 1
