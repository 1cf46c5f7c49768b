"""What people do about the quality of a feed: look at it, accept it, read its report, take back what was rejected."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unioncat.core.delivery import RecordFormat
from unioncat.core.identifiers import SourceId
from unioncat.core.quality.feed import FeedIdentity
from unioncat.core.quality.sentences import sentences_of
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.check_source import (
    PATIENCE,
    PATIENCE_WITH_TARGETS,
    CheckReport,
    Probe,
    Sample,
    check_feed,
    check_source,
)
from unioncat.pipeline.feeds_port import RejectedEntry
from unioncat.pipeline.quality_report import QualityReport, quality_report
from unioncat.pipeline.source_states import accept_source, close_source, pause_source
from unioncat.pipeline.unit_of_work import Store

OpenProbe = Callable[[HarvestSource], Awaitable[Probe]]
"""Opens the probe of a source: finds its secret, its files, or fetches them; raises FeedError or FileUnreadable."""

_PAGE = 200


@dataclass(frozen=True, slots=True)
class QualityDesk:
    """The use-cases of quality on one store."""

    store: Store
    open_probe: OpenProbe

    async def source(self, source_id: SourceId) -> HarvestSource:
        """A registered source; raises NotRegistered."""
        async with self.store.work() as work:
            return await work.sources.get(source_id)

    async def check(self, source_id: SourceId) -> CheckReport:
        """Look at a source now and keep the report; raises NotRegistered."""
        source = await self.source(source_id)
        patience = PATIENCE_WITH_TARGETS if source.protocol.is_target else PATIENCE
        return await check_source(self.store, source, _Opening(source, self.open_probe), patience=patience)

    async def check_unregistered(self, source: HarvestSource, probe: Probe) -> CheckReport:
        """Look at a feed that is not registered, such as a file, and keep nothing."""
        return await check_feed(self.store, source, probe)

    async def last_check(self, source_id: SourceId) -> tuple[datetime, Mapping[str, Any]] | None:
        """The newest preflight of a source with its time; raises NotRegistered."""
        async with self.store.work() as work:
            return await work.sources.check_report(source_id)

    async def accept(self, source_id: SourceId, *, force: bool = False) -> HarvestSource:
        """Let a source be harvested; raises UnioncatError where its check speaks against it."""
        return await accept_source(self.store, source_id, force=force)

    async def pause(self, source_id: SourceId) -> HarvestSource:
        """Stop harvesting a source for a while."""
        return await pause_source(self.store, source_id)

    async def close(self, source_id: SourceId) -> HarvestSource:
        """End a source for good."""
        return await close_source(self.store, source_id)

    async def report(self, source_id: SourceId, language: str) -> QualityReport:
        """The quality report of a source; raises NotRegistered."""
        return await quality_report(self.store, source_id, language)

    async def rows_to_mend(self, source_id: SourceId) -> list[tuple[bytes, str]]:
        """The rows of lists that came back, as they were delivered, each with its reason in Vietnamese and English."""
        return [
            (entry.raw, f"{sentences_of(entry.kind, 'vi').title} ({entry.reason})")
            async for entry in self.rejected(source_id)
            if entry.format == RecordFormat.ROW
        ]

    async def rejected(self, source_id: SourceId) -> AsyncIterator[RejectedEntry]:
        """All rejected records of a source, in the order of their numbers."""
        after = 0
        while True:
            async with self.store.work() as work:
                page = await work.quality.rejected(source_id, after, _PAGE)
            for entry in page:
                yield entry
            if len(page) < _PAGE:
                return
            after = page[-1].id


class _Opening:
    """A probe that is opened when it is first asked, so that what goes wrong is part of the report."""

    def __init__(self, source: HarvestSource, open_probe: OpenProbe) -> None:
        self._source = source
        self._open = open_probe
        self._probe: Probe | None = None

    async def identity(self) -> FeedIdentity:
        return await (await self._opened()).identity()

    async def sample(self, limit: int) -> Sample:
        return await (await self._opened()).sample(limit)

    async def _opened(self) -> Probe:
        if self._probe is None:
            self._probe = await self._open(self._source)
        return self._probe
