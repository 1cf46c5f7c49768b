"""What the registry of libraries needs from the store; part of a unit of work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus, MemberLibrary
from unioncat.core.membership.admission import RegistrationStatus, Role
from unioncat.core.membership.events import LibraryEvent
from unioncat.core.membership.groups import GroupMember, LibraryGroup
from unioncat.core.membership.statement import Statement
from unioncat.pipeline.ports import LibraryView

# --- libraries --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """Which libraries: all that is stated holds. `words` begin words of names and places; `province` and `group` are
    codes; `after` is the last library of the page before."""

    words: tuple[str, ...] = ()
    province: str | None = None
    kind: str | None = None
    group: str | None = None
    status: LibraryStatus | None = None
    after: Isil | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with the number of its libraries."""

    group: LibraryGroup
    libraries: int


class Libraries(Protocol):
    """Member libraries, their events and groups."""

    async def save(self, libraries: Sequence[MemberLibrary]) -> None:
        """Add or change libraries in bulk, each ISIL once; raises NotRegistered when one is written otherwise."""
        ...

    async def get(self, isil: Isil) -> LibraryView:
        """A library under its ISIL in any case; raises NotRegistered."""
        ...

    async def known(self, isils: Collection[Isil]) -> Mapping[str, MemberLibrary]:
        """The registered libraries among these, by their ISIL in small letters."""
        ...

    async def find(self, query: LibraryQuery, limit: int) -> Sequence[LibraryView]:
        """The next libraries by name."""
        ...

    async def count(self, query: LibraryQuery) -> int:
        """How many there are in all, whatever `after`."""
        ...

    async def alike(self, library: MemberLibrary) -> Sequence[MemberLibrary]:
        """Libraries that have its name or lie near it: those that it may be a duplicate of."""
        ...

    async def everything(self) -> Sequence[MemberLibrary]:
        """All libraries by ISIL."""
        ...

    async def add_event(self, event: LibraryEvent) -> None:
        """Record an event; raises Conflict when the library has one of this kind on this day."""
        ...

    async def events(self, isil: Isil) -> Sequence[LibraryEvent]:
        """The events of a library, the oldest first."""
        ...

    async def predecessors(self, isil: Isil) -> Sequence[LibraryEvent]:
        """The events that name the library as successor, the oldest first."""
        ...

    async def save_group(self, group: LibraryGroup) -> None:
        """Add or change a group."""
        ...

    async def group(self, code: str) -> LibraryGroup:
        """A group; raises UnknownEntry."""
        ...

    async def groups(self) -> Sequence[GroupView]:
        """All groups by name."""
        ...

    async def groups_of(self, isil: Isil) -> Sequence[LibraryGroup]:
        """The groups that a library is in, by name."""
        ...

    async def save_member(self, code: str, member: GroupMember) -> None:
        """Put a library into a group, or change its days there."""
        ...

    async def remove_member(self, code: str, isil: Isil) -> bool:
        """Take a library out of a group, as if it had never been in; False when it was not."""
        ...

    async def members(self, code: str) -> Sequence[GroupMember]:
        """The libraries of a group by ISIL."""
        ...


# --- admission --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to register; its token is known to the library only. With an ISIL it is for that library."""

    id: int
    isil: Isil | None
    note: str | None
    created: datetime
    expires: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Registration:
    """What a library says about itself, until the operator decides."""

    id: int
    invitation: int
    isil: Isil
    statement: Statement
    status: RegistrationStatus
    reason: str | None
    posted: datetime
    decided: datetime | None


class Admissions(Protocol):
    """Invitations and registrations."""

    async def invite(self, token_hash: bytes, isil: Isil | None, note: str | None, days: int) -> Invitation:
        """Keep an invitation that expires after so many days."""
        ...

    async def use(self, token_hash: bytes) -> Invitation | None:
        """Take an invitation, once; None when there is none, or it was used or has expired."""
        ...

    async def add(self, invitation: int, isil: Isil, statement: Statement) -> Registration:
        """Keep a registration."""
        ...

    async def take(self, registration: int) -> Registration:
        """A registration, locked until the unit of work ends; raises UnknownEntry."""
        ...

    async def decide(self, registration: int, status: RegistrationStatus, reason: str | None) -> None:
        """Approve or refuse a registration."""
        ...

    async def list(self, status: RegistrationStatus | None) -> Sequence[Registration]:
        """Registrations, the oldest first."""
        ...


# --- access keys ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key; the key itself is not kept."""

    id: int
    role: Role
    isil: Isil | None
    note: str | None
    created: datetime
    revoked: datetime | None

    @property
    def holder(self) -> str:
        """Who acts with the key, as it stands under decisions."""
        return self.isil or self.note or self.role


class Keys(Protocol):
    """Access keys."""

    async def add(self, key_hash: bytes, role: Role, isil: Isil | None, note: str | None) -> AccessKey:
        """Keep a key."""
        ...

    async def find(self, key_hash: bytes) -> AccessKey | None:
        """The key with this hash, unless it was revoked."""
        ...

    async def list(self) -> Sequence[AccessKey]:
        """All keys, the oldest first."""
        ...

    async def revoke(self, key: int) -> AccessKey:
        """Make a key useless; raises UnknownEntry when there is none of this number."""
        ...
