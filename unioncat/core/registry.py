"""Who contributes: member libraries, their feeds, and the runs of these feeds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from unioncat.core.identifiers import Isil, SourceId


class Protocol(StrEnum):
    """How a feed is delivered."""

    OAI_PMH = "oai-pmh"
    FILE = "file"


class HarvestStatus(StrEnum):
    """How a run of a feed stands."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MemberLibrary:
    """An institution that contributes. `kind` is its type (national, provincial, university, school …)."""

    isil: Isil
    name: str
    name_en: str | None = None
    province: str | None = None
    kind: str | None = None
    rank: int = 100


@dataclass(frozen=True, slots=True)
class HarvestSource:
    """A feed of a library. `address` is a URL, or for files the word `upload`.

    `profile` names the holdings profile (`unioncat/core/merge/holdings_profiles.toml`).
    """

    id: SourceId
    isil: Isil
    protocol: Protocol
    address: str
    metadata_prefix: str = "marc21"
    set_spec: str | None = None
    profile: str = "default"


@dataclass(frozen=True, slots=True)
class HarvestCounts:
    """Law 1: `delivered` is the sum of the five others."""

    delivered: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    rejected: int = 0

    def __add__(self, other: "HarvestCounts") -> "HarvestCounts":
        return HarvestCounts(
            self.delivered + other.delivered,
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
            self.rejected + other.rejected,
        )

    @property
    def add_up(self) -> bool:
        """Whether every delivered record ended as exactly one of the five outcomes."""
        return self.delivered == (self.created + self.updated + self.unchanged + self.deleted + self.rejected)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where to resume a harvest. The harvester alone understands `state`; the store keeps it as it is."""

    state: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Harvest:
    """One run of one source: when, with which window, how it ended."""

    id: int
    source: SourceId
    isil: Isil
    status: HarvestStatus
    started: datetime
    finished: datetime | None
    counts: HarvestCounts
    window_from: str | None = None
    window_until: str | None = None
    message: str | None = None
