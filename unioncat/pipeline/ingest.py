"""Harvest: pages of a feed go into the store, each with its checkpoint in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime

from unioncat.core.delivery import RejectedRecord
from unioncat.core.errors import FeedError, FileUnreadable, UnioncatError
from unioncat.core.merge.holdings import load_profiles
from unioncat.core.registry import Checkpoint, HarvestCounts, HarvestSource, HarvestStatus
from unioncat.pipeline.outcomes import plan_page
from unioncat.pipeline.ports import Harvester, HarvestPage
from unioncat.pipeline.reading import read_delivery
from unioncat.pipeline.unit_of_work import Store

Progress = Callable[[HarvestCounts, int | None], None]
"""Told after each page: the counts so far, and the feed's own total where it tells one."""


async def ingest_page(store: Store, source: HarvestSource, harvest: int, page: HarvestPage) -> HarvestCounts:
    """Read and store one page; its checkpoint commits with it."""
    profile = load_profiles()[source.profile]
    readings = [read_delivery(delivered, profile) for delivered in page.records]
    identifiers = {r.identifier for r in readings if not isinstance(r, RejectedRecord)}
    received = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    async with store.work() as work:
        plan = plan_page(readings, await work.records.known(source.id, identifiers))
        await work.records.save(source.id, harvest, received, plan)
        await work.harvests.advance(harvest, plan.counts, page.checkpoint)
        await work.commit()
    return plan.counts


def check_profile(name: str) -> str:
    """The name of a holdings profile; raises UnioncatError when there is none of this name."""
    if name in load_profiles():
        return name
    raise UnioncatError(
        f"There is no holdings profile '{name}'; choose one of: {', '.join(sorted(load_profiles()))}"
    )


async def run_harvest(
    store: Store,
    source: HarvestSource,
    harvester: Harvester,
    *,
    resume: tuple[int, Checkpoint] | None = None,
    window: tuple[str | None, str | None] = (None, None),
    progress: Progress = lambda counts, total: None,
) -> HarvestCounts:
    """Run one harvest to its end, from the beginning or from the checkpoint of a run that was cut off.

    Returns the counts of this call. Raises FeedError or FileUnreadable after the run is marked as failed;
    what was stored until then stays, and the next run resumes there. Raises UnioncatError when the holdings
    profile of the source is gone or another run of it is under way.
    """
    check_profile(source.profile)
    async with store.harvest_lock(source.id) as alone:
        if not alone:
            raise UnioncatError(
                f"Source {source.id} of {source.isil} is being harvested already; wait for it"
            )
        harvest = resume[0] if resume else await _start(store, source, window)
        counts = HarvestCounts()
        try:
            async for page in harvester.pages(resume[1] if resume else None):
                counts += await ingest_page(store, source, harvest, page)
                progress(counts, page.total)
        except (FeedError, FileUnreadable) as error:
            await _finish(store, harvest, HarvestStatus.FAILED, str(error))
            raise
        await _finish(store, harvest, HarvestStatus.COMPLETE, None)
        return counts


async def _start(store: Store, source: HarvestSource, window: tuple[str | None, str | None]) -> int:
    async with store.work() as work:
        harvest = await work.harvests.start(source.id, *window)
        await work.commit()
        return harvest


async def _finish(store: Store, harvest: int, status: HarvestStatus, message: str | None) -> None:
    async with store.work() as work:
        await work.harvests.finish(harvest, status, message)
        await work.commit()
