"""Rejected records are read again: after a change of the profile, the declared encoding, the columns, or of unioncat."""

from unioncat.core.registry import Checkpoint, HarvestCounts, HarvestKind, HarvestSource, HarvestStatus
from unioncat.pipeline.read_ahead import ReadPage, read_here
from unioncat.pipeline.resolve_rows import resolve_rows
from unioncat.pipeline.store_page import store_page
from unioncat.pipeline.unit_of_work import Store

_PAGE = 500


async def retry_rejected(store: Store, source: HarvestSource, *, read: ReadPage = read_here) -> HarvestCounts:
    """Read the rejected records of a source again, as a run of its own.

    What can be read now is stored and no longer rejected; the rest stays with its new reason. Returns the counts.
    """
    async with store.work() as work:
        run = await work.harvests.start(source.id, None, None, HarvestKind.RETRY)
        await work.commit()
    counts, after = HarvestCounts(), 0
    while True:
        async with store.work() as work:
            waiting = await work.records.rejected(source.id, after, _PAGE)
        if not waiting:
            break
        after = waiting[-1][0]
        readings = await read([delivered for _, delivered in waiting], source.rules)
        readings = await resolve_rows(store, source.rules, readings)
        counts += (await store_page(store, source, run, readings, Checkpoint({"after": str(after)}))).counts
    async with store.work() as work:
        await work.harvests.finish(run, HarvestStatus.COMPLETE, None)
        await work.commit()
    return counts
