"""Who contributes: member libraries."""

from dataclasses import dataclass
from enum import StrEnum

from unioncat.core.identifiers import Isil


class LibraryStatus(StrEnum):
    """How a library stands to the joint catalogue. The value is kept in the store: never change it."""

    LISTED = "listed"  # known from a list; it contributes nothing yet
    INVITED = "invited"
    PENDING = "pending"  # it has registered and waits for approval
    ACTIVE = "active"
    CLOSED = "closed"


class LegalForm(StrEnum):
    """Who maintains a library (Law on Libraries 46/2019/QH14, article 10)."""

    PUBLIC = "public"
    NON_PUBLIC = "non-public"
    FOREIGN = "foreign"


class Level(StrEnum):
    """The tier of government that a library belongs to; there are no districts since 2025-07-01."""

    CENTRAL = "central"
    PROVINCE = "province"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the earth (WGS 84), in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a library is. The codes are those of administrative units (`unioncat/core/membership/units.py`);
    `commune` is the commune as the library writes it, kept also where it has no code (before 2025-07-01)."""

    province_code: str | None = None
    commune_code: str | None = None
    commune: str | None = None
    address: str | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How a library is reached. Kept for the operator and the library itself, never shown to the public."""

    role: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Lending:
    """Whether it lends to other libraries, makes copies for them, takes a fee; None: it did not say."""

    lends: bool | None = None
    copies: bool | None = None
    fee: bool | None = None
    policy: str | None = None


_NATION_WITHOUT_AGENCY = "VN-"


@dataclass(frozen=True, slots=True)
class MemberLibrary:
    """An institution that contributes, or may.

    `kind` is its type (national, provincial, university, school …: `kinds.toml`); `province` the name of the province
    as facets show it; `confirmed` says that a national ISIL agency has given the ISIL.
    """

    isil: Isil
    name: str
    name_en: str | None = None
    province: str | None = None
    kind: str | None = None
    rank: int = 100
    confirmed: bool = False
    status: LibraryStatus = LibraryStatus.ACTIVE
    legal_form: LegalForm | None = None
    level: Level | None = None
    place: Place = Place()
    function: str | None = None
    subject_fields: tuple[str, ...] = ()
    governing_body: str | None = None
    website: str | None = None
    contacts: tuple[Contact, ...] = ()
    lending: Lending = Lending()

    @property
    def provisional(self) -> bool:
        """Whether the ISIL may change: Viet Nam has no ISIL agency yet (ISO 15511), so its codes are ours."""
        return self.isil.upper().startswith(_NATION_WITHOUT_AGENCY) and not self.confirmed
