"""One turn of a job: a run of a feed holds its slot for a limited time, whatever the feed does (law 7).

1. A source that is not accepted (any more) is not run; one that another process harvests right now is left for later.
2. A run that ends by itself, ends. A feed that fails, fails; a database that does not answer is not the feed's fault.
3. When the time of the turn is over, or somebody asks, the run is asked to stop after its page; with patience over, it
   is cut off, and what was stored until then stays.
4. One whose terms let it go no further for now (hours, records per run) is done until it is due again.
5. A harvest that stored something in its turn goes on later, from its checkpoint; one that stored nothing has failed.
   So has one that had all its turns: it goes on when it is due again.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, replace
from typing import Any

from unioncat.core.errors import NotNow, StoreUnavailable, UnioncatError
from unioncat.core.registry import Checkpoint, Harvest, HarvestKind, HarvestStatus, SourceState
from unioncat.pipeline.jobs import Ended, Ending, Job, Limits, RunFeed
from unioncat.pipeline.plan_harvest import ALL
from unioncat.pipeline.unit_of_work import Store

_log = logging.getLogger(__name__)
_Newest = tuple[Harvest, Checkpoint | None] | None


async def run_turn(
    store: Store, run_feed: RunFeed, limits: Limits, job: Job, turn: int, stop: asyncio.Event
) -> Ended:
    """Run one turn of a job (0 is the first); returns how it ended, whatever the feed or the database does."""
    try:
        if not await _may_run(store, job):
            return Ended(Ending.DONE)
        async with store.harvest_lock(job.source) as alone:
            pass
        if not alone:
            return Ended(Ending.BUSY)
        return await _Turn(store, job, turn, limits, stop, await _newest(store, job)).run(run_feed)
    except StoreUnavailable as error:
        return Ended(Ending.STORE_AWAY, str(error))


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn with the newest run that the source had before it."""

    store: Store
    job: Job
    number: int
    limits: Limits
    stop: asyncio.Event
    before: _Newest

    async def run(self, run_feed: RunFeed) -> Ended:
        task = asyncio.ensure_future(run_feed(self._resumed()))
        cut_off = await self._hold_slot(task)
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, StoreUnavailable):
            return Ended(Ending.STORE_AWAY, str(error))
        if isinstance(error, NotNow):
            return Ended(Ending.DONE)
        if error is not None:
            return await self._fail(_reason(self.job, error))
        return await self._judge(cut_off)

    def _resumed(self) -> Job:
        """In a later turn a harvest since a date goes on where it was cut off, instead of beginning again."""
        if self.number == 0 or self.job.since is None or self.before is None:
            return self.job
        run, checkpoint = self.before
        same = run.window_from == (None if self.job.since == ALL else self.job.since)
        unfinished = run.status is not HarvestStatus.COMPLETE and checkpoint is not None
        return replace(self.job, since=None) if same and unfinished else self.job

    async def _hold_slot(self, task: asyncio.Future[None]) -> bool:
        """Wait until the run ends, or end it (rule 3); returns whether it had to be cut off."""
        asked = asyncio.ensure_future(self.stop.wait())
        hold = self.limits.hold(self.job.kind)
        try:
            either: set[asyncio.Future[Any]] = {task, asked}
            await asyncio.wait(either, timeout=hold, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await self._ask_to_stop(task)
            return not task.done()
        finally:
            asked.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=self.limits.patience)

    async def _ask_to_stop(self, task: asyncio.Future[None]) -> None:
        """Ask the run to stop after its page and have patience; without the database nobody can be asked."""
        with contextlib.suppress(StoreUnavailable):
            async with self.store.work() as work:
                await work.harvests.ask_to_stop(self.job.source)
                await work.commit()
            await asyncio.wait({task}, timeout=self.limits.patience)

    async def _judge(self, cut_off: bool) -> Ended:
        """How a turn ended in which the feed did not fail by itself."""
        newest = await _newest(self.store, self.job)
        stopped = newest and newest[0].status is HarvestStatus.STOPPED and newest[0].message is None
        if not cut_off and not stopped:  # at its end, or as far as the terms of the source let one run go
            return Ended(Ending.DONE)
        if self.stop.is_set():
            return await self._stopped(Ending.STOPPED)
        if self.job.kind is not HarvestKind.HARVEST:
            return await self._fail(f"it did not come to its end within {_time(self.limits.whole)}")
        if newest is None or newest == self.before or not newest[0].counts.delivered:
            return await self._fail(f"the feed gave no page within {_time(self.limits.turn)}")
        if self.number + 1 >= self.limits.turns:
            whole = _time(self.limits.turn * self.limits.turns)
            return await self._fail(f"the feed did not come to its end within {whole} of harvesting")
        return await self._stopped(Ending.TURN_OVER)

    async def _stopped(self, ending: Ending) -> Ended:
        await self._finish(HarvestStatus.STOPPED, None)
        return Ended(ending)

    async def _fail(self, reason: str) -> Ended:
        await self._finish(HarvestStatus.FAILED, reason)
        return Ended(Ending.FAILED, reason)

    async def _finish(self, status: HarvestStatus, message: str | None) -> None:
        """End the run of this turn, unless it has ended itself."""
        newest = await _newest(self.store, self.job)
        if newest is None or newest[0].status is not HarvestStatus.RUNNING:
            return
        async with self.store.work() as work:
            await work.harvests.finish(newest[0].id, status, message)
            await work.commit()


async def _may_run(store: Store, job: Job) -> bool:
    async with store.work() as work:
        return (await work.sources.get(job.source)).state is SourceState.ACCEPTED


async def _newest(store: Store, job: Job) -> _Newest:
    async with store.work() as work:
        return await work.harvests.newest(job.source, job.kind)


def _reason(job: Job, error: BaseException) -> str:
    if isinstance(error, UnioncatError):
        return str(error)
    _log.error("The run of source %s ended unexpectedly", job.source, exc_info=error)
    return f"unexpected {type(error).__name__}: {error}; the log of the worker tells more"


def _time(seconds: float) -> str:
    return f"{seconds / 60:,.0f} minutes" if seconds >= 120 else f"{seconds:g} seconds"
