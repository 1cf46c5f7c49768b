"""Which library has what."""

from pydantic import Field

from schemas.registry import LibraryName
from schemas.related import RelatedRecord
from schemas.shape import Shape


class ItemEntry(Shape):
    """A physical piece."""

    barcode: str | None = Field(description="Barcode or accession number.", examples=["VV15.01234"])
    call_number: str | None = Field(description="Call number.", examples=["895.92212 TR527K"])
    status: str | None = Field(description="Status, where the library tells it.", examples=["available"])
    status_time: str | None = Field(
        default=None,
        description="When the library told that status; null where it does not tell what is on loan.",
        examples=["2026-03-01T02:00:00Z"],
    )


class HoldingEntry(Shape):
    """What one library has at one location."""

    library: LibraryName = Field(description="The library.")
    control_number: str = Field(description="What it calls the record.", examples=["QG000017"])
    location: str | None = Field(description="Location in the library.", examples=["Kho đọc"])
    call_number: str | None = Field(description="Call number.", examples=["895.92212 TR527K"])
    copies: int = Field(description="Number of copies; 0 for an online resource.", examples=[2])
    items: list[ItemEntry] = Field(description="The pieces, where the library lists them.")
    coverage: str | None = Field(
        description="What it has of a serial or set, in words.", examples=["Tập 1 (2001) - tập 12 (2012)"]
    )
    note: str | None = Field(
        description="A note; `implied` when the library states no copies but has the record.",
        examples=["implied"],
    )
    url: str | None = Field(description="Address of the resource.", examples=["https://example.org/1.pdf"])
    edition: RelatedRecord | None = Field(
        description="The other edition that this is a holding of; null for the edition that was asked for."
    )


class RecordHoldings(Shape):
    """The holdings of one master record."""

    id: str = Field(description="Permanent identifier of the master record.", examples=["u0000kh"])
    title: str = Field(description="Its title.", examples=["Truyện Kiều"])
    url: str = Field(description="The record in this API.", examples=["/api/v1/records/u0000kh"])
    holdings: list[HoldingEntry] = Field(
        description="Its holdings, by library and location; behind them those of its other editions, newest first, "
        "when these were asked for."
    )


class HoldingsAnswer(Shape):
    """Master records that were looked up, with their holdings."""

    total: int = Field(description="Master records found; at most 50 are listed.", examples=[1])
    records: list[RecordHoldings] = Field(description="The records.")
