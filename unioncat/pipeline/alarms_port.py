"""What an operator should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from unioncat.core.match.large_cluster import Statement

_Listed = TypeVar("_Listed", covariant=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[_Listed]):
    """What is listed, and how many there are with those that the limit cut off."""

    listed: Sequence[_Listed]
    total: int


@dataclass(frozen=True, slots=True)
class CrowdedKey:
    """A match key that so many descriptions share that a pair needs a second one."""

    key: str
    descriptions: int
    libraries: tuple[str, ...]
    titles: tuple[str, ...]
    """Samples, in order of the alphabet."""


@dataclass(frozen=True, slots=True)
class LargeCluster:
    """A master record with many members, and what holds these together."""

    master_id: str
    members: int
    descriptions: int
    libraries: tuple[str, ...]
    statements: tuple[Statement, ...]
    """What its members say of title, volume, edition and year, the most frequent first."""
    first_year: int | None
    last_year: int | None
    keys: tuple[str, ...]
    """The match keys that most of its descriptions share."""
    weakest: float | None
    """The score of the weakest pair that was judged the same; None when all members share one description."""


class Alarms(Protocol):
    """What the matcher came upon that a person should know."""

    async def crowded_keys(self, over: int, limit: int, titles: int) -> Listing[CrowdedKey]:
        """The keys that more than `over` descriptions share, most shared first, with so many sample titles."""
        ...

    async def large_clusters(self, over: int, limit: int, keys: int) -> Listing[LargeCluster]:
        """The clusters of more than `over` source records, largest first, each with so many of its match keys."""
        ...
