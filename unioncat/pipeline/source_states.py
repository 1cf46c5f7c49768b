"""Whether a feed may be harvested: accepted after a preflight, paused, closed (`SourceState`).

1. A feed that is proposed or paused is accepted when its library is active and its newest preflight is not bad; on a
   bad or missing one a person may insist.
2. An accepted feed is paused; any feed is closed. A run that is under way ends after its page.
3. A closed feed stays closed: register it again.
"""

from dataclasses import replace

from unioncat.core.errors import Conflict
from unioncat.core.identifiers import SourceId
from unioncat.core.library import LibraryStatus
from unioncat.core.quality.verdict import Verdict
from unioncat.core.registry import HarvestSource, SourceState
from unioncat.pipeline.unit_of_work import Store, UnitOfWork


async def accept_source(store: Store, source_id: SourceId, *, force: bool = False) -> HarvestSource:
    """Let a feed be harvested and published; raises NotRegistered, or UnioncatError with what is to be done first."""
    async with store.work() as work:
        source = await work.sources.get(source_id)
        if source.state is SourceState.CLOSED:
            raise Conflict(f"Source {source_id} of {source.isil} is closed; register the feed again")
        await _require_active(work, source)
        if source.state is not SourceState.ACCEPTED and not force:
            await _require_check(work, source)
        return await _save(work, source, SourceState.ACCEPTED)


async def pause_source(store: Store, source_id: SourceId) -> HarvestSource:
    """Stop harvesting a feed for a while; its records stay. Raises NotRegistered or UnioncatError."""
    async with store.work() as work:
        source = await work.sources.get(source_id)
        if source.state not in (SourceState.ACCEPTED, SourceState.PAUSED):
            raise Conflict(
                f"Source {source_id} of {source.isil} is {source.state}; only an accepted source can be paused"
            )
        await work.harvests.ask_to_stop(source_id)
        return await _save(work, source, SourceState.PAUSED)


async def close_source(store: Store, source_id: SourceId) -> HarvestSource:
    """End a feed for good; its records stay. Raises NotRegistered."""
    async with store.work() as work:
        source = await work.sources.get(source_id)
        await work.harvests.ask_to_stop(source_id)
        return await _save(work, source, SourceState.CLOSED)


async def _require_active(work: UnitOfWork, source: HarvestSource) -> None:
    library = await work.registry.library(source.isil)
    if library.status is not LibraryStatus.ACTIVE:
        raise Conflict(
            f"{source.isil} is {library.status}; its feeds are accepted once it is an active member: "
            "unioncat library registrations"
        )


async def _require_check(work: UnitOfWork, source: HarvestSource) -> None:
    checked = await work.sources.check_report(source.id)
    if checked is None:
        raise Conflict(
            f"Source {source.id} of {source.isil} was never checked; look at it first: "
            f"unioncat source check {source.id}"
        )
    if checked[1].get("verdict") == Verdict.BAD:
        raise Conflict(
            f"The last check of source {source.id} of {source.isil} was bad; mend what it says and check again, "
            "or insist with --force"
        )


async def _save(work: UnitOfWork, source: HarvestSource, state: SourceState) -> HarvestSource:
    saved = await work.sources.save(replace(source, state=state))
    await work.commit()
    return saved
