"""Feeds that behave as a script says, run on a real store: each page is counted and checkpointed like a harvest's."""

import asyncio
import contextlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from unioncat.core.errors import SourceUnreachable
from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import (
    NEW_SOURCE,
    Checkpoint,
    HarvestCounts,
    HarvestSource,
    HarvestStatus,
    HarvestTerms,
    Protocol,
)
from unioncat.pipeline.jobs import Job
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.pipeline.unit_of_work import Store

LIBRARY = Isil("VN-TEST1")


class Behaviour(StrEnum):
    """What a feed does; all but GOOD and LONG are hostile."""

    GOOD = "good"
    LONG = "long"  # many pages, each in time
    SILENT = "silent"  # never answers
    ENDLESS = "endless"  # always another page
    FAILING = "failing"  # says so
    DRIPPING = "dripping"  # a page that never gets whole
    RAISING = "raising"  # a fault of our own
    DEAF = "deaf"  # does not even end when it is cancelled


@dataclass
class ScriptedFeeds:
    """Implements `RunFeed`. `pages` of a good feed; `calls` are the jobs in the order in which they were begun."""

    store: Store
    behaviours: Mapping[SourceId, Behaviour]
    pages: int = 3
    page_seconds: float = 0.02
    calls: list[Job] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    released: bool = False  # lets deaf feeds end

    async def __call__(self, job: Job) -> None:
        self.calls.append(job)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._behave(job)
        finally:
            self.at_once -= 1

    async def _behave(self, job: Job) -> None:
        behaviour = self.behaviours[job.source]
        if behaviour is Behaviour.RAISING:
            raise ZeroDivisionError("a fault")
        if behaviour is Behaviour.FAILING:
            raise SourceUnreachable("https://feed.example does not answer")
        if behaviour is Behaviour.SILENT:
            await asyncio.Event().wait()
        while behaviour is Behaviour.DEAF and not self.released:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.05)
        if behaviour is Behaviour.DRIPPING:
            for _ in itertools.count():
                await asyncio.sleep(0.01)
        await self._harvest(job, {Behaviour.GOOD: self.pages, Behaviour.LONG: 40}.get(behaviour))

    async def _harvest(self, job: Job, pages: int | None) -> None:
        """A harvest of so many pages (None: endless), resumed where it was cut off."""
        async with self.store.work() as work:
            source = await work.sources.get(job.source)
        plan = await plan_harvest(self.store, source, job.since)
        done = int(plan.resume[1].state["done"]) if plan.resume else 0
        run = plan.resume[0] if plan.resume else await self._start(source, plan.window)
        while pages is None or done < pages:
            await asyncio.sleep(self.page_seconds)
            done += 1
            async with self.store.work() as work:
                page = HarvestCounts(delivered=10, created=10)
                stop = await work.harvests.advance(
                    run, page, Checkpoint({"done": str(done)}), pages and pages * 10
                )
                await work.commit()
            if stop:
                return await self._finish(run, HarvestStatus.STOPPED)
        return await self._finish(run, HarvestStatus.COMPLETE)

    async def _start(self, source: HarvestSource, window: tuple[str | None, str | None]) -> int:
        async with self.store.work() as work:
            run = await work.harvests.start(source.id, *window)
            await work.commit()
        return run

    async def _finish(self, run: int, status: HarvestStatus) -> None:
        async with self.store.work() as work:
            await work.harvests.finish(run, status, None)
            await work.commit()


async def registered_feeds(store: Store, number: int, schedule: str | None = None) -> list[HarvestSource]:
    """So many feeds of one library."""
    async with store.work() as work:
        await work.registry.save_library(MemberLibrary(LIBRARY, "Thư viện thử"))
        feeds = [
            await work.sources.save(
                HarvestSource(
                    NEW_SOURCE,
                    LIBRARY,
                    Protocol.OAI_PMH,
                    f"https://feed{each}.example/oai",
                    terms=HarvestTerms(schedule),
                )
            )
            for each in range(number)
        ]
        await work.commit()
    return feeds
