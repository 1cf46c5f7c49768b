"""What the steps need from the store. One unit of work is one transaction; only steps commit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from unioncat.core.delivery import DeliveredRecord
from unioncat.core.identifiers import ControlNumber, Fingerprint, Isil, MasterId, SourceId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.stored import StoredDocuments
from unioncat.core.library import MemberLibrary
from unioncat.core.marc import MarcRecord
from unioncat.core.match.curation import CuratorDecision
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.relation import Relation
from unioncat.core.normalise.description import Description
from unioncat.pipeline.alarms_port import Alarms
from unioncat.pipeline.audit import Audit
from unioncat.pipeline.availability_port import AvailabilityServices
from unioncat.pipeline.corrections_port import Corrections
from unioncat.pipeline.curation_port import Curation
from unioncat.pipeline.feeds_port import Harvests, Placeholders, Quality, Running, Sources
from unioncat.pipeline.held_port import Held
from unioncat.pipeline.libraries_port import Admissions, Keys, Libraries
from unioncat.pipeline.locate_port import Lookup
from unioncat.pipeline.merging import MasterTexts, MemberContent
from unioncat.pipeline.outcomes import KnownRecord, PagePlan, StoredRecord
from unioncat.pipeline.reading import RecordContent
from unioncat.pipeline.targets_port import Targets
from unioncat.pipeline.versions_port import Versions

# --- register ---------------------------------------------------------------------------------------


class Registry(Protocol):
    """Member libraries."""

    async def save_library(self, library: MemberLibrary) -> None:
        """Add a library, or change what is known of it."""
        ...

    async def library(self, isil: Isil) -> MemberLibrary:
        """A registered library; raises NotRegistered."""
        ...


# --- harvest ----------------------------------------------------------------------------------------


class Records(Protocol):
    """Source records and rejected records."""

    async def known(self, source: SourceId, identifiers: Collection[str]) -> Mapping[str, KnownRecord]:
        """The records of a source under these identifiers."""
        ...

    async def save(self, source: SourceId, harvest: int, received: str, plan: PagePlan) -> None:
        """Write a page: records, earlier versions, rejected records, descriptions, and the queue of the matcher.

        `received` is the date (ISO 8601) that stands where the feed gives no datestamp. What could be read is no longer
        among the rejected records.
        """
        ...

    async def rejected(
        self, source: SourceId, after: int, limit: int
    ) -> Sequence[tuple[int, DeliveredRecord]]:
        """The next rejected records of a source with their numbers, as they were delivered."""
        ...

    async def stored(self, source: SourceId, after: int, limit: int) -> Sequence[StoredRecord]:
        """The next live records of a source behind the record of number `after`."""
        ...

    async def reread(self, changed: Sequence[tuple[StoredRecord, RecordContent]]) -> None:
        """Write what stored records say now that they were read again, and queue them for the matcher."""
        ...

    async def accounted(self, source: SourceId, identifiers: Collection[str]) -> frozenset[str]:
        """Which of these identifiers are live or rejected records of the source."""
        ...

    async def has_nameless_rejections(self, source: SourceId, harvest: int) -> bool:
        """Whether a run rejected records that have no identifier."""
        ...


# --- match ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PendingBatch:
    """Source records that changed since they were last matched.

    `descriptions` are those they have or had. `harvests` has the harvest of each record that waits for no other reason;
    `waiting` are harvests among these of sources that wait for a person.
    """

    records: frozenset[int]
    descriptions: frozenset[int]
    harvests: Mapping[int, int] = field(default_factory=dict)
    waiting: frozenset[int] = frozenset()

    def __or__(self, other: "PendingBatch") -> "PendingBatch":
        return PendingBatch(
            self.records | other.records,
            self.descriptions | other.descriptions,
            {**self.harvests, **other.harvests},
            self.waiting | other.waiting,
        )


@dataclass(frozen=True, slots=True)
class StoredDescription:
    """A description with its number in the store and its match keys."""

    id: int
    fingerprint: Fingerprint
    description: Description
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """The stored decision on two descriptions; only SAME and REVIEW are kept, REVIEW with its pattern."""

    left: int
    right: int
    outcome: Outcome
    score: float
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class StandingDecisions:
    """Decisions of people that touch some descriptions: only their live records, each with its description."""

    decisions: tuple[CuratorDecision, ...] = ()
    described: Mapping[int, int] = field(default_factory=dict)


class Matching(Protocol):
    """The graph of descriptions: keys and verdicts of those that some live record has."""

    async def lock(self) -> None:
        """Wait until no other matcher works; held until the unit of work ends."""
        ...

    async def policy(self) -> str | None:
        """The policy by which the verdicts were made; None in a new store."""
        ...

    async def begin_anew(self, policy: str) -> int:
        """Empty the graph and queue all live records, to be judged by this policy; returns how many."""
        ...

    async def take_pending(self, limit: int) -> PendingBatch:
        """Take the oldest changed records from the queue."""
        ...

    async def take_pending_of(self, records: Collection[int]) -> PendingBatch:
        """Take these records from the queue, if they are in it."""
        ...

    async def liveness(
        self, descriptions: Collection[int]
    ) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
        """Of these: which have a live record; which of them are new in the graph; which must leave it."""
        ...

    async def load(self, descriptions: Collection[int]) -> Mapping[int, StoredDescription]:
        """Descriptions by number."""
        ...

    async def enter(self, descriptions: Iterable[StoredDescription]) -> None:
        """Put descriptions into the graph."""
        ...

    async def leave(self, descriptions: Collection[int]) -> None:
        """Take descriptions out of the graph."""
        ...

    async def sharing(self, keys: Collection[str], limit: int | None = None) -> Mapping[str, frozenset[int]]:
        """The descriptions of the graph under each key that has some, at most `limit` for each."""
        ...

    async def meeting(self, keys: Mapping[int, Collection[str]]) -> Mapping[int, frozenset[int]]:
        """For each description and some of its keys, who shares two of these of different types."""
        ...

    async def forget_verdicts(self, descriptions: Collection[int]) -> frozenset[int]:
        """Drop all verdicts and relations of these; returns the descriptions that were judged SAME as one of them."""
        ...

    async def save_verdicts(self, verdicts: Iterable[PairVerdict]) -> None:
        """Keep new verdicts."""
        ...

    async def save_relations(self, relations: Iterable[tuple[int, int, Relation]]) -> None:
        """Keep how descriptions that are not the same belong together; read from the first to the second."""
        ...

    async def standing(self, descriptions: Collection[int]) -> StandingDecisions:
        """The decisions, not withdrawn, in which a live record of one of these descriptions stands."""
        ...

    async def same_pairs(self, descriptions: Collection[int]) -> Sequence[PairVerdict]:
        """The SAME verdicts that touch one of these."""
        ...


# --- merge ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A source record as the clusters see it. `former` is the master it may claim, if any."""

    id: int
    isil: Isil
    control_number: ControlNumber
    description_id: int | None
    former: int | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class Dormant:
    """A master that redirects: to which, and the records it had before."""

    target: int
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class MasterWrite:
    """A live master record to be kept: `members` are the numbers of its source records."""

    texts: MasterTexts
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MasterChanges:
    """What one batch does to the masters."""

    written: Sequence[MasterWrite] = ()
    redirects: Mapping[int, int] = field(default_factory=dict)
    ended: Collection[int] = ()
    removed_members: Collection[int] = ()


class Masters(Protocol):
    """Master records."""

    async def members(self, descriptions: Collection[int], records: Collection[int]) -> Sequence[Member]:
        """The live records of these descriptions, and these records whatever their state."""
        ...

    async def member_ids(self, serials: Collection[int]) -> Mapping[int, frozenset[int]]:
        """The source records that were members of these masters when they were last matched."""
        ...

    async def others(self, serials: Collection[int], besides: Collection[int]) -> Mapping[int, int]:
        """Records that were members of these masters when last matched, less `besides`; with their description."""
        ...

    async def dormant(self, serials: Collection[int]) -> Mapping[int, Dormant]:
        """The masters that redirect to one of these."""
        ...

    async def contents(self, records: Collection[int]) -> Mapping[int, MemberContent]:
        """The content of source records."""
        ...

    async def by_isbn(self, isbns: Collection[str]) -> Mapping[str, Sequence[MarcRecord]]:
        """The live master records with these ISBN-13, each as a MARC record."""
        ...

    async def mint(self, count: int) -> Sequence[int]:
        """New serial numbers, never used before."""
        ...

    async def save(self, changes: MasterChanges) -> int:
        """Write masters, redirects and tombstones, and append what changed to the outbox; returns how many."""
        ...


# --- index ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """Changed masters as they are now, and the last change they cover."""

    documents: tuple[SearchDocument, ...]
    deleted: tuple[MasterId, ...]
    position: int


class Changes(Protocol):
    """The outbox."""

    async def after(self, position: int, limit: int) -> ChangeBatch | None:
        """The changes after `position`, re-read from the masters; None when there are none."""
        ...

    async def last(self) -> int:
        """The number of the newest change; 0 when there is none."""
        ...

    async def everything(self, after_serial: int, limit: int) -> tuple[StoredDocuments, int] | None:
        """Live documents with a serial above `after_serial`, and the last serial; None at the end."""
        ...

    async def live(self) -> int:
        """The number of live documents."""
        ...

    async def days_changed(self) -> None:
        """Have looked at again what of libraries depends on the day."""
        ...

    async def libraries_changed(self) -> bool:
        """Whether the registry says something of libraries that the index may not know."""
        ...

    async def announce_libraries(self, today: date) -> None:
        """Append to the outbox the masters of libraries of which the registry says something else."""
        ...


class UnitOfWork(Protocol):
    """One transaction on the store."""

    @property
    def registry(self) -> Registry:
        """Libraries and sources."""
        ...

    @property
    def libraries(self) -> Libraries:
        """The registry of libraries: lists, events, groups."""
        ...

    @property
    def admissions(self) -> Admissions:
        """Invitations and registrations of libraries."""
        ...

    @property
    def keys(self) -> Keys:
        """Access keys."""
        ...

    @property
    def sources(self) -> Sources:
        """The feeds of member libraries."""
        ...

    @property
    def targets(self) -> Targets:
        """Targets of Z39.50."""
        ...

    @property
    def harvests(self) -> Harvests:
        """Runs of sources."""
        ...

    @property
    def running(self) -> Running:
        """When sources are to be harvested, and how it went."""
        ...

    @property
    def quality(self) -> Quality:
        """What is known about the quality of a source's records."""
        ...

    @property
    def placeholders(self) -> Placeholders:
        """What many records of one source share."""
        ...

    @property
    def records(self) -> Records:
        """Source records."""
        ...

    @property
    def matching(self) -> Matching:
        """The graph of descriptions."""
        ...

    @property
    def masters(self) -> Masters:
        """Master records."""
        ...

    @property
    def curation(self) -> Curation:
        """The queue of pairs for people, their decisions, and what they put off."""
        ...

    @property
    def corrections(self) -> Corrections:
        """The corrections that hang on source records."""
        ...

    @property
    def versions(self) -> Versions:
        """Former versions of master records."""
        ...

    @property
    def alarms(self) -> Alarms:
        """What people should look at."""
        ...

    @property
    def held(self) -> Held:
        """What harvests joined, and what waits for a person before it is matched."""
        ...

    @property
    def changes(self) -> Changes:
        """The outbox."""
        ...

    @property
    def audit(self) -> Audit:
        """The whole store, for reading."""
        ...

    @property
    def lookup(self) -> Lookup:
        """Masters by number and their holdings, for inter-library loan."""
        ...

    @property
    def availability_services(self) -> AvailabilityServices:
        """Services of libraries that tell what can be had now."""
        ...

    async def commit(self) -> None:
        """Make everything of this unit of work durable; without it nothing is."""
        ...


class Store(Protocol):
    """Gives units of work and locks."""

    def work(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a unit of work."""
        ...

    def indexer_lock(self) -> AbstractAsyncContextManager[None]:
        """Wait until no other process writes to the index; held while inside."""
        ...

    def harvest_lock(self, source: SourceId) -> AbstractAsyncContextManager[bool]:
        """Try to be the only harvest of a source; False when another one runs."""
        ...
