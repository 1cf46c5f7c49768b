"""Alarms about large clusters: raised once, closed when the cause is gone, by a person for good."""

import json
from pathlib import Path

import pytest
from command_home import a_home
from deliveries import a_deletion, a_delivery, a_source, deliver
from offices import api_of
from sqlalchemy import text

from unioncat.core.alarms import AlarmKind
from unioncat.core.errors import Conflict, UnknownEntry
from unioncat.core.membership.admission import Role
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.alarms_port import Alarm, AlarmFilter
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.watch import close_alarm, watch
from unioncat.store.engine import PostgresStore

LARGE = 3
HOA = sign("Hoa", "đã xem")
"""A cluster of more records is large in these tests."""


async def _chained(store: PostgresStore, copies: int = 3, strangers: int = 1) -> HarvestSource:
    """A cluster whose records people have united, though their titles have nothing in common."""
    source = await a_source(store)
    records = [a_delivery(f"a{n}") for n in range(copies)]
    records += [a_delivery(f"b{n}", "Đất rừng phương Nam", "Đoàn Giỏi") for n in range(strangers)]
    await deliver(store, source, records)
    await _unite(store)
    await match_pending(store)
    return source


async def _unite(store: PostgresStore) -> None:
    """A decision that all records are one."""
    async with store.work() as work:
        number = await work.connection.scalar(
            text(
                "INSERT INTO curator_decision (kind, origin, who, why) VALUES ('same', 'merge', 'x', 'x') RETURNING id"
            )
        )
        await work.connection.execute(
            text(
                "INSERT INTO decision_member SELECT :number, id, (control_number LIKE 'b%')::int FROM source_record"
            ),
            {"number": number},
        )
        await work.connection.execute(
            text("INSERT INTO pending_match (source_record_id) SELECT id FROM source_record")
        )
        await work.commit()


async def _listed(store: PostgresStore, wanted: AlarmFilter = AlarmFilter()) -> list[Alarm]:
    async with store.work() as work:
        return list(await work.alarms.listed(wanted, None, 50))


async def test_a_large_cluster_with_unrelated_titles_raises_an_alarm_once(store: PostgresStore) -> None:
    source = await _chained(store)
    [raised] = await watch(store, LARGE)
    assert raised.kind is AlarmKind.UNRELATED_TITLES
    assert (raised.detail["members"], raised.detail["apart"], raised.detail["libraries"]) == (4, 1, 1)
    assert raised.detail["titles"] == [["đất rừng phương nam", 1]]
    await deliver(store, source, [a_delivery("a9", store="Kho B")])
    await match_pending(store)
    assert await watch(store, LARGE) == []
    [standing] = await _listed(store)
    assert standing.id == raised.id
    assert standing.detail["members"] == 5


async def test_copies_of_one_edition_raise_none_however_many(store: PostgresStore) -> None:
    await deliver(store, await a_source(store), [a_delivery(f"a{n}") for n in range(9)])
    await match_pending(store)
    assert await watch(store, LARGE) == []


async def test_an_alarm_is_closed_by_itself_when_the_cluster_is_parted_and_raised_again_when_it_is_chained_again(
    store: PostgresStore,
) -> None:
    source = await _chained(store)
    [raised] = await watch(store, LARGE)
    await deliver(store, source, [a_deletion("b0")])
    await match_pending(store)
    assert await watch(store, LARGE) == []
    [closed] = await _listed(store)
    assert (closed.id, closed.closed_by) == (raised.id, None)
    assert closed.closed is not None
    await deliver(store, source, [a_delivery("b0", "Đất rừng phương Nam", "Đoàn Giỏi")])
    await match_pending(store)
    [again] = await watch(store, LARGE)
    assert again.id > raised.id


async def test_what_a_person_closed_is_raised_again_only_when_another_title_comes(
    store: PostgresStore,
) -> None:
    source = await _chained(store, copies=4, strangers=1)
    [raised] = await watch(store, LARGE)
    closed = await close_alarm(store, raised.id, HOA)
    assert (closed.closed_by, closed.closed_why) == ("Hoa", "đã xem")
    await deliver(store, source, [a_delivery("a9")])
    await match_pending(store)
    assert await watch(store, LARGE) == []
    await deliver(store, source, [a_delivery("b1", "Lịch sử kiến trúc thế giới", "Lê Văn Tâm")])
    await match_pending(store)
    await _unite(store)
    await match_pending(store)
    [again] = await watch(store, LARGE)
    assert again.detail["apart"] == 2


async def test_an_alarm_is_closed_once(store: PostgresStore) -> None:
    await _chained(store)
    [raised] = await watch(store, LARGE)
    await close_alarm(store, raised.id, HOA)
    with pytest.raises(Conflict, match="by Hoa"):
        await close_alarm(store, raised.id, HOA)
    with pytest.raises(UnknownEntry, match="no alarm 4711"):
        await close_alarm(store, 4711, HOA)


async def test_curators_list_read_and_close_alarms_through_the_api(
    store: PostgresStore, tmp_path: Path
) -> None:
    await _chained(store)
    [raised] = await watch(store, LARGE)
    _, key = await add_key(store, Role.CURATOR, None, "Hoa")
    async with api_of(store, tmp_path) as client:
        assert (await client.get("alarms")).status_code == 401
        client.headers["Authorization"] = f"Bearer {key}"
        listed = (await client.get("alarms", params={"open": True, "kind": "unrelated-titles"})).json()
        assert (listed["open"], [one["id"] for one in listed["alarms"]]) == (1, [raised.id])
        one = (await client.get(f"alarms/{raised.id}", params={"lang": "en"})).json()
        assert "1 of them an unrelated one: “đất rừng phương nam” (1)" in one["said"]
        assert (await client.get("alarms/4711")).status_code == 404
        refused = await client.post(f"alarms/{raised.id}/closure", json={"why": ""})
        assert refused.status_code == 400
        closed = await client.post(f"alarms/{raised.id}/closure", json={"why": "một ấn phẩm"})
        assert closed.json()["closed_by"] == "Hoa"
        assert (await client.post(f"alarms/{raised.id}/closure", json={"why": "nữa"})).status_code == 409
        page = (await client.get("alarms", params={"limit": 1, "before": raised.id})).json()
        assert page == {"alarms": [], "open": 0, "next_before": None}


def test_alarms_are_listed_shown_and_closed_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONCAT_LARGE_CLUSTER", "2")
    records = [
        a_delivery("1"),
        a_delivery("2"),
        a_delivery("3"),
        a_delivery("4", "Đất rừng phương Nam", "Đoàn Giỏi"),
    ]
    with a_home(records) as home:
        assert home.good("alarms") == "No alarm is open.\n"
        masters = {line.split("\t")[2] for line in home.good("export", "clusters").splitlines()}
        home.good("merge", *masters, "--why", "để thử")
        listed = home.good("alarms")
        assert "1 of them an unrelated one: “đất rừng phương nam” (1)" in " ".join(listed.split())
        assert all(len(line) <= 100 for line in listed.splitlines())
        assert "open alarms" in home.good("stats")
        [alarm] = json.loads(home.good("alarms", "list", "--json"))
        number = str(alarm["id"])
        assert "biểu ghi" in home.good("alarms", "show", number, "--language", "vi")
        assert f"unioncat alarms close {number}" in home.refused(
            "alarms", "release", number, "--why", "thôi vậy"
        )
        assert "closed by Lan" in home.good("alarms", "close", number, "--why", "đúng là một", "--by", "Lan")
        assert home.good("alarms") == "No alarm is open.\n"
        assert "closed by Lan" in home.good("alarms", "list", "--all")
        assert "There is no alarm 99" in home.refused("alarms", "show", "99")
