"""Targets of Z39.50 and SRU as sources: everything, what changed, what is gone, and the proof, whatever they can do."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from offices import api_of
from sru_target import SruTarget
from target_sources import a_member, changed, numbers
from z3950_target import a_held

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.messages import Message, SearchRequest
from harvesters.z3950.opac import Circulation, OpacHolding
from harvesters.z3950.query import Clause, Use
from harvesters.z3950.records import Entry, Record, Syntax
from harvesters.z3950.shelf import Dates, Held, Shelf
from harvesters.z3950.target import Behaviour, Target
from unioncat.core.errors import FeedError, NotNow
from unioncat.core.marc import DataField
from unioncat.core.membership.admission import Role
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.quality.verdict import Verdict
from unioncat.core.target import Hours, TargetTerms
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.target_desk import change_target, show_target
from unioncat.store.engine import PostgresStore

RECORDS = [
    a_held(n, date=f"2025{1 + n % 12:02d}{1 + n % 28:02d}", year="" if n % 40 == 0 else f"{1990 + n % 9}")
    for n in range(1, 201)
]
KINDS: dict[str, tuple[Dates, bool, str]] = {
    "Z39.50 with dates": (Dates.RANGE, False, "date-range"),
    "Z39.50 with dates as words": (Dates.WORDS, False, "date-prefix"),
    "Z39.50 without dates": (Dates.NONE, False, "partition"),
    "SRU with dates": (Dates.RANGE, True, "date-range"),
    "SRU without dates": (Dates.NONE, True, "partition"),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_after_each_harvest_the_targets_records_are_here_and_no_others(
    store: PostgresStore, tmp_path: Path, kind: str
) -> None:
    dates, is_sru, strategy = KINDS[kind]
    sru = SruTarget(Shelf(RECORDS, dates)) if is_sru else None
    async with a_member(store, tmp_path, RECORDS, dates, sru=sru) as member:
        counts = await member.harvest()
        assert (counts.created, counts.rejected) == (200, 0)
        assert await member.live() == numbers(RECORDS)
        assert json.loads(await member.profile())["strategy"] == strategy

        now = [changed(one, "Nhật ký") for one in RECORDS[:30]] + RECORDS[40:] + [changed(a_held(900), "Mới")]
        member.shelf.replace(now)
        counts = await member.harvest()
        assert (counts.created, counts.updated) == (1, 30)
        assert await member.live() == numbers(now)

        counts = await member.harvest()
        assert (counts.created, counts.updated, counts.deleted) == (0, 0, 0)
        view = await show_target(store, member.source.id)
        assert view.parts
        assert not any(part.missing for part in view.parts)


async def test_a_target_that_lost_its_dates_is_probed_again(store: PostgresStore, tmp_path: Path) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        member.shelf._dates = Dates.NONE
        now = [a_held(500), *RECORDS]
        member.shelf.replace(now)
        await member.harvest()
        assert json.loads(await member.profile())["strategy"] == "partition"
        assert await member.live() == numbers(now)


async def test_nothing_is_deleted_while_look_ups_do_not_answer(store: PostgresStore, tmp_path: Path) -> None:
    is_down = False

    def before(message: Message) -> None:
        asked = message.query if is_down and isinstance(message, SearchRequest) else None
        if isinstance(asked, Clause) and (1, Use.LOCAL_NUMBER) in asked.attributes:
            member.shelf.replace([])

    async with a_member(store, tmp_path, RECORDS, behaviour=Behaviour(before=before)) as member:
        await member.harvest()
        is_down = True
        member.shelf.replace(RECORDS[5:])
        with pytest.raises(FeedError, match="does not find by its number"):
            await member.harvest()
        assert await member.live() == numbers(RECORDS)


async def test_many_deletions_wait_for_a_person(store: PostgresStore, tmp_path: Path) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        member.shelf.replace(RECORDS[100:])
        await member.harvest()
        assert await member.live() == numbers(RECORDS)
        async with store.work() as work:
            held = await work.harvests.held(member.source.id)
        assert held is not None
        assert set(held[1]) == numbers(RECORDS[:100])


async def test_a_run_takes_as_many_records_as_it_may_and_the_next_goes_on(
    store: PostgresStore, tmp_path: Path
) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await change_target(store, member.source.id, TargetTerms(most_records=80))
        runs = 0
        while await member.live() != numbers(RECORDS):
            await member.harvest()
            runs += 1
        assert runs >= 2
        assert (await member.harvest()).created == 0


async def test_outside_its_hours_a_target_is_left_alone(store: PostgresStore, tmp_path: Path) -> None:
    asked: list[Message] = []
    async with a_member(store, tmp_path, RECORDS, behaviour=Behaviour(before=asked.append)) as member:
        hour = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).hour
        await change_target(
            store, member.source.id, TargetTerms(hours=Hours((hour + 2) % 24, (hour + 3) % 24))
        )
        with pytest.raises(NotNow, match="o'clock only"):
            await member.harvest()
        assert asked == []


async def test_vietnamese_that_was_stripped_is_refused_in_words(store: PostgresStore, tmp_path: Path) -> None:
    def stripped(record: Held, syntax: str, element_set: str | None) -> Entry:
        raw = _without_letters(record)
        return Record(Syntax.USMARC, raw) if syntax == Syntax.USMARC else Diagnostic(239, syntax)

    books = [a_held(n, "Đường về Đà Nẵng của những người thợ mỏ") for n in range(1, 60)]
    async with a_member(store, tmp_path, (), target=Target(Shelf(books), render=stripped)) as member:
        report = await QualityDesk(store, member.feeds.probe).check(member.source.id)
        assert report.verdict is Verdict.BAD
        assert "target-stripped" in {one.code for one in report.reasons}
        with pytest.raises(FeedError, match="without its letters"):
            await member.harvest()


async def test_holdings_and_circulation_become_items_with_the_time_of_their_status(
    store: PostgresStore, tmp_path: Path
) -> None:
    lent = Circulation(False, availability_date="2026-12-24", item_id="VV15.01234")
    shelved = OpacHolding(local_location="Kho đọc", call_number="895.922", circulation=(lent,))

    def opac(record: Held, syntax: str, element_set: str | None) -> Entry:
        if syntax == Syntax.OPAC:
            return Record(Syntax.OPAC, record.raw, inner_syntax=Syntax.USMARC, holdings=(shelved,))
        return Record(Syntax.USMARC, record.raw) if syntax == Syntax.USMARC else Diagnostic(239, syntax)

    async with a_member(store, tmp_path, (), target=Target(Shelf(RECORDS[:20]), render=opac)) as member:
        await member.harvest()
        async with api_of(store, tmp_path) as client:
            raw = (await client.get(f"sources/{member.source.id}/target")).json()
        assert raw["strategy"] == "date-range"
        view = await show_target(store, member.source.id)
        assert view.profile["syntax"] == Syntax.OPAC
        async with store.work() as work:
            [stored, *_] = await work.records.stored(member.source.id, 0, 1)
        assert "VV15.01234" in str(stored)
        assert "2026-12-24" in str(stored)


async def test_terms_are_set_by_the_api_and_another_syntax_has_it_probed_again(
    store: PostgresStore, tmp_path: Path
) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        async with api_of(store, tmp_path) as client:
            _, secret = await add_key(store, Role.LIBRARY, member.source.isil)
            client.headers["Authorization"] = f"Bearer {secret}"
            path = f"sources/{member.source.id}/target"
            answer = await client.put(path, json={"hours": "22-6", "timeout": 30})
            assert answer.json()["terms"]["hours"] == "22-6"
            assert answer.json()["probed"]
            answer = await client.put(path, json={"syntax": "xml"})
            assert answer.json()["probed"] is None
            assert (await client.put(path, json={"hours": "late"})).status_code == 400
            assert (await client.put(path, json={"charset": "klingon"})).status_code == 400


def _without_letters(record: Held) -> bytes:
    """The record as a target sends it that knows no letter beyond ASCII."""
    fields = tuple(
        replace(
            field,
            subfields=tuple(
                (code, text.encode("ascii", "ignore").decode()) for code, text in field.subfields
            ),
        )
        if isinstance(field, DataField)
        else field
        for field in record.marc.fields
    )
    return render_iso2709(replace(record.marc, fields=fields))
