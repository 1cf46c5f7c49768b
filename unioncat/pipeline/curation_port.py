"""The review queue and the decisions of people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from unioncat.core.identifiers import ControlNumber, Fingerprint, Isil, MasterId, SourceId
from unioncat.core.marc import MarcRecord
from unioncat.core.match.curation import CuratorDecision, DecisionKind, Effect
from unioncat.core.normalise.description import Description

# --- queue ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class PairId:
    """The numbers of two descriptions, the smaller first; people write it as `12-15`."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which pairs: all that is stated holds. `sources`: one of the two descriptions is of a record of one of these."""

    pattern: str | None = None
    sources: tuple[SourceId, ...] | None = None
    min_score: float | None = None


@dataclass(frozen=True, slots=True)
class OpenPair:
    """A pair for people, and the serial numbers of the two master records that its records are part of."""

    id: PairId
    score: float
    pattern: str
    left: int
    right: int

    @property
    def key(self) -> "PairKey":
        """Its place in the queue."""
        return PairKey(-self.score, self.id.low, self.id.high)


@dataclass(frozen=True, slots=True, order=True)
class PairKey:
    """The place of a pair in the queue: the best evidence first, and among equals the older descriptions."""

    score: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class MasterSize:
    """How many libraries and records stand behind a master record."""

    libraries: int
    records: int


@dataclass(frozen=True, slots=True)
class MasterBrief:
    """A master record in a line."""

    serial: int
    master_id: MasterId
    title: str
    responsibility: str | None
    publisher: str | None
    year: int | None
    size: MasterSize


@dataclass(frozen=True, slots=True)
class Example:
    """A live source record: the one shown for a description."""

    id: int
    isil: Isil
    control_number: ControlNumber
    marc: MarcRecord


@dataclass(frozen=True, slots=True)
class PairSide:
    """The live records of one description that are part of one master record."""

    description: int
    master: int
    records: frozenset[int]


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What the matcher said about a pair."""

    outcome: str
    score: float
    pattern: str | None


class ReviewQueue(Protocol):
    """Pairs that wait for people."""

    async def open_pairs(self, wanted: ReviewFilter, after: PairKey | None, limit: int) -> Sequence[OpenPair]:
        """The next pairs in the order of their keys.

        A pair is open while its records are part of two master records, no standing decision speaks of both of these,
        and nobody has put it off.
        """
        ...

    async def count_patterns(self, wanted: ReviewFilter) -> Mapping[str, int]:
        """How many open pairs there are of each pattern."""
        ...

    async def sizes(self, masters: Collection[int]) -> Mapping[int, MasterSize]:
        """How many libraries and records stand behind these."""
        ...

    async def briefs(self, masters: Collection[int]) -> Mapping[int, MasterBrief]:
        """These master records in a line each."""
        ...

    async def descriptions(self, numbers: Collection[int]) -> Mapping[int, tuple[Fingerprint, Description]]:
        """Descriptions by number."""
        ...

    async def verdict(self, pair: PairId) -> StoredVerdict | None:
        """What the matcher said; None when it did not compare the two, or found them different."""
        ...

    async def sides(self, descriptions: Collection[int]) -> Sequence[PairSide]:
        """The live records of descriptions, by description and master record."""
        ...

    async def example(self, side: PairSide) -> Example:
        """The record of a side whose library has the first rank."""
        ...

    async def sources_of(self, isil: Isil) -> Sequence[SourceId]:
        """The feeds of a library; raises NotRegistered."""
        ...

    async def defer(
        self, pairs: Collection[PairId], until: date | None, signed: "Signed", batch: int | None
    ) -> None:
        """Put pairs off; what was put off already gets the new date."""
        ...

    async def recall(self, pair: PairId) -> bool:
        """Take a pair that was put off back into the queue; False when it was not."""
        ...

    async def recall_batch(self, batch: int) -> int:
        """Take the pairs of a bulk back into the queue; returns how many."""
        ...

    async def deferred(self, after: PairId | None, limit: int) -> Sequence["DeferredPair"]:
        """The pairs that are put off, by number."""
        ...


# --- decisions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signed:
    """Who says something, and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class DeferredPair:
    """A pair that was put off, until a day or until something changes."""

    id: PairId
    until: date | None
    batch: int | None
    made: datetime
    signed: Signed


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision to be kept. `origin`: pair, merge, split, bulk; `evidence`: what the matcher said at that time."""

    kind: DecisionKind
    origin: str
    left: frozenset[int]
    right: frozenset[int]
    pattern: str | None = None
    evidence: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class MasterState:
    """How an identifier stands: the serial number of its master record, or of the one it redirects to; None: ended."""

    master_id: MasterId
    serial: int | None


@dataclass(frozen=True, slots=True)
class MasterMember:
    """A live record of a master record."""

    id: int
    isil: Isil
    control_number: ControlNumber


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions: all that is stated holds. `standing`: not withdrawn, or withdrawn."""

    who: str | None = None
    record: tuple[Isil, ControlNumber] | None = None
    standing: bool | None = None
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its effect now; `left` and `right` count its records, `masters` are those of the live ones."""

    id: int
    kind: DecisionKind
    origin: str
    batch: int | None
    made: datetime
    signed: Signed
    pattern: str | None
    evidence: Mapping[str, Any] | None
    withdrawn: datetime | None
    withdrawal: Signed | None
    left: int
    right: int
    masters: tuple[MasterId, ...]
    effect: Effect
    overruled_by: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A record that a decision speaks of; `master` is None when the record is gone."""

    side: int
    isil: Isil
    control_number: ControlNumber
    master: MasterId | None


@dataclass(frozen=True, slots=True)
class LabelledDecision:
    """A standing decision with the first records of different descriptions of both sides; a record comes with its
    description."""

    id: int
    kind: DecisionKind
    pattern: str | None
    made: datetime
    signed: Signed
    left: tuple[tuple[int, int], ...]
    right: tuple[tuple[int, int], ...]


class Decisions(Protocol):
    """Decisions of people about source records."""

    async def lock_decisions(self) -> None:
        """Wait until nobody else decides; held until the unit of work ends."""
        ...

    async def states(self, master_ids: Collection[MasterId]) -> Mapping[MasterId, MasterState]:
        """How identifiers stand; those that were never given are left out."""
        ...

    async def members(self, masters: Collection[int]) -> Mapping[int, Sequence[MasterMember]]:
        """The live records of master records."""
        ...

    async def standing(self, records: Collection[int]) -> Sequence[CuratorDecision]:
        """The decisions, not withdrawn, that speak of one of these records, each with all its live records."""
        ...

    async def save(
        self, decisions: Sequence[NewDecision], signed: Signed, *, bulk: bool = False
    ) -> Sequence[int]:
        """Keep decisions, those of a bulk under the number of the first; returns their numbers."""
        ...

    async def new_batch(self) -> int:
        """A number for a bulk that makes no decision."""
        ...

    async def withdraw(self, decisions: Collection[int], signed: Signed) -> Sequence[int]:
        """Withdraw those that stand; returns their numbers."""
        ...

    async def of_batch(self, batch: int) -> Sequence[int]:
        """The decisions of a bulk, withdrawn or not."""
        ...

    async def records_of(self, decisions: Collection[int]) -> frozenset[int]:
        """The live records that these speak of."""
        ...

    async def look_again(self, records: Collection[int]) -> None:
        """Have the matcher look at records again."""
        ...

    async def history(self, wanted: DecisionFilter, before: int | None, limit: int) -> Sequence[DecisionView]:
        """Decisions, the newest first, with a number below `before`."""
        ...

    async def decision(self, number: int) -> DecisionView:
        """One decision; raises UnknownEntry."""
        ...

    async def decision_records(self, number: int) -> Sequence[DecisionRecord]:
        """The records of a decision, by side, library and control number."""
        ...

    async def labelled(self, after: int, limit: int, examples: int) -> Sequence[LabelledDecision]:
        """The next standing decisions; `examples` are the most records of a side."""
        ...

    async def marc(self, records: Collection[int]) -> Mapping[int, MarcRecord]:
        """Records as MARC."""
        ...


class Curation(ReviewQueue, Decisions, Protocol):
    """The queue of pairs for people, their decisions, and what they put off."""
