import unicodedata

import pytest
from search_documents import a_document

from unioncat.core.index.fields import TextField
from unioncat.core.index.highlights import Marker
from unioncat.core.index.query import parse_query
from unioncat.core.index.reading import read_query
from unioncat.core.index.request import Reading, SearchRequest


def marked(query: str, text: str, field: TextField = TextField.TITLE) -> str:
    parts = Marker(parse_query(query).tree).highlighted(field, text).parts()
    return "".join(f"[{piece}]" if found else piece for piece, found in parts)


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("kiều", "Truyện Kiều: thơ", "Truyện [Kiều]: thơ"),
        ("truyen kieu", "Truyện Kiều: thơ", "[Truyện Kiều]: thơ"),
        ("hoà", "Hòa bình và hoa", "[Hòa] bình và [hoa]"),
        ("ky*", "Kỹ thuật Kyoto", "[Kỹ] thuật [Kyoto]"),
        ('"đất nước"', "Đất và nước của đất nước", "Đất và nước của [đất nước]"),
        ("-kiều truyện", "Truyện Kiều", "[Truyện] Kiều"),
        ("title: kiều", "Truyện Kiều", "Truyện [Kiều]"),
        ("author: kiều", "Truyện Kiều", "Truyện Kiều"),
        ("toán OR hóa", "Hóa học, toán học", "[Hóa] học, [toán] học"),
        ("", "Truyện Kiều", "Truyện Kiều"),
        ("kiều", unicodedata.normalize("NFD", "Truyện Kiều"), "Truyện [Kiều]"),
    ],
)
def test_what_the_search_found_is_marked(query: str, text: str, shown: str) -> None:
    assert marked(query, text) == shown


def test_a_slip_that_was_allowed_is_marked_too() -> None:
    tree = read_query(SearchRequest("truyeen", reading=Reading.NEAR)).tree
    assert Marker(tree).highlighted(TextField.TITLE, "Truyện").marks == ((0, 6),)


def test_only_other_values_in_which_something_is_found_are_told() -> None:
    document = a_document(
        1, "Kiều", contributors=("Kiều",), subjects=("Thơ", "Truyện Kiều"), notes=("Kiều " * 3, "Thơ")
    )
    found = Marker(parse_query("kiều").tree).found_elsewhere(document)
    assert [(one.field, one.text) for one in found] == [
        (TextField.SUBJECT, "Truyện Kiều"),
        (TextField.NOTE, "Kiều Kiều Kiều "),
    ]


@pytest.mark.parametrize("before", [0, 10, 60, 500])
def test_of_a_long_value_the_part_around_the_first_mark_is_told(before: int) -> None:
    note = "từ " * before + "Kiều " + "chữ " * 300
    [found] = Marker(parse_query("kiều").tree).found_elsewhere(a_document(1, "A", notes=(note,)))
    assert len(found.text) < 170
    assert [piece for piece, is_found in found.parts() if is_found] == ["Kiều"]
    assert found.text.startswith("… ") == (before > 20)
