"""The feeds of member libraries, and the runs of these feeds."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from unioncat.core.delivery import PLAIN_RULES, ReadingRules
from unioncat.core.identifiers import Isil, SourceId


class Protocol(StrEnum):
    """How a feed is delivered."""

    OAI_PMH = "oai-pmh"
    FILE = "file"  # delivered by the library: uploaded, or imported by the operator
    FOLDER = "folder"  # a folder of this machine that is looked into
    WEB_FILE = "web-file"  # a file at an HTTP(S) address
    Z3950 = "z39.50"  # a database behind a Z39.50 target
    SRU = "sru"  # the same, asked over HTTP

    @property
    def is_target(self) -> bool:
        """Whether it is asked by queries, and proven by what they find."""
        return self in (Protocol.Z3950, Protocol.SRU)


class SourceState(StrEnum):
    """Whether a feed may be harvested. Nothing of a feed is published before it is accepted."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    PAUSED = "paused"
    CLOSED = "closed"


class Deletions(StrEnum):
    """How it becomes known that a record is gone."""

    REPORTED = "reported"  # the feed says so
    AUDIT = "audit"  # the feed's list of identifiers is compared with what is stored
    REPLACE = "replace"  # each complete delivery is everything: what it lacks is gone


class HarvestKind(StrEnum):
    """What a run does."""

    HARVEST = "harvest"
    AUDIT = "audit"  # compares the identifiers
    RETRY = "retry"  # reads rejected records again
    REREAD = "reread"  # reads stored records again, as the source is read now


class HarvestStatus(StrEnum):
    """How a run of a feed stands."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    STOPPED = "stopped"  # by a person; the next run resumes
    HELD = "held"  # complete, but so many records would be deleted that a person must say yes


NEW_SOURCE = SourceId(0)
"""The number of a source to which the store has not given one yet."""


@dataclass(frozen=True, slots=True)
class HarvestTerms:
    """When and how a feed is harvested.

    `schedule` is a cron expression of five fields in the operator's time zone; None: only by hand. `overlap` (seconds)
    is how far a window reaches back before the end of the last one. Of the live records of the source at most
    `most_deletions` per cent are deleted without a person. `pause` (seconds) lies between two requests.
    """

    schedule: str | None = None
    overlap: int = 0
    deletions: Deletions = Deletions.REPORTED
    most_deletions: int = 10
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class HarvestSource:
    """A feed of a library. `address` is a URL; for uploads the word `upload`; for a watched folder its path.

    Its secret, if it has one, is kept apart and never shown.
    """

    id: SourceId
    isil: Isil
    protocol: Protocol
    address: str
    metadata_prefix: str = "marc21"
    set_spec: str | None = None
    rules: ReadingRules = PLAIN_RULES
    terms: HarvestTerms = HarvestTerms()
    state: SourceState = SourceState.ACCEPTED


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
    """One run of one source: when, with which window, how it ended. `total` is the feed's own count, if it told one."""

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
    kind: HarvestKind = HarvestKind.HARVEST
    total: int | None = None
