"""Each encoding is read letter by letter as its standard says."""

import re
import unicodedata
from pathlib import Path

import pytest
from wrong_encodings import AS, as_viqr

from unioncat.core.delivery import TextEncoding
from unioncat.core.encoding.candidates import BY_ENCODING
from unioncat.core.encoding.double_utf8 import from_double_utf8
from unioncat.core.encoding.syllables import is_vietnamese_syllable
from unioncat.core.encoding.tcvn3 import from_tcvn3, in_capitals, with_lost_u
from unioncat.core.encoding.viqr import from_viqr
from unioncat.core.encoding.vni import from_vni

SENTENCE = "Những nhận thức cơ bản về tư tưởng, đường lối và kỷ nguyên mới của nước Việt Nam; Ất Dậu, Huỳnh Thuỷ Tiên"


@pytest.mark.parametrize("encoding", [one for one in AS if one is not TextEncoding.TCVN3])
def test_a_sentence_comes_back_from_each_encoding(encoding: TextEncoding) -> None:
    wrong = AS[encoding](SENTENCE)
    assert wrong != SENTENCE
    assert BY_ENCODING[encoding].read([wrong]) == [SENTENCE]


def test_a_sentence_comes_back_from_tcvn3_but_for_capitals_with_a_tone() -> None:
    assert BY_ENCODING[TextEncoding.TCVN3].read([AS[TextEncoding.TCVN3](SENTENCE)]) == [
        SENTENCE.replace("Ất", "ất")
    ]


@pytest.mark.data
def test_the_tables_agree_with_those_of_another_project(test_data: Path) -> None:
    source = (test_data / "enc" / "vn-encodings" / "src__charsets.ts").read_text(encoding="utf-8")
    lines = re.findall(r"unicode: '(.)', vni: '(.*?)', tcvn3: '(.*?)', viqr: ['\"](.*?)['\"] \}", source)
    assert len(lines) == 134
    for letter, vni, tcvn3, viqr in lines:
        assert from_tcvn3(f"x{tcvn3}") == f"x{letter}"
        assert as_viqr(letter) == viqr
        if letter.lower() not in "ỷỹ":  # that project has no yû and yõ, which VNI writes
            assert from_vni(vni) == letter


def test_vni_has_y_with_every_tone() -> None:
    assert from_vni("yù yø yû yõ î YÙ YÛ") == "ý ỳ ỷ ỹ ỵ Ý Ỷ"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Th\xad viÖn", "Thư viện"),
        ("Th\u2212 viÖn", "Thư viện"),
        ("¢Ên ®é", "Ấn độ"),
        ("© 1998, ©1999", "© 1998, ©1999"),
        ("x©y dùng", "xây dựng"),
    ],
)
def test_tcvn3_has_one_letter_a_sign(text: str, meant: str) -> None:
    assert from_tcvn3(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Th viện", "Thư viện"),
        ("Trờng đại học, đợc, nớc, TRờNG", "Trường đại học, được, nước, TRườNG"),
        ("ngời tr. 479tr 5 th ed. Th Hà ch. b.", "ngời tr. 479tr 5 th ed. Th Hà ch. b."),
        ("t liệu", "t liệu"),
    ],
)
def test_a_lost_u_comes_back_only_where_one_place_makes_a_syllable(text: str, meant: str) -> None:
    assert with_lost_u(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Bộ GIáO DụC và ĐàO TạO", "Bộ GIÁO DỤC và ĐÀO TẠO"),
        ("Bộ Giáo dục, McDonald, éT", "Bộ Giáo dục, McDonald, éT"),
    ],
)
def test_capitals_that_were_a_font_become_capitals(text: str, meant: str) -> None:
    assert in_capitals(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Chi'nh tri. Quo^'c gia", "Chính trị Quốc gia"),
        ("company's address, i.e. CO2", "company's address, i.e. CO2"),
        ("Mo^dem No+ron", "Môdem Nơron"),
        ("Ho^` Chi' Minh o+? dda^u? Nay.", "Hồ Chí Minh ở đâu? Nay."),
        ("DDDC DDa` Na(~ng", "DDDC Đà Nẵng"),
    ],
)
def test_viqr_reads_words_and_leaves_punctuation(text: str, meant: str) -> None:
    assert from_viqr(text) == meant


def test_an_a_with_grave_that_lost_its_no_break_space_is_known_in_double_utf8() -> None:
    assert from_double_utf8("HÃ\xa0 Ná»™i, HÃ Ná»™i vÃ  hÃ nh, nhÃ") == "Hà Nội, Hà Nội và hành, nhà"
    assert from_double_utf8("Ä\x90áº¡i há»\x8dc") == "Đại học"
    assert from_double_utf8("Ã©, 50 €, “quoted”, Ã…") == "é, 50 €, “quoted”, Å"


@pytest.mark.parametrize("word", ["nghiêng", "Quốc", "gì", "ĐƯỜNG", "khuỷu", "Việt"])
def test_a_syllable_is_known_in_any_case_and_normalisation(word: str) -> None:
    assert is_vietnamese_syllable(word)
    assert is_vietnamese_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["street", "cằx", "Trờng", "viÖn", "bàc", "", "x", "áà"])
def test_what_is_no_syllable_is_known(word: str) -> None:
    assert not is_vietnamese_syllable(word)
