"""Options that several commands have."""

from typing import Annotated, Literal

import typer

from unioncat.core.delivery import TextEncoding
from unioncat.core.errors import UnioncatError
from unioncat.core.registry import Deletions

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
InLanguage = Annotated[
    Literal["vi", "en"] | None, typer.Option("--language", help="vi or en; UNIONCAT_LANGUAGE if not stated.")
]
Prefix = Annotated[str | None, typer.Option(help="Metadata prefix (oai_dc, marc21, marcxml …).")]
Set = Annotated[str | None, typer.Option("--set", help="Harvest only this set.")]
Profile = Annotated[str | None, typer.Option(help="Holdings profile.")]
Encoding = Annotated[
    TextEncoding | None, typer.Option(help="What the text is written in; found out by itself if not stated.")
]
Columns = Annotated[
    list[str] | None, typer.Option("--column", help="What a column of a list holds: NAME=ROLE; repeat it.")
]
Schedule = Annotated[
    str | None, typer.Option(help="When to harvest, as a cron expression: '0 2 * * *' is every day at two.")
]
Overlap = Annotated[int | None, typer.Option(min=0, help="Seconds that a window reaches back.")]
Gone = Annotated[Deletions | None, typer.Option("--deletions", help="How it becomes known what is gone.")]
Most = Annotated[
    int | None, typer.Option("--most-deletions", min=0, max=100, help="Per cent deleted without a person.")
]
Pause = Annotated[float | None, typer.Option(min=0, max=3600, help="Seconds between two requests.")]


def columns_of(stated: list[str] | None) -> tuple[tuple[str, str], ...]:
    """The mapping that `--column` options state; raises UnioncatError for one that is not NAME=ROLE."""
    pairs = [text.rpartition("=") for text in stated or ()]
    if wrong := next((f"{name}{sign}{role}" for name, sign, role in pairs if not name or not role), None):
        raise UnioncatError(f"--column {wrong} is not NAME=ROLE, such as 'Tên sách=title'")
    return tuple((name, role) for name, _, role in pairs)
