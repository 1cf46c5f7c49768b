"""Suggestions while somebody types."""

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.index.request import SuggestionKind


class SuggestionEntry(Shape):
    """A value that has the words so far."""

    kind: SuggestionKind = Field(description="What it is.", examples=["title"])
    text: str = Field(description="The value.", examples=["Truyện Kiều"])
    query: str = Field(description="The `q` that finds it.", examples=["Truyện Kiều"])


class SuggestionList(Shape):
    """Titles first, then names, then subjects."""

    suggestions: list[SuggestionEntry] = Field(description="At most ten.")


class RelatedSubjects(Shape):
    """Subjects near another one."""

    subjects: list[str] = Field(
        description="Subject headings, the nearest first.", examples=[["Thơ Nôm", "Văn học Việt Nam"]]
    )
