"""Whatever befalls a worker, its jobs are finished, and no page is stored twice (law 8)."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from killable_worker import worker_in_a_process
from running_worker import QUICK, eventually, queue_of, working
from scripted_feeds import Behaviour, ScriptedFeeds, registered_feeds

from unioncat.core.identifiers import SourceId
from unioncat.core.registry import Harvest, HarvestStatus
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.embedded.programs import find_programs
from unioncat.pipeline.jobs import JobState, Limits
from unioncat.pipeline.running import FeedControl
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

PATIENT = Limits(turn=30.0, patience=1.0)


async def newest(store: PostgresStore, source: SourceId) -> Harvest | None:
    async with store.work() as work:
        found = await work.harvests.newest(source)
    return found and found[0]


async def delivered(store: PostgresStore, source: SourceId) -> int:
    run = await newest(store, source)
    return run.counts.delivered if run else 0


async def is_complete(store: PostgresStore, source: SourceId) -> bool:
    run = await newest(store, source)
    return run is not None and run.status is HarvestStatus.COMPLETE


async def test_after_kill_9_the_next_worker_finishes_the_job(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    async with queue_of(store) as queue:
        await FeedControl(store, queue).start(feed.id, "a test")
        killed = worker_in_a_process(store.address, feed.id)

        async def some_pages() -> bool:
            return await delivered(store, feed.id) >= 50

        await eventually(some_pages, seconds=60)
        killed.kill()
        killed.join()
        assert killed.exitcode == -signal.SIGKILL
        assert [job.state for job in await queue.active()] == [JobState.RUNNING]  # nobody knows yet
    stored = await delivered(store, feed.id)
    assert stored < 400
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.GOOD}, pages=40)
    async with working(store, feeds, limits=PATIENT) as worker:
        took = await eventually(lambda: is_complete(store, feed.id))
        assert took < QUICK.silence + 4
        assert (await worker.control.status(feed.id)).standing.failures == 0
    assert await delivered(store, feed.id) == 400


async def test_a_worker_that_is_stopped_gives_its_job_back_after_the_page(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.GOOD}, pages=40)
    async with working(store, feeds, limits=PATIENT) as worker:
        await worker.control.start(feed.id, "a test")

        async def some_pages() -> bool:
            return await delivered(store, feed.id) >= 50

        await eventually(some_pages)
    run = await newest(store, feed.id)
    assert run is not None
    assert run.status is HarvestStatus.STOPPED
    async with queue_of(store) as queue:
        assert [job.state for job in await queue.active()] == [JobState.QUEUED]
    async with working(store, feeds, limits=PATIENT):
        await eventually(lambda: is_complete(store, feed.id))
    assert await delivered(store, feed.id) == 400


async def test_a_worker_that_is_stopped_while_a_feed_hangs_ends_in_time_and_the_job_waits(
    store: PostgresStore,
) -> None:
    (feed,) = await registered_feeds(store, 1)
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.SILENT})
    async with working(store, feeds, limits=Limits(turn=30.0, patience=0.3)) as worker:
        await worker.control.start(feed.id, "a test")
        await eventually(lambda: _began(feeds))
        await asyncio.wait_for(worker.end(), 3.0)
        async with queue_of(store) as queue:
            assert [job.state for job in await queue.active()] == [JobState.QUEUED]
            assert (await FeedControl(store, queue).status(feed.id)).standing.failures == 0


async def _began(feeds: ScriptedFeeds) -> bool:
    return bool(feeds.calls)


@contextlib.asynccontextmanager
async def _own_server() -> AsyncIterator[tuple[PostgresStore, Path]]:
    """A store on a server of its own, which may be restarted."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder)) as server:
            await ensure_database(server, "catalogue")
            store = PostgresStore(database_url(server, "catalogue"))
            await store.migrate()
            yield store, Path(folder)
            await store.close()


def _kill_server(home: Path) -> None:
    """End the server as a crash does; whoever uses it next starts it again."""
    folder = (home / "server").resolve()
    assert (
        find_programs(None).run("pg_ctl", "stop", "-D", "data", "-m", "immediate", cwd=folder).returncode == 0
    )


async def test_a_restart_of_the_database_in_the_middle_is_survived() -> None:
    async with _own_server() as (store, home):
        (feed, silent) = await registered_feeds(store, 2)
        behaviours = {feed.id: Behaviour.GOOD, silent.id: Behaviour.SILENT}
        feeds = ScriptedFeeds(store, behaviours, pages=40, page_seconds=0.05)
        async with working(store, feeds, limits=Limits(turn=60.0, patience=0.5)) as worker:
            await worker.control.start(feed.id, "a test")
            await worker.control.start(silent.id, "a test")

            async def some_pages() -> bool:
                return await delivered(store, feed.id) >= 50

            await eventually(some_pages)
            await asyncio.to_thread(_kill_server, home)
            await asyncio.sleep(0.3)
            with embedded_postgres(home):
                await eventually(lambda: is_complete(store, feed.id), seconds=30)
                assert await delivered(store, feed.id) == 400
                assert (await worker.control.status(feed.id)).standing.failures == 0
                assert [job.job.source for job in await worker.control.queue.active()] == [silent.id]
                await worker.control.stop(silent.id)
                await worker.end()


async def test_a_job_of_a_silent_worker_is_not_lost_when_another_of_its_source_waits(
    store: PostgresStore,
) -> None:
    """Two jobs of one source, one of them of a dead worker: the one that waits goes on, the other is forgotten."""
    (feed,) = await registered_feeds(store, 1)
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        await control.start(feed.id, "a test")
        dead = await queue.app.job_manager.register_worker()
        assert await queue.app.job_manager.fetch_job(["harvests"], dead) is not None
        assert await queue.put((await queue.active(feed.id))[0].job)
        feeds = ScriptedFeeds(store, {feed.id: Behaviour.GOOD})
        async with working(store, feeds):
            await eventually(lambda: is_complete(store, feed.id))

            async def empty() -> bool:
                return not await queue.active()

            await eventually(empty)
    assert len(feeds.calls) == 1
