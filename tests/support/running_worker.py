"""A worker of the queue inside a test, with shortened times."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from unioncat.pipeline.jobs import Limits, RunFeed
from unioncat.pipeline.running import FeedControl, FeedRunner
from unioncat.queue import Pace, PostgresQueue, open_queue, work_off
from unioncat.store.engine import PostgresStore

SHORT = Limits(turn=0.4, patience=0.2, turns=5, whole=0.8)
QUICK = Pace(tick=0.1, heartbeat=0.3, silence=1.2, retry=0.2, grace=2.0)


@asynccontextmanager
async def queue_of(store: PostgresStore) -> AsyncIterator[PostgresQueue]:
    """The job queue in the database of a store."""
    async with open_queue(store.address, connections=8) as queue:
        yield queue


@dataclass
class RunningWorker:
    """A worker that runs; `stop` asks it to end."""

    control: FeedControl
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def end(self) -> None:
        """Stop it and wait for it."""
        self.stop.set()
        await self.task


@asynccontextmanager
async def working(
    store: PostgresStore, run_feed: RunFeed, *, slots: int = 4, limits: Limits = SHORT, pace: Pace = QUICK
) -> AsyncIterator[RunningWorker]:
    """A worker with its queue."""
    async with queue_of(store) as queue:
        control = FeedControl(store, queue)
        stop = asyncio.Event()
        runner = FeedRunner(control, run_feed, limits)
        task = asyncio.create_task(work_off(queue, runner, slots, stop, tick=control.enqueue_due, pace=pace))
        worker = RunningWorker(control, stop, task)
        try:
            yield worker
        finally:
            await worker.end()


async def eventually(true: Callable[[], Awaitable[bool]], seconds: float = 40.0) -> float:
    """Wait until something is true; returns how long it took, and fails when it takes too long."""
    began = time.monotonic()
    while not await true():
        assert time.monotonic() - began < seconds, f"not true after {seconds} s"
        await asyncio.sleep(0.05)
    return time.monotonic() - began
