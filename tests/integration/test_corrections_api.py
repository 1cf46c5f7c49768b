"""Corrections, versions and previews over the API on a real store."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from deliveries import a_deletion, a_delivery, a_source, deliver
from httpx import AsyncClient
from offices import api_of
from sqlalchemy import text

from unioncat.core.delivery import DeliveredRecord
from unioncat.core.identifiers import Isil
from unioncat.core.match.policy import DEFAULT
from unioncat.core.membership.admission import Role
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.rematch import rematch
from unioncat.store.engine import PostgresStore

A, B = Isil("VN-TEST1"), Isil("VN-TEST2")
ISBN = "9786045701126"
TITLE = "Cơ sở văn hoá Việt Nam"
RIGHT = "Cơ sở văn hóa nước Việt"


@pytest.fixture
async def sources(store: PostgresStore) -> list[HarvestSource]:
    """Two libraries: one book of both, and one of its own of each."""
    sources = [await a_source(store, isil) for isil in (A, B)]
    await deliver(store, sources[0], [a_delivery("a1", isbn=ISBN), a_delivery("a2", "Kinh tế học vi mô")])
    await deliver(store, sources[1], [a_delivery("b1", isbn=ISBN), a_delivery("b2", "Kinh tế học vĩ mô")])
    await match_pending(store)
    return sources


@pytest.fixture
async def api(
    store: PostgresStore, sources: list[HarvestSource], tmp_path: Path
) -> AsyncIterator[AsyncClient]:
    """The API for a curator called Lan."""
    _, secret = await add_key(store, Role.CURATOR, None, "Lan")
    async with api_of(store, tmp_path) as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


async def _master(store: PostgresStore, number: str) -> str:
    """The identifier of the master record of a source record."""
    async with store.work() as work:
        connection = work.masters._connection  # type: ignore[attr-defined]
        found = await connection.scalar(
            text(
                "SELECT master_id FROM master_record m JOIN source_record r ON r.master_serial = m.serial"
                " WHERE r.control_number = :number"
            ),
            {"number": number},
        )
    return str(found)


async def _record(api: AsyncClient, record: str) -> dict[str, Any]:
    answer = await api.get(f"records/{record}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def _field(api: AsyncClient, record: str, tag: str) -> dict[str, Any]:
    shown = await _record(api, record)
    return next(dict(field) for field in shown["marc"]["fields"] if tag in field)


def _title(text: str) -> dict[str, Any]:
    return {"245": {"ind1": " ", "ind2": " ", "subfields": [{"a": text}]}}


async def _correct(api: AsyncClient, record: str, status: int = 201, **stated: Any) -> Any:
    answer = await api.post(f"records/{record}/corrections", json={"why": "theo trang tên sách", **stated})
    assert answer.status_code == status, answer.text
    return answer.json()


async def _effects(api: AsyncClient, record: str) -> list[str]:
    answer = await api.get(f"records/{record}/corrections")
    assert answer.status_code == 200, answer.text
    return [one["effect"] for one in answer.json()["corrections"]]


async def test_a_correction_survives_harvests_and_a_rebuild_and_says_who_made_it(
    api: AsyncClient, store: PostgresStore, sources: list[HarvestSource]
) -> None:
    record = await _master(store, "a1")
    old = await _field(api, record, "245")
    number = (await _correct(api, record, old=old, new=_title(RIGHT)))["id"]
    await match_pending(store)
    assert await _field(api, record, "245") == _title(RIGHT)
    shown = await _record(api, record)
    [owner] = [one for one in shown["provenance"] if one["tag"] == "245"]
    assert owner["contributors"] == []
    assert owner["rule"].startswith(f"correction {number} by Lan, 20")
    assert owner["rule"].endswith(": theo trang tên sách")
    await deliver(store, sources[0], [a_delivery("a1", isbn=ISBN, pages="293 tr.")])
    await match_pending(store)
    await rematch(store, DEFAULT.name)
    await match_pending(store)
    assert await _field(api, record, "245") == _title(RIGHT)
    assert await _effects(api, record) == ["in-force"]
    [kept] = (await api.get(f"records/{record}/corrections")).json()["corrections"]
    assert kept["replaced"].startswith(f"245 {TITLE}")
    assert (kept["who"], kept["why"]) == ("Lan", "theo trang tên sách")


async def _decide(api: AsyncClient, store: PostgresStore, what: str, **stated: Any) -> int:
    """Merge or split, and let the matcher follow; the number of the decision."""
    answer = await api.post(f"curation/{what}", json={"why": "hai bản như nhau", **stated})
    assert answer.status_code == 200, answer.text
    await match_pending(store)
    return int(answer.json()["decision"])


async def _undo(api: AsyncClient, store: PostgresStore, number: int) -> None:
    answer = await api.post(f"curation/decisions/{number}/withdrawal", json={"why": "nhầm rồi"})
    assert answer.status_code == 200, answer.text
    await match_pending(store)


async def test_a_correction_goes_with_its_record_through_a_merge_and_comes_back_after_the_undo(
    api: AsyncClient, store: PostgresStore
) -> None:
    one, two = await _master(store, "a2"), await _master(store, "b2")
    was = await _field(api, one, "245")
    await _correct(api, two, new=_title(RIGHT))
    await match_pending(store)
    number = await _decide(api, store, "merges", records=[one, two])
    assert await _field(api, min(one, two), "245") == _title(RIGHT)
    assert await _effects(api, min(one, two)) == ["in-force"]
    await _undo(api, store, number)
    assert await _field(api, two, "245") == _title(RIGHT)
    assert await _field(api, one, "245") == was
    assert await _effects(api, one) == []


async def test_a_correction_stays_with_the_part_that_keeps_its_records_through_a_split(
    api: AsyncClient, store: PostgresStore
) -> None:
    book = await _master(store, "a1")
    await _correct(api, book, new=_title(RIGHT))
    await match_pending(store)
    number = await _decide(api, store, "splits", record=book, leave=[{"isil": B, "control_number": "b1"}])
    parts = {number: await _master(store, number) for number in ("a1", "b1")}
    assert parts["a1"] == book != parts["b1"]
    assert await _field(api, book, "245") == _title(RIGHT)
    await _undo(api, store, number)
    assert await _master(store, "b1") == book
    assert await _field(api, book, "245") == _title(RIGHT)
    assert await _effects(api, book) == ["in-force"]


async def test_an_identifier_that_was_merged_twice_leads_to_the_last_and_after_the_undo_to_where_it_was(
    api: AsyncClient, store: PostgresStore
) -> None:
    lowest, middle, highest = sorted([await _master(store, number) for number in ("a1", "a2", "b2")])
    await _decide(api, store, "merges", records=[middle, highest])
    assert await _leads_to(api, highest) == middle
    number = await _decide(api, store, "merges", records=[lowest, middle])
    assert (await _leads_to(api, highest), await _leads_to(api, middle)) == (lowest, lowest)
    await _undo(api, store, number)
    assert await _leads_to(api, highest) == middle
    assert (await api.get(f"records/{middle}")).status_code == 200


async def _leads_to(api: AsyncClient, record: str) -> str:
    answer = await api.get(f"records/{record}", follow_redirects=False)
    assert answer.status_code == 308, answer.text
    return str(answer.headers["location"]).rsplit("/", 1)[-1]


async def test_a_correction_whose_wording_is_gone_is_told_as_stale(
    api: AsyncClient, store: PostgresStore, sources: list[HarvestSource]
) -> None:
    record = await _master(store, "a2")
    await _correct(
        api,
        record,
        old=await _field(api, record, "300"),
        new={"300": {"ind1": " ", "ind2": " ", "subfields": [{"a": "300 tr."}]}},
    )
    await deliver(store, sources[0], [a_delivery("a2", "Kinh tế học vi mô", pages="294 tr.")])
    await match_pending(store)
    assert await _effects(api, record) == ["stale"]
    assert (await _field(api, record, "300"))["300"]["subfields"] == [{"a": "294 tr."}]


async def test_of_two_corrections_of_a_field_the_later_wins_until_it_is_withdrawn(
    api: AsyncClient, store: PostgresStore
) -> None:
    record = await _master(store, "a2")
    await _correct(api, record, new=_title("Kinh tế vi mô 1"))
    second = (await _correct(api, record, new=_title("Kinh tế vi mô 2")))["id"]
    await match_pending(store)
    assert await _field(api, record, "245") == _title("Kinh tế vi mô 2")
    undo = await api.post(f"corrections/{second}/withdrawal", json={"why": "nhầm"})
    assert undo.json() == {"withdrawn": True}
    await match_pending(store)
    assert await _field(api, record, "245") == _title("Kinh tế vi mô 1")
    assert await _effects(api, record) == ["in-force", "withdrawn"]
    assert (await api.post(f"corrections/{second}/withdrawal", json={"why": "x y"})).json() == {
        "withdrawn": False
    }
    assert (await api.post("corrections/999/withdrawal", json={"why": "x y"})).status_code == 404


async def test_what_cannot_be_corrected_is_refused(api: AsyncClient, store: PostgresStore) -> None:
    record = await _master(store, "a1")
    version = (await _record(api, record))["version"]
    seen = await _correct(api, record, 409, new=_title("x"), version=version + 1)
    assert f"is at version {version} now" in seen["detail"]
    await _correct(api, record, 409, old=_title("Không có"), new=_title("x"))
    await _correct(api, record, 409, new=_title(TITLE) | {}, old=_title("Không có"))
    twice = await _correct(api, record, 409, new=_title("x"), adds=True)
    assert "has field 245, and one is all it can have: replace it" in twice["detail"]
    await _correct(api, record, 400)
    await _correct(api, record, 400, new={"001": "x"})
    await _correct(api, record, 400, new={"852": {"ind1": " ", "ind2": " ", "subfields": [{"a": "x"}]}})
    await _correct(api, record, 400, new=_title("x"), why=" ")
    await _correct(api, "u0000kh", 404, new=_title("x"))
    api.headers.pop("Authorization")
    await _correct(api, record, 401, new=_title("x"))


async def test_versions_are_kept_and_compared(
    api: AsyncClient, store: PostgresStore, sources: list[HarvestSource]
) -> None:
    record = await _master(store, "a2")
    before = await _record(api, record)
    await _correct(api, record, new=_title(RIGHT))
    await match_pending(store)
    now = await _record(api, record)
    lines = (await api.get(f"records/{record}/versions")).json()["versions"]
    assert [(line["version"], line["current"]) for line in lines] == [(2, True), (1, False)]
    for version, shown in ((1, before), (2, now)):
        answer = await api.get(f"records/{record}/versions/{version}")
        assert answer.json()["marc"] == shown["marc"]
        marcxml = await api.get(f"records/{record}/versions/{version}", params={"format": "marcxml"})
        assert (RIGHT in marcxml.text) == (version == 2)
    changes = (await api.get(f"records/{record}/versions/1/diff/2")).json()["fields"]
    assert [change["tag"] for change in changes] == ["245"]
    assert changes[0]["before"]["owners"] == [{"isil": A, "control_number": "a2"}]
    assert changes[0]["after"]["field"] == _title(RIGHT)
    assert (await api.get(f"records/{record}/versions/9")).status_code == 404
    await deliver(store, sources[0], [a_deletion("a2")])
    await match_pending(store)
    gone = await api.get(f"records/{record}")
    assert gone.status_code == 410
    assert re.fullmatch(
        rf"The last library that had '{record}', {RIGHT}, withdrew its record on \d{{4}}-\d\d-\d\d",
        gone.json()["detail"],
    )
    ended = (await api.get(f"records/{record}/versions")).json()["versions"]
    assert [line["current"] for line in ended] == [False, False]


async def test_a_preview_tells_what_a_merge_and_a_split_would_make_and_writes_nothing(
    api: AsyncClient, store: PostgresStore
) -> None:
    one, two, book = await _master(store, "a2"), await _master(store, "b2"), await _master(store, "a1")
    before = await _everything(store)
    merged = (await api.post("curation/preview", params={"lang": "en"}, json={"merge": [one, two]})).json()
    [outlook] = merged["records"]
    assert outlook["id"] == min(one, two)
    assert outlook["takes_over"] == [max(one, two)]
    assert outlook["libraries"] == [A, B]
    assert outlook["copies"] == 2
    assert outlook["changes"]["fields"]
    assert any(hindrance["veto"] for hindrance in merged["hindrances"]), merged["hindrances"]
    split = {"split": book, "leave": [{"isil": B, "control_number": "b1"}]}
    parts = (await api.post("curation/preview", json=split)).json()["records"]
    assert [(part["id"], part["libraries"]) for part in parts] == [(book, [A]), (None, [B])]
    assert await _everything(store) == before


def _translated(number: str, translator: str) -> DeliveredRecord:
    """A translation, with its translator in MARC 245 $c and 700."""
    plain = a_delivery(number, "Người mẹ", "Maksim Gorki")
    record = json.loads(plain.raw)
    fields = {tag: field for field in record["fields"] for tag, field in field.items()}
    fields["245"]["subfields"][1] = {"c": f"Maksim Gorki ; {translator} dịch"}
    name = {"ind1": " ", "ind2": " ", "subfields": [{"a": translator}, {"e": "dịch"}]}
    record["fields"].append({"700": name})
    return replace(plain, raw=json.dumps(record, ensure_ascii=False).encode())


async def test_a_preview_names_persons_as_the_records_write_them(
    api: AsyncClient, store: PostgresStore, sources: list[HarvestSource]
) -> None:
    await deliver(store, sources[0], [_translated("a3", "Phan Thị Thao")])
    await deliver(store, sources[1], [_translated("b3", "Đỗ Xuân Hà")])
    await match_pending(store)
    pair = [await _master(store, "a3"), await _master(store, "b3")]
    preview = (await api.post("curation/preview", params={"lang": "vi"}, json={"merge": pair})).json()
    said = " ".join(one["veto"]["sentence"] for one in preview["hindrances"] if one["veto"])
    assert "Phan Thị Thao" in said
    assert "Đỗ Xuân Hà" in said


async def test_a_preview_names_the_decision_that_forbids_it(api: AsyncClient, store: PostgresStore) -> None:
    book = await _master(store, "a1")
    leave = [{"isil": B, "control_number": "b1"}]
    made = await api.post("curation/splits", json={"record": book, "leave": leave, "why": "khác bản"})
    assert made.status_code == 200, made.text
    await match_pending(store)
    pair = [await _master(store, "a1"), await _master(store, "b1")]
    shown = (await api.post("curation/preview", json={"merge": pair})).json()
    assert made.json()["decision"] in [one["decision"] for one in shown["hindrances"]]


@pytest.mark.parametrize(
    "stated", [{}, {"merge": ["{one}"]}, {"split": "{one}"}, {"merge": ["{one}"], "split": "{one}"}]
)
async def test_a_preview_of_nothing_is_refused(
    api: AsyncClient, store: PostgresStore, stated: dict[str, Any]
) -> None:
    one = await _master(store, "a1")
    named = {k: [one] if isinstance(v, list) else one for k, v in stated.items()}
    assert (await api.post("curation/preview", json=named)).status_code == 400


async def _everything(store: PostgresStore) -> list[tuple[str, int]]:
    """How many rows each table has, and which masters are at which version."""
    counted = ("curator_decision", "correction", "pending_match", "master_version", "change", "master_record")
    async with store.work() as work:
        connection = work.masters._connection  # type: ignore[attr-defined]
        rows = [(name, await connection.scalar(text(f"SELECT count(*) FROM {name}"))) for name in counted]
        rows += [("versions", await connection.scalar(text("SELECT sum(version) FROM master_record")))]
    return [(name, int(count)) for name, count in rows]
