"""A whole catalogue over Z39.50, in slices: each record once, in any division, whatever is cut off."""

from datetime import date

import pytest
from z3950_target import a_held, a_line

from harvesters.z3950.divisions import ByDigits, Division, Listed, Since, Whole
from harvesters.z3950.harvest import Order, Z3950Harvester
from harvesters.z3950.partition import Form, Line, Shifted
from harvesters.z3950.profile import finding
from harvesters.z3950.query import Clause, Combined, Operator, Relation, Use
from harvesters.z3950.shelf import Dates, Held, Shelf
from harvesters.z3950.target import Behaviour, Target
from unioncat.core.errors import FeedError
from unioncat.core.registry import Checkpoint

EVERYTHING = Clause("x", ((1, Use.ANY), (2, Relation.ALWAYS)))
DATE, YEAR, NUMBER = (
    ((1, int(Use.DATE_MODIFIED)),),
    ((1, int(Use.DATE_OF_PUBLICATION)),),
    ((1, int(Use.LOCAL_NUMBER)),),
)
FORM = Form(chunk=40)


def _dated(number: int) -> Held:
    """A record; some without a date, some without a year, most of one day."""
    month = 1 if number % 3 else 1 + number % 12
    day = f"2026{month:02d}{1 + number % 28:02d}" if number % 3 == 0 else "20260131"
    return a_held(
        number, date="" if number % 50 == 0 else day, year="" if number % 40 == 0 else f"{1990 + number % 7}"
    )


RECORDS = [_dated(number) for number in range(1, 401)]
EVERY = sorted(record.number for record in RECORDS)
YEARS = tuple(f"{1990 + number}" for number in range(7))

DIVISIONS: dict[str, tuple[Dates, Division]] = {
    "whole": (Dates.NONE, Whole(EVERYTHING)),
    "date compared": (Dates.RANGE, ByDigits(DATE, compared=True, everything=EVERYTHING)),
    "date by its beginning": (Dates.WORDS, ByDigits(DATE, everything=EVERYTHING)),
    "year compared": (Dates.NONE, ByDigits(YEAR, 4, compared=True, everything=EVERYTHING)),
    "years listed": (
        Dates.NONE,
        Listed(YEAR, YEARS, rest=Combined(Operator.NOT, EVERYTHING, finding(YEAR, "199", truncation=1))),
    ),
}


async def _numbers(harvester: Z3950Harvester, resume: Checkpoint | None = None) -> list[str]:
    numbers = {record.raw: record.number for record in RECORDS}
    found: list[str] = []
    async for page in harvester.pages(resume):
        found += [numbers[one.raw] for one in page.records]
    return found


def _harvester(line: Line, division: Division, most: int = 30, **order: object) -> Z3950Harvester:
    return Z3950Harvester("the target", line, Order(division, FORM, EVERYTHING, most=most, **order))  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [5, 30, 1000])
@pytest.mark.parametrize("name", DIVISIONS)
async def test_every_division_gives_each_record_once(name: str, most: int) -> None:
    dates, division = DIVISIONS[name]
    async with a_line(Target(Shelf(RECORDS, dates))) as line:
        found = await _numbers(_harvester(line, division, most))
    assert sorted(found) == EVERY
    assert found == [*dict.fromkeys(found)]


@pytest.mark.parametrize("name", DIVISIONS)
async def test_a_harvest_resumes_behind_any_page_and_loses_nothing(name: str) -> None:
    dates, division = DIVISIONS[name]
    async with a_line(Target(Shelf(RECORDS, dates))) as line:
        pages = [page async for page in _harvester(line, division).pages(None)]
        places = [0, 1, len(pages) // 2, len(pages) - 2]
        before = [one.raw for page in pages for one in page.records]
        for place in places:
            seen = [one.raw for page in pages[: place + 1] for one in page.records]
            rest = _harvester(line, division).pages(pages[place].checkpoint)
            seen += [one.raw async for page in rest for one in page.records]
            assert seen == before


async def test_a_window_finds_what_changed_since_a_day() -> None:
    since = date(2026, 3, 5)
    expected = sorted(r.number for r in RECORDS if (r.marc.control("005") or "")[:8] >= "20260305")
    for dates in (Dates.RANGE, Dates.WORDS):
        division = Since(ByDigits(DATE, compared=dates is Dates.RANGE), since, date(2026, 12, 31))
        async with a_line(Target(Shelf(RECORDS, dates))) as line:
            assert sorted(await _numbers(_harvester(line, division, most=10))) == expected


async def test_a_target_with_a_cap_is_read_in_parts_below_it() -> None:
    division = ByDigits(DATE, compared=True, everything=EVERYTHING)
    behaviour = Behaviour(hit_cap=300)
    async with a_line(Target(Shelf(RECORDS), behaviour=behaviour)) as line:
        assert sorted(await _numbers(_harvester(line, division, 1000, hit_cap=300))) == EVERY


async def test_a_part_as_large_as_the_cap_that_cannot_be_divided_fails_the_harvest_at_its_end() -> None:
    division = ByDigits(DATE, compared=True, everything=EVERYTHING)
    async with a_line(Target(Shelf(RECORDS), behaviour=Behaviour(hit_cap=50))) as line:
        found: list[str] = []
        pages = _harvester(line, division, 1000, hit_cap=50).pages(None)

        async def read() -> None:
            async for page in pages:
                found.extend(one.place for one in page.records)

        with pytest.raises(FeedError, match=r"20260131 \(50\).*records may be missing"):
            await read()
    assert len(found) > 100


async def test_a_catalogue_that_shifts_all_the_time_is_given_up() -> None:
    shelf, behaviour, turn = Shelf(RECORDS), Behaviour(shifts=True), 0

    def reindexed(message: object) -> None:
        nonlocal turn
        turn += 1
        shelf.replace(RECORDS[turn % 7 :])

    behaviour.before = reindexed
    async with a_line(Target(shelf, behaviour=behaviour)) as line:
        with pytest.raises(Shifted):
            await _numbers(_harvester(line, Whole(EVERYTHING), 1000))
