"""What rules remember of texts, and the short ways they take: the answers must not change, nor the memory grow."""

import sys
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.match.words import words
from unioncat.core.normalise.description import Description, canonical_json, fingerprint, fingerprint_of
from unioncat.core.normalise.remembered import LONGEST, MOST, remembered
from unioncat.core.normalise.vietnamese import (
    flat_words,
    folded_word,
    plain_in_place,
    syllable_key,
    syllable_of,
)
from unioncat.core.normalise.works import standard_numbers
from unioncat.pipeline.packing import to_json


def a_rule() -> tuple[Callable[[str], str], list[str]]:
    """A rule that is remembered, and the texts to which it was applied."""
    asked: list[str] = []

    @remembered
    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    return upper, asked


def test_a_rule_is_applied_once_to_a_text_that_repeats() -> None:
    rule, asked = a_rule()
    assert [rule("nxb"), rule("nxb"), rule("kđ")] == ["NXB", "NXB", "KĐ"]
    assert asked == ["nxb", "kđ"]


def test_a_text_that_is_too_long_is_not_remembered() -> None:
    rule, asked = a_rule()
    longest, longer = "A" * LONGEST, "A" * (LONGEST + 1)
    assert [rule(longest), rule(longest), rule(longer), rule(longer)] == [longest, longest, longer, longer]
    assert asked == [longest, longer, longer]


def test_the_oldest_text_is_forgotten_when_a_rule_remembers_as_many_as_it_may() -> None:
    rule, asked = a_rule()
    for number in range(MOST + 1):
        rule(str(number))
    rule(str(MOST))
    rule("0")
    assert asked[MOST:] == [str(MOST), "0"]


def test_a_word_of_unusual_length_is_not_kept() -> None:
    word = "đ" * 100_000
    before = sys.getrefcount(word)
    assert folded_word(word) == "d" * 100_000
    assert syllable_of(word) == word
    assert sys.getrefcount(word) == before


@given(st.text())
def test_flat_words_are_those_of_the_features(text: str) -> None:
    key = syllable_key(text)
    assert flat_words(key) == words(key).flat


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_plain_ascii_in_place_is_lower_case(text: str) -> None:
    assert plain_in_place(text) == plain_in_place(f"{text}à")[:-1]


def test_the_number_of_a_standard_may_be_in_wide_or_raised_digits() -> None:
    assert standard_numbers("TCVN ５６３８:１９９¹") == {"TCVN 5638:1991"}


def test_a_text_without_a_number_names_no_standard() -> None:
    assert standard_numbers("TCVN: tiêu chuẩn Việt Nam") == frozenset()


@given(
    st.builds(Description, title=st.text(), volume=st.tuples(st.integers()), isbns=st.frozensets(st.text()))
)
def test_the_fingerprint_is_that_of_the_canonical_json(description: Description) -> None:
    assert fingerprint(description) == fingerprint_of(canonical_json(description))


def test_the_canonical_json_is_what_is_stored() -> None:
    description = Description(title="toan", isbns=frozenset(("b", "a")), volume=(1, 2))
    assert canonical_json(description) == to_json({"isbns": ["a", "b"], "title": "toan", "volume": [1, 2]})
