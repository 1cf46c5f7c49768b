"""Alarms, as they go out."""

from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.alarms import AlarmKind


class AlarmEntry(Shape):
    """What a person should look at."""

    id: int = Field(description="Number of the alarm.", examples=[4])
    kind: AlarmKind = Field(description="What it is about.", examples=["unrelated-titles"])
    name: str = Field(description="The kind in words.", examples=["cụm lớn có nhan đề không liên quan"])
    subject: str = Field(
        description="The one thing it is about: a master record, or the number of a feed.",
        examples=["u0001g5v"],
    )
    said: str = Field(
        description="What was found, in words.",
        examples=[
            "Biểu ghi gộp u0001g5v có 64 biểu ghi của 3 thư viện; phần nhiều có nhan đề “kinh tế học” …"
        ],
    )
    remedy: str = Field(
        description="What can be done, as commands of the operator.",
        examples=["Tách bằng: unioncat split u0001g5v --leave ISIL=SỐ --why …"],
    )
    detail: dict[str, Any] = Field(description="The figures and names.", examples=[{"members": 64}])
    harvest: int | None = Field(description="The harvest that it is about.", examples=[None])
    raised: datetime = Field(description="When it was raised.", examples=["2026-11-23T08:00:00Z"])
    closed: datetime | None = Field(description="When it was closed.", examples=[None])
    closed_by: str | None = Field(
        description="Who closed it; null in a closed one: its cause was gone.", examples=[None]
    )
    closed_why: str | None = Field(description="Why a person closed it.", examples=[None])


class AlarmList(Shape):
    """Alarms."""

    alarms: list[AlarmEntry] = Field(description="The newest first.")
    open: int = Field(description="How many are open, of all kinds.", examples=[2])
    next_before: int | None = Field(description="Ask on with `before`; null at the end.", examples=[None])
