"""Feeds as they are registered and changed."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.delivery import TextEncoding
from unioncat.core.registry import Deletions, Protocol, SourceState

Percent = Annotated[int, Field(ge=0, le=100)]


class ColumnRole(Shape):
    """What one column of a list holds."""

    name: str = Field(description="Name of the column, as it stands in the list.", examples=["Tên sách"])
    role: str = Field(description="What it holds.", examples=["title"])


class SourceTerms(Shape):
    """How a feed is read, and when it is harvested."""

    profile: str = Field(default="default", description="Holdings profile.", examples=["koha"])
    encoding: TextEncoding | None = Field(
        default=None,
        description="What its text is written in; null: found out record by record.",
        examples=["tcvn3"],
    )
    columns: list[ColumnRole] = Field(default=[], description="The columns of its lists; empty: guessed.")
    schedule: str | None = Field(
        default=None,
        description="When it is harvested (cron, five fields); null: by hand.",
        examples=["0 2 * * *"],
    )
    overlap: int = Field(
        default=0, ge=0, le=31_536_000, description="Seconds that a window reaches back.", examples=[3600]
    )
    deletions: Deletions = Field(
        default=Deletions.REPORTED, description="How it becomes known what is gone.", examples=["audit"]
    )
    most_deletions: Percent = Field(
        default=10, description="Per cent of its records deleted without a person.", examples=[10]
    )
    pause: float = Field(
        default=0, ge=0, le=3600, description="Seconds between two requests.", examples=[1.5]
    )


class SourceProposal(SourceTerms):
    """A feed that a library offers."""

    protocol: Protocol = Field(description="How it is delivered.", examples=["oai-pmh"])
    address: str = Field(
        min_length=1,
        max_length=2000,
        description="Its URL; `upload` for files that are uploaded.",
        examples=["https://library.example.org/oai"],
    )
    metadata_prefix: str = Field(
        default="marc21", max_length=100, description="Record format that is asked for.", examples=["marcxml"]
    )
    set_spec: str | None = Field(
        default=None, max_length=500, description="Harvest only this set.", examples=["books"]
    )


class SourceDetail(SourceProposal):
    """A registered feed. Its secret is never shown."""

    id: int = Field(description="Number of the feed.", examples=[2])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    state: SourceState = Field(
        description="Whether it may be harvested: nothing is published before it is accepted.",
        examples=["proposed"],
    )
    has_secret: bool = Field(description="Whether a secret is kept for it.", examples=[False])


class SourceSecret(Shape):
    """What a feed asks for at its door. It is encrypted at once and never shown again."""

    kind: str = Field(
        pattern="^(basic|bearer|header)$", description="basic, bearer or header.", examples=["basic"]
    )
    name: str | None = Field(
        default=None, description="User name, or name of the header.", examples=["harvester"]
    )
    secret: str = Field(min_length=1, description="Password, token or value.", examples=["…"])


class UploadReceipt(Shape):
    """A file that came in whole and waits for its delivery."""

    source: int = Field(description="Number of the feed.", examples=[2])
    name: str = Field(description="The name it is kept under.", examples=["books.mrc"])
    size: int = Field(description="Bytes.", examples=[1048576])
    sha256: str = Field(description="SHA-256 of its contents.", examples=["9f86d081884c7d65…"])


class RunWish(Shape):
    """A run besides the harvests."""

    kind: Literal["retry", "audit", "reread"] = Field(description="What it does.", examples=["retry"])


class RunAnswer(RunWish):
    """What became of the wish."""

    source: int = Field(description="Number of the feed.", examples=[2])
    state: str = Field(description="queued, already queued or running.", examples=["queued"])


class HeldDeletions(Shape):
    """Deletions of a feed that wait for a person."""

    run: int | None = Field(description="The run that found them; null: none waits.", examples=[17])
    count: int = Field(description="How many.", examples=[50])
    identifiers: list[str] = Field(description="The first thousand.", examples=[["oai:lib:1"]])


class HeldDecision(Shape):
    """What a person decides about deletions that wait."""

    delete: bool = Field(description="true: delete the records; false: they stay.", examples=[True])
