"""What the steps and the API need from the outside, each as a small Protocol."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from unioncat.core.delivery import DeliveredRecord
from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import SearchPage, SearchRequest
from unioncat.core.index.stored import StoredDocuments
from unioncat.core.library import MemberLibrary
from unioncat.core.merge.holding import Holding
from unioncat.core.merge.master import MergedRecord
from unioncat.core.registry import Checkpoint, Harvest, HarvestSource
from unioncat.pipeline.related_port import RelatedRecords

# --- what comes in ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageOfPart:
    """Of which part of the feed a page is, how many records the feed says that part has, and whether it begins here."""

    name: str
    hits: int
    begins: bool


@dataclass(frozen=True, slots=True)
class HarvestPage:
    """One answer of a feed: its records and the checkpoint that is true once they are stored.

    `total` is the feed's own count where it tells one. `rest` says why the run ends here for now, to go on with the
    next one.
    """

    records: tuple[DeliveredRecord, ...]
    checkpoint: Checkpoint
    total: int | None = None
    part: PageOfPart | None = None
    rest: str | None = None


class Harvester(Protocol):
    """A feed that is read page by page, from a checkpoint on."""

    def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield the pages after `resume` (None: from the beginning); raises FeedError."""
        ...


# --- the search index -------------------------------------------------------------------------------


class SearchIndex(Protocol):
    """What every search engine can do for readers."""

    async def search(self, request: SearchRequest) -> SearchPage:
        """Answer one request; raises InvalidQuery, CursorExpired, IndexUnavailable."""
        ...

    def walk(self, request: SearchRequest) -> AsyncIterator[SearchDocument]:
        """Every hit in the order of a request, of one point in time; its size and facets do not matter.

        Raises what `search` raises.
        """
        ...

    async def position(self) -> int:
        """The number of the last change (outbox sequence) that searches can see; 0 for a new index."""
        ...

    async def count(self) -> int:
        """How many documents searches can see."""
        ...

    async def close(self) -> None:
        """Free what is held."""
        ...


class IndexWriter(Protocol):
    """What the one indexer can do. Nobody else writes."""

    async def apply(
        self, documents: Iterable[SearchDocument], deleted: Iterable[MasterId], position: int
    ) -> None:
        """Upsert and delete, then make it durable and visible together with `position`.

        A repeat changes nothing, nor does what comes later than something of a higher position.
        """
        ...

    async def repair(self, documents: Iterable[SearchDocument], strays: Iterable[MasterId]) -> None:
        """Write these as they are in the store now and remove the strays, whoever wrote something else at this position."""
        ...

    async def position(self) -> int:
        """The position of the last `apply` that is durable."""
        ...

    async def close(self) -> None:
        """Give the writer's lock back."""
        ...


class IndexRebuild(IndexWriter, Protocol):
    """A new index that is filled beside the live one."""

    async def fill(self, documents: StoredDocuments, position: int) -> None:
        """Add documents that it has not yet. They are durable and visible after the next `apply`.

        Portions may come side by side, all before what is applied.
        """
        ...

    async def preview(self) -> SearchIndex:
        """What was applied to it, as readers will see it."""
        ...

    async def switch(self) -> None:
        """Make it the live one, at once for every reader."""
        ...


class SearchEngine(Protocol):
    """A search engine: what its readers and the one indexer need."""

    @property
    def index(self) -> SearchIndex:
        """The live index."""
        ...

    async def open_writer(self) -> IndexWriter:
        """The writer of the live index; raises IndexUnavailable, IndexOutdated."""
        ...

    async def open_rebuild(self) -> IndexRebuild:
        """A new index beside the live one; raises IndexUnavailable."""
        ...

    async def close(self) -> None:
        """Free what is held."""
        ...


# --- what is served ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EndedRecord:
    """What a master record was before its last source went, and when that was."""

    record: MergedRecord
    since: datetime


@dataclass(frozen=True, slots=True)
class MasterView:
    """A master record as served. `redirect` is set when the identifier was merged into another;
    `deleted` when the last source went: then `record` is None, and `ended` says what it was."""

    master_id: MasterId
    version: int
    record: MergedRecord | None
    redirect: MasterId | None = None
    deleted: bool = False
    ended: EndedRecord | None = None


@dataclass(frozen=True, slots=True)
class HoldingView:
    """A holding with the library that states it and the record that says so."""

    library: MemberLibrary
    control_number: ControlNumber
    holding: Holding


@dataclass(frozen=True, slots=True)
class LibraryView:
    """A library with the number of its live records."""

    library: MemberLibrary
    live_records: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source with its newest harvest and its live and rejected records."""

    source: HarvestSource
    live_records: int
    rejected_records: int
    last_harvest: Harvest | None


@dataclass(frozen=True, slots=True)
class RejectedView:
    """A rejected record as shown to its library."""

    id: int
    source: HarvestSource
    place: str
    reason: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class IndexLag:
    """How many changes of master records an index does not show yet, and how many seconds ago the first was made."""

    changes: int = 0
    seconds: float = 0.0


class Catalogue(RelatedRecords, Protocol):
    """The read side of the store, for the API and the pages."""

    async def master(self, master_id: MasterId) -> MasterView | None:
        """One master record; None when the identifier was never given."""
        ...

    async def master_views(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, MasterView]:
        """These master records, without those whose identifiers were never given."""
        ...

    async def holdings(self, master_id: MasterId) -> Sequence[HoldingView]:
        """All holdings of a live master record, ordered by library name and location."""
        ...

    async def holdings_of(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, Sequence[HoldingView]]:
        """The holdings of each of these; of one that is not live none."""
        ...

    async def masters_by_isbn(self, isbn13: str) -> Sequence[MasterId]:
        """Live master records with this ISBN-13."""
        ...

    async def masters_by_issn(self, issn: str) -> Sequence[MasterId]:
        """Live master records with this ISSN (eight characters, hyphen in the middle)."""
        ...

    async def master_of(self, isil: Isil, control_number: ControlNumber) -> MasterId | None:
        """The live master record that holds this source record."""
        ...

    async def titles(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, str]:
        """The titles of master records, for lists."""
        ...

    async def libraries(self) -> Sequence[MemberLibrary]:
        """All member libraries by name."""
        ...

    async def contributing_libraries(self) -> int:
        """How many of them have live records."""
        ...

    async def group_names(self) -> Mapping[str, str]:
        """What the groups of libraries are called, by code."""
        ...

    async def sources(self) -> Sequence[SourceView]:
        """All sources by library."""
        ...

    async def harvests(self, isil: Isil | None, limit: int, before: int | None) -> Sequence[Harvest]:
        """Runs, newest first, with an identifier below `before`."""
        ...

    async def rejected(self, isil: Isil | None, limit: int, before: int | None) -> Sequence[RejectedView]:
        """Rejected records, newest first, with an identifier below `before`."""
        ...

    async def index_lag(self, position: int) -> IndexLag:
        """What an index at this position does not show yet."""
        ...

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database does not answer."""
        ...
