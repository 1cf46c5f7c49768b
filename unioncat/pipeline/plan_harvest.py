"""Decide where a harvest of a source begins: resume a run that was cut off, or a new window."""

from dataclasses import dataclass

from unioncat.core.registry import Checkpoint, HarvestSource, HarvestStatus
from unioncat.pipeline.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class HarvestPlan:
    """`resume` is a run that was cut off, with its checkpoint, or None for a new run; `window` is from and until."""

    resume: tuple[int, Checkpoint] | None = None
    window: tuple[str | None, str | None] = (None, None)


async def plan_harvest(store: Store, source: HarvestSource) -> HarvestPlan:
    """Where the next harvest of this source begins.

    1. The newest run did not come to its end but stored a page: it is resumed, with its own window.
    2. There is a complete run: what changed since its first answer is asked for,
       by the provider's own clock.
    3. Otherwise everything is asked for.
    """
    async with store.work() as work:
        newest = await work.harvests.newest(source.id)
        complete = await work.harvests.newest_complete(source.id)
    run, checkpoint = newest or (None, None)
    if run and checkpoint and run.status is not HarvestStatus.COMPLETE:
        return HarvestPlan((run.id, checkpoint), (run.window_from, run.window_until))
    since = complete[1].state.get("response_date") if complete and complete[1] else None
    return HarvestPlan(window=(since, None))
