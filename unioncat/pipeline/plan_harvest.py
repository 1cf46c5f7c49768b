"""Decide where a harvest of a source begins: resume a run that was cut off, or a new window."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from unioncat.core.registry import Checkpoint, HarvestSource
from unioncat.pipeline.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """`resume` is a run that was cut off, with its checkpoint, or None for a new run; `window` is from and until."""

    resume: tuple[int, Checkpoint] | None = None
    window: tuple[str | None, str | None] = (None, None)


ALL = "all"
"""Asks for everything again, whatever was harvested before."""


async def plan_harvest(store: Store, source: HarvestSource, since: str | None = None) -> HarvestPlan:
    """Where the next harvest of this source begins.

    1. A person asks for everything since a date (ISO 8601), or for ALL.
    2. A run stored a page but did not come to its end, and no later run covered its window: it is resumed, with its
       own window.
    3. There is a complete run: what changed since its first answer is asked for, by the provider's own clock, less
       the overlap of the source (providers whose clocks or transactions lag behind).
    4. Otherwise everything is asked for.
    """
    if since is not None:
        return HarvestPlan(window=(None if since == ALL else since, None))
    async with store.work() as work:
        unfinished = await work.harvests.unfinished(source.id)
        complete = await work.harvests.newest_complete(source.id)
    if unfinished:
        run, checkpoint = unfinished
        return HarvestPlan((run.id, checkpoint), (run.window_from, run.window_until))
    last = complete[1].state.get("response_date") if complete and complete[1] else None
    return HarvestPlan(window=(last and overlapped(last, source.terms.overlap), None))


def overlapped(datestamp: str, seconds: int) -> str:
    """A datestamp of OAI-PMH (section 3.3: a day, or a second in UTC) moved back; a day by whole days, rounded up."""
    if "T" not in datestamp:
        return (datetime.fromisoformat(datestamp) - timedelta(days=-(-seconds // 86_400))).strftime(
            "%Y-%m-%d"
        )
    moved = datetime.fromisoformat(datestamp) - timedelta(seconds=seconds)
    return moved.strftime("%Y-%m-%dT%H:%M:%SZ")
