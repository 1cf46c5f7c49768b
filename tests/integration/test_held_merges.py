"""A harvest that would join too many master records waits for a person, and nothing else does."""

import random
import tempfile
from pathlib import Path

import pytest
from deliveries import a_deletion, a_delivery, a_source, clusters_in, deliver
from histories import History
from offices import api_of
from sqlalchemy import text

from unioncat.core.alarms import AlarmKind, say_alarm, say_remedy
from unioncat.core.errors import Conflict
from unioncat.core.match.curation import DecisionKind
from unioncat.core.match.merge_limits import MergeLimits
from unioncat.core.match.policy import DEFAULT
from unioncat.core.membership.admission import Role
from unioncat.core.registry import Checkpoint, HarvestSource
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.alarms_port import Alarm, AlarmFilter
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.hold import release_alarm
from unioncat.pipeline.index import index_pending
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.reading import read_deliveries
from unioncat.pipeline.rematch import rematch
from unioncat.pipeline.store_page import store_page
from unioncat.pipeline.verify import verify_store
from unioncat.pipeline.watch import close_alarm
from unioncat.search.embedded import TantivyIndex, TantivyWriter
from unioncat.store.engine import PostgresStore

BOOKS = (
    ("Lịch sử kiến trúc thế giới", "Lê Văn Tâm"),
    ("Đất rừng phương Nam", "Đoàn Giỏi"),
    ("Kinh tế học vi mô", "Nguyễn Văn An"),
    ("Hoá học hữu cơ", "Phạm Thị Cúc"),
)
OTHERS = (
    ("Truyện Kiều", "Nguyễn Du"),
    ("Bệnh học thủy sản", "Đỗ Thị Hoà"),
    ("Cơ học lượng tử", "Vũ Văn Hùng"),
    ("Luật dân sự", "Trần Thị Mai"),
)
THREE = MergeLimits(per_cent=0, always=3)
NONE = MergeLimits(per_cent=0, always=0)
HOA = sign("Hoa", "đã hỏi thư viện")


async def _two_libraries(store: PostgresStore) -> tuple[HarvestSource, HarvestSource]:
    """Two libraries with four books each, none of which both have."""
    one, two = await a_source(store, "VN-TEST1"), await a_source(store, "VN-TEST2")
    await deliver(store, one, [a_delivery(f"a{n}", *book) for n, book in enumerate(BOOKS)])
    await deliver(store, two, [a_delivery(f"b{n}", *book) for n, book in enumerate(OTHERS)])
    await match_pending(store)
    return one, two


async def _deliver_the_same(store: PostgresStore, two: HarvestSource, count: int = 4) -> None:
    """The second library says that it has the books of the first: so many master records would be joined."""
    await deliver(store, two, [a_delivery(f"b{n}", *book) for n, book in enumerate(BOOKS[:count])])


async def _alarms(store: PostgresStore, is_open: bool | None = True) -> list[Alarm]:
    async with store.work() as work:
        return list(await work.alarms.listed(AlarmFilter(is_open=is_open), None, 50))


async def _count(store: PostgresStore, what: str) -> int:
    async with store.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {what}")))


APART = frozenset(
    frozenset({(f"VN-TEST{1 + (letter == 'b')}", f"{letter}{n}")}) for letter in "ab" for n in range(4)
)
JOINED = frozenset(frozenset({("VN-TEST1", f"a{n}"), ("VN-TEST2", f"b{n}")}) for n in range(4))


async def test_a_harvest_that_would_join_more_than_it_may_is_held_and_nothing_of_it_is_written(
    store: PostgresStore,
) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=THREE)
    assert await clusters_in(store) == APART
    [alarm] = await _alarms(store)
    assert alarm.kind is AlarmKind.MERGES_HELD
    assert alarm.subject == str(two.id)
    assert {name: alarm.detail[name] for name in ("isil", "merged", "most", "masters", "records")} == {
        "isil": "VN-TEST2",
        "merged": 4,
        "most": 3,
        "masters": 8,
        "records": 4,
    }
    said = say_alarm(alarm.kind, alarm.detail, "en")
    assert "both name Lê Văn Tâm" in said
    assert "would join 4 master records with others, of a catalogue of 8 where 3 is the most" in said
    assert len(alarm.detail["examples"]) == 3
    assert "by record VN-TEST2=b0" in said
    assert f"unioncat alarms release {alarm.id}" in say_remedy(alarm.kind, alarm.detail, alarm.id, "vi")
    assert await _count(store, "pending_match") == 0


async def test_as_many_as_it_may_are_joined_without_a_person(store: PostgresStore) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two, 3)
    await match_pending(store, limits=THREE)
    assert await _alarms(store, None) == []
    assert len(await clusters_in(store)) == 5
    assert await _count(store, "harvest WHERE merged = 3") == 1


async def test_what_a_harvest_joins_adds_up_over_its_batches(store: PostgresStore) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, batch=1, limits=THREE)
    [alarm] = await _alarms(store)
    assert (alarm.detail["merged"], alarm.detail["records"]) == (4, 1)
    assert len(await clusters_in(store)) == 5


async def test_a_harvest_may_join_what_it_has_brought_itself(store: PostgresStore) -> None:
    """Duplicates of a first delivery that turn out to be such only later are no reason to wait."""
    source = await a_source(store)
    async with store.work() as work:
        run = await work.harvests.start(source.id, None, None)
        await work.commit()
    for letter, books in (("a", BOOKS), ("b", OTHERS), ("b", BOOKS)):
        page = [a_delivery(f"{letter}{n}", *book) for n, book in enumerate(books)]
        await store_page(store, source, run, read_deliveries(page, source.rules), Checkpoint())
        await match_pending(store, limits=NONE)
    assert len(await clusters_in(store)) == 4
    assert await _count(store, "master_record WHERE status = 'redirect'") == 4
    assert await _alarms(store, None) == []


async def test_a_first_delivery_of_copies_joins_no_master_records(store: PostgresStore) -> None:
    await _two_libraries(store)
    three = await a_source(store, "VN-TEST3")
    await deliver(store, three, [a_delivery(f"c{n}", *book) for n, book in enumerate(BOOKS + OTHERS)])
    await match_pending(store, batch=2, limits=NONE)
    assert await _alarms(store, None) == []
    assert len(await clusters_in(store)) == 8


async def test_released_records_are_matched_and_their_harvest_has_no_limit_any_more(
    store: PostgresStore,
) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=NONE)
    [alarm] = await _alarms(store)
    released = await release_alarm(store, alarm.id, HOA)
    assert (released.closed_by, released.closed_why) == ("Hoa", "đã hỏi thư viện")
    await match_pending(store, batch=1, limits=NONE)
    assert await clusters_in(store) == JOINED
    assert await _alarms(store) == []
    with pytest.raises(Conflict, match=r"was closed on .* by Hoa"):
        await release_alarm(store, alarm.id, HOA)


async def test_the_next_harvest_has_a_limit_again(store: PostgresStore) -> None:
    one, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=NONE)
    [alarm] = await _alarms(store)
    await release_alarm(store, alarm.id, HOA)
    await match_pending(store, limits=NONE)
    await deliver(store, one, [a_delivery(f"a{n}", *book) for n, book in enumerate(OTHERS)])
    await match_pending(store)
    await _deliver_the_same(store, two, 0)
    await deliver(store, two, [a_delivery(f"b{n}", *book) for n, book in enumerate(OTHERS)])
    await match_pending(store, limits=NONE)
    [again] = await _alarms(store)
    assert again.id > alarm.id


async def test_a_held_source_holds_no_other(store: PostgresStore) -> None:
    one, two = await _two_libraries(store)
    three = await a_source(store, "VN-TEST3")
    await _deliver_the_same(store, two)
    await deliver(store, three, [a_delivery("c0", *BOOKS[0]), a_delivery("c1", *OTHERS[0])])
    await deliver(store, one, [a_delivery("a9", "Sinh học đại cương", "Lý Thị Lan")])
    await match_pending(store, limits=THREE)
    found = await clusters_in(store)
    assert {("VN-TEST1", "a0"), ("VN-TEST3", "c0")} in found
    # To the matcher the held record is what it was: the new one has its book.
    assert {("VN-TEST2", "b0"), ("VN-TEST3", "c1")} in found
    assert {("VN-TEST1", "a9")} in found
    assert len(await _alarms(store)) == 1


async def test_what_a_held_source_delivers_later_waits_with_it(store: PostgresStore) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=THREE)
    await deliver(
        store, two, [a_delivery("b0", *OTHERS[0]), a_delivery("b9", "Sinh học đại cương", "Lý Thị Lan")]
    )
    await match_pending(store, limits=THREE)
    assert await clusters_in(store) == APART  # b9, which has no master record yet, is not listed
    [alarm] = await _alarms(store)
    assert alarm.detail["records"] == 5
    await release_alarm(store, alarm.id, HOA)
    await match_pending(store, limits=NONE)
    found = await clusters_in(store)
    assert {("VN-TEST2", "b0")} in found
    assert {("VN-TEST1", "a1"), ("VN-TEST2", "b1")} in found
    assert len(found) == 6


async def test_the_master_record_of_a_held_record_stays_though_its_other_members_change(
    store: PostgresStore,
) -> None:
    one, two = await _two_libraries(store)
    await deliver(store, one, [a_delivery("shared", *OTHERS[0])])
    await match_pending(store)
    [before] = [group for group in await clusters_in(store) if ("VN-TEST2", "b0") in group]
    await _deliver_the_same(store, two)
    await match_pending(store, limits=THREE)
    await deliver(store, one, [a_delivery("shared", *OTHERS[0], store="Kho B")])
    await match_pending(store, limits=THREE)
    assert before in await clusters_in(store)
    await deliver(store, one, [a_deletion("shared")])
    await match_pending(store, limits=THREE)
    assert {("VN-TEST2", "b0")} in await clusters_in(store)


async def test_decisions_of_people_and_a_rematch_are_never_held(store: PostgresStore) -> None:
    one, two = await _two_libraries(store)
    draw = random.Random(1)
    history = History(store, {"VN-TEST1": one, "VN-TEST2": two}, draw)
    await history.read_numbers()
    numbers = history.numbers
    for n in range(4):
        left, right = numbers["VN-TEST1", f"a{n}"], numbers["VN-TEST2", f"b{n}"]
        await history.decide(DecisionKind.SAME, frozenset({left}), frozenset({right}))
    await rematch(store, DEFAULT.name)
    await match_pending(store, limits=NONE)
    assert await clusters_in(store) == JOINED
    assert await _alarms(store, None) == []


async def test_a_rematch_does_not_let_held_records_through(store: PostgresStore) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=THREE)
    await rematch(store, DEFAULT.name)
    await match_pending(store, limits=THREE)
    assert await clusters_in(store) == APART


async def test_an_alarm_that_holds_is_released_not_closed(store: PostgresStore) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=THREE)
    [alarm] = await _alarms(store)
    with pytest.raises(Conflict, match=f"unioncat alarms release {alarm.id}"):
        await close_alarm(store, alarm.id, HOA)


async def test_killed_before_the_hold_is_written_the_next_matcher_holds_it(store: PostgresStore) -> None:
    """The alarm and the records that wait are written at once; what happens before leaves everything in the queue."""
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    async with store.work() as work:  # a matcher that took its batch and never came to commit it
        await work.matching.lock()
        await work.matching.take_pending(100)
    assert await _count(store, "pending_match") == 4
    await match_pending(store, limits=THREE)
    assert (await _count(store, "held_match"), len(await _alarms(store))) == (4, 1)


async def test_verify_says_that_held_records_wait_and_finds_no_fault(store: PostgresStore) -> None:
    one, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await deliver(store, two, [a_delivery("b9", "Sinh học đại cương", "Lý Thị Lan")])
    await match_pending(store, limits=THREE)
    await deliver(store, one, [a_delivery("a9", *OTHERS[1])])
    await match_pending(store, limits=THREE)
    with tempfile.TemporaryDirectory() as folder:
        await index_pending(store, lambda: TantivyWriter.open(Path(folder)))
        index = TantivyIndex(Path(folder))
        findings = await verify_store(store, index)
        await index.close()
    assert [one.checked for one in findings if one.broken] == []
    [waiting] = [one for one in findings if "wait for a person" in one.checked]
    assert waiting.count == 5


async def test_curators_release_through_the_api(store: PostgresStore, tmp_path: Path) -> None:
    _, two = await _two_libraries(store)
    await _deliver_the_same(store, two)
    await match_pending(store, limits=THREE)
    [alarm] = await _alarms(store)
    _, key = await add_key(store, Role.CURATOR, None, "Hoa")
    async with api_of(store, tmp_path) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        assert (await client.post(f"alarms/{alarm.id}/closure", json={"why": "thôi"})).status_code == 409
        released = await client.post(f"alarms/{alarm.id}/release", json={"why": "đúng là trùng"})
        assert released.json()["closed_by"] == "Hoa"
        assert (await client.post(f"alarms/{alarm.id}/release", json={"why": "nữa"})).status_code == 409
    await match_pending(store, limits=THREE)
    assert await clusters_in(store) == JOINED


@pytest.mark.parametrize("seed", range(4))
async def test_law_2_after_release_the_clusters_are_those_of_a_store_where_nothing_was_held(
    store: PostgresStore, seed: int
) -> None:
    draw = random.Random(seed)
    isils = ("VN-TEST1", "VN-TEST2", "VN-TEST3")
    history = History(store, {isil: await a_source(store, isil) for isil in isils}, draw)
    held = 0
    for _ in range(12):
        limits = MergeLimits(0, draw.randint(0, 1))
        for _ in range(draw.randint(2, 5)):
            await (history.decide_something() if draw.random() < 0.3 else history.deliver_some())
            if draw.random() < 0.6:
                await match_pending(store, batch=draw.randint(1, 20), limits=limits)
        await match_pending(store, batch=draw.randint(1, 20), limits=limits)
        if draw.random() < 0.2:
            await rematch(store, DEFAULT.name)
            await match_pending(store, limits=limits)
        while standing := await _alarms(store):
            held += len(standing)
            for alarm in standing:
                await release_alarm(store, alarm.id, HOA)
            await match_pending(store, batch=draw.randint(1, 20), limits=limits)
        assert await clusters_in(store) == history.expected()
        assert await history.relations() == history.expected_relations()
    assert held > 2
