"""Compare the identifiers that a feed lists with the records that are stored (law 1; OAI-PMH 2.0, section 2.5.1).

1. Records that are live here and not in the list are gone, once the feed confirms it (see `deletions`).
2. Records that are in the list and neither live nor rejected here are missing: the message of the run says how many.
3. The feed's own count stands beside ours: the proof that nothing is missing.
"""

from collections.abc import AsyncIterator
from typing import Protocol

from unioncat.core.errors import FeedError
from unioncat.core.registry import Checkpoint, HarvestCounts, HarvestKind, HarvestSource, HarvestStatus
from unioncat.pipeline.deletions import delete_unseen
from unioncat.pipeline.unit_of_work import Store


class IdentifierPage(Protocol):
    """One answer of a list of identifiers: those that live, those that the feed says are deleted."""

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The live ones."""
        ...

    @property
    def checkpoint(self) -> Checkpoint:
        """What is true once the page is stored."""
        ...

    @property
    def total(self) -> int | None:
        """The feed's own count, where it tells one."""
        ...


class IdentifierLister(Protocol):
    """A feed that can list its identifiers and be asked for one record."""

    def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[IdentifierPage]:
        """The pages of the list; raises FeedError."""
        ...

    async def confirm_gone(self, identifier: str) -> bool:
        """Whether the feed no longer has this record; raises FeedError."""
        ...


async def audit_identifiers(
    store: Store, source: HarvestSource, lister: IdentifierLister, *, doubtful: str | None = None
) -> HarvestCounts:
    """List, compare, delete; returns the counts of the deletions. Raises FeedError; the next audit begins anew.

    `doubtful` says why a person must decide about what is gone.
    """
    async with store.work() as work:
        await work.harvests.forget_cut_off(source.id, HarvestKind.AUDIT)
        run = await work.harvests.start(source.id, None, None, HarvestKind.AUDIT)
        await work.commit()
    listed = missing = 0
    try:
        async for page in lister.identifiers(None):
            async with store.work() as work:
                await work.harvests.see(run, page.identifiers)
                here = await work.records.accounted(source.id, page.identifiers)
                await work.harvests.advance(run, HarvestCounts(), page.checkpoint, page.total)
                await work.commit()
            listed += len(page.identifiers)
            missing += len(set(page.identifiers) - here)
        await _finish(store, run, HarvestStatus.COMPLETE, _said(listed, missing))
        return await delete_unseen(store, source, run, doubtful=doubtful, confirm=lister.confirm_gone)
    except FeedError as error:
        await _finish(store, run, HarvestStatus.FAILED, str(error))
        raise


async def _finish(store: Store, run: int, status: HarvestStatus, message: str) -> None:
    async with store.work() as work:
        await work.harvests.finish(run, status, message)
        await work.commit()


def _said(listed: int, missing: int) -> str:
    if not missing:
        return f"{listed} identifiers are listed; each of them is here"
    return (
        f"{listed} identifiers are listed; {missing} of them are not here: harvest everything again with "
        "--from all"
    )
