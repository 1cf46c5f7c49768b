"""What a target's attributes do is proved, whatever it says."""

from collections.abc import Callable
from datetime import date

import pytest
from z3950_target import a_held, a_line

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.explore import Explored, Explorer
from harvesters.z3950.messages import Message, ScanRequest, ScanResponse, SearchRequest
from harvesters.z3950.profile import Strategy, TargetProfile, profile_from_json, profile_to_json
from harvesters.z3950.query import Clause, Combined, Query, Relation, Use
from harvesters.z3950.records import Entry, Record, Syntax
from harvesters.z3950.shelf import Dates, Held, Refusal, Shelf
from harvesters.z3950.target import Behaviour, Target, usmarc
from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709

TODAY = date(2026, 11, 23)
RECORDS = [
    a_held(n, date=f"2026{1 + n % 12:02d}{1 + n % 28:02d}", year=f"{1990 + n % 9}") for n in range(1, 301)
]


async def _explored(target: Target) -> Explored:
    async with a_line(target) as line:
        return await Explorer(line, (target.database,), TODAY).explore()


def _clauses(query: Query) -> list[Clause]:
    if isinstance(query, Combined):
        return _clauses(query.left) + _clauses(query.right)
    return [query] if isinstance(query, Clause) else []


class OddShelf(Shelf):
    """A shelf on which some questions are answered wrongly."""

    def __init__(
        self, records: list[Held], wrong: Callable[[Clause], list[str] | None], dates: Dates
    ) -> None:
        super().__init__(records, dates)
        self._wrong = wrong

    def _found(self, clause: Clause) -> set[str]:
        found = self._wrong(clause)
        return super()._found(clause) if found is None else set(found)


@pytest.mark.parametrize(
    ("dates", "strategy"),
    [
        (Dates.RANGE, Strategy.DATE_RANGE),
        (Dates.WORDS, Strategy.DATE_PREFIX),
        (Dates.NONE, Strategy.PARTITION),
    ],
)
async def test_the_first_strategy_that_holds_is_taken_with_its_reason(
    dates: Dates, strategy: Strategy
) -> None:
    explored = await _explored(Target(Shelf(RECORDS, dates)))
    profile = explored.profile
    assert profile.strategy is strategy
    assert profile.reason
    assert explored.total == len(RECORDS)
    assert profile.id == ((1, 12),)
    assert profile.id_listed
    assert profile.probed == "2026-11-23"
    assert profile_from_json(profile_to_json(profile)) == profile


def _compares(clause: Clause, relation: Relation) -> bool:
    attributes = dict(clause.attributes)
    return attributes.get(1) == Use.DATE_MODIFIED and attributes.get(2) == relation


def _all() -> list[str]:
    return [record.number for record in RECORDS]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda clause: _all() if _compares(clause, Relation.LESS_OR_EQUAL) else None,
        lambda clause: _all() if _compares(clause, Relation.GREATER_OR_EQUAL) else None,
        lambda clause: [] if _compares(clause, Relation.GREATER_OR_EQUAL) else None,
        lambda clause: (
            _all()[:100] if _compares(clause, Relation.LESS_OR_EQUAL) and clause.term > "2026" else None
        ),
    ],
    ids=[
        "<= finds everything, as Koha's does",
        ">= finds everything",
        ">= finds nothing",
        "parts do not add up",
    ],
)
async def test_dates_that_compare_wrongly_are_found_out_though_no_diagnostic_says_so(
    wrong: Callable[[Clause], list[str] | None],
) -> None:
    explored = await _explored(Target(OddShelf(RECORDS, wrong, Dates.RANGE)))
    assert explored.profile.strategy is Strategy.DATE_PREFIX


async def test_dates_of_something_else_are_found_out_by_the_records() -> None:
    """The index of dates has the day a record was made; 005 says another day."""

    def made(clause: Clause) -> list[str] | None:
        attributes = dict(clause.attributes)
        if attributes.get(1) != Use.DATE_MODIFIED:
            return None
        made_on = {number: f"2020{1 + index % 12:02d}01" for index, number in enumerate(_all())}
        tests: dict[object, Callable[[str], bool]] = {
            Relation.GREATER_OR_EQUAL: lambda day: day >= clause.term,
            Relation.LESS_OR_EQUAL: lambda day: day <= clause.term,
        }
        test = tests.get(attributes.get(2), lambda day: day.startswith(clause.term))
        return [number for number, day in made_on.items() if test(day)]

    explored = await _explored(Target(OddShelf(RECORDS, made, Dates.RANGE)))
    assert explored.profile.date is None
    assert explored.profile.strategy is Strategy.PARTITION


async def test_a_number_that_finds_another_record_is_no_number() -> None:
    def shifted(clause: Clause) -> list[str] | None:
        attributes = dict(clause.attributes)
        is_number = attributes.get(1) == Use.LOCAL_NUMBER and attributes.get(2) is None
        return [RECORDS[0].number] if is_number and clause.term != RECORDS[0].number else None

    explored = await _explored(Target(OddShelf(RECORDS, shifted, Dates.NONE)))
    assert explored.profile.id is None


def _refuse(request: ScanRequest) -> ScanResponse:
    raise Refusal(Diagnostic(114, "any"))


async def test_a_target_that_knows_no_attribute_is_a_snapshot() -> None:
    def nothing(clause: Clause) -> list[str] | None:
        if dict(clause.attributes).get(1) == Use.ANY and dict(clause.attributes).get(2) == Relation.ALWAYS:
            return None
        raise Refusal(Diagnostic(114, "any"))

    shelf = OddShelf(RECORDS, nothing, Dates.NONE)
    shelf.scan = _refuse  # type: ignore[method-assign]
    explored = await _explored(Target(shelf))
    assert explored.profile.strategy is Strategy.SNAPSHOT
    assert explored.total == len(RECORDS)
    assert any("114" in one.answer for one in explored.tried)


async def test_a_round_number_of_hits_that_hides_more_is_a_cap() -> None:
    explored = await _explored(Target(Shelf(RECORDS), behaviour=Behaviour(hit_cap=200)))
    assert explored.profile.hit_cap == 200
    assert explored.total is None


async def test_a_round_number_of_records_is_no_cap() -> None:
    explored = await _explored(Target(Shelf(RECORDS[:200])))
    assert explored.profile.hit_cap is None
    assert explored.total == 200


def _stripped(record: Held, syntax: str, element_set: str | None) -> Entry:
    """USMARC as a target sends it that converts to MARC-8, XML as it is."""
    if syntax == Syntax.XML and element_set == "marcxml":
        return usmarc(record, Syntax.USMARC, None)
    if syntax != Syntax.USMARC:
        return Diagnostic(239, syntax)
    fields = tuple(
        DataField(
            f.tag, f.indicators, tuple((c, v.encode("ascii", "ignore").decode()) for c, v in f.subfields)
        )
        if isinstance(f, DataField)
        else f
        for f in record.marc.fields
    )
    return Record(Syntax.USMARC, render_iso2709(MarcRecord(record.marc.leader, fields)))


async def test_a_form_without_vietnamese_letters_is_named_and_not_taken() -> None:
    records = [a_held(n, title="Đường lối của Đảng ở Đà Nẵng") for n in range(1, 31)]
    explored = await _explored(Target(Shelf(records), render=_stripped))
    assert explored.forms["USMARC F"] == "stripped"
    assert explored.profile.syntax != Syntax.USMARC or explored.forms["XML marcxml"] == "good"


async def test_an_empty_target_is_a_snapshot_of_nothing() -> None:
    explored = await _explored(Target(Shelf([])))
    assert explored.profile.strategy is Strategy.SNAPSHOT
    assert explored.total is None


async def test_a_probe_asks_few_questions() -> None:
    asked: list[Message] = []
    target = Target(Shelf(RECORDS, Dates.RANGE), behaviour=Behaviour(before=asked.append))
    await _explored(target)
    assert sum(isinstance(message, SearchRequest) for message in asked) < 60
    assert target.sessions == 2  # the second to see whether two may be open


@pytest.mark.parametrize(
    "text", ["{}", '{"strategy": "guess"}', '{"strategy": "snapshot", "colour": 1}', "[]"]
)
def test_what_is_no_profile_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        profile_from_json(text)


def test_a_profile_says_only_what_is_not_as_usual() -> None:
    assert profile_to_json(TargetProfile(Strategy.SNAPSHOT)) == '{"strategy": "snapshot"}'
