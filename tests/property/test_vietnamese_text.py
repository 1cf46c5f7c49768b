"""Vietnamese keys: normal form, tone placement and i/y never matter; tones do."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.normalise.vietnamese import (
    accent_share,
    is_vietnamese_syllable,
    plain,
    plain_in_place,
    syllable_key,
    toneless,
    write_tones,
)

VIETNAMESE = st.text(
    alphabet="aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ AĐƠƯ 0123 .-'"
)


@given(st.one_of(VIETNAMESE, st.text()))
def test_normal_forms_do_not_matter(text: str) -> None:
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, text)
        assert (syllable_key(other), plain(other)) == (syllable_key(text), plain(text))


@given(st.one_of(VIETNAMESE, st.text()))
def test_keys_are_idempotent(text: str) -> None:
    key = syllable_key(text)
    assert syllable_key(key) == key
    assert plain(plain(text)) == plain(text)


@given(VIETNAMESE)
def test_case_does_not_matter(text: str) -> None:
    assert syllable_key(text.upper()) == syllable_key(text)


@given(VIETNAMESE)
def test_plain_letters_are_ascii_and_follow_from_every_key(text: str) -> None:
    assert plain(text).isascii()
    assert plain(toneless(syllable_key(text))).replace("y", "i") == plain(text).replace("y", "i")


@given(VIETNAMESE)
def test_plain_in_place_keeps_every_sign_at_its_place(text: str) -> None:
    assert len(plain_in_place(text)) == len(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuý", "thúy"),
        ("uỷ", "ủy"),
        ("quý", "quí"),
        ("kỹ", "kĩ"),
        ("Mỹ", "Mĩ"),
        ("lý", "lí"),
        ("tỷ", "tỉ"),
    ],
)
def test_two_spellings_of_one_syllable_are_one(left: str, right: str) -> None:
    assert syllable_key(left) == syllable_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("dừa", "dứa"),
        ("vi mô", "vĩ mô"),
        ("điện từ", "điện tử"),
        ("tuy", "ti"),
        ("tay", "tai"),
        ("đa", "da"),
        ("hoa2", "hoà"),
    ],
)
def test_two_syllables_are_two(left: str, right: str) -> None:
    assert syllable_key(left) != syllable_key(right)


def test_tones_go_and_numbers_stay() -> None:
    assert toneless(syllable_key("Windows 95 hoà mp3")) == "windows 95 hoa mp3"


def test_other_scripts_are_kept_whole() -> None:
    assert syllable_key("ភាសាខ្មែរ 漢字") == "ភាសាខ្មែរ 漢 字"


def test_the_share_of_accents_tells_whether_a_text_lost_them() -> None:
    assert accent_share("Cơ sở văn hoá Việt Nam") > 0.6
    assert accent_share("Co so van hoa Viet Nam 1945") == 0


@pytest.mark.parametrize("word", ["nghiêng", "quốc", "hoà", "yêu", "Đường", "khuya", "gì"])
def test_a_syllable_has_an_initial_a_rime_and_a_tone(word: str) -> None:
    assert is_vietnamese_syllable(word)


@pytest.mark.parametrize("word", ["strength", "Nguyá»…n", "wx", "bcd", "tr­ng"])
def test_what_is_built_otherwise_is_no_syllable(word: str) -> None:
    assert not is_vietnamese_syllable(word)


@given(VIETNAMESE)
def test_a_key_that_is_made_readable_has_the_same_key(text: str) -> None:
    one_tone = " ".join(word for word in syllable_key(text).split() if len(word) - len(toneless(word)) <= 1)
    assert syllable_key(write_tones(one_tone)) == one_tone


@pytest.mark.parametrize(
    "text",
    [
        "nguyễn chí bền",
        "trần quốc vượng",
        "đoàn giỏi",
        "hòa",
        "thúy",
        "quý",
        "gió",
        "tuyết mai",
        "của",
        "khỏe",
    ],
)
def test_readable_keys_are_written_as_people_write(text: str) -> None:
    assert write_tones(syllable_key(text)).replace("quí", "quý") == text
