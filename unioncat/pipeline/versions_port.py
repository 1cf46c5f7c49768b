"""What master records looked like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from unioncat.core.identifiers import MasterId
from unioncat.core.merge.master import MergedRecord


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A state of a master record: its number (the last one of this content), since when, of how many records.

    `current` says whether it is so now.
    """

    version: int
    since: datetime
    records: int
    current: bool


class Versions(Protocol):
    """The states of master records, also of those that were merged into others or have ended."""

    async def states(self, master_id: MasterId) -> Sequence[VersionLine]:
        """All states, the newest first; none when the identifier was never given."""
        ...

    async def content(self, master_id: MasterId, version: int) -> MergedRecord | None:
        """The record as it was in a version; None when there was none."""
        ...
