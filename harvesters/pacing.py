"""Being gentle with servers: few requests at the same time, and a pause between them, for each host on its own.

1. A host is asked at most `at_once` times at the same time, by all harvests of the process together.
2. Between two starts on a host lies the longer of the pauses that the two harvests want.
3. No host waits for another.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

_HOSTS_KEPT = 1000


class _Host:
    """One host: its free places, who holds or waits for one, when it was last asked and with which pause."""

    __slots__ = ("last_pause", "last_start", "places", "users")

    def __init__(self, at_once: int) -> None:
        self.places = asyncio.Semaphore(at_once)
        self.users = 0
        self.last_start = float("-inf")
        self.last_pause = 0.0


class Hosts:
    """The hosts that are being asked; one for a process, shared by all its harvests."""

    def __init__(
        self,
        at_once: int = 2,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._at_once = at_once
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._hosts)

    def pace(self, pause: float = 0.0) -> "Pace":
        """The pace of a harvest that wants so many seconds between two requests."""
        return Pace(self, pause)

    @asynccontextmanager
    async def turn(self, name: str, pause: float) -> AsyncIterator[None]:
        """Wait for a turn to ask this host; it lasts while inside."""
        self._forget_idle()
        host = self._hosts.setdefault(name, _Host(self._at_once))
        host.users += 1
        try:
            async with host.places:
                await self._wait(host, pause)
                yield
        finally:
            host.users -= 1

    async def _wait(self, host: _Host, pause: float) -> None:
        now = self._clock()
        start = max(now, host.last_start + max(host.last_pause, pause))
        host.last_start, host.last_pause = start, pause
        if start > now:
            await self._sleep(start - now)

    def _forget_idle(self) -> None:
        """A server may redirect to ever new hosts; they are not remembered for ever."""
        if len(self._hosts) < _HOSTS_KEPT:
            return
        now = self._clock()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or host.last_start + host.last_pause > now
        }


@dataclass(frozen=True, slots=True)
class Pace:
    """How one harvest takes its turns."""

    hosts: Hosts
    pause: float = 0.0

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn to ask this host; it lasts while inside."""
        async with self.hosts.turn(host, self.pause):
            yield
