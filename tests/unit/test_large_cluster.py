"""Large clusters: copies of one edition, or chained together."""

import pytest

from unioncat.core.match.large_cluster import (
    ClusterVerdict,
    Statement,
    Suspicion,
    judge_cluster,
    verdict_of,
)
from unioncat.core.match.policy import Policy, Reprint
from unioncat.core.normalise.vietnamese import syllable_key

GROUPED = Policy(Reprint.GROUPED)


def of_titles(main: str, other: str, others: int = 2) -> tuple[Suspicion, ...]:
    return judge_cluster([
        Statement(syllable_key(main), members=8),
        Statement(syllable_key(other), members=others),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("main", "other"),
    [
        ("Giáo trình vật lý đại cương", "Giáo trình kinh tế chính trị"),
        ("Bài giảng cơ học đất", "Bài giảng hoá hữu cơ"),
        ("Đất rừng phương Nam", "Kinh tế học vi mô"),
        ("Kinh tế vi mô", "Kinh tế vĩ mô"),
        ("Giáo trình triết học", "Giao trinh luat hoc"),
        ("Tiếng Anh 6", "Tiếng Anh 7"),
        ("Lịch sử và địa lí lớp 4", "Lịch sử và địa lí lớp 5"),
        ("The history of the theatre", "The history of the novel"),
        ("Giáo trình", "Bài giảng"),
        ("Giáo trình hoá học", "Giáo trình"),
        ("Phương án tối ưu", "Thương án tối ưu hoá"),
    ],
)
def test_titles_of_different_works_are_suspicious(main: str, other: str) -> None:
    assert of_titles(main, other) == of_titles(other, main) == (Suspicion.TITLES,)


@pytest.mark.parametrize(
    ("main", "other"),
    [
        ("Cơ sở văn hoá Việt Nam", "Cơ sở văn hóa Việt Nam"),
        ("Cơ sở văn hoá Việt Nam", "co so van hoa"),
        ("Giáo trình triết học Mác - Lênin", "Triết học Mác Lênin"),
        ("Dệt may xuất khẩu", "Dệt-may xuất khẩu"),
        ("Giáo trình", "Giáo trình"),
        ("Windows 98 trong 24 giờ", "Windows 98"),
        ("Database systems", "Data base systems"),
        ("Telecommunication transmission handbook", "Telecommunications transmision handbooks"),
    ],
)
def test_wordings_of_one_title_are_not_suspicious(main: str, other: str) -> None:
    assert of_titles(main, other) == of_titles(other, main) == ()


def test_one_stranger_in_ten_is_not_yet_suspicious() -> None:
    titles = "Đất rừng phương Nam", "Kinh tế học vi mô"
    assert of_titles(*titles, others=0) == ()
    assert judge_cluster([Statement(titles[0], members=9), Statement(titles[1], members=1)]) == ()
    assert judge_cluster([Statement(titles[0], members=8), Statement(titles[1], members=1)]) != ()


def test_two_volumes_are_suspicious_however_few_members_have_the_second() -> None:
    volumes = [Statement("toán", (1,), members=99), Statement("toán", (2,)), Statement("toán")]
    assert judge_cluster(volumes) == (Suspicion.VOLUMES,)
    assert judge_cluster([volumes[0], volumes[2]]) == ()


def test_two_editions_are_suspicious_unless_reprints_are_grouped() -> None:
    editions = [Statement("toán", edition=2), Statement("toán", edition=3)]
    assert judge_cluster(editions) == (Suspicion.EDITIONS,)
    assert judge_cluster(editions, GROUPED) == ()


def test_years_far_apart_are_suspicious_unless_reprints_are_grouped() -> None:
    def years(*first_and_last: tuple[int, int]) -> list[Statement]:
        return [Statement("toán", years=span) for span in first_and_last]

    assert judge_cluster(years((2001, 2001), (2010, 2010))) == (Suspicion.YEARS,)
    assert judge_cluster(years((2001, 2001), (2010, 2010)), GROUPED) == ()
    assert judge_cluster(years((2001, 2001), (2003, 2003))) == ()
    assert judge_cluster(years((1960, 1969), (1967, 1967))) == ()


def test_a_member_that_says_nothing_is_no_stranger() -> None:
    assert judge_cluster([Statement("toán", (1,), 2, (2001, 2001)), Statement("", members=50)]) == ()


def test_the_verdict_is_suspicious_when_anything_is() -> None:
    assert verdict_of(()) is ClusterVerdict.COPIES
    assert verdict_of((Suspicion.YEARS,)) is ClusterVerdict.SUSPICIOUS
