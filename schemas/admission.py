"""Invitations, registrations and their approval."""

from datetime import datetime

from pydantic import ConfigDict, Field

from schemas.libraries import DuplicateEntry, LibraryEntry, LibraryStatement
from schemas.shape import Shape
from unioncat.core.membership.admission import RegistrationStatus


class InvitationWish(Shape):
    """Whom the operator invites."""

    model_config = ConfigDict(extra="forbid")

    isil: str | None = Field(
        default=None, description="The library; without it the one that gets the token.", examples=["VN-TVQG"]
    )
    note: str | None = Field(
        default=None, max_length=300, description="To whom it went.", examples=["thuvien@example.org"]
    )
    days: int = Field(default=30, ge=1, le=365, description="How long it lasts.", examples=[30])


class InvitationEntry(Shape):
    """An invitation. The token is shown now and never again."""

    id: int = Field(description="Number of the invitation.", examples=[7])
    isil: str | None = Field(description="The library that it is for.", examples=["VN-TVQG"])
    note: str | None = Field(description="To whom it went.", examples=["thuvien@example.org"])
    expires: datetime = Field(description="Until when it can be used.", examples=["2026-03-31T02:00:00Z"])
    token: str = Field(description="What the library registers with.", examples=["ui_…"])


class RegistrationRequest(Shape):
    """How a library registers itself."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200, description="The token of the invitation.", examples=["ui_…"])
    isil: str | None = Field(
        default=None,
        description="The ISIL, if it has one; otherwise it gets a provisional code.",
        examples=["VN-TVQG"],
    )
    library: LibraryStatement = Field(description="What the library says about itself.")


class RegistrationEntry(Shape):
    """How a registration stands."""

    id: int = Field(description="Number of the registration.", examples=[3])
    isil: str = Field(description="The code that the library has or would get.", examples=["VN-TVQG"])
    status: RegistrationStatus = Field(description="How it stands.", examples=["pending"])
    reason: str | None = Field(description="Why it was refused.", examples=["Sai địa chỉ"])
    posted: datetime = Field(description="When the library registered.", examples=["2026-03-01T02:00:00Z"])
    decided: datetime | None = Field(
        description="When it was approved or refused.", examples=["2026-03-02T02:00:00Z"]
    )


class RegistrationDetail(RegistrationEntry):
    """A registration as the operator sees it."""

    library: LibraryEntry = Field(description="The library as it would be.")
    duplicates: list[DuplicateEntry] = Field(description="Registered libraries that may be the same.")


class RegistrationList(Shape):
    """Registrations, the oldest first."""

    registrations: list[RegistrationDetail] = Field(description="The registrations.")


class Decision(Shape):
    """The operator's decision on a registration."""

    model_config = ConfigDict(extra="forbid")

    approve: bool = Field(description="Whether the library becomes a member.", examples=[True])
    reason: str | None = Field(
        default=None, max_length=2000, description="Why not; needed to refuse.", examples=["Sai địa chỉ"]
    )


class DecisionEntry(Shape):
    """What was decided. The access key of an approved library is shown now and never again."""

    isil: str = Field(description="The library.", examples=["VN-TVQG"])
    status: RegistrationStatus = Field(description="What was decided.", examples=["approved"])
    key: str | None = Field(
        description="The access key of the library; null when refused.", examples=["uk_…"]
    )
