"""Targets of Z39.50 and SRU, as they go in and out."""

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.target import AskedSyntax


class TargetTermsEntry(Shape):
    """How a target is to be treated, beside what holds for every feed."""

    syntax: AskedSyntax | None = Field(
        default=None, description="Record syntax to ask for; null: found out by the probe.", examples=["opac"]
    )
    charset: str = Field(
        default="utf-8",
        max_length=40,
        description="Character set of terms where the target does not agree on UTF-8.",
        examples=["utf-8"],
    )
    timeout: int = Field(
        default=60, ge=1, le=3600, description="Seconds to wait for each answer.", examples=[60]
    )
    hours: str | None = Field(
        default=None,
        max_length=40,
        description="Hours of the day in which it may be asked; null: all.",
        examples=["22-6"],
    )
    most_records: int | None = Field(
        default=None, ge=1, description="Records taken in one run; null: all.", examples=[20000]
    )
    whole_every: int = Field(
        default=30, ge=1, le=3650, description="Days after which everything is read again.", examples=[30]
    )
    connections: int = Field(
        default=1,
        ge=1,
        le=8,
        description="Connections at a time; a licence may allow one only.",
        examples=[1],
    )


class TargetPartEntry(Shape):
    """A part of the catalogue in one run: the target's own hits against what became of them here."""

    name: str = Field(description="The part.", examples=["20260314"])
    hits: int = Field(description="Hits that the target told.", examples=[120])
    live: int = Field(description="Live records here.", examples=[119])
    deleted: int = Field(description="Deletions here.", examples=[0])
    rejected: int = Field(description="Rejected records here.", examples=[1])
    missing: int = Field(description="Hits that are not here; 0 proves the part.", examples=[0])


class TargetDetail(Shape):
    """A target: what is set, what was found out, and the proof of its newest harvest."""

    terms: TargetTermsEntry = Field(description="What a person set.")
    probed: str | None = Field(
        description="When it was found out; null: not yet.", examples=["2026-11-23T08:00:00Z"]
    )
    strategy: str | None = Field(description="How it is harvested.", examples=["date-range"])
    whole_by: str | None = Field(
        description="How everything is asked for, where that is another way.", examples=["partition"]
    )
    reason: str | None = Field(description="Why this strategy.", examples=["dates can be compared"])
    hit_cap: int | None = Field(description="Most hits that it tells; null: no cap.", examples=[None])
    run: int | None = Field(description="The newest harvest with parts.", examples=[17])
    parts: list[TargetPartEntry] = Field(description="The parts of that harvest.")
