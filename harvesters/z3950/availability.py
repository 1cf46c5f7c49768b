"""Live availability of a library's pieces through its Z39.50 target: records with their circulation (OPAC syntax).

1. A record is asked for by its control number (bib-1 use 12, and the other attributes that targets have for it); the first
   attribute that finds one is used for the others too.
2. Only a record with that control number in MARC 001 tells: a target that understands the number otherwise lends its
   status to nobody.
3. What its circulation says is read as when it is harvested (`core/merge/told_holdings.py`). Where no piece is there, the
   first day is told on which one comes back.
4. A target that sends no circulation is an error that says so. The session is closed in any case.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from harvesters.access import FeedAccess
from harvesters.z3950.address import read_address
from harvesters.z3950.client import Session, Target, connect
from harvesters.z3950.delivery import delivered
from harvesters.z3950.errors import Objection, Unsupported
from harvesters.z3950.profile import finding
from harvesters.z3950.records import Record, Syntax
from harvesters.z3950.vocabulary import BIB_1
from unioncat.core.delivery import ParsedRecord
from unioncat.core.errors import FeedError
from unioncat.core.identifiers import ControlNumber
from unioncat.core.locate.live import AvailabilityService, LiveStatus
from unioncat.core.merge.statuses import Availability, read_status, together
from unioncat.core.merge.told_holdings import status_of
from unioncat.core.parse.opac import told_holdings
from unioncat.core.parse.read import read_record

_ANSWER = 8.0  # seconds for each answer
_LOOKED_AT = 5  # records that one number may find
_DAY = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")

Now = Callable[[], datetime]


class TargetAdapter:
    """Asks a Z39.50 target, one record after the other in one session."""

    def __init__(
        self, service: AvailabilityService, access: FeedAccess, now: Now = lambda: datetime.now(UTC)
    ) -> None:
        self._service, self._access, self._now = service, access, now
        self._attributes = list(BIB_1.ids)

    async def status(self, holdings: Sequence[ControlNumber]) -> Mapping[ControlNumber, LiveStatus]:
        """What the target says of these records; raises FeedError."""
        address = read_address(self._service.address)
        target = Target(address.host, address.port, address.databases, address.tls, timeout=_ANSWER)
        session = await connect(target, self._access.guard)
        found: dict[ControlNumber, LiveStatus] = {}
        try:
            for number in holdings:
                if (status := await self._status(session, number)) is not None:
                    found[number] = status
        finally:
            await session.close()
        return found

    async def _status(self, session: Session, number: ControlNumber) -> LiveStatus | None:
        for attributes in self._attributes:
            try:
                hits = await session.search(finding(attributes, self._service.prefix + number))
            except Unsupported:
                continue
            if hits and (status := await self._told(session, number, min(hits, _LOOKED_AT))) is not None:
                self._attributes = [attributes]
                return status
        return None

    async def _told(self, session: Session, number: ControlNumber, count: int) -> LiveStatus | None:
        try:
            response = await session.present(1, count, Syntax.OPAC, "F")
        except Objection as error:
            raise self._without(str(error)) from error
        for entry in response.entries:
            if not isinstance(entry, Record) or entry.syntax != Syntax.OPAC:
                raise self._without("it sends something else")
            delivery = delivered(entry, "look-up")
            read = read_record(delivery)
            if isinstance(read, ParsedRecord) and read.control_number == number:
                return self._read(told_holdings(delivery.raw))
        return None

    def _read(self, holdings: Sequence[Mapping[str, object]]) -> LiveStatus:
        items = [item for holding in holdings for item in _items(holding)]
        availability = together([read_status(status_of(item)) for item in items])
        days = [day for item in items if (day := _day(item.get("availability_date")))]
        gone = availability is Availability.UNAVAILABLE
        return LiveStatus(availability, self._now(), min(days, default=None) if gone else None)

    def _without(self, why: str) -> FeedError:
        return FeedError(f"{self._service.address} tells nothing of its pieces (OPAC records): {why}")


def _items(holding: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    items = holding.get("circulation")
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, dict))


def _day(said: object) -> date | None:
    found = _DAY.search(said) if isinstance(said, str) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
