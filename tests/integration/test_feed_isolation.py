"""Law 7: a broken, slow or hostile feed never delays or harms another."""

from collections import Counter

import pytest
from running_worker import SHORT, RunningWorker, eventually, working
from scripted_feeds import Behaviour, ScriptedFeeds, registered_feeds

from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestKind, HarvestStatus
from unioncat.store.engine import PostgresStore

HOSTILE = (
    Behaviour.SILENT,
    Behaviour.ENDLESS,
    Behaviour.FAILING,
    Behaviour.DRIPPING,
    Behaviour.RAISING,
)


async def started(worker: RunningWorker, sources: list[SourceId]) -> None:
    for source in sources:
        await worker.control.start(source, "a test")


async def complete(store: PostgresStore, sources: list[SourceId]) -> bool:
    async with store.work() as work:
        newest = [await work.harvests.newest(source) for source in sources]
    return all(run and run[0].status is HarvestStatus.COMPLETE for run in newest)


@pytest.mark.parametrize("slots", [3, 4])  # three of the hostile feeds hang
async def test_fifteen_good_feeds_finish_beside_five_hostile_ones_that_came_first(
    store: PostgresStore, slots: int
) -> None:
    ids = [feed.id for feed in await registered_feeds(store, 20)]
    behaviours = dict(zip(ids, [*HOSTILE, *[Behaviour.GOOD] * 15], strict=True))
    feeds = ScriptedFeeds(store, behaviours)
    async with working(store, feeds, slots=slots) as worker:
        await started(worker, ids)
        await eventually(lambda: complete(store, ids[5:]), seconds=30)
        calls = Counter(job.source for job in feeds.calls)
        assert all(calls[source] == 1 for source in ids[5:])
        assert feeds.most_at_once <= slots


async def test_even_slots_that_hang_all_at_once_come_free(store: PostgresStore) -> None:
    ids = [feed.id for feed in await registered_feeds(store, 9)]
    behaviours = dict.fromkeys(ids[:8], Behaviour.SILENT) | {ids[8]: Behaviour.GOOD}
    feeds = ScriptedFeeds(store, behaviours)
    async with working(store, feeds, slots=4) as worker:
        await started(worker, ids)
        await eventually(lambda: complete(store, ids[8:]))


async def test_a_feed_that_does_not_even_end_when_cut_off_gives_its_slot_back(store: PostgresStore) -> None:
    ids = [feed.id for feed in await registered_feeds(store, 2)]
    feeds = ScriptedFeeds(store, dict(zip(ids, (Behaviour.DEAF, Behaviour.GOOD), strict=True)))
    async with working(store, feeds, slots=1) as worker:
        await started(worker, ids)
        await eventually(lambda: complete(store, ids[1:]))
        feeds.released = True


async def test_long_feeds_take_turns_and_all_come_to_their_end(store: PostgresStore) -> None:
    ids = [feed.id for feed in await registered_feeds(store, 4)]
    feeds = ScriptedFeeds(store, dict.fromkeys(ids, Behaviour.LONG))
    async with working(store, feeds, slots=2) as worker:
        await started(worker, ids)
        await eventually(lambda: complete(store, ids), seconds=20)
    async with store.work() as work:
        for source in ids:
            runs = await work.harvests.of(source, 10)
            assert [run.counts.delivered for run in runs] == [400]  # one run, resumed, no page twice
    first_turns = [job.source for job in feeds.calls[:4]]
    assert sorted(first_turns) == sorted(ids)  # nobody has a second turn before all had a first


async def test_an_endless_feed_has_only_so_many_turns_and_then_counts_as_failed(store: PostgresStore) -> None:
    (feed,) = await registered_feeds(store, 1, "0 2 * * *")
    feeds = ScriptedFeeds(store, {feed.id: Behaviour.ENDLESS})
    async with working(store, feeds) as worker:
        await started(worker, [feed.id])

        async def failed() -> bool:
            return (await worker.control.status(feed.id)).standing.failures == 1

        await eventually(failed)
        status = await worker.control.status(feed.id)
    assert len(feeds.calls) == SHORT.turns
    assert status.standing.message is not None
    assert "did not come to its end" in status.standing.message
    assert status.harvest is not None
    assert status.harvest.counts.delivered > 0


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        (Behaviour.SILENT, "gave no page within"),
        (Behaviour.DRIPPING, "gave no page within"),
        (Behaviour.FAILING, "https://feed.example does not answer"),
        (Behaviour.RAISING, "ZeroDivisionError"),
    ],
)
async def test_the_library_is_told_why_its_feed_failed(
    store: PostgresStore, behaviour: Behaviour, said: str
) -> None:
    (feed,) = await registered_feeds(store, 1, "0 2 * * *")
    async with working(store, ScriptedFeeds(store, {feed.id: behaviour})) as worker:
        await started(worker, [feed.id])

        async def told() -> bool:
            return bool((await worker.control.status(feed.id)).standing.message)

        await eventually(told)
        status = await worker.control.status(feed.id)
    assert status.standing.failures == 1
    assert said in (status.standing.message or "")
    assert "Lý do:" in (status.standing.message or "")


async def test_an_audit_that_hangs_takes_no_slot_of_a_harvest(store: PostgresStore) -> None:
    ids = [feed.id for feed in await registered_feeds(store, 2)]
    feeds = ScriptedFeeds(store, dict(zip(ids, (Behaviour.SILENT, Behaviour.GOOD), strict=True)))
    async with working(store, feeds, slots=1) as worker:
        await worker.control.start(ids[0], "a test", kind=HarvestKind.AUDIT)
        await worker.control.start(ids[1], "a test")
        await eventually(lambda: complete(store, ids[1:]), seconds=30)
