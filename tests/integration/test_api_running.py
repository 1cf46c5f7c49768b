"""The wishes of libraries about their feeds, over a store and a queue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from running_worker import eventually, queue_of, working
from scripted_feeds import LIBRARY, Behaviour, ScriptedFeeds, registered_feeds

from api.access import Contributor
from api.errors import add_error_handlers
from api.problems import NOT_REGISTERED, ApiProblem
from api.v1 import running
from schemas.running import SourceRunning
from unioncat.core.identifiers import Isil
from unioncat.core.registry import SourceState
from unioncat.core.schedule import tell_failure
from unioncat.pipeline.feeds_port import FeedStanding
from unioncat.pipeline.jobs import JobQueue
from unioncat.pipeline.running import FeedControl
from unioncat.store.engine import PostgresStore

NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)


class ActsFor:
    """The access of one library."""

    def __init__(self, isil: Isil) -> None:
        self.isil = isil

    def require_library(self, isil: Isil) -> None:
        if isil != self.isil:
            raise ApiProblem(NOT_REGISTERED, f"{isil} is not yours")


@asynccontextmanager
async def client_of(control: FeedControl, isil: Isil = LIBRARY) -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.include_router(running.router, prefix="/api/v1")
    app.state.feed_control = control
    app.dependency_overrides[get_args(Contributor)[1].dependency] = lambda: ActsFor(isil)
    add_error_handlers(app)
    async with AsyncClient(
        transport=ASGITransport(app), base_url="http://catalogue.example/api/v1/"
    ) as client:
        yield client


@asynccontextmanager
async def feeds_api(store: PostgresStore) -> AsyncIterator[tuple[AsyncClient, JobQueue]]:
    async with queue_of(store) as queue, client_of(FeedControl(store, queue)) as client:
        yield client, queue


def shape(answer: Any, status: int = 202) -> SourceRunning:
    assert answer.status_code == status, answer.text
    value = SourceRunning.model_validate_json(answer.content)
    assert value.model_dump(mode="json") == answer.json()
    return value


async def test_a_feed_that_never_ran_stands_with_nothing(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1, "0 2 * * *")
    async with feeds_api(store) as (client, _):
        found = shape(await client.get(f"sources/{feed.id}/running"), 200)
    assert (found.source, found.isil, found.schedule) == (feed.id, LIBRARY, "0 2 * * *")
    assert (found.running, found.queued, found.run, found.message) == (False, False, None, None)


async def test_the_library_reads_its_message_in_both_languages(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with store.work() as work:
        await work.running.save_standing(FeedStanding(feed.id, NOW, 1, tell_failure(1, NOW, "refused")))
        await work.commit()
    async with feeds_api(store) as (client, _):
        found = shape(await client.get(f"sources/{feed.id}/running"), 200)
    assert found.message is not None
    assert "không thành công" in found.message.vi
    assert "failed" in found.message.en
    assert (found.failures, found.due) == (1, NOW)


async def test_a_harvest_is_asked_for_once_and_dropped_again(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with feeds_api(store) as (client, queue):
        assert shape(await client.post(f"sources/{feed.id}/harvests", json={"from": "2026-01-31"})).queued
        assert shape(await client.post(f"sources/{feed.id}/harvests")).queued
        (job,) = await queue.active()
        assert (job.job.since, job.job.requested_by) == ("2026-01-31", f"library {LIBRARY}")
        assert not shape(await client.post(f"sources/{feed.id}/stop")).queued
        assert not shape(await client.post(f"sources/{feed.id}/stop")).queued
        assert await queue.active() == []


async def test_a_harvest_from_a_date_is_refused_while_another_waits(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with feeds_api(store) as (client, _):
        shape(await client.post(f"sources/{feed.id}/harvests"))
        refused = await client.post(f"sources/{feed.id}/harvests", json={"from": "2026-01-31"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/docs#harvest-under-way")
    assert "stop it first" in refused.json()["detail"]


async def test_a_feed_that_is_not_accepted_is_not_harvested(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with store.work() as work:
        await work.sources.save(replace(feed, state=SourceState.PROPOSED))
        await work.commit()
    async with feeds_api(store) as (client, queue):
        refused = await client.post(f"sources/{feed.id}/harvests")
        assert (refused.status_code, refused.json()["type"]) == (409, "/docs#source-not-accepted")
        assert await queue.active() == []


async def test_only_its_own_library_may_ask(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with queue_of(store) as queue, client_of(FeedControl(store, queue), Isil("VN-OTHER")) as client:
        for method, path in (("GET", "running"), ("POST", "harvests"), ("POST", "stop")):
            assert (await client.request(method, f"sources/{feed.id}/{path}")).status_code == 404
        assert await queue.active() == []


async def test_what_cannot_be_used_is_a_problem(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with feeds_api(store) as (client, _):
        assert (await client.get("sources/99/running")).status_code == 404
        assert (await client.post("sources/99/stop")).status_code == 404
        assert (await client.get("sources/none/running")).status_code == 400
        wrong = await client.post(f"sources/{feed.id}/harvests", json={"from": "yesterday"})
        assert wrong.status_code == 400


async def test_a_run_under_way_shows_how_far_it_is(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.LONG})
    async with working(store, feeds) as worker, client_of(worker.control) as client:
        await client.post(f"sources/{feed.id}/harvests")
        seen: list[SourceRunning] = []

        async def under_way() -> bool:
            seen.append(shape(await client.get(f"sources/{feed.id}/running"), 200))
            return bool(seen[-1].running and seen[-1].run and seen[-1].run.counts.delivered)

        await eventually(under_way)
        assert seen[-1].run is not None
        assert (seen[-1].run.total, seen[-1].run.status) == (400, "running")
        await client.post(f"sources/{feed.id}/stop")
