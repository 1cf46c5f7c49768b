"""The review queue, the comparison of a pair, and the decisions of people, as they go out and come in."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.match.comparison import Likeness
from unioncat.core.match.curation import DecisionKind, Effect
from unioncat.core.match.evidence import Outcome, Verdict

_ID = "u0001g5v"


class Wish(StrEnum):
    """What may be said of a pair."""

    SAME = "same"
    DIFFERENT = "different"
    LATER = "later"


# --- the queue ----------------------------------------------------------------------------------------


class MasterLine(Shape):
    """A master record in a line."""

    id: str = Field(description="Its identifier.", examples=[_ID])
    title: str = Field(description="Its title.", examples=["Cơ sở văn hoá Việt Nam"])
    responsibility: str | None = Field(description="Who made it.", examples=["Trần Quốc Vượng chủ biên"])
    publisher: str | None = Field(description="Its publisher.", examples=["Giáo dục"])
    year: int | None = Field(description="Its year.", examples=[2008])
    libraries: int = Field(description="How many libraries have it.", examples=[12])
    records: int = Field(description="How many source records it is made of.", examples=[15])


class ReviewEntry(Shape):
    """A pair that waits for a person."""

    pair: str = Field(description="Name of the pair: numbers of two descriptions.", examples=["12-15"])
    score: float = Field(
        description="Points for and against; the queue begins with the most.", examples=[7.5]
    )
    pattern: str = Field(description="What speaks against it.", examples=["year"])
    meaning: str = Field(description="The pattern in words.", examples=["Mâu thuẫn: năm xuất bản"])
    left: MasterLine = Field(description="One side.")
    right: MasterLine = Field(description="The other side.")


class ReviewPage(Shape):
    """Pairs of the queue, the best evidence first."""

    pairs: list[ReviewEntry] = Field(description="In the order in which they should be decided.")
    next: str | None = Field(description="Cursor of the next page; null at the end.", examples=[None])


class PatternEntry(Shape):
    """A pattern of open pairs."""

    pattern: str = Field(
        description="Name of the pattern, for filters and bulk decisions.", examples=["year"]
    )
    meaning: str = Field(description="In words.", examples=["Mâu thuẫn: năm xuất bản"])
    pairs: int = Field(description="How many pairs wait.", examples=[42])
    examples: list[ReviewEntry] = Field(description="The first of them.")


class PatternList(Shape):
    """The patterns of the open pairs, most frequent first."""

    patterns: list[PatternEntry] = Field(description="With exact counts.")


class EvidenceEntry(Shape):
    """What one feature says about the pair."""

    feature: str = Field(description="Name of the feature.", examples=["year"])
    verdict: Verdict = Field(description="Whether it speaks for or against.", examples=["disagree"])
    weight: float = Field(description="Its points.", examples=[-5.0])
    sentence: str = Field(description="Why, in words.", examples=["Năm xuất bản khác nhau: 2008 và 2012"])


class ComparedEntry(Shape):
    """One line of the comparison."""

    tags: str = Field(description="Where it stands in MARC.", examples=["260 $c"])
    name: str = Field(description="What the line is called.", examples=["Năm xuất bản"])
    left: str = Field(description="What the left record says.", examples=["2008"])
    right: str = Field(description="What the right record says.", examples=["2012"])
    likeness: Likeness = Field(
        description="How the two wordings stand to each other.", examples=["different"]
    )
    evidence: list[EvidenceEntry] = Field(description="What the matcher says about it.")


class ReviewSideEntry(Shape):
    """One side of a pair."""

    master: MasterLine = Field(description="The master record that it is part of.")
    records: int = Field(description="How many records share the description.", examples=[3])
    isil: str = Field(description="The library whose record is shown.", examples=["VN-TVQG"])
    control_number: str = Field(description="The record that is shown.", examples=["000012345"])


class ComparisonEntry(Shape):
    """A pair, field by field, with the reasons of the matcher."""

    pair: str = Field(description="Name of the pair.", examples=["12-15"])
    outcome: Outcome = Field(description="What the matcher says now.", examples=["review"])
    score: float = Field(description="Its points.", examples=[7.5])
    pattern: str = Field(description="What speaks against it.", examples=["year"])
    meaning: str = Field(description="The pattern in words.", examples=["Mâu thuẫn: năm xuất bản"])
    left: ReviewSideEntry = Field(description="One side.")
    right: ReviewSideEntry = Field(description="The other side.")
    lines: list[ComparedEntry] = Field(description="Field by field.")


class DeferredEntry(Shape):
    """A pair that was put off."""

    pair: str = Field(description="Name of the pair.", examples=["12-15"])
    until: date | None = Field(
        description="It comes back on this day; null: when a record changes.", examples=[None]
    )
    batch: int | None = Field(description="Number of the bulk.", examples=[None])
    made: datetime = Field(description="When.", examples=["2026-11-23T08:00:00Z"])
    who: str = Field(description="Who.", examples=["Nguyễn Thị Hoa"])
    why: str = Field(description="Why.", examples=["chờ xem sách"])


class DeferredList(Shape):
    """Pairs that were put off."""

    pairs: list[DeferredEntry] = Field(description="By their numbers.")
    next_after: str | None = Field(description="Ask on with `after`; null at the end.", examples=[None])


# --- decisions ----------------------------------------------------------------------------------------


class Reasoned(Shape):
    """What is undone, and why."""

    why: str = Field(description="The reason, for those who come after.", examples=["nhầm bản in"])


class PairStatement(Reasoned):
    """A decision about a pair."""

    decision: Wish = Field(description="`same`, `different` or `later`.", examples=["different"])
    until: date | None = Field(default=None, description="Of `later`: the day.", examples=["2027-01-31"])


class MergeStatement(Reasoned):
    """Master records that are one publication."""

    records: list[str] = Field(
        min_length=2,
        max_length=50,
        description="Their identifiers.",
        examples=[[_ID, "u0002k7c"]],
    )


class RecordName(Shape):
    """A source record."""

    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    control_number: str = Field(description="Its control number.", examples=["000012345"])


class SplitStatement(Reasoned):
    """A master record, and the records that are of another publication."""

    record: str = Field(description="The identifier of the master record.", examples=[_ID])
    leave: list[RecordName] = Field(min_length=1, max_length=5000, description="The records that leave it.")


class DecidedEntry(Shape):
    """What came of a decision."""

    made: bool = Field(description="False: it was so already.", examples=[True])
    decision: int | None = Field(description="Number of the decision.", examples=[17])
    records: list[str] = Field(description="The master records it was about.", examples=[[_ID]])


class UndoneEntry(Shape):
    """What an undo did."""

    decisions: list[int] = Field(description="The decisions that were withdrawn now.", examples=[[17]])
    recalled: int = Field(description="How many pairs that were put off wait again.", examples=[0])


class DecisionEntry(Shape):
    """A decision and what it does now."""

    id: int = Field(description="Its number.", examples=[17])
    kind: DecisionKind = Field(description="What was said.", examples=["same"])
    origin: str = Field(description="`pair`, `merge`, `split` or `bulk`.", examples=["pair"])
    batch: int | None = Field(description="Number of the bulk.", examples=[None])
    made: datetime = Field(description="When.", examples=["2026-11-23T08:00:00Z"])
    who: str = Field(description="Who.", examples=["Nguyễn Thị Hoa"])
    why: str = Field(description="Why.", examples=["cùng ISBN, năm in nhầm"])
    pattern: str | None = Field(description="What spoke against the pair.", examples=["year"])
    evidence: dict[str, Any] | None = Field(
        description="What the matcher said at that time.", examples=[{"pair": "12-15", "score": 7.5}]
    )
    effect: Effect = Field(description="What it does now.", examples=["in-force"])
    overruled_by: list[int] = Field(description="Decisions that it yields to.", examples=[[]])
    left: int = Field(description="Records on one side.", examples=[3])
    right: int = Field(description="Records on the other side.", examples=[1])
    masters: list[str] = Field(description="The master records of those that live.", examples=[[_ID]])
    withdrawn: datetime | None = Field(description="When it was undone.", examples=[None])
    withdrawn_by: str | None = Field(description="Who undid it.", examples=[None])
    withdrawn_why: str | None = Field(description="Why it was undone.", examples=[None])


class DecisionRecordEntry(RecordName):
    """A record that a decision speaks of."""

    side: int = Field(description="0 or 1; of a split 1 leaves.", examples=[0])
    master: str | None = Field(description="Its master record now; null when it is gone.", examples=[_ID])


class DecisionDetail(DecisionEntry):
    """A decision with its records."""

    records: list[DecisionRecordEntry] = Field(description="By side, library and control number.")


class DecisionList(Shape):
    """Decisions, the newest first."""

    decisions: list[DecisionEntry] = Field(description="With their effect now.")
    next_before: int | None = Field(description="Ask on with `before`; null at the end.", examples=[None])


class BulkStatement(Shape):
    """One decision for all open pairs of a pattern: first a dry run, then the same with its token."""

    pattern: str = Field(min_length=1, description="The pattern.", examples=["year"])
    decision: Wish = Field(description="`same`, `different` or `later`.", examples=["different"])
    isil: str | None = Field(default=None, description="Only pairs of this library.", examples=["VN-TVQG"])
    source: int | None = Field(
        default=None, ge=1, lt=2**63, description="Only pairs of this feed.", examples=[2]
    )
    min_score: float | None = Field(
        default=None, ge=-1e6, le=1e6, description="Only pairs with so many points.", examples=[6]
    )
    until: date | None = Field(default=None, description="Of `later`: the day.", examples=[None])
    token: str | None = Field(
        default=None, description="That of the dry run; without it nothing is decided.", examples=[None]
    )
    why: str | None = Field(default=None, description="The reason; a dry run needs none.", examples=[None])


class RefusedPair(Shape):
    """A pair that a standing decision keeps apart."""

    pair: str = Field(description="Name of the pair.", examples=["12-15"])
    decision: int = Field(description="The decision against it.", examples=[9])


class BulkEntry(Shape):
    """What a bulk would do (with `token`), or did (with `batch`)."""

    pairs: int = Field(description="How many pairs it is about.", examples=[42])
    more: bool = Field(description="Whether there are others for the next bulk.", examples=[False])
    samples: list[ReviewEntry] = Field(description="Of a dry run: the first of them.")
    token: str | None = Field(description="Of a dry run: send it to apply exactly this.", examples=["9f2c"])
    batch: int | None = Field(description="Number of the bulk, to undo it.", examples=[None])
    already: int = Field(description="Pairs that were so already.", examples=[0])
    refused: list[RefusedPair] = Field(description="Pairs that were left out.")
