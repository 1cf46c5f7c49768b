"""Which libraries have what a list asks for, and whom to ask first."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from schemas.holdings import ItemEntry
from schemas.registry import LibraryName
from schemas.shape import Shape
from unioncat.core.locate.lines import MOST_LINES
from unioncat.core.merge.statuses import Availability

_MOST_LOAD = 10_000
_MOST_LOADED = 1_000


class LocateQuestion(Shape):
    """A list of lines, and who asks from where."""

    model_config = ConfigDict(extra="forbid")

    lines: list[Annotated[str, StringConstraints(max_length=100_000)]] = Field(
        min_length=1,
        max_length=MOST_LINES,
        description="What is wanted, one publication a line: an ISBN or ISSN in any form, a control number with its "
        "library as `(VN-TVQG)QG000017`, a master identifier, or a citation in any words.",
        examples=[["978-604-01-0001-6", "(VN-TVQG)QG000017", "Nguyễn Du, Truyện Kiều, 2015"]],
    )
    asking: str | None = Field(
        default=None,
        description="The library that asks (ISIL): agreements and groups that it shares count, and distances are told "
        "from it.",
        examples=["VN-TVQG"],
    )
    latitude: float | None = Field(
        default=None,
        ge=-90,
        le=90,
        description="Tell distances from this point instead: degrees north (WGS 84); with `longitude`.",
        examples=[21.0263],
    )
    longitude: float | None = Field(
        default=None, ge=-180, le=180, description="Degrees east.", examples=[105.8469]
    )
    province: str | None = Field(
        default=None,
        max_length=200,
        description="Tell distances from the middle of this province, called by its name of today or before.",
        examples=["Hà Tây"],
    )
    any_edition: bool = Field(
        default=False, description="Whether other editions of the same text will do.", examples=[True]
    )
    live: bool = Field(
        default=True,
        description="Whether libraries that have a service for it are asked what can be had now; none is waited for "
        "longer than two seconds, or what the operator has set.",
        examples=[True],
    )
    load: dict[str, Annotated[int, Field(ge=0, le=_MOST_LOAD)]] = Field(
        default_factory=dict,
        max_length=_MOST_LOADED,
        description="How many requests a library (ISIL) has from you already; lines of the list are added by themselves.",
        examples=[{"VN-TVQG": 3}],
    )


class RankReason(Shape):
    """Why a library ranks where it does."""

    code: str = Field(description="The reason for programs.", examples=["agreement"])
    points: int = Field(description="Points that it gives or takes.", examples=[300])
    text: str = Field(
        description="The reason for people.", examples=["cùng thoả thuận liên thông “Đông Bắc”"]
    )


class LendingPolicy(Shape):
    """What a library says of lending to others; null where it says nothing."""

    lends: bool | None = Field(description="Whether it lends to other libraries.", examples=[True])
    copies: bool | None = Field(description="Whether it makes copies for them.", examples=[True])
    fee: bool | None = Field(description="Whether it takes a fee.", examples=[False])
    policy: str | None = Field(description="Its rules in words.", examples=["Mượn liên thư viện 30 ngày"])


class HoldingStatus(Shape):
    """Whether it can be had, who says so, and when that was true."""

    availability: Availability = Field(description="Whether it can be had.", examples=["available"])
    said: str | None = Field(description="In the words of the library.", examples=["on loan"])
    source: str = Field(
        description="`catalogue`: as the library last delivered the record; `daia`, `koha`: its own service told.",
        examples=["catalogue"],
    )
    back: date | None = Field(
        description="First day on which a copy comes back, where a service tells it.", examples=["2026-12-01"]
    )
    at: datetime = Field(description="When that was true.", examples=["2026-03-01T02:03:10Z"])


class LocatedEdition(Shape):
    """A master record in short."""

    id: str = Field(description="Permanent identifier.", examples=["u0000kh"])
    title: str = Field(description="Its title.", examples=["Truyện Kiều"])
    responsibility: str | None = Field(description="Who made it.", examples=["Nguyễn Du"])
    edition: str | None = Field(description="Edition statement.", examples=["Tái bản lần thứ 3"])
    year: int | None = Field(description="Year of publication.", examples=[2015])
    url: str = Field(description="The record in this API.", examples=["/api/v1/records/u0000kh"])


class LocatedHoldingEntry(Shape):
    """What a library has at one location."""

    control_number: str = Field(description="What the library calls its record.", examples=["QG000017"])
    location: str | None = Field(description="Location in the library.", examples=["Kho đọc"])
    call_number: str | None = Field(description="Call number.", examples=["895.92212 TR527K"])
    copies: int = Field(description="Number of copies; 0 for an online resource.", examples=[2])
    items: list[ItemEntry] = Field(description="The pieces, where the library lists them.")
    coverage: str | None = Field(description="What it has of a serial or set.", examples=["2001-2012"])
    note: str | None = Field(description="A note.", examples=["implied"])
    url: str | None = Field(description="The digital copy.", examples=["https://example.org/1.pdf"])
    status: HoldingStatus = Field(description="Whether it can be had.")
    edition: LocatedEdition | None = Field(
        description="The other edition that this is of; null for the one asked for."
    )


class LocatedLibraryEntry(Shape):
    """A library that has it, with its rank."""

    rank: int = Field(description="1 is whom to ask first.", examples=[1])
    library: LibraryName = Field(description="The library.")
    points: int = Field(description="Sum of the points of its reasons.", examples=[560])
    reasons: list[RankReason] = Field(description="Why it ranks here, the weightiest first.")
    distance_km: float | None = Field(description="Kilometres as the crow flies.", examples=[87.4])
    distance_exact: bool | None = Field(
        description="False when the middle of a province stands for one of the places.", examples=[True]
    )
    lending: LendingPolicy = Field(description="What it says of lending.")
    holdings: list[LocatedHoldingEntry] = Field(description="What it has.")


class LocatedRecordEntry(LocatedEdition):
    """A publication that a line means, and who has it."""

    libraries: list[LocatedLibraryEntry] = Field(description="Who has it, whom to ask first.")


class LocatedLineEntry(Shape):
    """The answer to one line."""

    number: int = Field(description="Number of the line, from 1.", examples=[1])
    line: str = Field(
        description="The line as it was sent, at most 1,000 characters of it.", examples=["9786040100016"]
    )
    kind: Literal["isbn", "issn", "control-number", "master", "citation", "unreadable"] = Field(
        description="What the line was read as.", examples=["isbn"]
    )
    state: Literal["exact", "several", "nothing", "unreadable"] = Field(
        description="`exact`: one publication; `several`: choose, at most five are told; `nothing`: nobody has it.",
        examples=["exact"],
    )
    reason: str = Field(description="Why, for programs.", examples=["exact"])
    text: str = Field(description="Why, for people.", examples=["Đã tìm thấy"])
    records: list[LocatedRecordEntry] = Field(description="The publications.")


class LocateAnswer(Shape):
    """The answers, line by line."""

    exact: int = Field(description="Lines that mean one publication.", examples=[41])
    several: int = Field(description="Lines for which one must be chosen.", examples=[3])
    nothing: int = Field(description="Lines that nobody has.", examples=[5])
    unreadable: int = Field(description="Lines that cannot be read.", examples=[1])
    lines: list[LocatedLineEntry] = Field(description="One answer for each line, in their order.")
