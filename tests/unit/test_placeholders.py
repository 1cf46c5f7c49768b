"""Which values look like placeholders, and what is left of a description without them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.match.keys import match_keys
from unioncat.core.match.large_cluster import Statement
from unioncat.core.match.placeholders import (
    LEAST,
    LEAST_TITLED,
    Placed,
    Placeholder,
    Shared,
    is_suspected,
    without,
)
from unioncat.core.normalise.description import Description
from unioncat.core.normalise.vietnamese import syllable_key

ISBN = Placeholder(Placed.ISBN, "9786046400455")
TITLE = Placeholder(Placed.TITLE, syllable_key("Sách mới nhập"))
UNRELATED = (
    "Hóa học hữu cơ", "Lịch sử đảng", "Truyện Kiều", "Cơ học đất", "Giải phẫu người", "Luật dân sự",
    "Kinh tế vĩ mô", "Nuôi cá nước ngọt", "Đại số tuyến tính", "Ngữ pháp tiếng Anh", "Thơ Tố Hữu", "Mạng máy tính",
)  # fmt: skip


def _shared(
    titles: tuple[str, ...], each: int = 1, placeholder: Placeholder = ISBN, **said: object
) -> Shared:
    statements = tuple(Statement(syllable_key(title), members=each) for title in titles)
    return Shared(placeholder, each * len(titles), statements, **said)  # type: ignore[arg-type]


def test_a_number_on_unrelated_books_is_suspected() -> None:
    assert is_suspected(_shared(UNRELATED))


def test_a_number_on_few_books_is_left_to_the_matcher() -> None:
    assert not is_suspected(_shared(UNRELATED[: LEAST - 1]))


@pytest.mark.parametrize(
    "titles",
    [
        ("Kinh tế học",) * 20,
        ("Kinh tế học", "Kinh tế học đại cương", "Kinh tế học : giáo trình", "Kinh tế hoc") * 5,
        tuple(f"Toàn tập Hồ Chí Minh tập {number}" for number in range(1, 13))
        + ("Toàn tập Hồ Chí Minh",) * 30,
    ],
    ids=["copies", "wordings of one title", "volumes of a set"],
)
def test_copies_and_volumes_share_a_number_for_good_reason(titles: tuple[str, ...]) -> None:
    assert not is_suspected(_shared(titles))


def test_a_title_of_all_persons_and_years_is_suspected() -> None:
    scattered = {
        "persons": tuple((f"nguyen {n}", 2) for n in range(40)),
        "years": tuple((1970 + n, 2) for n in range(40)),
    }
    assert is_suspected(_shared(("Sách mới nhập",), 80, TITLE, **scattered))
    assert not is_suspected(_shared(("Sách mới nhập",), LEAST_TITLED - 1, TITLE, **scattered))


def test_a_popular_title_has_its_authors() -> None:
    persons = (("ton than", 30), ("phan duc chinh", 30), ("nguyen van a", 1))
    years = tuple((1970 + n, 2) for n in range(40))
    assert not is_suspected(_shared(("Toán 6",), 80, TITLE, persons=persons, years=years))


@given(st.permutations(UNRELATED), st.integers(1, 3))
def test_the_order_of_what_is_said_does_not_matter(titles: list[str], each: int) -> None:
    assert is_suspected(_shared(tuple(titles), each)) == is_suspected(_shared(UNRELATED, each))


def test_a_description_is_left_without_what_was_accepted() -> None:
    full = Description(
        title="sach moi", isbns=frozenset({"1", "2"}), wrong_isbns=frozenset({"1"}), issns=frozenset({"3"})
    )
    left = without(full, [("isbn", "1"), ("issn", "4"), ("title", "khac")])
    assert left == Description(title="sach moi", isbns=frozenset({"2"}), issns=frozenset({"3"}))
    assert without(full, [("title", "sach moi")]).title == ""


@pytest.mark.parametrize("placed", Placed)
def test_every_kind_is_gone_from_the_match_keys(placed: Placed) -> None:
    value = "noi dung chua biet"
    full = Description(
        level="serial",
        title=value,
        isbns=frozenset({value}),
        issns=frozenset({value}),
        system_numbers=frozenset({value}),
        publisher_numbers=frozenset({value}),
        years=(1999,),
    )
    gone = match_keys(full) - match_keys(without(full, [(placed, value)]))
    assert {key.partition(":")[0] for key in gone} >= {placed}
