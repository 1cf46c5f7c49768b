"""A value that crowds a match key though its records have nothing in common raises an alarm, until it is accepted."""

from deliveries import a_delivery, a_source, deliver

from unioncat.core.alarms import AlarmKind, say_alarm, say_remedy
from unioncat.core.delivery import DeliveredRecord
from unioncat.core.match.placeholders import Placed, Placeholder
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.alarms_port import Alarm, AlarmFilter
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.placeholders import change_placeholders
from unioncat.pipeline.reread import reread
from unioncat.pipeline.watch import close_alarm, watch
from unioncat.store.engine import PostgresStore

ISBN = "9786045701126"
HOA = sign("Hoa", "đã xem")
_FIRST = ["lịch", "đất", "kinh", "hoá", "luật", "cơ", "văn", "bệnh"]
_LAST = ["rừng", "biển", "sông", "núi", "chè", "lúa", "cá", "tôm"]


def _titles(count: int) -> list[str]:
    return [
        f"{_FIRST[n % 8]} {_LAST[n // 8 % 8]} {_FIRST[(n * 3 + 1) % 8]} {_LAST[(n * 5 + 2) % 8]}"
        for n in range(count)
    ]


def _with_one_number(count: int) -> list[DeliveredRecord]:
    return [a_delivery(f"r{n}", title, isbn=ISBN) for n, title in enumerate(_titles(count))]


async def _open(store: PostgresStore, kind: AlarmKind = AlarmKind.PLACEHOLDER_SUSPECTED) -> list[Alarm]:
    async with store.work() as work:
        return list(await work.alarms.listed(AlarmFilter(kind, is_open=True), None, 50))


async def _number_everywhere(store: PostgresStore) -> tuple[HarvestSource, Alarm]:
    source = await a_source(store)
    await deliver(store, source, _with_one_number(60))
    await match_pending(store)
    [raised] = await watch(store)
    return source, raised


async def test_a_number_on_unrelated_books_of_one_source_raises_an_alarm_once(store: PostgresStore) -> None:
    source, raised = await _number_everywhere(store)
    assert raised.kind is AlarmKind.PLACEHOLDER_SUSPECTED
    assert raised.subject == f"{source.id} isbn:{ISBN}"
    assert raised.detail["records"] == 60
    assert f"writes isbn:{ISBN} in 60 records" in say_alarm(raised.kind, raised.detail, "en")
    assert f"--accept 'isbn:{ISBN}'" in say_remedy(raised.kind, raised.detail, raised.id, "vi")
    await deliver(store, source, [a_delivery("more", "Sinh học đại cương", isbn=ISBN)])
    await match_pending(store)
    assert await watch(store) == []
    assert [one.id for one in await _open(store)] == [raised.id]


async def test_it_is_closed_by_itself_when_a_person_accepts_the_placeholder(store: PostgresStore) -> None:
    source, _ = await _number_everywhere(store)
    accepted = [Placeholder(Placed.ISBN, ISBN)]
    assert await change_placeholders(store, source.id, accept=accepted, signed=HOA)
    async with store.work() as work:
        now = await work.sources.get(source.id)
    await reread(store, now)
    await match_pending(store)
    assert await watch(store) == []
    assert await _open(store) == []


async def test_what_a_person_says_is_none_is_not_raised_again(store: PostgresStore) -> None:
    source, raised = await _number_everywhere(store)
    await close_alarm(store, raised.id, HOA)
    for count in (1, 60):  # the key is free for a while
        await deliver(
            store, source, [a_delivery(f"r{n}", f"Khác {t}") for n, t in enumerate(_titles(60))][count - 1 :]
        )
        await match_pending(store)
        await deliver(store, source, _with_one_number(60))
        await match_pending(store)
        assert await watch(store) == []


async def test_a_title_that_says_nothing_raises_one(store: PostgresStore) -> None:
    source = await a_source(store)
    records = [
        a_delivery(f"r{n}", "Sách mới", f"{who} {n}", year=str(1950 + n)) for n, who in enumerate(_titles(60))
    ]
    await deliver(store, source, records)
    await match_pending(store)
    [raised] = await watch(store)
    assert raised.detail["value"] == "title:sách mới"
    assert "in 60 records that have nothing else in common" in say_alarm(raised.kind, raised.detail, "en")


async def test_copies_and_editions_of_one_book_under_one_number_raise_none(store: PostgresStore) -> None:
    source = await a_source(store)
    records = [
        a_delivery(f"r{n}", isbn=ISBN, edition=f"Tái bản lần thứ {n}", year=str(1950 + n)) for n in range(60)
    ]
    await deliver(store, source, records)
    await match_pending(store)
    assert await watch(store) == []


async def test_what_no_key_is_crowded_by_is_not_looked_at(store: PostgresStore) -> None:
    await deliver(store, await a_source(store), _with_one_number(40))
    await match_pending(store)
    assert await watch(store) == []
