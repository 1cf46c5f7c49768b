"""Vietnamese that lost its letters on the way is told from good text, and from other languages."""

import pytest

from harvesters.z3950.stripped import is_stripped
from unioncat.core.marc import DataField, MarcRecord

GOOD = (
    "Đà Nẵng : đường lối phát triển",
    "Lịch sử Đảng Cộng sản Việt Nam",
    "Truyện Kiều / Nguyễn Du",
    "Giải phẫu người và những vấn đề của y học",
)


def _titles(*titles: str) -> list[MarcRecord]:
    return [
        MarcRecord("00000nam a2200000 a 4500", (DataField("245", "10", (("a", title),)),)) for title in titles
    ]


def _without(title: str) -> str:
    """What is left when a converter drops the letters it does not know."""
    return "".join(letter for letter in title if letter not in "ẵđườốểịửảệộữấềẫọ")


def test_letters_that_are_gone_are_noticed() -> None:
    assert is_stripped(_titles(*map(_without, GOOD)))


@pytest.mark.parametrize(
    "titles",
    [
        GOOD,
        ("Da Nang : duong loi phat trien", "Lich su Dang Cong san Viet Nam", "Truyen Kieu"),
        ("Principles of economics", "The rhythm of myths", "Cry, the beloved country"),
        ("NXB TCVN TPHCM", "Tạp chí KHKT", "Dr. Strangelove vs. Mr. Jones"),
        ("Grundlagen der Physik", "Œuvres complètes", "Война и мир", "資治通鑑"),
        (),
    ],
    ids=["whole", "typed without accents", "English", "abbreviations", "other languages", "nothing"],
)
def test_good_text_is_not_suspected(titles: tuple[str, ...]) -> None:
    assert not is_stripped(_titles(*titles))


def test_a_slip_or_two_in_many_titles_is_no_loss() -> None:
    assert not is_stripped(_titles(*GOOD * 10, "Đng", "Nng"))
