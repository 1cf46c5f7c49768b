"""Live availability: many services asked side by side, never waited for beyond a limit.

1. What was told less than a minute ago is not asked again.
2. All libraries are asked at once. What has come within the limit is the answer; what is late goes on in the background
   and is there the next time.
3. What is late or fails is answered by what was told last, however old: its time says so. Without that the catalogue
   answers.
4. A library is asked by one request at a time, and for so many records at most. One that failed is left alone for a while.
5. What was told is remembered in this process, the newest so many of it.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping

from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.locate.live import AvailabilityService, LiveStatus
from unioncat.pipeline.availability_port import OpenAdapter

MOST_ASKED = 50
_FRESH = 60.0
_LEFT_ALONE = 30.0
_MOST_REMEMBERED = 100_000

Told = tuple[Isil, ControlNumber]


class LiveAvailability:
    """Asks services and remembers what they told."""

    def __init__(
        self, open_adapter: OpenAdapter, limit: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._open = open_adapter
        self._limit = limit
        self._clock = clock
        self._told: OrderedDict[Told, tuple[float, LiveStatus]] = OrderedDict()
        self._asking: dict[Isil, asyncio.Task[None]] = {}
        self._failed: dict[Isil, float] = {}

    async def ask(
        self,
        services: Mapping[Isil, AvailabilityService],
        wanted: Mapping[Isil, Collection[ControlNumber]],
    ) -> Mapping[Told, LiveStatus]:
        """What is known of these records now, after at most the limit; never raises for a service that fails."""
        asked = {
            isil: self._ask(service, wanted[isil]) for isil, service in services.items() if wanted.get(isil)
        }
        running = [task for task in asked.values() if task is not None]
        if running:
            await asyncio.wait(running, timeout=self._limit)
        keys = [(isil, number) for isil in services for number in wanted.get(isil, ())]
        return {key: self._told[key][1] for key in keys if key in self._told}

    async def close(self) -> None:
        """Stop asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ask(
        self, service: AvailabilityService, wanted: Collection[ControlNumber]
    ) -> asyncio.Task[None] | None:
        """The request that is on its way to a library (rule 4), or a new one; None when nothing need be asked."""
        now, isil = self._clock(), service.isil
        if isil in self._asking:
            return self._asking[isil]
        missing = [number for number in dict.fromkeys(wanted) if not self._is_fresh((isil, number), now)]
        if not missing or now < self._failed.get(isil, now):
            return None
        task = asyncio.create_task(self._remember(service, missing[:MOST_ASKED]))
        self._asking[isil] = task
        task.add_done_callback(lambda _: self._asking.pop(isil, None))
        return task

    async def _remember(self, service: AvailabilityService, numbers: list[ControlNumber]) -> None:
        try:
            told = await self._open(service).status(numbers)
        except Exception:  # whatever a stranger's server brings about, others must be answered
            self._failed[service.isil] = self._clock() + _LEFT_ALONE
            return
        self._failed.pop(service.isil, None)
        now = self._clock()
        for number, status in told.items():
            self._told[service.isil, number] = (now, status)
            self._told.move_to_end((service.isil, number))
        while len(self._told) > _MOST_REMEMBERED:
            self._told.popitem(last=False)

    def _is_fresh(self, key: Told, now: float) -> bool:
        return key in self._told and now - self._told[key][0] < _FRESH
