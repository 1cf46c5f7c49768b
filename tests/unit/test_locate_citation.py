"""Whether a record is what a free citation means."""

import pytest

from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.locate.citation import Fit, best_fits, fit
from unioncat.core.locate.lines import Citation, read_line

BLUE = SearchDocument(
    MasterId("u1"), 1, "Mắt biếc", contributors=("Nguyễn Nhật Ánh",), publisher="Trẻ", year=2019
)


def cited(text: str) -> Citation:
    read = read_line(text)
    assert isinstance(read, Citation)
    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyễn Nhật Ánh, Mắt biếc, 2019", Fit.EXACT),
        ("mat biec nguyen nhat anh", Fit.EXACT),
        ("Mắt biếc / Nguyễn Nhật Ánh. - NXB Trẻ, 2019", Fit.EXACT),
        ("Mắt biếc, Trẻ 2019", Fit.EXACT),
        ("Nguyễn Nhật Ánh, Mắt biếc, 1990", Fit.NEAR),
        ("Tô Hoài, Mắt biếc", Fit.NEAR),
        ("Nguyễn Nhật Ánh", Fit.NEAR),
        ("Mắt biệc", None),
        ("Tô Hoài", None),
    ],
)
def test_a_citation_fits_wholly_nearly_or_not(text: str, expected: Fit | None) -> None:
    assert fit(cited(text), BLUE) is expected


def test_a_title_within_another_title_is_not_the_one_that_was_meant() -> None:
    short = SearchDocument(MasterId("u2"), 1, "Truyện Kiều", contributors=("Nguyễn Du", "Chú Giải"))
    long = SearchDocument(MasterId("u3"), 1, "Truyện Kiều chú giải", contributors=("Nguyễn Du",))
    assert best_fits(cited("Nguyễn Du, Truyện Kiều chú giải"), [short, long]) == (Fit.EXACT, [long])
