"""How text becomes words."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.index.analysis import Token, analyse, fold

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "analysis.json").read_text())

catalogue_text = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "aàảãáạăằâấbcdđeêễghiịklmnoòôồơớpqrstuùưữvxyỳỹ TP.-'’0 1ßøłﬁ²Ⅻ中国ខ្មែรไทยが\u0301\u0323\u200b\u00ad"
        ),
    ),
    max_size=60,
)


def exact(text: str) -> list[str]:
    return [token.exact for token in analyse(text)]


def folded(text: str) -> list[str]:
    return [token.folded for token in analyse(text)]


def without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["text"])
def test_the_golden_texts(case: dict[str, object]) -> None:
    assert exact(str(case["text"])) == case["exact"]
    assert folded(str(case["text"])) == case["folded"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("kỹ", "kĩ"),
        ("lí", "LÝ"),
        ("quý", "quí"),
        ("Mỹ", "Mĩ"),
        ("khoẻ", "khỏe"),
    ],
)
def test_spellings_of_one_syllable_are_one_word(one: str, other: str) -> None:
    assert exact(one) == exact(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dừa", "dứa"),
        ("ma", "mà"),
        ("da", "đa"),
        ("bán", "bàn"),
        ("cò", "co2"),
        ("tay", "tây"),
        ("hai", "hay"),
    ],
)
def test_other_accents_and_letters_are_another_word(one: str, other: str) -> None:
    assert exact(one) != exact(other)


def test_offsets_count_the_characters_of_the_nfc_text() -> None:
    text = unicodedata.normalize("NFD", "Đất nước, Việt")
    composed = unicodedata.normalize("NFC", text)
    assert [composed[token.start : token.end] for token in analyse(text)] == ["Đất", "nước", "Việt"]


def test_a_word_knows_whether_it_was_written_with_accents() -> None:
    assert [token.accented for token in analyse("Đất nuoc kỹ ky")] == [True, False, True, False]


def test_a_form_is_cut() -> None:
    (token,) = analyse("x" * 5000)
    assert token == Token("x" * 100, "x" * 100, 0, 5000)


@given(catalogue_text)
def test_both_normal_forms_give_the_same_words(text: str) -> None:
    assert analyse(unicodedata.normalize("NFD", text)) == analyse(unicodedata.normalize("NFC", text))


@given(catalogue_text)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(catalogue_text)
def test_forms_are_never_empty_and_hold_no_blank(text: str) -> None:
    for token in analyse(text):
        assert token.exact.split() == [token.exact]
        assert token.folded.split() == [token.folded]


@given(
    st.lists(
        st.sampled_from(
            ["hoà", "hòa", "kỹ", "kĩ", "lý", "Quý", "Đất", "thuyền", "ươm", "Mỹ", "yêu", "uỷ", "ủy"]
        )
    )
)
def test_without_accents_the_folded_words_are_the_same(words: list[str]) -> None:
    assert folded(without_accents(" ".join(words))) == folded(" ".join(words))


@given(catalogue_text, catalogue_text)
def test_words_equal_in_their_exact_form_are_equal_in_their_folded_one(left: str, right: str) -> None:
    other = {token.exact: token.folded for token in analyse(right)}
    for token in analyse(left):
        assert other.get(token.exact, token.folded) == token.folded
