"""A result set is read to its end exactly, whatever the target does meanwhile; what cannot be is said."""

import pytest
from z3950_target import a_held, a_line, held

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.errors import Interrupted, Refused, Unsupported
from harvesters.z3950.messages import Credentials, Message, PresentRequest
from harvesters.z3950.partition import Form, Line, Place, Shifted, read_partition
from harvesters.z3950.query import Use, clause
from harvesters.z3950.records import Entry, Record
from harvesters.z3950.shelf import Held, Shelf
from harvesters.z3950.target import Behaviour, Target, usmarc

RECORDS = held(range(1, 334))
ALL = clause("vie", Use.LANGUAGE)


async def _read(line: Line, form: Form = Form(chunk=50), place: Place = Place()) -> list[str]:
    found: list[str] = []
    async for page in read_partition(line, ALL, form, place):
        for one in page.entries:
            assert one.position == len(found) + place.position
            found.append(_number(one.entry))
    return found


def _number(entry: Entry) -> str:
    assert isinstance(entry, Record)
    return next(record.number for record in RECORDS if record.raw == entry.data)


EVERY = [record.number for record in RECORDS]


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(),
        Behaviour(indefinite=True),
        Behaviour(present_cap=7),
        Behaviour(message_size=1500),
        Behaviour(message_size=480),
        Behaviour(close_after=4),
        Behaviour(utf8=None),
    ],
    ids=str,
)
async def test_every_record_comes_once_whatever_the_target_grants(behaviour: Behaviour) -> None:
    server = Target(Shelf(RECORDS), behaviour=behaviour)
    async with a_line(server) as line:
        assert await _read(line) == EVERY


@pytest.mark.parametrize("fault", ["cut_after", "garbage_after", "stall_after"])
@pytest.mark.parametrize("place", [0, 1, 300, 9_000, 40_000])
async def test_after_a_fault_it_goes_on_where_it_was(fault: str, place: int) -> None:
    behaviour = Behaviour()
    setattr(behaviour, fault, place)
    server = Target(Shelf(RECORDS), behaviour=behaviour)

    def mended(message: Message) -> None:
        if server.sessions > 1:
            setattr(behaviour, fault, None)

    behaviour.before = mended
    async with a_line(server, patience=0.3) as line:
        assert await _read(line) == EVERY
    assert server.sessions == 2


async def test_a_target_that_never_gives_a_record_is_given_up() -> None:
    server = Target(Shelf(RECORDS), behaviour=Behaviour(cut_after=3_000))
    async with a_line(server) as line:
        with pytest.raises(Interrupted):
            await _read(line)
    assert server.sessions == Form().tries


async def test_a_drip_is_no_answer() -> None:
    server = Target(Shelf(RECORDS), behaviour=Behaviour(drip=0.2))
    async with a_line(server, patience=0.3) as line:
        with pytest.raises(Interrupted, match=r"did not answer within 0\.3 seconds"):
            await _read(line, Form(tries=2))


@pytest.mark.parametrize("change", ["gone", "new"])
async def test_positions_that_shift_while_it_is_read_are_noticed(change: str) -> None:
    shelf, behaviour = Shelf(RECORDS), Behaviour(shifts=True)
    presents = 0

    def reindexed(message: Message) -> None:
        nonlocal presents
        presents += isinstance(message, PresentRequest)
        if presents == 3:
            shelf.replace(RECORDS[10:] if change == "gone" else [a_held(0), *RECORDS])

    behaviour.before = reindexed
    async with a_line(Target(shelf, behaviour=behaviour)) as line:
        with pytest.raises(Shifted):
            await _read(line)


async def test_a_change_behind_the_position_is_noticed_at_the_end() -> None:
    shelf, behaviour = Shelf(RECORDS), Behaviour(shifts=True)

    def reindexed(message: Message) -> None:
        if isinstance(message, PresentRequest) and message.start >= 300:
            shelf.replace([*RECORDS, a_held(900)])

    behaviour.before = reindexed
    async with a_line(Target(shelf, behaviour=behaviour)) as line:
        with pytest.raises(Shifted, match="found 333 records, and at position 334 it finds 334"):
            await _read(line)


async def test_a_record_that_cannot_be_given_is_a_diagnostic_at_its_position() -> None:
    def without_two(record: Held, syntax: str, element_set: str | None) -> Entry:
        return Diagnostic(14) if record.number in EVERY[49:51] else usmarc(record, syntax, element_set)

    async with a_line(Target(Shelf(RECORDS), render=without_two)) as line:
        pages = [page async for page in read_partition(line, ALL, Form(chunk=50), Place())]
    entries = [one for page in pages for one in page.entries]
    assert [one.position for one in entries if isinstance(one.entry, Diagnostic)] == [50, 51]
    assert len(entries) == len(RECORDS)


async def test_a_reading_that_was_cut_off_is_resumed_from_its_place() -> None:
    async with a_line(Target(Shelf(RECORDS))) as line:
        pages = read_partition(line, ALL, Form(chunk=50), Place())
        first = await anext(pages)
        await pages.aclose()
        assert [
            *map(_number, (one.entry for one in first.entries)),
            *await _read(line, place=first.place),
        ] == EVERY


async def test_what_the_target_cannot_do_is_not_tried_again() -> None:
    server = Target(Shelf(RECORDS))
    async with a_line(server) as line:
        with pytest.raises(Unsupported, match="114: use attribute not supported"):
            await anext(read_partition(line, clause("x", Use.ISSN), Form(), Place()))
        with pytest.raises(Unsupported, match="239"):
            await _read(line, Form(syntax="1.2.840.10003.5.105"))
    assert server.sessions == 1


async def test_a_door_that_is_closed_is_not_tried_again() -> None:
    server = Target(Shelf(RECORDS), behaviour=Behaviour(credentials=Credentials("a", "b")))
    async with a_line(server) as line:
        with pytest.raises(Refused):
            await _read(line)
    assert server.sessions == 1
