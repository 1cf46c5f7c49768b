"""Jobs: runs of feeds that wait for a worker, and what the steps need from the queue that holds them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestKind


@dataclass(frozen=True, slots=True)
class Job:
    """A run that somebody asked for.

    `since` asks for everything since a date (ISO 8601), or for `plan_harvest.ALL`; None: what is new, or the rest of
    a run that was cut off. `requested_by` is a person, or `SCHEDULE`.
    """

    source: SourceId
    kind: HarvestKind = HarvestKind.HARVEST
    since: str | None = None
    requested_by: str = "schedule"


SCHEDULE = "schedule"
"""Who asks for a run that is due."""

RunFeed = Callable[[Job], Awaitable[None]]
"""Runs one job to its end, or to the page after which a person asked to stop; raises FeedError and others."""


class JobState(StrEnum):
    """Whether a job waits or is being worked on."""

    QUEUED = "queued"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A job with its number in the queue. `turns` counts how often it gave its slot back; the first turn is 0."""

    id: int
    job: Job
    state: JobState
    turns: int = 0


class JobQueue(Protocol):
    """Jobs that wait or run. A source has at most one of each."""

    async def put(self, job: Job, priority: int = 0) -> bool:
        """Add a job, those of higher priority first; False when one of its source waits already."""
        ...

    async def active(self, source: SourceId | None = None) -> Sequence[QueuedJob]:
        """What waits and runs, of one source or of all, oldest first."""
        ...

    async def stop(self, source: SourceId) -> bool:
        """Drop what waits of a source, ask what runs to end after its page; False when there is neither."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a job may hold its slot, so that no feed delays another (law 7); all in seconds.

    `turn`: then a harvest gives way to the others and goes on later. `patience`: so long it may take over its last
    page. `turns`: so many turns a harvest may have. `whole`: how long a run without turns (an audit, a retry) may take.
    """

    turn: float = 600.0
    patience: float = 60.0
    turns: int = 144
    whole: float = 4 * 3600.0

    def hold(self, kind: HarvestKind) -> float:
        """How long a job of this kind may hold its slot at a time."""
        return self.turn if kind is HarvestKind.HARVEST else self.whole


class Ending(StrEnum):
    """How a job gave its slot back."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"  # somebody asked
    TURN_OVER = "turn over"  # goes on when the others had their turn
    BUSY = "busy"  # another process harvests this source right now
    STORE_AWAY = "store away"  # the database does not answer; not the feed's fault


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a turn, with the reason of a failure."""

    ending: Ending
    reason: str = ""


RunTurn = Callable[[Job, int, asyncio.Event], Awaitable[Ended]]
"""Runs one turn of a job (0 is the first) until it ends, its time is over, or the event asks it to stop."""
