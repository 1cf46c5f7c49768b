"""How feeds are reached: the same value for everything that asks one."""

from dataclasses import dataclass, replace
from typing import Self

from harvesters.credentials import Credentials
from harvesters.guard import PUBLIC_ONLY, AddressGuard
from harvesters.pacing import Pace


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait for a feed (seconds) and how much to take from it (bytes after decompression).

    `read` is the longest silence, `answer` the time for one whole answer; `answers` is how many pages one run takes.
    """

    connect: float = 10
    read: float = 60
    answer: float = 300
    size: int = 32 * 1024 * 1024
    tries: int = 5
    longest_wait: float = 600
    redirects: int = 5
    answers: int = 200_000


DEFAULT_LIMITS = Limits()
FILE_LIMITS = Limits(answer=2 * 3600, size=4 * 1024**3)
"""For a whole file: a large one on a slow line."""


@dataclass(frozen=True, slots=True)
class FeedAccess:
    """Where a feed may lead (`guard`: by default to no private address), its secret, its pace, its limits."""

    guard: AddressGuard = PUBLIC_ONLY
    credentials: Credentials | None = None
    pace: Pace | None = None
    limits: Limits = DEFAULT_LIMITS

    def for_a_person(self) -> Self:
        """The same for someone who waits: two tries, and no wait above ten seconds."""
        limits = self.limits
        return replace(
            self,
            limits=replace(limits, tries=min(limits.tries, 2), longest_wait=min(limits.longest_wait, 10)),
        )
