"""Running of feeds: what is due goes into the queue, people start and stop, and every end is kept with its message.

1. A run that is due is put into the queue once; while one of its source waits or runs, none is added.
2. What a person wants first comes first, then feeds that are well; the more often a feed has failed, the later.
3. The time of the next run is reckoned from the end of the last one (`unioncat.core.schedule`). A run that a person
   stopped is neither a success nor a failure; audits and retries do not count.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from unioncat.core.identifiers import SourceId
from unioncat.core.registry import Harvest, HarvestKind, HarvestSource
from unioncat.core.schedule import VIETNAM, next_due, tell_failure
from unioncat.pipeline.feeds_port import FeedStanding
from unioncat.pipeline.ingest import check_accepted
from unioncat.pipeline.jobs import Ended, Ending, Job, JobQueue, JobState, Limits, QueuedJob, RunFeed
from unioncat.pipeline.run_turn import run_turn
from unioncat.pipeline.unit_of_work import Store

Clock = Callable[[], datetime]
"""Tells the time, with its zone."""

FIRST = 10
"""The priority of what a person wants before everything else (rule 2)."""

_AT_A_TIME = 100


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Started(StrEnum):
    """What became of the wish to run a feed."""

    QUEUED = "queued"
    ALREADY_QUEUED = "already queued"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """How a feed stands now: its standing, its newest harvest, and what waits or runs of it."""

    source: HarvestSource
    standing: FeedStanding
    harvest: Harvest | None
    jobs: tuple[QueuedJob, ...]

    @property
    def running(self) -> QueuedJob | None:
        """The job that is being worked on."""
        return next((job for job in self.jobs if job.state is JobState.RUNNING), None)

    @property
    def queued(self) -> QueuedJob | None:
        """The job that waits."""
        return next((job for job in self.jobs if job.state is JobState.QUEUED), None)


@dataclass(frozen=True, slots=True)
class FeedControl:
    """Starts, stops and shows the runs of feeds."""

    store: Store
    queue: JobQueue
    zone: tzinfo = VIETNAM
    clock: Clock = utc_now

    async def start(
        self,
        source_id: SourceId,
        requested_by: str,
        *,
        kind: HarvestKind = HarvestKind.HARVEST,
        since: str | None = None,
        first: bool = False,
    ) -> Started:
        """Put a run of a feed into the queue, before all others if it is to be `first`.

        Nothing is added while a run of it waits or is under way. Raises NotRegistered, and UnioncatError when the
        source is not accepted.
        """
        async with self.store.work() as work:
            source = await work.sources.get(source_id)
            standing = await work.running.standing(source_id)
        check_accepted(source)
        for active in await self.queue.active(source_id):
            return Started.RUNNING if active.state is JobState.RUNNING else Started.ALREADY_QUEUED
        job = Job(source_id, kind, since, requested_by)
        added = await self.queue.put(job, FIRST if first else -standing.failures)
        return Started.QUEUED if added else Started.ALREADY_QUEUED

    async def stop(self, source_id: SourceId) -> bool:
        """Stop what runs of a feed after its page and drop what waits; False when there is neither.

        The next run resumes there. Raises NotRegistered.
        """
        async with self.store.work() as work:
            await work.sources.get(source_id)
        return await self.queue.stop(source_id)

    async def status(self, source_id: SourceId) -> FeedStatus:
        """How a feed stands; raises NotRegistered."""
        return await self._status(source_id, tuple(await self.queue.active(source_id)))

    async def jobs(self) -> Sequence[FeedStatus]:
        """All feeds of which something waits or runs, in the order of the queue."""
        active = await self.queue.active()
        sources = dict.fromkeys(job.job.source for job in active)
        return [await self._status(s, tuple(job for job in active if job.job.source == s)) for s in sources]

    async def upcoming(self) -> Sequence[FeedStatus]:
        """The accepted feeds with a schedule, the next one first."""
        async with self.store.work() as work:
            sources = [source for source in await work.sources.all() if source.terms.schedule]
            standings = [await work.running.standing(source.id) for source in sources]
        planned = [
            FeedStatus(source, standing, None, ())
            for source, standing in zip(sources, standings, strict=True)
            if standing.due
        ]
        return sorted(planned, key=lambda status: (str(status.standing.due), status.source.id))

    async def enqueue_due(self) -> int:
        """Put the feeds into the queue whose time has come (rule 1); returns how many."""
        async with self.store.work() as work:
            unplanned = await work.running.unplanned(_AT_A_TIME)
            due = await work.running.due(self.clock(), _AT_A_TIME)
        for source_id in unplanned:
            await self._plan(source_id)
        return sum([await self._enqueue(source_id) for source_id in due])

    async def end(self, job: Job, ended: Ended) -> None:
        """Keep how a run ended and when the next one may begin (rule 3)."""
        if job.kind is not HarvestKind.HARVEST or ended.ending not in _THAT_COUNT:
            return
        async with self.store.work() as work:
            source = await work.sources.get(job.source)
            former = await work.running.standing(job.source)
            await work.running.save_standing(self._after(source, former, ended))
            await work.commit()

    def _after(self, source: HarvestSource, former: FeedStanding, ended: Ended) -> FeedStanding:
        """The standing after a run that ended."""
        failures, message = former.failures, former.message
        if ended.ending is Ending.DONE:
            failures, message = 0, None
        if ended.ending is Ending.FAILED:
            failures += 1
        due = next_due(source.terms, source.id, self.clock(), failures, self.zone)
        if ended.ending is Ending.FAILED:
            message = tell_failure(failures, due, ended.reason)
        return FeedStanding(source.id, due, failures, message)

    async def _enqueue(self, source_id: SourceId) -> bool:
        """Put one feed into the queue that is due, then plan its next run; repeating it after a crash is harmless."""
        async with self.store.work() as work:
            source = await work.sources.get(source_id)
            standing = await work.running.standing(source_id)
        added = False
        if source.terms.schedule and not await self.queue.active(source_id):
            added = await self.queue.put(Job(source_id), -standing.failures)
        await self._plan(source_id)
        return added

    async def _plan(self, source_id: SourceId) -> None:
        """Reckon anew when a feed is due."""
        async with self.store.work() as work:
            source = await work.sources.get(source_id)
            former = await work.running.standing(source_id)
            due = next_due(source.terms, source_id, self.clock(), former.failures, self.zone)
            await work.running.save_standing(FeedStanding(source_id, due, former.failures, former.message))
            await work.commit()

    async def _status(self, source_id: SourceId, jobs: tuple[QueuedJob, ...]) -> FeedStatus:
        async with self.store.work() as work:
            source = await work.sources.get(source_id)
            standing = await work.running.standing(source_id)
            kind = next((job.job.kind for job in jobs if job.state is JobState.RUNNING), HarvestKind.HARVEST)
            newest = await work.harvests.newest(source_id, kind)
        return FeedStatus(source, standing, newest and newest[0], jobs)


_THAT_COUNT = (Ending.DONE, Ending.FAILED, Ending.STOPPED)


@dataclass(frozen=True, slots=True)
class FeedRunner:
    """Runs turns of jobs and keeps how they end; implements `RunTurn`."""

    control: FeedControl
    run_feed: RunFeed
    limits: Limits = field(default_factory=Limits)

    async def __call__(self, job: Job, turn: int, stop: asyncio.Event) -> Ended:
        """Run one turn of a job."""
        ended = await run_turn(self.control.store, self.run_feed, self.limits, job, turn, stop)
        await self.control.end(job, ended)
        return ended
