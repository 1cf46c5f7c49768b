"""Curation over the API on a real store: what people decide changes the clusters, stays, and can be undone."""

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from deliveries import a_delivery, a_source, clusters_in, deliver
from httpx import AsyncClient
from offices import api_of

from unioncat.core.identifiers import Isil
from unioncat.core.match.labelled_pairs import read_labelled_pair
from unioncat.core.match.policy import DEFAULT
from unioncat.core.membership.admission import Role
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.rematch import rematch
from unioncat.store.engine import PostgresStore

A, B = Isil("VN-TEST1"), Isil("VN-TEST2")
ISBN, OTHER_ISBN = "9786045701126", "9780306406157"
OF_A = [
    a_delivery("a1", isbn=ISBN),
    a_delivery("a2", "Đất rừng phương Nam", "Đoàn Giỏi"),
    a_delivery("a3", "Giáo trình giải tích", "Nguyễn Văn An", isbn=OTHER_ISBN),
]
OF_B = [
    a_delivery("b1", isbn=ISBN, year="2015"),
    a_delivery("b2", "Đất rừng phương Nam", "Đoàn Giỏi", year=None, pages=None),
    a_delivery("b3", "Giáo trình giải tích", "Nguyễn Văn An", isbn=OTHER_ISBN, year="2017"),
]
"""a1 and b1, a3 and b3: one ISBN, other years; a2 and b2: too little to say."""


@pytest.fixture
async def api(store: PostgresStore, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """The API for a curator called Lan, on two libraries with three doubtful pairs."""
    for isil, records in ((A, OF_A), (B, OF_B)):
        await deliver(store, await a_source(store, isil), records)
    await match_pending(store)
    _, secret = await add_key(store, Role.CURATOR, None, "Lan")
    async with api_of(store, tmp_path) as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


async def _queue(api: AsyncClient, **wanted: Any) -> dict[str, dict[str, Any]]:
    """The pairs that wait, by their titles and patterns."""
    answer = await api.get("curation/reviews", params=wanted)
    assert answer.status_code == 200, answer.text
    return {pair["left"]["title"]: pair for pair in answer.json()["pairs"]}


async def _decide(api: AsyncClient, pair: str, decision: str, **more: Any) -> Any:
    answer = await api.post(
        f"curation/reviews/{pair}/decision", json={"decision": decision, "why": "đã xem sách", **more}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_queue_begins_with_the_best_evidence_and_says_what_is_doubtful(api: AsyncClient) -> None:
    pairs = (await api.get("curation/reviews", params={"lang": "en"})).json()["pairs"]
    assert [pair["score"] for pair in pairs] == sorted((pair["score"] for pair in pairs), reverse=True)
    assert {pair["meaning"] for pair in pairs} == {
        "Against it: year",
        "Nothing against it, but little for it",
    }
    assert {side["libraries"] for pair in pairs for side in (pair["left"], pair["right"])} == {1}
    patterns = (await api.get("curation/patterns")).json()["patterns"]
    assert {one["pattern"]: one["pairs"] for one in patterns} == {"year": 2, "weak": 1}


async def test_the_queue_is_read_page_by_page_without_loss(api: AsyncClient) -> None:
    whole = [pair["pair"] for pair in (await api.get("curation/reviews")).json()["pairs"]]
    paged, cursor = [], None
    while True:
        page = (await api.get("curation/reviews", params={"limit": 1, "cursor": cursor or ""})).json()
        paged += [pair["pair"] for pair in page["pairs"]]
        cursor = page["next"]
        if not cursor:
            break
    assert paged == whole
    assert len(whole) == 3


async def test_the_queue_is_filtered(api: AsyncClient) -> None:
    assert set(await _queue(api, pattern="weak")) == {"Đất rừng phương Nam"}
    assert len(await _queue(api, isil=A)) == 3
    assert not await _queue(api, min_score=100)
    assert (await api.get("curation/reviews", params={"isil": "VN-NOBODY"})).status_code == 404


async def test_a_pair_is_shown_field_by_field_with_the_reasons(api: AsyncClient) -> None:
    pair = (await _queue(api))["Cơ sở văn hoá Việt Nam"]["pair"]
    shown = (await api.get(f"curation/reviews/{pair}", params={"lang": "en"})).json()
    lines = {line["name"]: line for line in shown["lines"]}
    year = lines["Year"]
    assert {year["left"], year["right"]} == {"2012", "2015"}
    assert year["likeness"] == "different"
    assert [one["verdict"] for one in year["evidence"]] == ["disagree"]
    assert year["evidence"][0]["sentence"]
    assert lines["ISBN"]["likeness"] == "same"
    assert {shown["left"]["isil"], shown["right"]["isil"]} == {A, B}
    assert (await api.get("curation/reviews/9998-9999")).status_code == 404
    assert (await api.get("curation/reviews/one-two")).status_code == 400


async def test_same_joins_and_undo_restores_clusters_and_identifiers(
    api: AsyncClient, store: PostgresStore
) -> None:
    before, (pair, names) = await clusters_in(store), await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    made = await _decide(api, pair, "same")
    assert made["made"]
    await match_pending(store)
    assert len(await clusters_in(store)) == len(before) - 1
    assert "Cơ sở văn hoá Việt Nam" not in await _queue(api)
    shown = (await api.get(f"curation/decisions/{made['decision']}")).json()
    assert (shown["who"], shown["why"], shown["effect"]) == ("Lan", "đã xem sách", "in-force")
    assert {record["control_number"] for record in shown["records"]} == {"a1", "b1"}
    undone = await api.post(f"curation/decisions/{made['decision']}/withdrawal", json={"why": "nhầm bản in"})
    assert undone.json()["decisions"] == [made["decision"]]
    await match_pending(store)
    assert await clusters_in(store) == before
    again, same_names = await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    assert (again, same_names) == (pair, names)


async def _pair_of(api: AsyncClient, title: str) -> tuple[str, set[str]]:
    pair = (await _queue(api))[title]
    return pair["pair"], {pair["left"]["id"], pair["right"]["id"]}


@pytest.mark.parametrize("decision", ["same", "different"])
async def test_a_decision_survives_a_new_delivery_and_a_rebuild(
    api: AsyncClient, store: PostgresStore, decision: str
) -> None:
    pair, _ = await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    await _decide(api, pair, decision)
    await match_pending(store)
    decided = await clusters_in(store)
    async with store.work() as work:
        (source,) = await work.sources.all(B)
    await deliver(store, source, [a_delivery("b1", isbn=ISBN, year="2015", store="Kho Z"), *OF_B[1:]])
    await match_pending(store)
    assert await clusters_in(store) == decided
    await rematch(store, DEFAULT.name)
    await match_pending(store)
    assert await clusters_in(store) == decided
    assert "Cơ sở văn hoá Việt Nam" not in await _queue(api)


async def test_what_is_said_already_is_told_and_not_repeated(api: AsyncClient, store: PostgresStore) -> None:
    pair, _ = await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    first = await _decide(api, pair, "different")
    second = await _decide(api, pair, "different")
    assert (second["made"], second["decision"]) == (False, first["decision"])
    against = await api.post(f"curation/reviews/{pair}/decision", json={"decision": "same", "why": "nhầm"})
    assert against.status_code == 409
    assert str(first["decision"]) in against.json()["detail"]
    assert "Lan" in against.json()["detail"]


async def test_later_takes_a_pair_out_of_the_queue_until_it_is_recalled(api: AsyncClient) -> None:
    pair, _ = await _pair_of(api, "Đất rừng phương Nam")
    day = date.today() + timedelta(days=30)
    await _decide(api, pair, "later", until=f"{day}")
    assert "Đất rừng phương Nam" not in await _queue(api)
    (put_off,) = (await api.get("curation/deferred")).json()["pairs"]
    assert (put_off["pair"], put_off["until"], put_off["who"]) == (pair, f"{day}", "Lan")
    assert (await api.delete(f"curation/deferred/{pair}")).status_code == 204
    assert "Đất rừng phương Nam" in await _queue(api)
    past = await api.post(
        f"curation/reviews/{pair}/decision",
        json={"decision": "later", "why": "chờ", "until": "2020-01-01"},
    )
    assert past.status_code == 400


async def test_master_records_are_merged_and_split_again(api: AsyncClient, store: PostgresStore) -> None:
    before = await clusters_in(store)
    _, names = await _pair_of(api, "Giáo trình giải tích")
    merged = await api.post("curation/merges", json={"records": sorted(names), "why": "cùng một sách"})
    assert merged.json()["made"], merged.text
    await match_pending(store)
    joined = await clusters_in(store)
    assert len(joined) == len(before) - 1
    (master,) = [name for name in names if (await api.get(f"records/{name}")).status_code == 200]
    split = await api.post(
        "curation/splits",
        json={"record": master, "leave": [{"isil": B, "control_number": "b3"}], "why": "hai bản in"},
    )
    assert split.json()["made"], split.text
    await match_pending(store)
    assert await clusters_in(store) == before
    nothing = await api.post(
        "curation/splits",
        json={"record": master, "leave": [{"isil": B, "control_number": "b9"}], "why": "nhầm"},
    )
    assert nothing.status_code == 404


async def test_a_bulk_decides_what_its_dry_run_showed_and_is_undone_as_one(
    api: AsyncClient, store: PostgresStore
) -> None:
    before = await clusters_in(store)
    wish = {"pattern": "year", "decision": "same"}
    shown = (await api.post("curation/bulk", json=wish)).json()
    assert (shown["pairs"], len(shown["samples"]), shown["batch"]) == (2, 2, None)
    assert await clusters_in(store) == before
    stale = await api.post("curation/bulk", json={**wish, "token": "stale", "why": "cùng ISBN"})
    assert stale.status_code == 409
    without_reason = await api.post("curation/bulk", json={**wish, "token": shown["token"]})
    assert without_reason.status_code == 400
    done = (
        await api.post("curation/bulk", json={**wish, "token": shown["token"], "why": "cùng ISBN"})
    ).json()
    assert done["pairs"] == 2
    await match_pending(store)
    assert len(await clusters_in(store)) == len(before) - 2
    listed = (await api.get("curation/decisions", params={"batch": done["batch"]})).json()["decisions"]
    assert {one["origin"] for one in listed} == {"bulk"}
    undone = await api.post(f"curation/bulk/{done['batch']}/withdrawal", json={"why": "xem lại"})
    assert len(undone.json()["decisions"]) == 2
    await match_pending(store)
    assert await clusters_in(store) == before


async def test_decisions_are_listed_by_person_record_and_state(api: AsyncClient) -> None:
    pair, _ = await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    number = (await _decide(api, pair, "different"))["decision"]
    for wanted, count in (
        ({"who": "Lan"}, 1),
        ({"who": "Minh"}, 0),
        ({"isil": A, "control_number": "a1"}, 1),
        ({"isil": A, "control_number": "a2"}, 0),
        ({"standing": True}, 1),
        ({"standing": False}, 0),
        ({"before": number}, 0),
    ):
        found = (await api.get("curation/decisions", params=wanted)).json()["decisions"]
        assert len(found) == count, wanted
    assert (await api.get("curation/decisions", params={"isil": A})).status_code == 400
    assert (await api.get("curation/decisions/4711")).status_code == 404


async def test_decisions_come_out_as_labelled_pairs(api: AsyncClient) -> None:
    pair, _ = await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    await _decide(api, pair, "different")
    answer = await api.get("curation/export")
    (line,) = answer.text.splitlines()
    labelled = read_labelled_pair(line, "the export")
    assert labelled.expected == "different"
    said = json.loads(line)
    assert (said["category"], said["who"], said["why"]) == ("year", "Lan", "đã xem sách")


@pytest.mark.parametrize("why", ["", "  ", "x", "a\x00b c"])
async def test_a_decision_needs_its_reason_in_words(api: AsyncClient, why: str) -> None:
    pair, _ = await _pair_of(api, "Cơ sở văn hoá Việt Nam")
    answer = await api.post(f"curation/reviews/{pair}/decision", json={"decision": "same", "why": why})
    assert answer.status_code == 400
    assert "reason" in answer.json()["detail"]


async def test_curation_is_for_curators(api: AsyncClient, store: PostgresStore) -> None:
    _, secret = await add_key(store, Role.LIBRARY, A)
    api.headers["Authorization"] = f"Bearer {secret}"
    assert (await api.get("curation/reviews")).status_code == 403
    api.headers.pop("Authorization")
    assert (await api.get("curation/reviews")).status_code == 401
