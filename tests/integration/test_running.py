"""What is due is queued once, people start and stop, and every end is kept with what the library is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from procrastinate.schema import SchemaManager
from running_worker import SHORT, eventually, queue_of, working
from scripted_feeds import Behaviour, ScriptedFeeds, registered_feeds
from sqlalchemy.engine import make_url

from unioncat.core.errors import NotRegistered, StoreUnavailable, UnioncatError
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestKind, HarvestSource, HarvestStatus, HarvestTerms, SourceState
from unioncat.core.schedule import OPENS_AFTER, SPREAD
from unioncat.pipeline.feeds_port import FeedStanding
from unioncat.pipeline.jobs import Ended, Ending, Job, JobState, Limits
from unioncat.pipeline.plan_harvest import ALL
from unioncat.pipeline.running import FIRST, FeedControl, Started
from unioncat.queue import open_queue
from unioncat.queue.jobs import connection_arguments
from unioncat.store.engine import PostgresStore

NOW = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
NIGHTLY = "0 2 * * *"


async def stand(store: PostgresStore, source: SourceId) -> FeedStanding:
    async with store.work() as work:
        return await work.running.standing(source)


async def save(store: PostgresStore, *sources: HarvestSource) -> None:
    async with store.work() as work:
        for source in sources:
            await work.sources.save(source)
        await work.commit()


async def save_standing(store: PostgresStore, *standings: FeedStanding) -> None:
    async with store.work() as work:
        for standing in standings:
            await work.running.save_standing(standing)
        await work.commit()


# --- the store ----------------------------------------------------------------------------------------


async def test_a_standing_is_kept(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    assert await stand(store, feed.id) == FeedStanding(feed.id, None, 0, None)
    kept = FeedStanding(feed.id, NOW, 3, "Lỗi\nError")
    await save_standing(store, kept)
    assert await stand(store, feed.id) == kept
    with pytest.raises(NotRegistered, match="99"):
        await stand(store, SourceId(99))


async def test_accepted_feeds_are_due_the_longest_waiting_first(store: PostgresStore) -> None:
    early, late, future, paused, never = await registered_feeds(store, 5, NIGHTLY)
    await save(store, replace(paused, state=SourceState.PAUSED), replace(never, terms=HarvestTerms()))
    hour = timedelta(hours=1)
    dues = {late.id: NOW, early.id: NOW - hour, future.id: NOW + hour, paused.id: NOW - 2 * hour}
    await save_standing(store, *(FeedStanding(source, due, 0, None) for source, due in dues.items()))
    async with store.work() as work:
        assert await work.running.due(NOW, 10) == [early.id, late.id]
        assert await work.running.due(NOW, 1) == [early.id]
        assert await work.running.unplanned(10) == []


# --- what is due --------------------------------------------------------------------------------------


async def test_a_new_feed_with_a_schedule_is_planned_by_itself_and_queued_when_due(
    store: PostgresStore,
) -> None:
    scheduled, by_hand = await registered_feeds(store, 2, NIGHTLY)
    await save(store, replace(by_hand, terms=HarvestTerms()))
    async with queue_of(store) as queue:
        assert await FeedControl(store, queue, clock=lambda: NOW).enqueue_due() == 0
        due = (await stand(store, scheduled.id)).due
        assert due is not None
        assert NOW < due <= NOW + timedelta(days=1) + SPREAD
        assert (await stand(store, by_hand.id)).due is None
        later = FeedControl(store, queue, clock=lambda: due)
        assert await later.enqueue_due() == 1
        assert [job.job for job in await queue.active()] == [Job(scheduled.id)]
        assert await later.enqueue_due() == 0
        assert ((await stand(store, scheduled.id)).due or NOW) > due


async def test_a_feed_that_still_waits_is_not_queued_again_when_it_is_due_again(store: PostgresStore) -> None:
    await registered_feeds(store, 1, NIGHTLY)
    async with queue_of(store) as queue:
        for days in range(3):
            control = FeedControl(store, queue, clock=lambda days=days: NOW + timedelta(days=2 * days))  # type: ignore[misc]
            await control.enqueue_due()
        assert len(await queue.active()) == 1


async def test_a_feed_whose_schedule_was_taken_away_is_not_due(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    await save_standing(store, FeedStanding(feed.id, NOW, 0, None))
    async with queue_of(store) as queue:
        assert await FeedControl(store, queue, clock=lambda: NOW).enqueue_due() == 0
        assert await queue.active() == []
    assert (await stand(store, feed.id)).due is None


async def test_a_schedule_is_kept_by_a_worker(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1, NIGHTLY)
    await save_standing(store, FeedStanding(feed.id, datetime.now(UTC) - timedelta(hours=1), 0, None))
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.GOOD})
    async with working(store, feeds) as worker:

        async def done() -> bool:
            status = await worker.control.status(feed.id)
            return bool(
                status.harvest and status.harvest.status is HarvestStatus.COMPLETE and not status.jobs
            )

        await eventually(done)
        (planned,) = await worker.control.upcoming()
    assert planned.source.id == feed.id
    assert planned.standing.due is not None
    assert planned.standing.due > datetime.now(UTC)
    assert feeds.calls == [Job(feed.id)]


# --- how it ended -------------------------------------------------------------------------------------


async def test_failures_in_a_row_open_the_circuit_and_a_success_closes_it(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1, "*/10 * * * *")
    async with queue_of(store) as queue:
        control = FeedControl(store, queue, clock=lambda: NOW)
        waits = []
        for _ in range(OPENS_AFTER):
            await control.end(Job(feed.id), Ended(Ending.FAILED, "the server does not answer"))
            waits.append(((await stand(store, feed.id)).due or NOW) - NOW)
        assert waits == sorted(waits)
        assert waits[-1] == timedelta(days=1)
        standing = await stand(store, feed.id)
        assert standing.failures == OPENS_AFTER
        assert "the server does not answer" in (standing.message or "")
        await control.end(Job(feed.id), Ended(Ending.DONE))
        standing = await stand(store, feed.id)
        assert (standing.failures, standing.message) == (0, None)
        assert (standing.due or NOW) - NOW <= timedelta(minutes=10) + SPREAD


@pytest.mark.parametrize("ending", [Ending.TURN_OVER, Ending.BUSY, Ending.STORE_AWAY, Ending.STOPPED])
async def test_what_is_not_the_feeds_fault_does_not_count(store: PostgresStore, ending: Ending) -> None:
    (feed,) = await registered_feeds(store, 1, NIGHTLY)
    await save_standing(store, FeedStanding(feed.id, NOW, 2, "Lỗi\nError"))
    async with queue_of(store) as queue:
        await FeedControl(store, queue, clock=lambda: NOW).end(Job(feed.id), Ended(ending))
    standing = await stand(store, feed.id)
    assert (standing.failures, standing.message) == (2, "Lỗi\nError")


async def test_audits_and_retries_do_not_count(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1, NIGHTLY)
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        await control.end(Job(feed.id, HarvestKind.AUDIT), Ended(Ending.FAILED, "no list"))
    assert await stand(store, feed.id) == FeedStanding(feed.id, None, 0, None)


# --- people -------------------------------------------------------------------------------------------


async def test_a_source_waits_at_most_once(store: PostgresStore) -> None:
    first, second = await registered_feeds(store, 2)
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        assert await control.start(first.id, "a person") is Started.QUEUED
        assert await control.start(first.id, "another") is Started.ALREADY_QUEUED
        assert not await queue.put(Job(first.id))
        assert await control.start(second.id, "a person", since=ALL) is Started.QUEUED
        assert [job.job for job in await queue.active()] == [
            Job(first.id, requested_by="a person"),
            Job(second.id, since=ALL, requested_by="a person"),
        ]


async def test_what_may_not_be_harvested_is_not_queued(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    await save(store, replace(feed, state=SourceState.PROPOSED))
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        with pytest.raises(UnioncatError, match="proposed"):
            await control.start(feed.id, "a person")
        with pytest.raises(NotRegistered):
            await control.start(SourceId(99), "a person")
        with pytest.raises(NotRegistered):
            await control.stop(SourceId(99))
        assert await queue.active() == []


async def test_a_feed_that_is_paused_while_it_waits_is_not_run(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.GOOD})
    async with queue_of(store) as queue:
        await FeedControl(store, queue).start(feed.id, "a person")
    await save(store, replace(feed, state=SourceState.PAUSED))
    async with working(store, feeds) as worker:

        async def gone() -> bool:
            return not await worker.control.queue.active()

        await eventually(gone)
    assert feeds.calls == []


async def test_what_a_person_wants_now_comes_first_and_feeds_that_failed_come_last(
    store: PostgresStore,
) -> None:
    failed, well, wanted = await registered_feeds(store, 3)
    await save_standing(store, FeedStanding(failed.id, None, 2, None))
    feeds = ScriptedFeeds(store, dict.fromkeys((failed.id, well.id, wanted.id), Behaviour.GOOD))
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        await control.start(failed.id, "a person")
        await control.start(well.id, "a person")
        await control.start(wanted.id, "a person", first=True)
    async with working(store, feeds, slots=1) as worker:

        async def empty() -> bool:
            return not await worker.control.queue.active()

        await eventually(empty)
    assert [job.source for job in feeds.calls] == [wanted.id, well.id, failed.id]
    assert FIRST > 0


async def test_a_person_stops_a_harvest_after_its_page_and_the_next_one_resumes(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.LONG})
    async with working(store, feeds, limits=Limits(turn=30.0, patience=2.0)) as worker:
        await worker.control.start(feed.id, "a person")

        async def under_way() -> bool:
            run = (await worker.control.status(feed.id)).harvest
            return bool(run and run.counts.delivered)

        await eventually(under_way)
        (shown,) = await worker.control.jobs()
        assert shown.running is not None
        assert (shown.queued, shown.harvest and shown.harvest.total) == (None, 400)
        assert await worker.control.start(feed.id, "a person") is Started.RUNNING
        assert await worker.control.stop(feed.id)

        async def stopped() -> bool:
            return not (await worker.control.status(feed.id)).jobs

        await eventually(stopped)
        status = await worker.control.status(feed.id)
        assert status.harvest is not None
        assert status.harvest.status is HarvestStatus.STOPPED
        assert 0 < status.harvest.counts.delivered < 400
        assert (status.standing.failures, status.standing.message) == (0, None)
        assert not await worker.control.stop(feed.id)
        await worker.control.start(feed.id, "a person")

        async def complete() -> bool:
            run = (await worker.control.status(feed.id)).harvest
            return run is not None and run.status is HarvestStatus.COMPLETE

        await eventually(complete)
        run = (await worker.control.status(feed.id)).harvest
        assert run is not None
        assert (run.id, run.counts.delivered) == (status.harvest.id, 400)


async def test_a_person_drops_what_waits(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        await control.start(feed.id, "a person")
        assert await control.stop(feed.id)
        assert await queue.active() == []


async def test_a_harvest_since_a_date_goes_on_in_its_later_turns_instead_of_beginning_again(
    store: PostgresStore,
) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.LONG})
    async with working(store, feeds, limits=SHORT) as worker:
        await worker.control.start(feed.id, "a person", since="2020-01-01")

        async def complete() -> bool:
            run = (await worker.control.status(feed.id)).harvest
            return run is not None and run.status is HarvestStatus.COMPLETE

        await eventually(complete)
    assert feeds.calls[0].since == "2020-01-01"
    assert len(feeds.calls) > 1
    assert {job.since for job in feeds.calls[1:]} == {None}
    async with store.work() as work:
        (run,) = await work.harvests.of(feed.id, 10)
    assert (run.window_from, run.counts.delivered) == ("2020-01-01", 400)


async def test_a_source_that_another_process_harvests_is_left_for_later(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.GOOD})
    async with working(store, feeds) as worker:
        async with store.harvest_lock(feed.id) as alone:
            assert alone
            await worker.control.start(feed.id, "a person")

            async def tried() -> bool:
                return any(job.turns for job in await worker.control.queue.active())

            await eventually(tried)
            assert feeds.calls == []

        async def done() -> bool:
            return not await worker.control.queue.active()

        await eventually(done)
        assert (await worker.control.status(feed.id)).standing.failures == 0
    assert len(feeds.calls) == 1


# --- the library of the queue -------------------------------------------------------------------------


def test_no_migration_of_the_queue_library_is_missing_in_ours() -> None:
    newest = max(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    ours = (Path(__file__).parents[2] / "alembic" / "versions" / "0004_job_queue.py").read_text()
    assert f'"{newest}"' in ours, (
        "the queue library was upgraded: add a migration that applies its new scripts"
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+asyncpg://u@/cat?host=/run/pg", {"host": "/run/pg", "port": 5432, "user": "u"}),
        (
            "postgresql+asyncpg://u:p%40s@db:5433/cat?ssl=require",
            {"host": "db", "password": "p@s", "sslmode": "require"},
        ),
    ],
)
def test_the_queue_uses_the_database_of_the_store(url: str, expected: dict[str, object]) -> None:
    arguments = connection_arguments(make_url(url))
    assert expected.items() <= arguments.items()
    assert arguments["dbname"] == "cat"


async def test_a_queue_that_does_not_answer_is_said(tmp_path: Path) -> None:
    async with open_queue(f"postgresql+asyncpg://u@/cat?host={tmp_path}") as queue:
        with pytest.raises(StoreUnavailable, match="UNIONCAT_DATABASE_URL"):
            await queue.active()


async def test_jobs_keep_what_was_asked_for(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    asked = Job(feed.id, HarvestKind.AUDIT, "2026-01-01", "một thủ thư")
    async with queue_of(store) as queue:
        assert await queue.put(asked)
        (kept,) = await queue.active(feed.id)
    assert (kept.job, kept.state, kept.turns) == (asked, JobState.QUEUED, 0)
