"""What reads the whole store, page by page: for `verify`, `stats` and exports."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from unioncat.core.identifiers import ControlNumber, Isil, MasterId, SourceId
from unioncat.core.index.document import SearchDocument
from unioncat.core.merge.master import MergedRecord


@dataclass(frozen=True, slots=True)
class StoredMaster:
    """A master record as it lies in the store, with the numbers of its live source records."""

    serial: int
    master_id: MasterId
    status: str
    redirect_to: int | None
    content: MergedRecord | None
    document: SearchDocument | None
    members: frozenset[int]
    waits: bool = False
    """Whether one of them changed since it was last matched: what is merged does not say what it says now."""


class Audit(Protocol):
    """Counts, checks and listings of everything."""

    async def counts(self) -> Mapping[str, int]:
        """Named numbers of the store, see `unioncat stats`."""
        ...

    async def unbalanced_harvests(self) -> Sequence[int]:
        """Harvests whose counts do not add up."""
        ...

    async def created_and_stored(self) -> Mapping[SourceId, tuple[int, int, int]]:
        """For each source: records that harvests created, deleted, and records in the store."""
        ...

    async def damaged_records(self, after: int, limit: int) -> tuple[Sequence[int], int, int] | None:
        """The next records whose bytes do not fit their hash; the last number read; how many were read."""
        ...

    async def homeless_records(self) -> Sequence[int]:
        """Live source records without a live master record, unless they still wait for the matcher or for a person."""
        ...

    async def masters(self, after: int, limit: int) -> Sequence[StoredMaster]:
        """The next master records by serial number."""
        ...

    def clusters(self) -> AsyncIterator[tuple[Isil, ControlNumber, MasterId]]:
        """Every live source record with its master, by library and control number."""
        ...
