"""Libraries as they are stated and shown; their events, groups and lists."""

from datetime import date

from pydantic import ConfigDict, Field

from schemas.registry import LibraryName
from schemas.shape import Shape
from unioncat.core.library import LegalForm, Level, LibraryStatus
from unioncat.core.membership.duplicates import Likeness
from unioncat.core.membership.events import EventKind
from unioncat.core.membership.groups import GroupType
from unioncat.core.membership.library_list import RowOutcome


class _Facts(Shape):
    """What is said of a library in its statement and shown of it alike."""

    address: str | None = Field(default=None, description="Street and number.", examples=["31 Tràng Thi"])
    latitude: float | None = Field(
        default=None, description="Degrees north (WGS 84); with `longitude`.", examples=[21.0263]
    )
    longitude: float | None = Field(default=None, description="Degrees east (WGS 84).", examples=[105.8469])
    function: str | None = Field(
        default=None, description="Its tasks.", examples=["Lưu chiểu và thư mục quốc gia"]
    )
    governing_body: str | None = Field(
        default=None,
        description="The body that it belongs to.",
        examples=["Bộ Văn hóa, Thể thao và Du lịch"],
    )
    website: str | None = Field(default=None, description="Its website.", examples=["https://nlv.example.vn"])
    lends: bool | None = Field(
        default=None, description="Whether it lends to other libraries.", examples=[True]
    )
    copies: bool | None = Field(
        default=None, description="Whether it makes copies for others.", examples=[True]
    )
    fee: bool | None = Field(default=None, description="Whether it takes a fee for these.", examples=[False])
    lending_policy: str | None = Field(
        default=None, description="Its rules for lending.", examples=["Mượn liên thư viện 30 ngày"]
    )


class ContactEntry(Shape):
    """How a library is reached; shown to the operator and the library itself only."""

    role: str = Field(default="contact", description="Who it is.", examples=["Phòng Nghiệp vụ"])
    email: str | None = Field(default=None, description="E-mail address.", examples=["thuvien@example.org"])
    phone: str | None = Field(default=None, description="Telephone.", examples=["024 3825 0000"])


class ContactList(Shape):
    """How a library is reached."""

    contacts: list[ContactEntry] = Field(description="The contacts.")


class LibraryStatement(_Facts):
    """What is stated about a library. Names of provinces and communes may be old, and without diacritics."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="Name in Vietnamese.", examples=["Thư viện Quốc gia Việt Nam"])
    name_en: str | None = Field(
        default=None, description="Name in English.", examples=["National Library of Vietnam"]
    )
    province: str | None = Field(
        default=None, description="Name or code of the province, of today or before.", examples=["Hà Nội"]
    )
    commune: str | None = Field(
        default=None, description="Name or code of the commune or ward.", examples=["Phường Cửa Nam"]
    )
    kind: str | None = Field(default=None, description="Type of library.", examples=["national"])
    legal_form: str | None = Field(
        default=None, description="Who maintains it: public, non-public or foreign.", examples=["public"]
    )
    level: str | None = Field(
        default=None, description="Tier of government: central, province or commune.", examples=["central"]
    )
    subject_fields: list[str] | None = Field(
        default=None, description="The fields that it collects.", examples=[["Khoa học xã hội"]]
    )
    contacts: list[ContactEntry] | None = Field(
        default=None, description="How it is reached; never shown to the public."
    )


class OperatorStatement(LibraryStatement):
    """What the operator states about a library."""

    rank: int | None = Field(
        default=None,
        ge=0,
        le=9999,
        description="Smaller is preferred where records are equal.",
        examples=[100],
    )
    confirmed: bool | None = Field(
        default=None, description="Whether a national ISIL agency has given the ISIL.", examples=[False]
    )


class NewLibrary(OperatorStatement):
    """A library that is to be registered."""

    isil: str = Field(
        description="Identifier (ISO 15511), or a provisional code of that shape.", examples=["VN-TVQG"]
    )


class LibraryEntry(LibraryName, _Facts):
    """A library."""

    kind: str | None = Field(description="Type of library.", examples=["national"])
    live_records: int = Field(description="Records it contributes now.", examples=[24848])
    provisional: bool = Field(
        description="Whether the ISIL may change, because no national agency has given it.", examples=[True]
    )
    status: LibraryStatus = Field(description="How it stands to the joint catalogue.", examples=["active"])
    legal_form: LegalForm | None = Field(description="Who maintains it.", examples=["public"])
    level: Level | None = Field(description="Tier of government.", examples=["central"])
    province_code: str | None = Field(description="Code of the province (19/2025/QĐ-TTg).", examples=["01"])
    commune_code: str | None = Field(description="Code of the commune.", examples=["00082"])
    commune: str | None = Field(description="Commune or ward.", examples=["Phường Cửa Nam"])
    subject_fields: list[str] = Field(
        description="The fields that it collects.", examples=[["Khoa học xã hội"]]
    )


class LibraryList(Shape):
    """Libraries by name."""

    libraries: list[LibraryEntry] = Field(description="The libraries.")
    total: int = Field(description="How many there are on all pages.", examples=[31000])
    next_after: str | None = Field(
        description="Pass it as `after` for the next page; null when this is the last.", examples=["VN-TVQG"]
    )


class EventStatement(Shape):
    """What happened to a library (Circular 01/2020/TT-BVHTTDL)."""

    model_config = ConfigDict(extra="forbid")

    kind: EventKind = Field(description="What happened.", examples=["merged-into"])
    day: date = Field(description="When it took effect.", examples=["2025-07-01"])
    document: str | None = Field(
        default=None, max_length=300, description="Number of the decision.", examples=["1234/QĐ-UBND"]
    )
    note: str | None = Field(
        default=None,
        max_length=2000,
        description="More, such as the former name.",
        examples=["Thư viện tỉnh Hà Tây"],
    )
    successors: list[str] = Field(
        default=[],
        description="The libraries that it became part of or was split into.",
        examples=[["VN-HN"]],
    )


class EventEntry(EventStatement):
    """An event in the life of a library."""

    isil: str = Field(description="The library.", examples=["VN-HT"])


class GroupStatement(Shape):
    """A group of libraries (Decree 93/2020/NĐ-CP)."""

    model_config = ConfigDict(extra="forbid")

    type: GroupType = Field(description="On what it rests.", examples=["geo"])
    name: str = Field(
        min_length=1, max_length=300, description="Its name.", examples=["Liên hiệp thư viện Đông Bắc"]
    )
    coordinator: str | None = Field(default=None, description="Its liaison library.", examples=["VN-TVQG"])
    starts: date | None = Field(default=None, description="Since when.", examples=["2026-01-01"])
    ends: date | None = Field(default=None, description="Until when.", examples=["2030-12-31"])


class GroupEntry(GroupStatement):
    """A group of libraries."""

    code: str = Field(description="What it is called in addresses.", examples=["dong-bac"])
    libraries: int | None = Field(
        default=None, description="How many libraries are in it; null where it is not counted.", examples=[12]
    )


class GroupList(Shape):
    """All groups by name."""

    groups: list[GroupEntry] = Field(description="The groups.")


class MemberDays(Shape):
    """Since when and until when a library is in a group; null: as long as the group."""

    model_config = ConfigDict(extra="forbid")

    starts: date | None = Field(default=None, description="Since when.", examples=["2026-01-01"])
    ends: date | None = Field(default=None, description="Until when.", examples=["2030-12-31"])


class MemberEntry(MemberDays):
    """A library in a group."""

    isil: str = Field(description="The library.", examples=["VN-TVQG"])


class GroupDetail(GroupEntry):
    """A group with its libraries."""

    members: list[MemberEntry] = Field(description="Its libraries.")


class LibraryDetail(LibraryEntry):
    """A library with what happened to it and the groups it is in."""

    events: list[EventEntry] = Field(description="What happened to it, the oldest first.")
    formed_from: list[EventEntry] = Field(
        description="Events of other libraries that name it as successor, the oldest first."
    )
    groups: list[GroupEntry] = Field(description="The groups that it is in.")
    former_province_names: list[str] = Field(
        description="Names of provinces that are now part of its province.", examples=[["Hà Tây"]]
    )


class RowEntry(Shape):
    """What became of a row of a list."""

    line: int = Field(description="The line on which it begins.", examples=[17])
    outcome: RowOutcome = Field(description="What became of it.", examples=["refused"])
    isil: str | None = Field(description="The library; null when the row was refused.", examples=["VN-TVQG"])
    reason: str | None = Field(
        description="Why it was refused.", examples=["'Xứ Lạng' is no province of Viet Nam"]
    )


class ListAnswer(Shape):
    """What became of a list of libraries."""

    added: int = Field(description="Libraries seen for the first time.", examples=[120])
    changed: int = Field(description="Libraries of which something changed.", examples=[3])
    unchanged: int = Field(description="Libraries that were known like this.", examples=[40])
    refused: int = Field(description="Rows that cannot be used.", examples=[1])
    rows: list[RowEntry] = Field(description="The rows that were refused; with `all=true` every row.")


class DuplicateEntry(Shape):
    """Libraries that may be one and the same."""

    isils: list[str] = Field(description="The libraries.", examples=[["VN-HN1", "VN-HN2"]])
    reason: Likeness = Field(description="Why.", examples=["same name and commune"])


class DuplicateList(Shape):
    """Libraries that may be one and the same, for the operator to look at."""

    duplicates: list[DuplicateEntry] = Field(description="The groups of libraries.")
