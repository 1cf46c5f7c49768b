"""Years, extents and editions in the shapes that are easily misread."""

import pytest

from unioncat.core.normalise.editions import Edition, read_edition
from unioncat.core.normalise.extents import Extent, read_extent
from unioncat.core.normalise.issn import read_issn
from unioncat.core.normalise.years import Years, read_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1998 (1999 printing)", Years(1998, printing=1999)),
        ("c1996, 1998 printing", Years(copyright=1996, printing=1998)),
        ("1997 [i.e. 1998]", Years(1998)),
        ("1407 [1987]", Years(1987)),
        ("2550 [2007]", Years(2007)),
        ("1871 [Tự Đức 24]", Years(1871)),
        ("[between 1990 and 1993?]", Years(1990, approximate=(1990, 1993))),
        ("1998-99", Years(1998, approximate=(1998, 1999))),
        ("2005-06", Years(2005)),
        ("2005-06-15", Years(2005)),
        ("199", Years(approximate=(1990, 1999))),
        ("198…", Years(approximate=(1980, 1989))),
        ("20015", Years()),
    ],
)
def test_a_year_is_not_taken_for_what_it_is_not(text: str, years: Years) -> None:
    assert read_years(text) == years


@pytest.mark.parametrize(
    ("pages", "size", "extent"),
    [
        ("1,056 p.", "", Extent(1056)),
        ("1 056 p.", "", Extent(1056)),
        ("xx, 1,180 p.", "", Extent(1180)),
        ("146, 23 tr.", "", Extent(146)),
        ("T.1 345 tr.", "", Extent(345)),
        ("2 t. (345; 412 tr.)", "", Extent(412, 2)),
        ("300 tr.", "27", Extent(300, None, 27.0)),
        ("300 tr.", "14,5 x 20,5cm", Extent(300, None, 20.5)),
        ("v.", "", Extent()),
    ],
)
def test_thousands_sequences_and_bare_sizes_are_read(pages: str, size: str, extent: Extent) -> None:
    assert read_extent(pages, size) == extent


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Tái bản lần thứ hai mươi mốt", Edition("edition", 21, False)),
        ("Tái bản lần thứ mười lăm, có chỉnh sửa", Edition("edition", 15, True)),
        ("Tái bản lần thứ ba năm 2005", Edition("edition", 3, False)),
        ("Twenty-first ed.", Edition("edition", 21, False)),
        ("10th anniversary ed.", Edition("unnumbered", None, False)),
        ("Terza edizione", Edition("edition", 3, False)),
        ("第二版", Edition("edition", 2, False)),
        ("Tái bản 2005", Edition("unnumbered", None, False)),
        ("5th expanded ed.", Edition("edition", 5, True)),
    ],
)
def test_an_edition_number_is_read_in_words_and_no_year_is_one(text: str, edition: Edition) -> None:
    assert read_edition(text) == edition


def test_an_issn_may_have_blanks_around_its_dash() -> None:
    assert read_issn("0866 – 7349") == "0866-7349"
