"""The reasons of the matcher in words: every rule has its sentence, every value its place."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from books import a_book, a_record
from drawn_records import any_record, books
from hypothesis import given, settings

from unioncat.core.marc import MarcRecord
from unioncat.core.match import features
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Evidence, MatchDecision, Outcome, Verdict
from unioncat.core.match.explain import explain, load_sentences, sentence
from unioncat.core.match.patterns import LANGUAGES, name_feature
from unioncat.core.match.policy import POLICIES
from unioncat.core.match.weights import VETO
from unioncat.core.match.wording import written_names
from unioncat.core.normalise import carrier
from unioncat.core.normalise.description import Description, describe
from unioncat.core.normalise.lists import map_of

SENTENCES = load_sentences()["sentence"]
TERMS = load_sentences()["term"]
CODE = re.compile(r"[a-z]+(-[a-z]+)+")


def codes_in(folder: Path) -> Iterator[str]:
    """All texts in the code of the features that look like the code of a rule."""
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                yield node.value


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    assert set(codes_in(Path(features.__file__).parent)) == set(SENTENCES)


def test_every_text_is_there_in_both_languages() -> None:
    for table in load_sentences().values():
        assert all(set(texts) == set(LANGUAGES) and all(texts.values()) for texts in table.values())


def test_both_languages_say_the_same_values() -> None:
    for texts in SENTENCES.values():
        assert placeholders(texts["vi"]) == placeholders(texts["en"])


def test_every_feature_outcome_and_verdict_has_a_name() -> None:
    book = a_book()
    for one in decide(book, book).evidence:
        assert one.feature in ("isbn", "issn") or name_feature(one.feature, "vi") != one.feature
    assert set(load_sentences()["outcome"]) == set(Outcome)
    assert set(load_sentences()["verdict"]) == set(Verdict)


def test_every_class_of_records_has_a_name() -> None:
    named = {
        *carrier._CONTENTS.values(),
        *map_of("carriers", "words"),
        *map_of("works", "textbook_roles"),
        *("text", "volume", "monograph", "serial", "part"),
    }
    assert named <= set(TERMS)
    assert {*map_of("carriers", "codes_007").values(), *map_of("carriers", "codes_338").values()} <= named


def is_said(decision: MatchDecision) -> None:
    """Every piece of evidence has a code of the table and as many values as its sentences take."""
    for one in decision.evidence:
        texts = SENTENCES[one.code]
        assert placeholders(texts["vi"]) == {str(place) for place in range(len(one.values))}
        assert all(sentence(one, language) for language in LANGUAGES)


@given(books(), books())
@settings(max_examples=200, deadline=None)
def test_what_the_matcher_says_of_books_can_be_said(left: Description, right: Description) -> None:
    for policy in POLICIES:
        is_said(decide(left, right, policy))


@given(any_record, any_record)
@settings(max_examples=100, deadline=None)
def test_what_the_matcher_says_of_odd_records_can_be_said(left: MarcRecord, right: MarcRecord) -> None:
    is_said(decide(describe(left), describe(right)))


def said(feature: str, code: str, *values: str) -> tuple[str, str]:
    one = Evidence(feature, Verdict.VETO, VETO, code, values)
    return sentence(one, "vi"), sentence(one, "en")


@pytest.mark.parametrize(
    ("code", "values", "vi", "en"),
    [
        ("author-shared", ("nguyênˇ văn hoaˋ",), "cả hai bên có Nguyễn Văn Hòa", "both name Nguyễn Văn Hòa"),
        ("publisher-differs", ("giao duc", "x press"), "Giáo dục và X press", "Giáo dục and X press"),
        ("volume-and-set", ("2", "4"), "tập 2 và bộ 4 tập", "volume 2 and a set of 4 volumes"),
        (
            "carrier-differs",
            ("online", "volume"),
            "bản trực tuyến và bản in",
            "online resource and printed volume",
        ),
        (
            "language-differs",
            ("eng+vie", "xyz"),
            "ngôn ngữ khác nhau: tiếng Anh, tiếng Việt và xyz",
            "different languages: English, Vietnamese and xyz",
        ),
        (
            "rare-book-in-hand",
            ("in Hán or Nôm script / printed in 1890",),
            "phải xem tận sách: chữ Hán hoặc chữ Nôm, in năm 1890",
            "book in hand needed: in Hán or Nôm script, printed in 1890",
        ),
    ],
)
def test_values_are_written_as_people_write_them(
    code: str, values: tuple[str, ...], vi: str, en: str
) -> None:
    assert said("any", code, *values) == (vi, en)


def test_a_decision_is_explained_in_vietnamese() -> None:
    left, right = a_book(number="T.1"), a_book(number="T.2", year="1970", publisher="Giáo dục")
    assert explain(decide(left, right), "vi") == [
        "Hai ấn phẩm khác nhau (bị loại trừ)",
        "Tập, số: tập 1 và tập 2 (loại trừ)",
        "Nhà xuất bản: Giáo dục và Khoa hoc (mâu thuẫn, -6 điểm)",
        "Năm xuất bản: năm khác nhau: 1964 và 1970 (mâu thuẫn, -5 điểm)",
        "Nhan đề: cùng nhan đề (khớp, +3 điểm)",
        "Tác giả: cả hai bên có Anh Duy Đào (khớp, +2 điểm)",
        "Số trang: 242 và 242 trang (khớp, +2 điểm)",
    ]


def test_names_are_said_as_the_records_write_them() -> None:
    record = a_record(title="Mắt biếc", author="Nguyễn Nhật Ánh,", publisher="Nxb. Trẻ,")
    lines = explain(decide(describe(record), describe(record)), "vi", written_names(record))
    assert "Tác giả: cả hai bên có Nguyễn Nhật Ánh (khớp, +2 điểm)" in lines
    assert "Nhà xuất bản: cả hai bên có Nxb. Trẻ (khớp, +1,5 điểm)" in lines


def test_a_heading_of_several_persons_lends_its_words_to_none_of_them() -> None:
    assert written_names(a_record(author="Hoàng Nhâm; Đỗ Thị Lan")) == {}
