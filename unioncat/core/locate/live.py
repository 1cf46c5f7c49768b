"""Where a library tells whether something can be had at this moment, and what it told.

1. A service is asked by control number; it answers for whole records, all their pieces together.
2. Its address is http or https, of a Z39.50 target z3950 or z3950s with a database, without a user name or password.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from unioncat.core.errors import InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.merge.statuses import Availability

_LONGEST = 300
_WEB = "http:// or https:// and a host"
_ADDRESSES = {
    False: (("http", "https"), _WEB),
    True: (("z3950", "z3950s"), "z3950://host:port/database"),
}


class AvailabilityProtocol(StrEnum):
    """How a service is asked. The value is kept in the store: never change it."""

    DAIA = "daia"  # DAIA 1.0: <address>?id=…&format=json
    Z3950 = "z39.50"  # a Z39.50 target that sends OPAC records
    KOHA = "koha"  # Koha's public REST API: <address>/api/v1/public/biblios/<number>/items


@dataclass(frozen=True, slots=True)
class AvailabilityService:
    """The service of one library. `prefix` stands before control numbers in its identifiers (`ppn:`)."""

    isil: Isil
    protocol: AvailabilityProtocol
    address: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """What a service told of one record, and when; `back` is the first day on which a piece comes back, if none is there."""

    availability: Availability
    at: datetime
    back: date | None = None


def check_service(service: AvailabilityService) -> AvailabilityService:
    """The service, if it can be kept (rule 2); raises InvalidLibrary."""
    schemes, where = _ADDRESSES[service.protocol is AvailabilityProtocol.Z3950]
    try:
        parts = urlsplit(service.address)
        right = parts.scheme in schemes and bool(parts.hostname) and not parts.username
        right = right and (where == _WEB or bool(parts.path.strip("/")))
    except ValueError:
        right = False
    if not right or len(service.address) > _LONGEST or not service.address.isprintable():
        raise InvalidLibrary(
            f"'{service.address[:100]}' is no address of such a service; write {where}, without user name and password"
        )
    if len(service.prefix) > _LONGEST or not service.prefix.isprintable():
        raise InvalidLibrary("The prefix of identifiers has at most 300 letters and no control characters")
    return service
