"""Whatever stands in a field, the rules of normalisation give a value, and the same for composed and decomposed text."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.normalise import editions, extents, isbn, issn, names, publishers, volumes, works, years
from unioncat.core.normalise.placeholders import is_placeholder
from unioncat.core.normalise.vietnamese import plain, syllable_key

FIELDS = st.text(alphabet="TtQqVvPp.IiXx0123456789 ,;:/-()[]abcdđễĐtậphầnnămlần©+上卷三ɖİßſ\u0323𝓐⑴ำ –&")
RULES: list[Callable[[str], object]] = [
    volumes.split_numbers,
    volumes.read_numbers,
    names.person_names,
    names.heading_name,
    names.responsibilities,
    names.corporate_key,
    editions.read_edition,
    years.read_years,
    years.year_of_008,
    isbn.read_isbn,
    issn.read_issn,
    publishers.publisher_keys,
    publishers.place_key,
    works.standard_numbers,
    works.law_key,
    works.thesis_degree,
    works.textbook_role,
    works.textbook_grade,
    is_placeholder,
    lambda text: extents.read_extent(text, text),
]


@given(st.one_of(FIELDS, st.text()))
def test_no_text_makes_a_rule_fail(text: str) -> None:
    for rule in RULES:
        rule(text)


@given(FIELDS)
def test_titles_and_names_do_not_depend_on_the_normal_form(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    for rule in (volumes.read_numbers, names.person_names, publishers.publisher_keys, works.textbook_role):
        assert rule(decomposed) == rule(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("sign", ["ﬁ", "²", "𝓐", "½", "⑴", "ำ", "ǆ", "한", "й", "Ɖ"])
def test_rare_signs_have_stable_keys(sign: str) -> None:
    assert plain(plain(sign)) == plain(sign)
    assert syllable_key(syllable_key(sign)) == syllable_key(sign)


def test_the_icelandic_letter_in_old_data_is_vietnamese() -> None:
    assert syllable_key("\u00d0à Nẵng") == syllable_key("Đà Nẵng")
    assert plain("\u00d0à Nẵng") == "da nang"
