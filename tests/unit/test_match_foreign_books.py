"""Pairs of books in other languages: slips that all other evidence outvotes, and those that it does not."""

import pytest
from books import a_book

from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome

SAME, REVIEW, DIFFERENT = Outcome.SAME, Outcome.REVIEW, Outcome.DIFFERENT
BOOK: dict[str, str | None] = {
    "title": "The herring fleets of the northern harbours",
    "author": "Mason, Ruth",
    "publisher": "Harbour Press",
    "year": "1926",
    "pages": "xii, 287 p.",
    "language": "eng",
}
SET = {"pages": "2 v."}

PAIRS = {
    # one doubt
    "a pen name": (SAME, {}, {"author": "Sailor, John"}),
    "another author, another publisher": (
        REVIEW,
        {},
        {"author": "Sailor, John", "publisher": "Inland Books"},
    ),
    "pages counted in another way": (SAME, {}, {"pages": "1 v., 340 p."}),
    "other pages, other publisher": (DIFFERENT, {}, {"pages": "340 p.", "publisher": "Inland Books"}),
    "other pages, and a volume of one series": (
        DIFFERENT,
        {"rest": "census of Ohio"},
        {"rest": "census of Colorado", "pages": "340 p."},
    ),
    "height in inches": (SAME, {"size": "22 cm"}, {"size": "8 cm"}),
    "another wording of the subtitle": (SAME, {"rest": "an economic report"}, {"rest": "staff study"}),
    "another wording of the subtitle, pages unknown": (
        REVIEW,
        {"rest": "an economic report", "pages": None},
        {"rest": "staff study"},
    ),
    "revised on one side": (SAME, {"edition": "2nd ed.", **SET}, {"edition": "2nd ed., rev.", **SET}),
    "other pages of a score": (
        DIFFERENT,
        {"leader": "00000ncm a2200000 a 4500"},
        {"leader": "00000ncm a2200000 a 4500", "pages": "340 p."},
    ),
    "other pages, and no language on either side": (
        DIFFERENT,
        {"language": None},
        {"language": None, "pages": "340 p."},
    ),
    "pages counted in another way, no publisher on one side": (
        SAME,
        {},
        {"pages": "1 v., 340 p.", "publisher": None},
    ),
    # slips in titles
    "two letters in another order": (SAME, {}, {"title": "The herring fleets of the northern habrours"}),
    "two letters missing": (
        SAME,
        {"title": "Local discrimination of voters"},
        {"title": "Local discrimation of voters"},
    ),
    "words parted in another way": (SAME, {"title": "Worrying won't win"}, {"title": "Worrying wont's win"}),
    "another word of nearly the same letters": (
        DIFFERENT,
        {"title": "The northern harbours", "pages": None},
        {"title": "The southern harbours", "pages": None},
    ),
    # years of printings
    "the same edition printed again": (
        SAME,
        {"edition": "Rev. ed."},
        {"edition": "Rev. ed.", "year": "1931"},
    ),
    "the same edition, other pages": (
        DIFFERENT,
        {"edition": "Rev. ed."},
        {"edition": "Rev. ed.", "year": "1931", "pages": "xii, 340 p."},
    ),
    "printed again, no edition": (REVIEW, {}, {"year": "1931"}),
    "008 has the year of the other": (
        SAME,
        {},
        {"year": "1931", "fixed": "761001s1926    xxu           000 0 eng d"},
    ),
    "008 has the year of the other, edition differs": (
        DIFFERENT,
        {"edition": "2nd ed."},
        {"edition": "3rd ed.", "year": "1931", "fixed": "761001s1926    xxu           000 0 eng d"},
    ),
    # enough without a publisher
    "neighbouring years, no publisher on one side": (SAME, {}, {"year": "1927", "publisher": None}),
    "neighbouring years, no pages on one side": (SAME, {}, {"year": "1927", "pages": None}),
    "no author or publisher on one side": (
        SAME,
        {"title": "Salt tax"},
        {"title": "Salt tax", "author": None, "publisher": None},
    ),
    "no author, publisher or pages on one side": (
        REVIEW,
        {},
        {"author": None, "publisher": None, "pages": None},
    ),
    # languages
    "a careless code of language": (SAME, {}, {"language": "fre"}),
    "a careless code, a title of two words and its subtitle": (
        SAME,
        {"title": "Les insectes", "rest": "morphologie, reproduction, embryogénie", "language": "fre"},
        {"title": "Les insectes", "rest": "morphologie, reproduction, embryogénie, par l'auteur"},
    ),
    "a name is the title in every language": (
        DIFFERENT,
        {"title": "Ruth Mason"},
        {"title": "Ruth Mason", "language": "fre"},
    ),
    "a translation of as many pages": (
        DIFFERENT,
        {},
        {"title": "Les flottes de harengs des ports du nord", "language": "fre"},
    ),
    # numbers
    "the series in the field of the volume": (
        SAME,
        {},
        {"number": "Council of Harbours. Exchange bibliography no. 586"},
    ),
    "the parts of the book in the subtitle": (SAME, {}, {"rest": "Pt. I. The boats. Pt. II. The men"}),
    # sets
    "a set, and the set with the number of a volume in hand": (SAME, SET, {**SET, "number": "v. 1"}),
    "a set, and a volume of it": (DIFFERENT, SET, {"number": "v. 1"}),
    # translators
    "a slip in the translator's name": (
        SAME,
        {"responsibility": "Ruth Mason ; translated by Charles Fournier"},
        {"responsibility": "Ruth Mason ; translated by Charles Fournoer"},
    ),
    "what it was translated from is no translator": (
        SAME,
        {"responsibility": "Ruth Mason. Translated from the French of Marie Blanc"},
        {"responsibility": "Ruth Mason ; translated by Henry Wood"},
    ),
    "two translators": (
        DIFFERENT,
        {"responsibility": "Ruth Mason ; translated from the French by Henry Wood"},
        {"responsibility": "Ruth Mason ; translated from the French by Anne Miller"},
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_of_foreign_books_are_decided_as_a_cataloguer_does(name: str) -> None:
    expected, left, right = PAIRS[name]
    one, other = a_book(**{**BOOK, **left}), a_book(**{**BOOK, **right})
    assert decide(one, other).outcome is expected
    assert decide(one, other) == decide(other, one)


@pytest.mark.parametrize("change", [{"pages": "340 tr."}, {"author": "Đỗ Thị Hoa"}, {"size": "32 cm"}])
def test_no_doubt_is_outvoted_in_vietnamese(change: dict[str, str]) -> None:
    assert decide(a_book(size="21 cm"), a_book(**{"size": "21 cm", **change})).outcome is not SAME


def test_a_serial_has_no_year_on_whichever_side_it_stands() -> None:
    serial, book = a_book("00000nas a2200000 a 4500", year="1980"), a_book(year="2016")
    assert decide(serial, book) == decide(book, serial)
