"""What systems in use do, as habits of a scripted target, and what a harvest makes of it."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from target_sources import TODAY, a_member, changed, numbers
from z3950_target import LOOPBACK, a_held, a_line

from harvesters.pacing import Hosts
from harvesters.z3950.client import Target as Address
from harvesters.z3950.client import connect
from harvesters.z3950.messages import Message, PresentRequest, SearchRequest
from harvesters.z3950.partition import Form, Place, read_partition
from harvesters.z3950.query import Clause, Combined, Query, Relation, Use
from harvesters.z3950.shelf import Dates, Held, Shelf
from harvesters.z3950.target import Behaviour, Target
from unioncat.core.marc import ControlField
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.target import TargetTerms
from unioncat.pipeline.target_desk import change_target, show_target
from unioncat.store.engine import PostgresStore

EVERYTHING = Clause("x", ((1, Use.ANY), (2, Relation.ALWAYS)))
RECORDS = [a_held(n, date=f"2025{1 + n % 12:02d}15", year=f"{1990 + n % 9}") for n in range(1, 151)]


def _clauses(query: Query) -> list[Clause]:
    if isinstance(query, Combined):
        return [*_clauses(query.left), *_clauses(query.right)]
    return [query] if isinstance(query, Clause) else []


async def test_nothing_is_asked_that_ends_a_session_of_zebra(store: PostgresStore, tmp_path: Path) -> None:
    """Local number (1=12) with the structure of a system number (4=107): Zebra dies of it."""
    asked: list[Message] = []
    async with a_member(store, tmp_path, RECORDS, behaviour=Behaviour(before=asked.append)) as member:
        await member.harvest()
        member.shelf.replace(RECORDS[3:])
        await member.harvest()
    clauses = [one for query in asked if isinstance(query, SearchRequest) for one in _clauses(query.query)]
    assert clauses
    assert not [one for one in clauses if (4, 107) in one.attributes]


async def test_a_seat_is_not_held_while_nothing_is_asked() -> None:
    server = Target(Shelf(RECORDS))
    async with a_line(server) as line:
        line._idle = 0.05
        first = await line.session()
        assert await first.search(EVERYTHING) == len(RECORDS)
        for _ in range(100):
            if first.lost:
                break
            await asyncio.sleep(0.02)
        assert first.lost
        assert await (await line.session()).search(EVERYTHING) == len(RECORDS)
        assert server.sessions == 2


async def test_a_reading_goes_on_after_its_seat_was_given_up() -> None:
    async with a_line(Target(Shelf(RECORDS))) as line:
        line._idle = 0.05
        found = 0
        async for page in read_partition(line, EVERYTHING, Form(chunk=50), Place()):
            found += len(page.entries)
            await asyncio.sleep(0.15)
        assert found == len(RECORDS)


@pytest.mark.parametrize("pause", [0.0, 0.01])
async def test_what_comes_next_is_asked_for_ahead_unless_a_pause_is_wanted(pause: float) -> None:
    asked: list[PresentRequest] = []
    server = Target(
        Shelf(RECORDS),
        behaviour=Behaviour(before=lambda m: asked.append(m) if isinstance(m, PresentRequest) else None),
    )
    async with server.listening() as port:
        address = Address("127.0.0.1", port, (server.database,), pace=Hosts().pace(pause))
        session = await connect(address, LOOPBACK)
        await session.search(EVERYTHING)
        await session.present(1, 10, then=(11, 10))
        await asyncio.sleep(0.1)
        assert [one.start for one in asked] == ([1, 11] if not pause else [1])
        again = await session.present(31, 5)
        assert [one.data for one in again.entries] == [one.raw for one in RECORDS[30:35]]
        await session.close()


async def test_a_number_that_finds_other_records_too_deletes_none_that_is_there(
    store: PostgresStore, tmp_path: Path
) -> None:
    """Alma finds by a number of another system too: 001 is compared."""
    async with a_member(store, tmp_path, RECORDS, Dates.NONE) as member:
        await member.harvest()
        member.shelf.replace(RECORDS[5:])
        member.shelf._postings[Use.LOCAL_NUMBER]["vn000001"] = {"vn000050"}
        await member.harvest()
        assert await member.live() == numbers(RECORDS[5:])


async def test_a_record_with_the_leader_of_a_deleted_one_is_gone(
    store: PostgresStore, tmp_path: Path
) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        gone = changed(RECORDS[0], "Đã xóa")
        marc = replace(gone.marc, leader="00000dam a2200000 a 4500")
        member.shelf.replace([replace(gone, marc=marc, raw=render_iso2709(marc)), *RECORDS[1:]])
        await member.harvest()
        assert await member.live() == numbers(RECORDS[1:])


async def test_records_without_a_number_of_their_own_are_harvested(
    store: PostgresStore, tmp_path: Path
) -> None:
    def nameless(one: Held) -> Held:
        marc = replace(one.marc, fields=one.marc.fields[1:])
        return replace(one, raw=render_iso2709(marc))

    shelf = [nameless(one) for one in RECORDS[:20]]
    async with a_member(store, tmp_path, shelf) as member:
        assert (await member.harvest()).created == 20
        assert (await member.harvest()).created == 0
        assert len(await member.live()) == 20


async def test_small_messages_and_a_small_cap_are_lived_with(store: PostgresStore, tmp_path: Path) -> None:
    """Symphony grants 65,530 bytes; others a few records at a time."""
    behaviour = Behaviour(message_size=3_000, present_cap=7)
    async with a_member(store, tmp_path, RECORDS, behaviour=behaviour) as member:
        await member.harvest()
        assert await member.live() == numbers(RECORDS)


async def test_a_cap_on_hits_is_divided_around_and_no_total_is_claimed(
    store: PostgresStore, tmp_path: Path
) -> None:
    async with a_member(store, tmp_path, RECORDS, behaviour=Behaviour(hit_cap=100)) as member:
        await member.harvest()
        assert await member.live() == numbers(RECORDS)
        assert (await show_target(store, member.source.id)).profile["hit_cap"] == 100


async def test_several_connections_bring_each_record_once(store: PostgresStore, tmp_path: Path) -> None:
    async with a_member(store, tmp_path, RECORDS, Dates.NONE, behaviour=Behaviour(hit_cap=100)) as member:
        await change_target(store, member.source.id, TargetTerms(connections=3))
        counts = await member.harvest()
        assert (counts.created, counts.unchanged) == (len(RECORDS), 0)
        assert await member.live() == numbers(RECORDS)


async def test_everything_is_read_again_after_a_while_for_dates_may_not_tell_all(
    store: PostgresStore, tmp_path: Path
) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        silently = a_held(7, "Đổi mà không đổi ngày", date="20250315")
        member.shelf.replace([one if one.number != silently.number else silently for one in RECORDS])
        assert (await member.harvest()).updated == 0
        await change_target(store, member.source.id, TargetTerms(whole_every=0))
        assert (await member.harvest()).updated == 1


async def test_a_target_that_has_more_than_is_here_is_read_whole_and_probed_again(
    store: PostgresStore, tmp_path: Path
) -> None:
    """Records that came with an old date of change, as after a migration."""
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        now = [*RECORDS, *(a_held(n, date="20100101") for n in range(600, 620))]
        member.shelf.replace(now)
        await member.harvest()
        await member.harvest()
        assert await member.live() == numbers(now)


async def test_control_numbers_divide_what_neither_dates_nor_years_do(
    store: PostgresStore, tmp_path: Path
) -> None:
    def numbered(n: int, title: str = "Truyện Kiều") -> Held:
        one = a_held(n, title, year="")
        marc = replace(one.marc, fields=(ControlField("001", f"{500_000 + n}"), *one.marc.fields[1:]))
        return Held(f"{500_000 + n}", render_iso2709(marc), marc)

    shelf = [numbered(n) for n in range(1, 200)]
    async with a_member(store, tmp_path, shelf, Dates.NONE) as member:
        await member.harvest()
        view = await show_target(store, member.source.id)
        assert (view.profile["strategy"], view.profile["last_number"]) == ("id-range", 999_999)
        assert await member.live() == numbers(shelf)
        now = [numbered(1, "Đổi"), *shelf[4:], numbered(300)]
        member.shelf.replace(now)
        await member.harvest()
        assert await member.live() == numbers(now)


async def test_the_first_harvest_says_how_it_asked(store: PostgresStore, tmp_path: Path) -> None:
    async with a_member(store, tmp_path, RECORDS) as member:
        await member.harvest()
        member.shelf.replace([changed(RECORDS[0], "Mới"), *RECORDS[1:]])
        await member.harvest()
        view = await show_target(store, member.source.id)
        assert sum(part.hits for part in view.parts) == 1
        assert TODAY[:4] in "".join(part.name for part in view.parts)
        assert json.loads(await member.profile())["reason"]
