"""A whole catalogue over SRU: the probe proves what works, each record comes once, whatever is cut off."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date

import pytest
from scripted_provider import HERE, Scripted, scripted_provider
from sru_target import SruTarget
from z3950_target import a_held

from harvesters.http import FeedClient
from harvesters.sru.cql import to_cql
from harvesters.sru.session import SruServer, SruSession, agree
from harvesters.sru.vocabulary import vocabulary
from harvesters.z3950.divisions import ByDigits, Division, Since, Whole
from harvesters.z3950.errors import Interrupted, Refused
from harvesters.z3950.explore import Explored, Explorer
from harvesters.z3950.harvest import Order, Z3950Harvester
from harvesters.z3950.partition import Form, Line, Shifted
from harvesters.z3950.profile import Strategy
from harvesters.z3950.query import Clause, Relation
from harvesters.z3950.records import Syntax
from harvesters.z3950.shelf import Dates, Shelf
from unioncat.core.delivery import DeliveredRecord, ParsedRecord
from unioncat.core.parse.read import read_record
from unioncat.core.registry import Checkpoint

TODAY = date(2026, 11, 23)
EVERYTHING = Clause("x", ((1, "cql.allRecords"), (2, int(Relation.ALWAYS))))
CHANGED = ((1, "rec.lastModificationDate"),)
RECORDS = [
    a_held(n, date=f"2026{1 + n % 12:02d}{1 + n % 28:02d}", year="" if n % 40 == 0 else f"{1990 + n % 9}")
    for n in range(1, 301)
]
EVERY = sorted(record.number for record in RECORDS)


@asynccontextmanager
async def _asking(target: SruTarget) -> AsyncIterator[tuple[Line, SruSession]]:
    with scripted_provider(target) as provider:
        async with FeedClient(HERE, sleep=_at_once) as client:

            async def connect() -> SruSession:
                return SruSession(SruServer(provider.address, target.version), client)

            yield Line(connect, sleep=_at_once), await connect()


async def _at_once(seconds: float) -> None:
    return None


def _harvester(line: Line, division: Division, most: int = 60) -> Z3950Harvester:
    form = Form(Syntax.XML, "marcxml", 40)
    return Z3950Harvester("the server", line, Order(division, form, EVERYTHING, most=most, written=to_cql))


def _number(one: DeliveredRecord) -> str:
    read = read_record(one)
    assert isinstance(read, ParsedRecord)
    return read.control_number


async def _numbers(harvester: Z3950Harvester, resume: Checkpoint | None = None) -> list[str]:
    return [_number(one) async for page in harvester.pages(resume) for one in page.records]


async def _explored(target: SruTarget) -> Explored:
    async with _asking(target) as (line, session):
        words = vocabulary(await session.explain())
        return await Explorer(line, (), TODAY, words).explore()


@pytest.mark.parametrize(
    ("dates", "strategy"),
    [
        (Dates.RANGE, Strategy.DATE_RANGE),
        (Dates.WORDS, Strategy.DATE_PREFIX),
        (Dates.NONE, Strategy.PARTITION),
    ],
)
@pytest.mark.parametrize(
    "target",
    [
        SruTarget(Shelf([])),
        SruTarget(Shelf([]), version="1.1", dashed=True),
        SruTarget(Shelf([]), version="2.0", escaped=True),
        SruTarget(Shelf([]), explains=False),
    ],
    ids=["1.2", "1.1, dates with dashes", "2.0, records as text", "no explain record"],
)
async def test_the_probe_finds_the_strategy_that_works(
    target: SruTarget, dates: Dates, strategy: Strategy
) -> None:
    target.shelf = Shelf(RECORDS, dates)
    explored = await _explored(target)
    assert explored.profile.strategy is strategy
    assert explored.total == len(RECORDS)
    assert explored.forms == {"XML marcxml": "good"}
    assert explored.profile.id == ((1, "rec.id"),)


async def test_dates_that_are_ignored_do_not_pass_for_working_ones() -> None:
    """A server that takes any relation for `=` says no diagnostic, and finds nothing or everything."""
    target = SruTarget(Shelf(RECORDS, Dates.RANGE))
    everything = target.shelf.search
    target.shelf.search = lambda query, sets: (  # type: ignore[method-assign]
        EVERY if "(2, 2)" in str(query) or "(2, 4)" in str(query) else everything(query, sets)
    )
    explored = await _explored(target)
    assert explored.profile.strategy is not Strategy.DATE_RANGE


@pytest.mark.parametrize(
    ("dates", "division"),
    [
        (Dates.NONE, Whole(EVERYTHING)),
        (Dates.RANGE, ByDigits(CHANGED, compared=True, everything=EVERYTHING)),
        (Dates.WORDS, ByDigits(CHANGED, everything=EVERYTHING)),
        (Dates.NONE, ByDigits(((1, "dc.date"),), 4, everything=EVERYTHING)),
    ],
    ids=["whole", "date compared", "date by its beginning", "year by its beginning"],
)
async def test_every_division_gives_each_record_once_and_resumes_behind_any_page(
    dates: Dates, division: Division
) -> None:
    async with _asking(SruTarget(Shelf(RECORDS, dates))) as (line, _):
        pages = [page async for page in _harvester(line, division).pages(None)]
        parts = [[_number(one) for one in page.records] for page in pages]
        assert sorted(number for part in parts for number in part) == EVERY
        for done in range(0, len(pages), 3):
            before = [number for part in parts[: done + 1] for number in part]
            rest = await _numbers(_harvester(line, division), pages[done].checkpoint)
            assert sorted({*before, *rest}) == EVERY


async def test_what_changed_since_a_day() -> None:
    async with _asking(SruTarget(Shelf(RECORDS, Dates.RANGE), dashed=True)) as (line, _):
        dashed = ((1, "rec.lastModificationDate"), (4, "dashed"))
        since = Since(ByDigits(dashed, compared=True), date(2026, 9, 5), date(2026, 12, 31))
        found = await _numbers(_harvester(line, since))
    expected = [r.number for r in RECORDS if (r.marc.control("005") or "")[:8] >= "20260905"]
    assert sorted(found) == sorted(expected)


async def test_a_catalogue_that_changes_while_it_is_read_is_noticed() -> None:
    shelf, asked = Shelf(RECORDS), 0

    def remove(arguments: dict[str, str]) -> Scripted | None:
        nonlocal asked
        asked += 1
        if asked % 5 == 0:
            shelf.replace([record for record in RECORDS if record.number not in EVERY[: asked // 5]])
        return None

    async with _asking(SruTarget(shelf, spoil=remove)) as (line, _):
        with pytest.raises(Shifted):
            await _numbers(_harvester(line, Whole(EVERYTHING), most=1000))


async def test_a_record_that_cannot_be_given_is_told_with_its_place() -> None:
    async with _asking(SruTarget(Shelf(RECORDS), unavailable=frozenset(EVERY[4:5]))) as (line, _):
        records = [
            one async for page in _harvester(line, Whole(EVERYTHING)).pages(None) for one in page.records
        ]
    (missing,) = [one for one in records if not one.raw]
    assert len(records) == len(RECORDS)
    assert missing.place.startswith("position 5 of cql.allRecords = 1 at the server: the target answers 64")


async def test_a_server_that_is_busy_for_a_while_is_asked_again() -> None:
    asked = 0

    def busy(arguments: dict[str, str]) -> Scripted | None:
        nonlocal asked
        asked += 1
        return Scripted(b"", status=503) if asked % 3 == 0 else None

    async with _asking(SruTarget(Shelf(RECORDS), spoil=busy)) as (line, _):
        assert sorted(await _numbers(_harvester(line, Whole(EVERYTHING), most=1000))) == EVERY


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("explains", [True, False])
async def test_a_version_is_agreed_on(version: str, explains: bool) -> None:
    with scripted_provider(SruTarget(Shelf(RECORDS), version=version, explains=explains)) as provider:
        async with FeedClient(HERE, sleep=_at_once) as client:
            session = await agree(SruServer(provider.address), client)
            assert await session.search(EVERYTHING) == len(RECORDS)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda _: Scripted(b"<html>Welcome</html>"), Interrupted),
        (lambda _: Scripted(b"no", status=403), Refused),
    ],
)
async def test_what_is_no_sru_server_is_said(
    spoil: Callable[[dict[str, str]], Scripted], error: type[Exception]
) -> None:
    async with _asking(SruTarget(Shelf([]), spoil=spoil)) as (_, session):
        with pytest.raises(error):
            await session.search(EVERYTHING)
