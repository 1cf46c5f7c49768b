"""Harvests that would join too many master records, and the records that wait for a person before they are matched."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from unioncat.core.identifiers import ControlNumber, Isil, MasterId, SourceId


@dataclass(frozen=True, slots=True)
class HarvestJoins:
    """How many master records a harvest has joined with others so far."""

    harvest: int
    source: SourceId
    isil: Isil
    masters: int


@dataclass(frozen=True, slots=True)
class JoinedMasters:
    """A master record that would be joined with another, and a delivered record that does it."""

    joined: MasterId
    joined_title: str
    into: MasterId
    into_title: str
    isil: Isil
    control_number: ControlNumber


class Held(Protocol):
    """What waits for a person before it is matched. To the matcher such a record is what it was before."""

    async def add_joined(self, joined: Mapping[int, Sequence[int]]) -> Sequence[HarvestJoins]:
        """Count the master records (serial numbers) that these harvests joined with others, and that were there when they
        began; returns for those that joined any how many they have joined in all."""
        ...

    async def count_masters(self) -> int:
        """How many live master records there are."""
        ...

    async def released(self, harvests: Collection[int]) -> frozenset[int]:
        """Those that had begun when a person released what their source delivered."""
        ...

    async def sources_of(self, harvests: Collection[int]) -> Sequence[SourceId]:
        """The sources of harvests."""
        ...

    async def hold(self, source: SourceId) -> int:
        """Let what waits for the matcher and was delivered by this source wait for a person; returns how many records."""
        ...

    async def release(self, source: SourceId) -> int:
        """Give it back to the matcher; returns how many records."""
        ...

    async def recount(self, source: SourceId) -> None:
        """Bring the number of waiting records in the open alarm of this source up to date."""
        ...

    async def joined_masters(self, joins: Sequence[tuple[int, int, int]]) -> Sequence[JoinedMasters]:
        """What these are called: serial numbers of the joined master and of the one it is joined into, and a record."""
        ...
