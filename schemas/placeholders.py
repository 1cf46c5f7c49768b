"""Placeholders of a feed, as they go in and out."""

from pydantic import Field

from schemas.curation import Reasoned
from schemas.shape import Shape
from unioncat.core.match.placeholders import Placed


class PlaceholderValue(Shape):
    """A value that stands for nothing."""

    kind: Placed = Field(description="What it stands for.", examples=["isbn"])
    value: str = Field(
        min_length=1,
        max_length=1000,
        description="The value as records are compared by it: a number without hyphens, a title as syllable key.",
        examples=["9786046400455"],
    )


class SuspectedPlaceholder(PlaceholderValue):
    """A value that looks like one."""

    shown: str = Field(description="The value for people.", examples=["isbn:9786046400455"])
    records: int = Field(description="Live records of the feed with it.", examples=[300])
    titles: list[str] = Field(
        description="Titles of some of these.", examples=[["hóa học hữu cơ", "lịch sử đảng"]]
    )


class AcceptedPlaceholder(PlaceholderValue):
    """A value that a person has accepted as one."""

    shown: str = Field(description="The value for people.", examples=["isbn:9786046400455"])
    who: str = Field(description="Who accepted it.", examples=["lan"])
    why: str = Field(description="The reason.", examples=["số của nhà in, không phải của sách"])
    since: str = Field(description="When.", examples=["2026-11-23T08:00:00Z"])


class PlaceholderList(Shape):
    """Placeholders of a feed."""

    suspected: list[SuspectedPlaceholder] = Field(description="What people should decide about.")
    accepted: list[AcceptedPlaceholder] = Field(description="What is no evidence in records of this feed.")


class PlaceholderStatement(Reasoned):
    """What is accepted, and what is taken back."""

    accept: list[PlaceholderValue] = Field(default=[], max_length=500, description="To be accepted.")
    remove: list[PlaceholderValue] = Field(default=[], max_length=500, description="To be taken back.")
