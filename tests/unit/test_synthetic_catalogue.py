"""The made-up catalogue of the measurements: repeatable, with the shares that it promises, readable in every form."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from synthetic import SyntheticRecord, synthetic_catalogue, synthetic_records
from synthetic_copies import with_other_tones
from synthetic_files import FORMS, write_files, write_one_file
from synthetic_publications import publication, real_titles, vietnamese_isbn

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.description import describe, fingerprint
from unioncat.core.parse.book_numbers import read_isbn13
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.read import read_record

pytestmark = pytest.mark.data
COUNT = 4_000


@pytest.fixture(scope="module")
def catalogue(test_data: Path) -> list[SyntheticRecord]:
    return list(synthetic_catalogue(COUNT, data=test_data))


def share(count: int) -> float:
    return count / COUNT


def test_the_seed_decides_the_catalogue(catalogue: list[SyntheticRecord], test_data: Path) -> None:
    plain = [(one.isil, one.identifier, one.marc) for one in catalogue]
    assert list(synthetic_records(COUNT, data=test_data)) == plain
    assert list(islice(synthetic_records(10 * COUNT, data=test_data), COUNT)) == plain
    assert list(synthetic_records(50, seed=2, data=test_data)) != plain[:50]


def test_two_fifths_repeat_an_earlier_publication_and_a_third_of_them_as_it_was(
    catalogue: list[SyntheticRecord],
) -> None:
    copies = Counter(one.copy for one in catalogue)
    assert share(copies["first"]) == pytest.approx(0.6, abs=0.03)
    assert share(copies["identical"]) == pytest.approx(0.4 / 3, abs=0.02)
    assert len({one.publication for one in catalogue}) == copies["first"]


def test_an_identical_copy_has_another_number_and_the_same_description(
    catalogue: list[SyntheticRecord],
) -> None:
    first: dict[int, MarcRecord] = {}
    for one in catalogue:
        record = first.setdefault(one.publication, one.marc)
        if one.copy == "identical":
            assert record.control("001") != one.marc.control("001")
            assert fingerprint(describe(record)) == fingerprint(describe(one.marc))


def test_identifiers_are_never_used_twice(catalogue: list[SyntheticRecord]) -> None:
    assert len({one.identifier for one in catalogue}) == COUNT


def test_few_libraries_and_few_publications_have_most_of_the_records(
    catalogue: list[SyntheticRecord],
) -> None:
    libraries = Counter(one.isil for one in catalogue)
    assert share(libraries["VN-S0000"]) == pytest.approx(1 / 8.6, abs=0.03)
    assert len(libraries) > 900
    assert max(Counter(one.publication for one in catalogue).values()) > 8


def test_every_isbn_is_valid_and_of_one_publication(test_data: Path) -> None:
    titles = real_titles(test_data)
    books = [publication(titles, 1, number) for number in range(COUNT)]
    recent = [book for book in books if int(book["year"]) > 2007 and book["language"] == "vie"]
    isbns = [book["isbn"] for book in recent if "isbn" in book]
    assert 0.6 < len(isbns) / len(recent) < 0.7
    assert len(set(isbns)) == len(isbns)
    assert all(read_isbn13(isbn) == isbn for isbn in isbns)
    assert vietnamese_isbn(0) == "9786040000002"


def test_the_odd_publication_differs_from_the_even_one_before_it(test_data: Path) -> None:
    titles = real_titles(test_data)
    for number in range(0, 400, 2):
        book, neighbour = publication(titles, 1, number), publication(titles, 1, number + 1)
        told = {name for name in book.keys() | neighbour.keys() if book.get(name) != neighbour.get(name)}
        assert told - {"isbn"}


def test_titles_go_on_when_the_real_ones_are_used_up(test_data: Path) -> None:
    titles = real_titles(test_data)[:100]
    assert len({publication(titles, 1, number)["title"] for number in range(0, 2_000, 2)}) > 950


def test_tones_move_both_ways() -> None:
    assert with_other_tones("Hoá học và lý thuyết toàn quý") == "Hóa học và lí thuyết toàn quý"
    assert with_other_tones("Hóa học và lí thuyết") == "Hoá học và lý thuyết"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_as_the_record_that_it_was_written_from(form: str, test_data: Path) -> None:
    told = RecordFormat.LIBOL if form in ("pseudo-iso", "lines") else RecordFormat.ISO2709
    for _, _, marc in synthetic_records(30, data=test_data):
        read = read_record(DeliveredRecord(FORMS[form](marc), told, "file"))
        assert isinstance(read, ParsedRecord)
        assert fingerprint(describe(read.marc)) == fingerprint(describe(marc))


def test_files_hold_every_record(test_data: Path, tmp_path: Path) -> None:
    assert write_one_file(synthetic_records(200, data=test_data), tmp_path / "all.mrc") == 200
    assert len(list(split_iso2709([(tmp_path / "all.mrc").read_bytes()]))) == 200
    paths = write_files(synthetic_records(200, data=test_data), tmp_path)
    assert sum(path.stat().st_size > 0 for path in paths.values()) == len(paths) > 100
