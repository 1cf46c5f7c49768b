"""Libraries, their feeds, and the runs of these feeds."""

from datetime import datetime

from pydantic import Field

from schemas.shape import Shape
from unioncat.core.registry import HarvestStatus, Protocol


class LibraryName(Shape):
    """A member library in short."""

    isil: str = Field(description="Identifier of the library (ISO 15511).", examples=["VN-TVQG"])
    name: str = Field(description="Name in Vietnamese.", examples=["Thư viện Quốc gia Việt Nam"])
    name_en: str | None = Field(
        default=None, description="Name in English.", examples=["National Library of Vietnam"]
    )
    province: str | None = Field(default=None, description="Province or city.", examples=["Hà Nội"])


class HarvestCountsEntry(Shape):
    """What became of the delivered records: `delivered` is the sum of the five others."""

    delivered: int = Field(description="Records received.", examples=[120])
    created: int = Field(description="Records seen for the first time.", examples=[100])
    updated: int = Field(description="Records that replaced an older version.", examples=[10])
    unchanged: int = Field(description="Records that were here already, the same.", examples=[7])
    deleted: int = Field(description="Records that the library has withdrawn.", examples=[2])
    rejected: int = Field(description="Records that cannot be read.", examples=[1])


class HarvestEntry(Shape):
    """One run of one feed."""

    id: int = Field(description="Number of the run.", examples=[17])
    source: int = Field(description="Number of the feed.", examples=[2])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    status: HarvestStatus = Field(description="How it stands.", examples=["complete"])
    started: datetime = Field(description="When it began.", examples=["2026-03-01T02:00:00Z"])
    finished: datetime | None = Field(description="When it ended.", examples=["2026-03-01T02:03:10Z"])
    counts: HarvestCountsEntry = Field(description="What became of the records.")
    window_from: str | None = Field(description="Only changes since.", examples=["2026-02-28T02:00:00Z"])
    window_until: str | None = Field(description="Only changes until.", examples=["2026-03-01T02:00:00Z"])
    message: str | None = Field(description="Why it failed.", examples=["The server does not answer"])


class HarvestList(Shape):
    """Runs of feeds, newest first."""

    harvests: list[HarvestEntry] = Field(description="The runs.")
    next_before: int | None = Field(
        description="Pass it as `before` for older runs; null when there are none.", examples=[17]
    )


class SourceEntry(Shape):
    """A feed of a library."""

    id: int = Field(description="Number of the feed.", examples=[2])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    protocol: Protocol = Field(description="How it is delivered.", examples=["oai-pmh"])
    address: str = Field(description="Its URL, or `upload`.", examples=["https://library.example.org/oai"])
    metadata_prefix: str = Field(description="Record format that is asked for.", examples=["marc21"])
    set_spec: str | None = Field(description="The set that is harvested.", examples=["books"])
    live_records: int = Field(description="Records it contributes now.", examples=[24848])
    rejected_records: int = Field(description="Records that cannot be read.", examples=[3])
    last_harvest: HarvestEntry | None = Field(description="Its newest run.")


class SourceList(Shape):
    """All feeds by library."""

    sources: list[SourceEntry] = Field(description="The feeds.")


class RejectedEntry(Shape):
    """A delivered record that cannot be read, kept with the reason."""

    id: int = Field(description="Number of the rejected record.", examples=[5])
    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    source: int = Field(description="Number of the feed.", examples=[2])
    place: str = Field(description="Where it stood in the delivery.", examples=["record 17 of books.mrc"])
    reason: str = Field(description="Why it cannot be read.", examples=["the directory is damaged"])
    raw_base64: str = Field(description="Its bytes as received, in Base64.", examples=["MDAwMDBuYW0="])


class RejectedList(Shape):
    """Rejected records, newest first."""

    rejected: list[RejectedEntry] = Field(description="The records.")
    next_before: int | None = Field(
        description="Pass it as `before` for older ones; null when there are none.", examples=[5]
    )


class Health(Shape):
    """That the service works, and how far the index is."""

    status: str = Field(description="Always `ok`; a problem with status 503 otherwise.", examples=["ok"])
    index_position: int = Field(
        description="The last change of the catalogue that searches can see.", examples=[4711]
    )
    index_waiting: int = Field(description="Changes that searches cannot see yet.", examples=[0])
    index_lag: float = Field(
        description="How many seconds ago the first of these was made; 0 when there is none.", examples=[0.0]
    )
    indexed_records: int = Field(description="Master records that searches can see.", examples=[24015])
