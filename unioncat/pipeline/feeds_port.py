"""What the steps need from the store about feeds: the sources, their runs, and how the running of them stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.match.placeholders import Shared
from unioncat.core.registry import (
    Checkpoint,
    Harvest,
    HarvestCounts,
    HarvestKind,
    HarvestSource,
    HarvestStatus,
)


class Sources(Protocol):
    """The feeds of member libraries."""

    async def save(self, source: HarvestSource) -> HarvestSource:
        """Add a feed (its number is NEW_SOURCE), or change one; returns it with its number.

        A new feed of the same library, protocol, address and set as a known one is that one, changed.
        """
        ...

    async def get(self, source: SourceId) -> HarvestSource:
        """A registered source; raises NotRegistered."""
        ...

    async def all(self, isil: Isil | None = None) -> Sequence[HarvestSource]:
        """The sources of one library or of all."""
        ...

    async def save_secret(self, source: SourceId, encrypted: bytes | None) -> None:
        """Keep the encrypted secret of a source, or none."""
        ...

    async def secret(self, source: SourceId) -> bytes | None:
        """The encrypted secret of a source."""
        ...

    async def remember(self, source: SourceId, values: Mapping[str, str]) -> None:
        """Keep what a harvester wants to know next time (validators of a web file, files of a folder)."""
        ...

    async def remembered(self, source: SourceId) -> Mapping[str, str]:
        """What was kept with `remember`."""
        ...

    async def save_placeholders(self, source: SourceId, accepted: Sequence[Mapping[str, str]]) -> None:
        """Keep the placeholders of a source, each with who accepted it, when and why."""
        ...

    async def placeholders(self, source: SourceId) -> Sequence[Mapping[str, str]]:
        """What was kept with `save_placeholders`."""
        ...

    async def save_check(self, source: SourceId, report: Mapping[str, Any]) -> None:
        """Keep the report of a preflight with its time."""
        ...

    async def check_report(self, source: SourceId) -> tuple[datetime, Mapping[str, Any]] | None:
        """The newest preflight."""
        ...


class Placeholders(Protocol):
    """What many records of one source share."""

    async def shared(self, source: SourceId) -> Sequence[Shared]:
        """The values that so many records of a source have that they may be placeholders."""
        ...


class Harvests(Protocol):
    """Runs of sources."""

    async def start(
        self,
        source: SourceId,
        window_from: str | None,
        window_until: str | None,
        kind: HarvestKind = HarvestKind.HARVEST,
    ) -> int:
        """Begin a run; returns its number."""
        ...

    async def advance(
        self, harvest: int, counts: HarvestCounts, checkpoint: Checkpoint, total: int | None = None
    ) -> bool:
        """Add a page's counts and move the checkpoint; returns whether a person has asked to stop."""
        ...

    async def ask_to_stop(self, source: SourceId) -> bool:
        """Ask the run of a source that is under way to stop after its page; False when there is none."""
        ...

    async def finish(self, harvest: int, status: HarvestStatus, message: str | None) -> None:
        """End a run."""
        ...

    async def newest(
        self, source: SourceId, kind: HarvestKind = HarvestKind.HARVEST
    ) -> tuple[Harvest, Checkpoint | None] | None:
        """The newest run of a source with its checkpoint."""
        ...

    async def newest_complete(self, source: SourceId) -> tuple[Harvest, Checkpoint | None] | None:
        """The newest harvest that came to its end."""
        ...

    async def unfinished(self, source: SourceId) -> tuple[Harvest, Checkpoint] | None:
        """The newest harvest that stored a page and did not come to its end, unless a later one covered its window."""
        ...

    async def of(self, source: SourceId, limit: int) -> Sequence[Harvest]:
        """The runs of a source, newest first."""
        ...

    async def see(self, harvest: int, identifiers: Collection[str]) -> None:
        """Note that a run has seen these records; again and again is harmless."""
        ...

    async def unseen(self, source: SourceId, harvest: int, after: str, limit: int) -> Sequence[str]:
        """Live records of the source that the run has not seen, by identifier, beginning behind `after`."""
        ...

    async def count_unseen(self, source: SourceId, harvest: int) -> tuple[int, int]:
        """How many live records of the source the run has not seen, and how many are live."""
        ...

    async def forget_seen(self, harvest: int) -> None:
        """Drop what a run has seen."""
        ...

    async def forget_cut_off(self, source: SourceId, kind: HarvestKind) -> None:
        """Drop what earlier runs of this kind have seen; none of them is resumed."""
        ...

    async def hold(self, harvest: int, source: SourceId, seen_by: int) -> int:
        """Let the deletion of what `seen_by` has not seen wait for a person, under the run `harvest`."""
        ...

    async def held(self, source: SourceId) -> tuple[int, Sequence[str]] | None:
        """The run whose deletions wait, and the identifiers."""
        ...

    async def release(self, source: SourceId) -> None:
        """No deletion of this source waits any more."""
        ...


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """How the running of a feed stands.

    `failures` counts the runs that failed one after another; `due` is when the next run may begin (None: not planned);
    `message` is told to the member.
    """

    source: SourceId
    due: datetime | None
    failures: int
    message: str | None


class Running(Protocol):
    """When feeds are to be harvested, and how it went."""

    async def standing(self, source: SourceId) -> FeedStanding:
        """How a feed stands; raises NotRegistered."""
        ...

    async def save_standing(self, standing: FeedStanding) -> None:
        """Keep how a feed stands."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[SourceId]:
        """Accepted feeds whose time has come, the longest waiting first."""
        ...

    async def unplanned(self, limit: int) -> Sequence[SourceId]:
        """Accepted feeds that have a schedule but no time for their next run."""
        ...


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How often one kind of fault is found among the live or rejected records of a source.

    `examples` are up to five triples of control number, place in the catalogue or delivery, and detail.
    """

    kind: str
    count: int
    examples: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """A rejected record as its library gets it back; `kind` is one of `FindingKind`."""

    id: int
    kind: str
    reason: str
    place: str
    identifier: str | None
    format: str
    raw: bytes


class Quality(Protocol):
    """What is known about the quality of a source's records."""

    async def faults(self, source: SourceId) -> Sequence[FaultCount]:
        """The findings of the live records, most frequent first."""
        ...

    async def rejections(self, source: SourceId) -> Sequence[FaultCount]:
        """The rejected records by kind, most frequent first."""
        ...

    async def live(self, source: SourceId) -> int:
        """How many live records the source has."""
        ...

    async def tombstones(self, source: SourceId) -> int:
        """How many records of the source are deleted."""
        ...

    async def values(self, source: SourceId, limit: int) -> Sequence[tuple[str, str, int]]:
        """Contents of 250$a, 260$b/264$b and 300$a that very many of the newest `limit` live records share.

        Triples of tag with subfield (`260b`), value, count; most frequent first, at most 30.
        """
        ...

    async def save_snapshot(self, harvest: int, snapshot: Mapping[str, int]) -> None:
        """Keep the numbers of the source as they are at the end of a run."""
        ...

    async def trend(self, source: SourceId, limit: int) -> Sequence[tuple[datetime, Mapping[str, int]]]:
        """The snapshots of the newest runs, oldest first."""
        ...

    async def rejected(self, source: SourceId, after: int, limit: int) -> Sequence[RejectedEntry]:
        """The next rejected records of a source, those with a number above `after`, with the reasons."""
        ...
