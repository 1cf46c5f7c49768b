"""Store one page of readings with its checkpoint, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from unioncat.core.delivery import RejectedRecord
from unioncat.core.registry import Checkpoint, HarvestCounts, HarvestSource
from unioncat.core.target import HarvestPart
from unioncat.pipeline.outcomes import plan_page
from unioncat.pipeline.ports import PageOfPart
from unioncat.pipeline.reading import Reading
from unioncat.pipeline.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class StoredPage:
    """What became of a page, and whether a person has asked the run to stop."""

    counts: HarvestCounts
    stop_asked: bool


async def store_page(
    store: Store,
    source: HarvestSource,
    run: int,
    readings: Sequence[Reading],
    checkpoint: Checkpoint,
    *,
    total: int | None = None,
    notes_seen: bool = False,
    part: PageOfPart | None = None,
) -> StoredPage:
    """Store a page of a run; with `notes_seen` the store remembers which records the run has seen."""
    identifiers = {r.identifier for r in readings if not isinstance(r, RejectedRecord)}
    received = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    async with store.work() as work:
        plan = plan_page(readings, await work.records.known(source.id, identifiers))
        await work.records.save(source.id, run, received, plan)
        if notes_seen:
            named = {r.delivered.identifier for r in plan.rejected if r.delivered.identifier}
            await work.harvests.see(run, identifiers | named)
        if part:
            await work.targets.note_part(run, _of_part(part, readings), begins=part.begins)
        stop_asked = await work.harvests.advance(run, plan.counts, checkpoint, total)
        await work.commit()
    return StoredPage(plan.counts, stop_asked)


def _of_part(part: PageOfPart, readings: Sequence[Reading]) -> HarvestPart:
    """What a page adds to its part; records of one identifier are one."""
    read = [reading for reading in readings if not isinstance(reading, RejectedRecord)]
    deleted = {one.identifier for one in read if one.deleted}
    live = {one.identifier for one in read} - deleted
    return HarvestPart(part.name, part.hits, len(live), len(deleted), len(readings) - len(read))
