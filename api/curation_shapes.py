"""Curation between our values and the wire."""

from collections.abc import Mapping

from schemas.curation import (
    BulkEntry,
    ComparedEntry,
    ComparisonEntry,
    DecidedEntry,
    DecisionEntry,
    DecisionRecordEntry,
    DeferredEntry,
    EvidenceEntry,
    MasterLine,
    PatternEntry,
    RefusedPair,
    ReviewEntry,
    ReviewSideEntry,
    UndoneEntry,
)
from unioncat.core.match.comparison import ComparedRow
from unioncat.core.match.explain import sentence
from unioncat.core.match.patterns import say_pattern
from unioncat.core.match.wording import written_names
from unioncat.pipeline.curation_bulk import BulkDone, BulkPreview
from unioncat.pipeline.curation_decide import Decided, Undone
from unioncat.pipeline.curation_port import DecisionRecord, DecisionView, DeferredPair, MasterBrief
from unioncat.pipeline.curation_queue import PatternCount, QueuedPair
from unioncat.pipeline.curation_review import Comparison, ReviewSide


def review_entry(queued: QueuedPair, language: str) -> ReviewEntry:
    """A pair of the queue."""
    pair = queued.pair
    return ReviewEntry(
        pair=str(pair.id),
        score=pair.score,
        pattern=pair.pattern,
        meaning=say_pattern(pair.pattern, language),
        left=_line(queued.left),
        right=_line(queued.right),
    )


def _line(brief: MasterBrief) -> MasterLine:
    return MasterLine(
        id=brief.master_id,
        title=brief.title,
        responsibility=brief.responsibility,
        publisher=brief.publisher,
        year=brief.year,
        libraries=brief.size.libraries,
        records=brief.size.records,
    )


def pattern_entry(count: PatternCount, language: str) -> PatternEntry:
    """A pattern with its first pairs."""
    return PatternEntry(
        pattern=count.pattern,
        meaning=say_pattern(count.pattern, language),
        pairs=count.pairs,
        examples=[review_entry(one, language) for one in count.examples],
    )


def comparison_entry(found: Comparison, language: str) -> ComparisonEntry:
    """A pair, field by field."""
    decision = found.decision
    written = written_names(found.left.example.marc, found.right.example.marc)
    return ComparisonEntry(
        pair=str(found.id),
        outcome=decision.outcome,
        score=decision.score,
        pattern=decision.pattern,
        meaning=say_pattern(decision.pattern, language),
        left=_side(found.left),
        right=_side(found.right),
        lines=[_compared(row, language, written) for row in found.rows],
    )


def _side(side: ReviewSide) -> ReviewSideEntry:
    return ReviewSideEntry(
        master=_line(side.master),
        records=side.records,
        isil=side.example.isil,
        control_number=side.example.control_number,
    )


def _compared(row: ComparedRow, language: str, written: Mapping[str, str]) -> ComparedEntry:
    return ComparedEntry(
        tags=row.tags,
        name=row.name(language),
        left=row.left,
        right=row.right,
        likeness=row.likeness,
        evidence=[
            EvidenceEntry(
                feature=one.feature,
                verdict=one.verdict,
                weight=one.weight,
                sentence=sentence(one, language, written),
            )
            for one in row.evidence
        ],
    )


def deferred_entry(one: DeferredPair) -> DeferredEntry:
    """A pair that was put off."""
    return DeferredEntry(
        pair=str(one.id),
        until=one.until,
        batch=one.batch,
        made=one.made,
        who=one.signed.who,
        why=one.signed.why,
    )


def decided_entry(decided: Decided) -> DecidedEntry:
    """What came of a decision."""
    return DecidedEntry(made=decided.made, decision=decided.decision, records=list(decided.masters))


def undone_entry(undone: Undone) -> UndoneEntry:
    """What an undo did."""
    return UndoneEntry(decisions=list(undone.decisions), recalled=undone.recalled)


def decision_entry(view: DecisionView) -> DecisionEntry:
    """A decision and its effect."""
    return DecisionEntry(
        id=view.id,
        kind=view.kind,
        origin=view.origin,
        batch=view.batch,
        made=view.made,
        who=view.signed.who,
        why=view.signed.why,
        pattern=view.pattern,
        evidence=None if view.evidence is None else dict(view.evidence),
        effect=view.effect,
        overruled_by=list(view.overruled_by),
        left=view.left,
        right=view.right,
        masters=list(view.masters),
        withdrawn=view.withdrawn,
        withdrawn_by=view.withdrawal.who if view.withdrawal else None,
        withdrawn_why=view.withdrawal.why if view.withdrawal else None,
    )


def record_entry(one: DecisionRecord) -> DecisionRecordEntry:
    """A record of a decision."""
    return DecisionRecordEntry(
        isil=one.isil, control_number=one.control_number, side=one.side, master=one.master
    )


def bulk_entry(preview: BulkPreview, language: str) -> BulkEntry:
    """What a bulk would decide."""
    return BulkEntry(
        pairs=preview.pairs,
        more=preview.more,
        samples=[review_entry(one, language) for one in preview.samples],
        token=preview.token,
        batch=None,
        already=0,
        refused=[],
    )


def done_entry(done: BulkDone) -> BulkEntry:
    """What a bulk decided."""
    return BulkEntry(
        pairs=done.decided,
        more=False,
        samples=[],
        token=None,
        batch=done.batch,
        already=done.already,
        refused=[RefusedPair(pair=str(pair), decision=decision) for pair, decision in done.refused],
    )
