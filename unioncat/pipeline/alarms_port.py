"""What an operator should look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from unioncat.core.alarms import AlarmKind
from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.match.large_cluster import Statement
from unioncat.pipeline.curation_port import Signed

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


@dataclass(frozen=True, slots=True)
class Gathering:
    """A large cluster and what its members say, without the reasons that hold it together."""

    master_id: str
    members: int
    libraries: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Sharer:
    """What the records of one source with one description say, and how many there are."""

    source: SourceId
    isil: Isil
    description: int
    title: str
    persons: tuple[str, ...]
    year: int | None
    records: int


@dataclass(frozen=True, slots=True)
class NewAlarm:
    """What should be looked at. `facts` are what must change before it is raised again once a person closed it."""

    kind: AlarmKind
    subject: str
    facts: str
    detail: Mapping[str, Any]
    harvest: int | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it is kept; `closed_by` is empty where it was closed because its cause was gone."""

    id: int
    kind: AlarmKind
    subject: str
    detail: Mapping[str, Any]
    harvest: int | None
    raised: datetime
    closed: datetime | None = None
    closed_by: str | None = None
    closed_why: str | None = None


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """Which alarms are asked for; `is_open` false: only those that are closed."""

    kind: AlarmKind | None = None
    is_open: bool | None = None


class Alarms(Protocol):
    """What the matcher came upon that a person should know."""

    async def keep(self, new: NewAlarm) -> Alarm | None:
        """Raise it; None when it is open already (then it is brought up to date) or a person closed the same facts."""
        ...

    async def close(self, numbers: Collection[int], signed: Signed | None) -> Sequence[int]:
        """Close those that are open, because a person says so or (None) their cause is gone; returns which."""
        ...

    async def alarm(self, number: int) -> Alarm:
        """One alarm; raises UnknownEntry."""
        ...

    async def listed(self, wanted: AlarmFilter, before: int | None, limit: int) -> Sequence[Alarm]:
        """Alarms, the newest first, with numbers below `before`."""
        ...

    async def count_open(self) -> int:
        """How many are open."""
        ...

    async def open_about(self, kind: AlarmKind) -> Mapping[str, int]:
        """The open alarms of a kind: their numbers by what they are about."""
        ...

    async def note_crossed(self, keys: Collection[str]) -> None:
        """Remember match keys that became crowded or free until they are taken."""
        ...

    async def take_crossed(self) -> Sequence[str]:
        """The keys that were remembered, which are forgotten with it."""
        ...

    async def sharers(self, key: str) -> Sequence[Sharer]:
        """The descriptions that share a match key, once for each source that has records of them."""
        ...

    async def has_news(self) -> bool:
        """Whether anything changed since it was last looked for alarms."""
        ...

    async def lock_watch(self) -> None:
        """Wait until nobody else looks for alarms; held until the unit of work ends."""
        ...

    async def watched(self) -> int:
        """How far in the outbox it was looked for alarms."""
        ...

    async def move_watched(self, seq: int) -> None:
        """So far it was looked."""
        ...

    async def gatherings(
        self, after: int, until: int, besides: Collection[str], over: int
    ) -> Sequence[Gathering]:
        """The clusters of more than `over` records that changed after one place of the outbox and until another, and
        those of these masters."""
        ...

    async def crowded_keys(self, over: int, limit: int, titles: int) -> Listing[CrowdedKey]:
        """The keys that more than `over` descriptions share, most shared first, with so many sample titles."""
        ...

    async def large_clusters(self, over: int, limit: int, keys: int) -> Listing[LargeCluster]:
        """The clusters of more than `over` source records, largest first, each with so many of its match keys."""
        ...
