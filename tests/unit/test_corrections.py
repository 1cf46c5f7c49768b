"""What somebody may have meant: slips, and Telex keystrokes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_documents import a_document

from unioncat.core.index.corrections import corrected, from_telex, slips_allowed, slips_between

_words = st.text("abcd", max_size=7)


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [
        ("kieu", "kieu", 0),
        ("kieu", "kiue", 1),
        ("kieu", "kiu", 1),
        ("kieu", "kieuu", 1),
        ("tieng", "tiegn", 1),
    ],
)
def test_slips(left: str, right: str, slips: int) -> None:
    assert slips_between(left, right, 2) == slips


@given(_words, _words, st.integers(0, 3))
def test_slips_are_the_same_both_ways_and_bounded(left: str, right: str, most: int) -> None:
    found = slips_between(left, right, most)
    assert found == slips_between(right, left, most)
    assert found is None or found <= most
    assert slips_between(left, left, most) == 0


@pytest.mark.parametrize(("word", "allowed"), [("du", 0), ("2012", 0), ("kieu", 1), ("truyen", 2), ("g7", 0)])
def test_short_words_and_numbers_are_right_as_they_are(word: str, allowed: int) -> None:
    assert slips_allowed(word) == allowed


NEAR = [
    a_document(1, "Truyện Kiều", contributors=("Nguyễn Du",)),
    a_document(2, "Nghiên cứu Truyện Kiều", contributors=("Hoài Thanh",)),
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("truyen kiue", "truyen kieu"),
        ("nghien cuu truyne kieu", "nghien cuu truyen kieu"),
        ("truyện kiềuu", "truyện kiều"),
        ("hoai thanhh", "hoai thanh"),
        ("“truyen” kieeu", "“truyen” kieu"),
        ("truyen kieu", None),
        ("truyen xyzxyz", None),
    ],
)
def test_words_that_nothing_has_become_those_of_near_records(typed: str, meant: str | None) -> None:
    assert corrected(typed, NEAR) == meant


def test_without_near_records_nothing_is_proposed() -> None:
    assert corrected("truyen kiue", ()) is None


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("truyeenj kieeuf", "truyện kiều"),
        ("toans hocj cao caaps", "toán học cao cấp"),
        ("nguyeenx nhaatj anhs", "nguyễn nhật ánh"),
        ("dduowngf veef", "đường về"),
        ("thuyr loiwj", "thủy lợi"),
        ("quyeenf", "quyền"),
    ],
)
def test_telex_keystrokes_become_letters(keys: str, text: str) -> None:
    assert from_telex(keys) == text


@pytest.mark.parametrize(
    "text", ["kinh te hoc", "history of physics", "truyện kiều", "", "C++ 2012", "the war"]
)
def test_other_text_is_not_taken_for_keystrokes(text: str) -> None:
    assert from_telex(text) is None
