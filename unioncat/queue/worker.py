"""The worker of the queue: takes jobs out, many sources side by side, and survives what befalls it.

1. Each lane has its own slots; a job that gives its slot back before its end goes behind those that had fewer turns.
2. Stopping asks what runs to end after its page; it is queued again and resumes. A person's stop is final.
3. A job of a worker that no longer gives signs of life is queued again (kill -9: after `Pace.silence`).
4. A database that is away is waited for. Jobs whose end could not be written meanwhile are queued again (rule 3).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job as Row
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from unioncat.core.errors import StoreUnavailable
from unioncat.pipeline.jobs import Ended, Ending, RunTurn
from unioncat.queue.jobs import HARVESTS, OTHERS, TASK, PostgresQueue, job_of, store_errors

_log = logging.getLogger(__name__)
_OTHER_SLOTS = 1


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the worker looks, in seconds.

    `tick`: what is due, and what is lost. `heartbeat`: signs of life; `silence`: without them a worker is dead.
    `retry`: until a busy source, or a database that is away, is tried again. `grace`: so long jobs may take to end.
    """

    tick: float = 5.0
    heartbeat: float = 5.0
    silence: float = 20.0
    retry: float = 30.0
    grace: float = 150.0


PACE = Pace()


async def work_off(
    queue: PostgresQueue,
    run_turn: RunTurn,
    slots: int,
    stop: asyncio.Event,
    *,
    tick: Callable[[], Awaitable[object]],
    pace: Pace = PACE,
) -> None:
    """Work jobs off, `slots` harvests at a time, and call `tick` regularly, until `stop` is set.

    Returns when what ran has ended after its page. A database that is away is said once and waited for.
    """
    said = ""
    while not stop.is_set():
        try:
            await _Shift(queue, run_turn, slots, tick, pace).work(stop)
            said = ""
        except StoreUnavailable as error:
            if str(error) != said:
                _log.warning("%s; the worker waits for it", error)
            said = str(error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pace.tick)


class _GoesOn(Exception):
    """A job that goes back into the queue: after a while, at another priority."""

    def __init__(self, wait: float = 0.0, priority: int | None = None) -> None:
        super().__init__("goes on")
        self.decision = RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=wait), priority=priority)


class _GoOn(BaseRetryStrategy):
    """Tells the library which jobs go on."""

    def get_retry_decision(self, *, exception: BaseException, job: Row) -> RetryDecision | None:
        return exception.decision if isinstance(exception, _GoesOn) else None


@dataclass(frozen=True, slots=True)
class _Slot:
    """A job that runs: how to ask it to end, and its turn."""

    stop: asyncio.Event
    turn: asyncio.Future[Ended]


@dataclass(slots=True)
class _Shift:
    """From one connection to the database to its end."""

    queue: PostgresQueue
    run_turn: RunTurn
    slots: int
    tick: Callable[[], Awaitable[object]]
    pace: Pace
    _over: bool = False
    _running: dict[int, _Slot] = field(default_factory=dict)
    _ended: dict[int, float] = field(default_factory=dict)

    async def work(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, or the database goes away: then raises StoreUnavailable."""
        self._take_over_task()
        await self._sweep()
        workers = [self._worker(HARVESTS, self.slots), self._worker(OTHERS, _OTHER_SLOTS)]
        lanes = [asyncio.create_task(worker.run()) for worker in workers]  # type: ignore[no-untyped-call]
        ticking = asyncio.create_task(self._keep_ticking(workers))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({*lanes, ticking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for side in (ticking, stopping):
                side.cancel()
            await self._close(workers, lanes)
        await asyncio.wait({ticking, stopping})  # a statement that is cancelled takes its time
        for ended in (*lanes, ticking):
            if not ended.cancelled() and (error := ended.exception()):
                with store_errors():
                    raise error

    async def _close(self, workers: Collection[Worker], lanes: Collection[asyncio.Future[None]]) -> None:
        """End what runs after its page (rule 2), or at once when this is cancelled meanwhile."""
        self._over = True
        for slot in self._running.values():
            slot.stop.set()
        for worker in workers:
            worker.stop()  # type: ignore[no-untyped-call]
        try:
            await asyncio.wait(lanes)
        except asyncio.CancelledError:
            for slot in self._running.values():
                slot.turn.cancel()
            await asyncio.wait(lanes)
            raise

    def _take_over_task(self) -> None:
        """Tell the library what to do with each job (anew in each shift)."""
        self.queue.app.tasks.pop(TASK, None)
        self.queue.app.task(name=TASK, pass_context=True, retry=_GoOn())(self._run)

    async def _sweep(self) -> None:
        """Forget jobs that were stopped while they were lost; all others are forgotten when they end."""
        with store_errors():
            await self.queue.app.job_manager.delete_old_jobs(
                1, include_failed=True, include_cancelled=True, include_aborted=True
            )

    def _worker(self, lane: str, slots: int) -> Worker:
        return Worker(
            self.queue.app,
            queues=[lane],
            name=lane,
            concurrency=slots,
            fetch_job_polling_interval=self.pace.tick,
            abort_job_polling_interval=self.pace.tick,
            shutdown_graceful_timeout=self.pace.grace,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=self.pace.heartbeat,
            stalled_worker_timeout=self.pace.silence,
        )

    async def _run(self, context: JobContext, /, **payload: Any) -> None:
        """One turn of a job; a cancellation by the library is passed on as the wish to stop."""
        number, stop = context.job.id or 0, asyncio.Event()
        if self._over:  # it was taken in the moment in which the shift ended
            stop.set()
        turn = asyncio.ensure_future(self.run_turn(job_of(payload), context.job.attempts, stop))
        self._running[number] = _Slot(stop, turn)
        try:
            while not turn.done():
                try:
                    await asyncio.wait({turn})
                except asyncio.CancelledError:
                    if stop.is_set() or not context.should_abort():
                        turn.cancel()
                        raise _GoesOn from None
                    stop.set()
        finally:
            del self._running[number]
            self._ended[number] = time.monotonic()
        if turn.cancelled():
            raise _GoesOn
        if error := turn.exception():
            _log.error("Job %s ended unexpectedly", context.job.call_string, exc_info=error)
        else:
            self._go_on(turn.result().ending, context)

    def _go_on(self, ending: Ending, context: JobContext) -> None:
        """Give the job back to the queue unless it has ended for good (rules 1 and 2)."""
        if ending is Ending.TURN_OVER:
            raise _GoesOn(priority=min(context.job.priority, 0) - 1)
        if ending in (Ending.BUSY, Ending.STORE_AWAY):
            raise _GoesOn(wait=self.pace.retry)
        if ending is Ending.STOPPED and context.abort_reason() is not AbortReason.USER_REQUEST:
            raise _GoesOn

    async def _keep_ticking(self, workers: Collection[Worker]) -> None:
        """Queue what is due and what is lost; raises StoreUnavailable."""
        while True:
            try:
                await self.tick()
            except StoreUnavailable:
                raise
            except Exception:  # one source that cannot be queued must not stop the others
                _log.exception("What is due cannot be queued")
            with store_errors():
                for row in [*await self._of_the_dead(), *await self._of_ours(workers)]:
                    await self._requeue(row)
            await asyncio.sleep(self.pace.tick)

    async def _of_the_dead(self) -> list[Row]:
        """Jobs of workers without signs of life (rule 3)."""
        silence = self.pace.silence
        return list(
            await self.queue.app.job_manager.get_stalled_jobs(task_name=TASK, seconds_since_heartbeat=silence)
        )

    async def _of_ours(self, workers: Collection[Worker]) -> list[Row]:
        """Jobs that ended here a while ago without the database hearing of it (rule 4)."""
        ours = {worker.worker_id for worker in workers}
        doing = await self.queue.app.job_manager.list_jobs_async(task=TASK, status=Status.DOING.value)
        latest = time.monotonic() - self.pace.silence - self.pace.retry
        self._ended = {
            n: at for n, at in self._ended.items() if any(row.id == n for row in doing) or at > latest
        }
        lost = {n for n, at in self._ended.items() if at < latest and n not in self._running}
        return [row for row in doing if row.worker_id in ours and row.id in lost]

    async def _requeue(self, row: Row) -> None:
        """Let a job be taken again; where one of its source waits already, that one goes on."""
        manager = self.queue.app.job_manager
        _log.warning("Job %s is taken again: its worker is gone", row.call_string)
        try:
            await manager.retry_job(row)
        except UniqueViolation:
            await manager.finish_job(row, Status.ABORTED, delete_job=True)
