"""What a page does to the store (law 1): every delivered record has exactly one outcome."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from unioncat.core.delivery import DeliveredRecord, RejectedRecord
from unioncat.core.registry import HarvestCounts
from unioncat.pipeline.reading import ReadRecord, RecordContent


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What the store has under one identifier before a page comes in."""

    id: int
    content_hash: bytes
    deleted: bool
    description_id: int | None


@dataclass(frozen=True, slots=True)
class RecordWrite:
    """The state of one source record after a page: what was read, and what was known before."""

    read: ReadRecord
    known: KnownRecord | None


@dataclass(frozen=True, slots=True)
class PagePlan:
    """What a page does to the store. `superseded` are readings overtaken by a later one of the same page."""

    writes: tuple[RecordWrite, ...]
    unchanged: tuple[ReadRecord, ...]
    superseded: tuple[ReadRecord, ...]
    rejected: tuple[RejectedRecord, ...]
    counts: HarvestCounts


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A live source record: its number, what came, and what was read from it."""

    id: int
    delivered: DeliveredRecord
    marc: str
    holdings: str
    findings: str | None
    description_id: int
    fingerprint: str

    def says(self, content: RecordContent) -> bool:
        """Whether it was read as it would be now."""
        now = (content.marc, content.holdings, content.findings, content.description.fingerprint)
        return now == (self.marc, self.holdings, self.findings, self.fingerprint)


def plan_page(readings: Iterable[ReadRecord | RejectedRecord], known: Mapping[str, KnownRecord]) -> PagePlan:
    """Decide the outcome of each record of a page, in the order of delivery.

    1. Not readable: rejected.
    2. A deletion of a record that is live or unknown: deleted; of one already deleted: unchanged.
    3. The same bytes as before: unchanged.
    4. An identifier that is unknown: created; otherwise updated (also when a deleted record comes back).

    Where one identifier comes twice in a page the later one stays and the earlier is kept as superseded.
    """
    counts = HarvestCounts()
    writes: dict[str, RecordWrite] = {}
    unchanged: list[ReadRecord] = []
    superseded: list[ReadRecord] = []
    rejected: list[RejectedRecord] = []
    for reading in readings:
        if isinstance(reading, RejectedRecord):
            rejected.append(reading)
            counts += HarvestCounts(delivered=1, rejected=1)
            continue
        earlier = writes.get(reading.identifier)
        outcome = _outcome(reading, earlier, known.get(reading.identifier))
        counts += outcome
        if outcome.unchanged:
            unchanged.append(reading)
            continue
        kept = _with_last_content(reading, earlier)
        if earlier is not None and earlier.read.delivered.raw != kept.delivered.raw:
            superseded.append(earlier.read)
        writes[reading.identifier] = RecordWrite(kept, known.get(reading.identifier))
    return PagePlan(tuple(writes.values()), tuple(unchanged), tuple(superseded), tuple(rejected), counts)


def _outcome(reading: ReadRecord, earlier: RecordWrite | None, known: KnownRecord | None) -> HarvestCounts:
    exists = earlier is not None or known is not None
    was_deleted = earlier.read.deleted if earlier else known is not None and known.deleted
    last_hash = earlier.read.content_hash if earlier else known.content_hash if known else None
    if reading.deleted:
        return _one(unchanged=1) if exists and was_deleted else _one(deleted=1)
    if exists and not was_deleted and last_hash == reading.content_hash:
        return _one(unchanged=1)
    return _one(updated=1) if exists else _one(created=1)


def _one(*, created: int = 0, updated: int = 0, unchanged: int = 0, deleted: int = 0) -> HarvestCounts:
    return HarvestCounts(1, created, updated, unchanged, deleted)


def _with_last_content(reading: ReadRecord, earlier: RecordWrite | None) -> ReadRecord:
    """A deletion without bytes keeps the content that came before it in the same page."""
    if reading.deleted and not reading.delivered.raw and earlier is not None:
        return replace(earlier.read, deleted=True, delivered=replace(earlier.read.delivered, deleted=True))
    return reading
