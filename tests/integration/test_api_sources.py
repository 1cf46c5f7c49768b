"""A library without a server comes in over the API: it offers a feed, uploads, and is harvested; others keep out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from deliveries import a_delivery, a_source, deliver
from httpx import AsyncClient
from offices import api_of, feeds_of

from unioncat.core.identifiers import Isil
from unioncat.core.membership.admission import Role
from unioncat.core.registry import Deletions
from unioncat.pipeline.access_keys import add_key
from unioncat.store.engine import PostgresStore

OURS, OTHERS = Isil("VN-TEST1"), Isil("VN-TEST2")


@pytest.fixture
async def api(store: PostgresStore, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    await a_source(store, OTHERS)
    await a_source(store, OURS)
    async with api_of(store, tmp_path) as client:
        _, secret = await add_key(store, Role.LIBRARY, OURS)
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


PROPOSAL = {"protocol": "oai-pmh", "address": "https://library.example/oai", "schedule": "0 2 * * *"}


async def test_a_library_offers_a_feed_that_waits_to_be_accepted(api: AsyncClient) -> None:
    made = await api.post(f"libraries/{OURS}/sources", json=PROPOSAL)
    assert made.status_code == 201
    assert (made.json()["state"], made.json()["schedule"]) == ("proposed", "0 2 * * *")
    assert (await api.get(f"sources/{made.json()['id']}")).json() == made.json()
    again = await api.post(f"libraries/{OURS}/sources", json=PROPOSAL)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schedule": "at night"}, "at night"),
        ({"profile": "nonsense"}, "nonsense"),
        ({"columns": [{"name": "Tên", "role": "colour"}]}, "colour"),
        ({"protocol": "folder", "address": "/etc"}, "operator"),
        ({"most_deletions": 101}, "most_deletions"),
    ],
)
async def test_what_cannot_be_used_is_named(api: AsyncClient, change: dict, said: str) -> None:
    answer = await api.post(f"libraries/{OURS}/sources", json={**PROPOSAL, **change})
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]


async def test_a_library_may_not_touch_the_feeds_of_another(api: AsyncClient, store: PostgresStore) -> None:
    async with store.work() as work:
        (theirs,) = await work.sources.all(OTHERS)
    assert (await api.post(f"libraries/{OTHERS}/sources", json=PROPOSAL)).status_code == 403
    for method, path, body in (
        ("PUT", "terms", {"json": {}}),
        ("PUT", "secret", {"json": {"kind": "bearer", "secret": "x"}}),
        ("PUT", "files/a.mrc", {"content": b"x"}),
        ("POST", "deletions", {"json": {"delete": True}}),
    ):
        answer = await api.request(method, f"sources/{theirs.id}/{path}", **body)
        assert answer.status_code == 403, path
    api.headers.pop("Authorization")
    assert (await api.put(f"sources/{theirs.id}/files/a.mrc", content=b"x")).status_code == 401


async def test_an_upload_waits_for_the_worker_and_bad_ones_are_named(
    api: AsyncClient, store: PostgresStore, tmp_path: Path
) -> None:
    async with store.work() as work:
        (source,) = await work.sources.all(OURS)
    taken = await api.put(f"sources/{source.id}/files/sách.json", content=a_delivery("a").raw)
    assert (taken.status_code, taken.json()["name"]) == (202, "sách.json")
    running = await api.get(f"sources/{source.id}/running")
    assert running.json()["queued"] is not None, "the upload is in the queue"
    assert (await feeds_of(store, tmp_path).harvest(source.id)).created == 1
    empty = await api.put(f"sources/{source.id}/files/empty.mrc", content=b"")
    assert (empty.status_code, "empty" in empty.json()["detail"]) == (422, True)


async def test_rejected_records_are_read_again_on_demand(api: AsyncClient, store: PostgresStore) -> None:
    async with store.work() as work:
        (source,) = await work.sources.all(OURS)
    asked = await api.post(f"sources/{source.id}/runs", json={"kind": "retry"})
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    again = await api.post(f"sources/{source.id}/runs", json={"kind": "retry"})
    assert again.json()["state"] == "already queued"


async def test_a_secret_is_kept_and_never_shown(api: AsyncClient) -> None:
    made = (await api.post(f"libraries/{OURS}/sources", json=PROPOSAL)).json()
    kept = await api.put(f"sources/{made['id']}/secret", json={"kind": "basic", "name": "u", "secret": "mật"})
    assert kept.status_code == 204
    shown = await api.get(f"sources/{made['id']}")
    assert shown.json()["has_secret"] is True
    assert "mật" not in shown.text


async def test_deletions_that_wait_are_shown_and_decided(api: AsyncClient, store: PostgresStore) -> None:
    async with store.work() as work:
        (source,) = await work.sources.all(OURS)
        terms = replace(source.terms, deletions=Deletions.REPLACE)
        source = await work.sources.save(replace(source, terms=terms))
        await work.commit()
    await deliver(store, source, [a_delivery(str(number)) for number in range(30)])
    await deliver(store, source, [a_delivery(str(number)) for number in range(10)])
    shown = (await api.get(f"sources/{source.id}/deletions")).json()
    assert (shown["count"], len(shown["identifiers"])) == (20, 20)
    decided = await api.post(f"sources/{source.id}/deletions", json={"delete": True})
    assert decided.json() == {"run": None, "count": 0, "identifiers": []}
    assert (await api.post(f"sources/{source.id}/deletions", json={"delete": True})).status_code == 409
