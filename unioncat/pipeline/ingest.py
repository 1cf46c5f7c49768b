"""Harvest: pages of a feed go into the store, each with its checkpoint in one transaction."""

from collections.abc import Callable
from contextlib import aclosing

from unioncat.core.delivery import RejectedRecord
from unioncat.core.errors import Conflict, FeedError, FileUnreadable, InvalidSource
from unioncat.core.merge.holdings import load_profiles
from unioncat.core.registry import (
    Checkpoint,
    Deletions,
    HarvestCounts,
    HarvestKind,
    HarvestSource,
    HarvestStatus,
    SourceState,
)
from unioncat.pipeline.deletions import NAMELESS, ConfirmGone, delete_unseen
from unioncat.pipeline.outcomes import plan_page
from unioncat.pipeline.ports import Harvester
from unioncat.pipeline.read_ahead import ReadPage, read_ahead, read_here
from unioncat.pipeline.resolve_rows import resolve_rows
from unioncat.pipeline.store_page import store_page
from unioncat.pipeline.unit_of_work import Store

Progress = Callable[[HarvestCounts, int | None], None]
"""Told after each page: the counts so far, and the feed's own total where it tells one."""


def check_profile(name: str) -> str:
    """The name of a holdings profile; raises UnioncatError when there is none of this name."""
    if name in load_profiles():
        return name
    raise InvalidSource(
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
    read: ReadPage = read_here,
    confirm: ConfirmGone | None = None,
    doubtful: str | None = None,
) -> HarvestCounts:
    """Run one harvest to its end, from the beginning or from the checkpoint of a run that was cut off.

    Returns the counts of this call. Raises FeedError or FileUnreadable after the run is marked as failed;
    what was stored until then stays, and the next run resumes there. Raises UnioncatError when the source is not
    accepted, its holdings profile is gone, or another run of it is under way.

    Where each delivery of the source is everything (`Deletions.REPLACE`) and nothing narrows the run, what it lacks
    is deleted at its end; `confirm` asks the feed for each of these first; `doubtful` says why a person
    must say yes.
    """
    check_profile(source.rules.profile)
    check_accepted(source)
    async with store.harvest_lock(source.id) as alone:
        if not alone:
            raise Conflict(f"Source {source.id} of {source.isil} is being harvested already; wait for it")
        run = resume[0] if resume else await _start(store, source, window)
        replaces = source.terms.deletions is Deletions.REPLACE and window == (None, None)
        try:
            counts, stopped, why = await _store_pages(
                store, source, harvester, run, resume and resume[1], replaces, progress, read
            )
            if replaces and not stopped:
                doubtful = NAMELESS if await _has_nameless(store, source, run) else doubtful
                await delete_unseen(store, source, run, doubtful=doubtful, confirm=confirm)
        except (FeedError, FileUnreadable) as error:
            await _finish(store, run, HarvestStatus.FAILED, str(error))
            raise
        await _finish(store, run, HarvestStatus.STOPPED if stopped else HarvestStatus.COMPLETE, why)
        return counts


async def rehearse_harvest(
    store: Store, source: HarvestSource, harvester: Harvester, *, read: ReadPage = read_here
) -> tuple[HarvestCounts, list[RejectedRecord]]:
    """What a harvest would do, without writing anything: its counts, and what it would reject."""
    counts = HarvestCounts()
    rejected: list[RejectedRecord] = []
    async with aclosing(read_ahead(harvester.pages(None), source.rules, read)) as pages:
        async for _, read_page in pages:
            readings = await resolve_rows(store, source.rules, read_page)
            names = {r.identifier for r in readings if not isinstance(r, RejectedRecord)}
            async with store.work() as work:
                plan = plan_page(readings, await work.records.known(source.id, names))
            counts += plan.counts
            rejected += plan.rejected
    return counts, rejected


def check_accepted(source: HarvestSource) -> None:
    """Raises UnioncatError when the source may not be harvested."""
    if source.state is not SourceState.ACCEPTED:
        raise Conflict(
            f"Source {source.id} of {source.isil} is {source.state}; nothing of it is published before it is accepted: "
            f"unioncat source check {source.id}, then unioncat source accept {source.id}"
        )


async def _store_pages(
    store: Store,
    source: HarvestSource,
    harvester: Harvester,
    run: int,
    resume: Checkpoint | None,
    notes_seen: bool,
    progress: Progress,
    read: ReadPage,
) -> tuple[HarvestCounts, bool, str | None]:
    """Store all pages; returns the counts, whether the run stopped, and why, unless a person stopped it."""
    counts = HarvestCounts()
    async with aclosing(read_ahead(harvester.pages(resume), source.rules, read)) as pages:
        async for page, read_page in pages:
            readings = await resolve_rows(store, source.rules, read_page)
            stored = await store_page(
                store,
                source,
                run,
                readings,
                page.checkpoint,
                total=page.total,
                notes_seen=notes_seen,
                part=page.part,
            )
            counts += stored.counts
            progress(counts, page.total)
            if stored.stop_asked or page.rest:
                return counts, True, None if stored.stop_asked else page.rest
    return counts, False, None


async def _has_nameless(store: Store, source: HarvestSource, run: int) -> bool:
    """Whether the run rejected records without an identifier."""
    async with store.work() as work:
        return await work.records.has_nameless_rejections(source.id, run)


async def _start(store: Store, source: HarvestSource, window: tuple[str | None, str | None]) -> int:
    async with store.work() as work:
        await work.harvests.forget_cut_off(source.id, HarvestKind.HARVEST)
        run = await work.harvests.start(source.id, *window)
        await work.commit()
        return run


async def _finish(store: Store, run: int, status: HarvestStatus, message: str | None) -> None:
    async with store.work() as work:
        await work.harvests.finish(run, status, message)
        await work.commit()
