"""A library checks its feed and has it accepted, over the API and a real store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import get_args

import pytest
from deliveries import a_delivery, a_source
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from api.access import Contributor
from api.errors import add_error_handlers
from api.problems import NOT_REGISTERED, ApiProblem
from api.v1 import checks
from schemas.quality import CheckEntry
from unioncat.core.delivery import DeliveredRecord
from unioncat.core.identifiers import Isil
from unioncat.core.quality.feed import FeedIdentity
from unioncat.core.registry import HarvestSource, SourceState
from unioncat.pipeline.check_source import Sample
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.store.engine import PostgresStore

LIBRARY = Isil("VN-TEST1")


class ActsFor:
    """The access of one library."""

    def __init__(self, isil: Isil) -> None:
        self.isil = isil

    def require_library(self, isil: Isil) -> None:
        if isil != self.isil:
            raise ApiProblem(NOT_REGISTERED, f"{isil} is not yours")


class Fixed:
    """A feed in memory."""

    def __init__(self, records: list[DeliveredRecord]) -> None:
        self.records = records

    async def identity(self) -> FeedIdentity:
        return FeedIdentity("Thư viện", "OAI-PMH 2.0", ("marc21",), (("books", "Sách"),))

    async def sample(self, limit: int) -> Sample:
        return Sample(tuple(self.records), len(self.records))


@asynccontextmanager
async def client_of(store: PostgresStore, feed: Fixed, isil: Isil = LIBRARY) -> AsyncIterator[AsyncClient]:
    async def open_probe(source: HarvestSource) -> Fixed:
        return feed

    app = FastAPI()
    app.include_router(checks.router, prefix="/api/v1")
    app.state.quality_desk = QualityDesk(store, open_probe)
    app.dependency_overrides[get_args(Contributor)[1].dependency] = lambda: ActsFor(isil)
    add_error_handlers(app)
    async with AsyncClient(
        transport=ASGITransport(app), base_url="http://catalogue.example/api/v1/"
    ) as client:
        yield client


async def test_a_check_is_answered_and_can_be_read_again(store: PostgresStore) -> None:
    source = await a_source(store)
    async with client_of(store, Fixed([a_delivery("a"), a_delivery("b")])) as client:
        assert (await client.get(f"sources/{source.id}/check")).status_code == 404
        made = await client.post(f"sources/{source.id}/check")
        kept = await client.get(f"sources/{source.id}/check")
    value = CheckEntry.model_validate_json(made.content)
    assert value.model_dump(mode="json") == made.json()
    assert value.sample is not None
    assert [record.title for record in value.sample.records][:1] == ["Cơ sở văn hoá Việt Nam"]
    assert {**made.json(), "checked": ""} == {**kept.json(), "checked": ""}


async def test_a_source_goes_from_check_to_acceptance_to_pause_to_its_end(store: PostgresStore) -> None:
    source = await a_source(store)
    feed = Fixed([])
    async with client_of(store, feed) as client:
        path = f"sources/{source.id}/acceptance"

        async def ask(state: str, **more: bool) -> tuple[int, str]:
            answer = await client.post(path, json={"state": state, **more})
            return answer.status_code, answer.json().get("state") or answer.json()["detail"]

        assert await ask("paused") == (200, SourceState.PAUSED)
        status, said = await ask("accepted")
        assert (status, "never checked" in said) == (409, True)
        await client.post(f"sources/{source.id}/check")
        status, said = await ask("accepted")
        assert (status, "was bad" in said) == (409, True)
        feed.records = [a_delivery("a")]
        await client.post(f"sources/{source.id}/check")
        assert await ask("accepted") == (200, SourceState.ACCEPTED)
        assert await ask("closed") == (200, SourceState.CLOSED)
        assert (await ask("accepted", force=True))[0] == 409
        assert (await ask("proposed"))[0] == 409


@pytest.mark.parametrize(("method", "path"), [("POST", "check"), ("GET", "check"), ("POST", "acceptance")])
async def test_another_library_may_not(store: PostgresStore, method: str, path: str) -> None:
    source = await a_source(store)
    async with client_of(store, Fixed([]), Isil("VN-OTHER")) as client:
        answer = await client.request(method, f"sources/{source.id}/{path}", json={"state": "closed"})
    assert answer.status_code == 404
