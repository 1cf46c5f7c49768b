"""Deletions that no feed reports: what a complete delivery or a list of all identifiers does not have is gone.

1. Only a run that came to its end shows what is gone.
2. Where many records would go, a person must say yes: more than `HarvestTerms.most_deletions` per cent of the live
   records of the source (five are always few), or all of them.
3. A delivery with rejected records that have no identifier cannot show which records are gone: a person must say yes.
4. Where the feed can be asked for single records, each one is asked for first: what it still has, stays. A feed that
   gives all its records and cannot be asked for one shows nothing for certain: a person must say yes.
5. Each deletion is a delivered tombstone of a run of its own (`HarvestKind.AUDIT`), so that all counts add up (law 1).
"""

from collections.abc import Awaitable, Callable, Sequence

from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import Conflict, FeedError
from unioncat.core.registry import Checkpoint, HarvestCounts, HarvestKind, HarvestSource, HarvestStatus
from unioncat.pipeline.reading import read_deliveries
from unioncat.pipeline.store_page import store_page
from unioncat.pipeline.unit_of_work import Store

ConfirmGone = Callable[[str], Awaitable[bool]]
"""Asks the feed whether the record of this identifier is gone; raises FeedError."""

NAMELESS = "some delivered records cannot be read and have no identifier"
UNCONFIRMED = "the feed cannot be asked for single records to confirm it"
_ALWAYS_FEW = 5
_PAGE = 500


def is_too_many(gone: int, live: int, most_per_cent: int) -> bool:
    """Whether so many deletions need a person (rule 2)."""
    return gone == live or gone > max(_ALWAYS_FEW, live * most_per_cent // 100)


async def delete_unseen(
    store: Store,
    source: HarvestSource,
    seen_by: int,
    *,
    doubtful: str | None = None,
    confirm: ConfirmGone | None = None,
) -> HarvestCounts:
    """Delete, or hold, the live records that the complete run `seen_by` has not seen.

    `doubtful` says why only a person can tell what is gone: NAMELESS (rule 3), UNCONFIRMED (rule 4). Returns the counts of the deletions; raises
    FeedError when the feed does not confirm them.
    """
    async with store.work() as work:
        gone, live = await work.harvests.count_unseen(source.id, seen_by)
        await work.harvests.release(source.id)
        if not gone:
            await work.harvests.forget_seen(seen_by)
            await work.commit()
            return HarvestCounts()
        run = await work.harvests.start(source.id, None, None, HarvestKind.AUDIT)
        if doubtful or is_too_many(gone, live, source.terms.most_deletions):
            await work.harvests.hold(run, source.id, seen_by)
            await work.harvests.finish(run, HarvestStatus.HELD, _held(source, gone, live, doubtful))
            await work.harvests.forget_seen(seen_by)
            await work.commit()
            return HarvestCounts()
        await work.commit()
    return await _delete(store, source, run, seen_by, confirm)


async def apply_held(store: Store, source: HarvestSource) -> HarvestCounts:
    """A person said yes: delete what was held; raises UnioncatError when nothing is."""
    async with store.work() as work:
        held = await work.harvests.held(source.id)
    if held is None:
        raise Conflict(f"No deletion of source {source.id} of {source.isil} waits for a decision")
    run, identifiers = held
    counts = HarvestCounts()
    for start in range(0, len(identifiers), _PAGE):
        counts += await _bury(store, source, run, identifiers[start : start + _PAGE])
    await _finish(store, source, run, f"{counts.deleted} records were deleted after a person said yes")
    return counts


async def discard_held(store: Store, source: HarvestSource) -> int:
    """A person said no: the records stay; returns how many. Raises UnioncatError when nothing is held."""
    async with store.work() as work:
        held = await work.harvests.held(source.id)
    if held is None:
        raise Conflict(f"No deletion of source {source.id} of {source.isil} waits for a decision")
    await _finish(store, source, held[0], f"{len(held[1])} records stay: a person said no")
    return len(held[1])


async def _delete(
    store: Store, source: HarvestSource, run: int, seen_by: int, confirm: ConfirmGone | None
) -> HarvestCounts:
    counts, after, kept = HarvestCounts(), "", 0
    try:
        while page := await _unseen(store, source, seen_by, after):
            gone = [name for name in page if confirm is None or await confirm(name)]
            kept += len(page) - len(gone)
            counts += await _bury(store, source, run, gone)
            after = page[-1]
    except FeedError as error:
        async with store.work() as work:
            await work.harvests.finish(run, HarvestStatus.FAILED, str(error))
            await work.commit()
        raise
    async with store.work() as work:
        await work.harvests.forget_seen(seen_by)
        await work.commit()
    stay = f"; {kept} that the list lacks stay, for the feed still has them" if kept else ""
    await _finish(store, source, run, f"{counts.deleted} records are gone from the feed{stay}")
    return counts


async def _unseen(store: Store, source: HarvestSource, seen_by: int, after: str) -> Sequence[str]:
    async with store.work() as work:
        return await work.harvests.unseen(source.id, seen_by, after, _PAGE)


async def _bury(store: Store, source: HarvestSource, run: int, identifiers: Sequence[str]) -> HarvestCounts:
    tombstones = [
        DeliveredRecord(b"", RecordFormat.MARCXML, identifier, identifier, deleted=True)
        for identifier in identifiers
    ]
    readings = read_deliveries(tombstones, source.rules)
    return (await store_page(store, source, run, readings, Checkpoint())).counts


async def _finish(store: Store, source: HarvestSource, run: int, message: str) -> None:
    async with store.work() as work:
        await work.harvests.release(source.id)
        await work.harvests.finish(run, HarvestStatus.COMPLETE, message)
        await work.commit()


def _held(source: HarvestSource, gone: int, live: int, doubtful: str | None) -> str:
    why = doubtful or "that is very many"
    return (
        f"{gone} of {live} records are missing in the delivery; {why}, so they stay until a person decides: "
        f"unioncat source deletions {source.id} --apply (or --discard)"
    )
