"""A master record with its provenance."""

from typing import Any

from pydantic import Field

from schemas.search import RecordSummary
from schemas.shape import Shape


class ContributorEntry(Shape):
    """A source record that states a field."""

    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    library: str = Field(description="Its name.", examples=["Thư viện Quốc gia Việt Nam"])
    control_number: str = Field(description="What it calls the record.", examples=["QG000017"])
    date: str = Field(description="Date of the record (ISO 8601).", examples=["2026-03-01T02:00:00Z"])


class ProvenanceEntry(Shape):
    """Where one field of the record came from."""

    position: int | None = Field(
        description="Index of the field in `marc.fields`; null for the leader.", examples=[4]
    )
    tag: str = Field(description="MARC tag, or `leader`.", examples=["245"])
    rule: str = Field(description="The rule that chose the field.", examples=["best record"])
    contributors: list[ContributorEntry] = Field(
        description="Every source record that states it; the wording is that of the first."
    )


class RecordAnswer(RecordSummary):
    """A master record: in short, as MARC-in-JSON, and where each field came from."""

    version: int = Field(description="Grows with every change of the record.", examples=[3])
    marc: dict[str, Any] = Field(
        description="The record as MARC-in-JSON; field 001 is the permanent identifier.",
        examples=[
            {
                "leader": "00000nam a2200000 a 4500",
                "fields": [
                    {"001": "u0000kh"},
                    {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Truyện Kiều"}]}},
                ],
            }
        ],
    )
    provenance: list[ProvenanceEntry] = Field(description="The source of the leader and of each field.")
    related: str = Field(
        description="What belongs to it: editions, volumes, formats, translations, earlier and later titles.",
        examples=["/api/v1/records/u0000kh/related"],
    )
