"""Stored records are read again: after a change of how the source is read, or of unioncat itself.

1. Each live record is read from the bytes it came in. What it says anew is written; the matcher looks at those whose
   description changed, and merges those whose fields or holdings did.
2. A record that cannot be read any more stays as it is, and is counted; only a feed can take a record away.
3. It takes the lock of the source's harvests. Cut off, it is begun again: what was read so already does not change.
"""

from collections.abc import Sequence

from unioncat.core.errors import Conflict
from unioncat.core.registry import Checkpoint, HarvestCounts, HarvestKind, HarvestSource, HarvestStatus
from unioncat.pipeline.ingest import check_profile
from unioncat.pipeline.outcomes import StoredRecord
from unioncat.pipeline.read_ahead import ReadPage, read_here
from unioncat.pipeline.reading import ReadRecord
from unioncat.pipeline.resolve_rows import resolve_rows
from unioncat.pipeline.unit_of_work import Store

_PAGE = 500


async def reread(store: Store, source: HarvestSource, *, read: ReadPage = read_here) -> HarvestCounts:
    """Read the live records of a source again, as a run of its own; returns its counts.

    Raises Conflict when a harvest of the source is under way.
    """
    check_profile(source.rules.profile)
    async with store.harvest_lock(source.id) as alone:
        if not alone:
            raise Conflict(f"Source {source.id} of {source.isil} is being harvested; wait for it")
        async with store.work() as work:
            await work.harvests.forget_cut_off(source.id, HarvestKind.REREAD)
            run = await work.harvests.start(source.id, None, None, HarvestKind.REREAD)
            await work.commit()
        counts, unreadable = HarvestCounts(), 0
        page: Sequence[StoredRecord] = await _page(store, source, 0)
        while page:
            readings = await read([one.delivered for one in page], source.rules)
            readings = await resolve_rows(store, source.rules, readings)
            read_now = [
                (one, reading.content)
                for one, reading in zip(page, readings, strict=True)
                if isinstance(reading, ReadRecord) and reading.content is not None
            ]
            changed = [(one, content) for one, content in read_now if not one.says(content)]
            done = HarvestCounts(len(page), updated=len(changed), unchanged=len(page) - len(changed))
            async with store.work() as work:
                await work.records.reread(changed)
                await work.harvests.advance(run, done, Checkpoint({"after": str(page[-1].id)}))
                await work.commit()
            counts, unreadable = counts + done, unreadable + len(page) - len(read_now)
            page = await _page(store, source, page[-1].id)
        async with store.work() as work:
            await work.harvests.finish(run, HarvestStatus.COMPLETE, _said(unreadable))
            await work.commit()
    return counts


async def _page(store: Store, source: HarvestSource, after: int) -> Sequence[StoredRecord]:
    async with store.work() as work:
        return await work.records.stored(source.id, after, _PAGE)


def _said(unreadable: int) -> str | None:
    if not unreadable:
        return None
    return f"{unreadable} records could not be read as the source is read now; they stay as they were"
