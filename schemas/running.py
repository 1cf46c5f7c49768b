"""How the running of a feed stands, and the wish to harvest it."""

from datetime import date, datetime

from pydantic import Field

from schemas.registry import HarvestCountsEntry
from schemas.shape import Shape
from unioncat.core.registry import HarvestKind, HarvestStatus, SourceState


class Told(Shape):
    """A message in both languages."""

    vi: str = Field(
        description="In Vietnamese.",
        examples=[
            "Lần thu thập gần nhất không thành công; hệ thống sẽ tự thử lại lúc 02:13 02/03/2026. Lý do: …"
        ],
    )
    en: str = Field(
        description="In English.",
        examples=["The last harvest failed; it is tried again at 02:13 02/03/2026. Reason: …"],
    )


class RunProgress(Shape):
    """How far a run is. A harvest that was cut off and resumed is one run."""

    id: int = Field(description="Number of the run.", examples=[17])
    kind: HarvestKind = Field(description="What it does.", examples=["harvest"])
    status: HarvestStatus = Field(description="How it stands.", examples=["running"])
    started: datetime = Field(description="When it began.", examples=["2026-03-01T02:13:00Z"])
    finished: datetime | None = Field(description="When it ended.", examples=["2026-03-01T02:20:10Z"])
    counts: HarvestCountsEntry = Field(description="What became of the records so far.")
    total: int | None = Field(
        description="How many records the feed says it has; null when it does not say.", examples=[24848]
    )
    records_per_second: float | None = Field(
        description="Records since it began, by seconds; null in the first second.", examples=[180.5]
    )


class SourceRunning(Shape):
    """How the running of a feed stands."""

    source: int = Field(description="Number of the feed.", examples=[2])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    state: SourceState = Field(description="Whether it may be harvested.", examples=["accepted"])
    schedule: str | None = Field(
        description="When it is harvested, as a cron expression; null: by hand only.", examples=["0 2 * * *"]
    )
    due: datetime | None = Field(
        description="When the next run may begin; null: not planned.", examples=["2026-03-02T02:13:00+07:00"]
    )
    failures: int = Field(description="How many runs failed, one after another.", examples=[0])
    message: Told | None = Field(description="What its library should know; null when all is well.")
    running: bool = Field(description="Whether a run is under way.", examples=[True])
    queued: bool = Field(description="Whether a run waits for a worker.", examples=[False])
    run: RunProgress | None = Field(description="The run under way, or the newest one.")


class HarvestWish(Shape):
    """The wish to harvest a feed now."""

    since: date | None = Field(
        default=None,
        alias="from",
        description="Everything since this date again; without it what is new, or the rest of a run that was cut off.",
        examples=["2026-01-31"],
    )
