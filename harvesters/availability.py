"""Live availability of a library's pieces: DAIA 1.0 and Koha's public REST API, both JSON.

1. DAIA: `available` and `unavailable` are services of each item. An item that is there for `loan` or `interloan` is
   available; one that is not, or is there for `presentation` only, is unavailable; one of which neither is said is
   unknown. A document is what was asked when its `requested` or `id` says so.
2. Koha: a piece is available unless it is checked out, not for loan, lost, damaged or withdrawn; the records are those
   whose control number is Koha's own number.
3. Several pieces together: `core/merge/statuses.py`. Where none is there, the first day on which one comes back is told too.
4. A service is asked once, within seconds, for little: whatever is wrong with its answer is a FeedError. Where it may lead
   is decided by the guard, at every hop.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from harvesters.access import FeedAccess, Limits
from harvesters.guard import AddressGuard, shown
from harvesters.http import FeedClient
from harvesters.z3950.availability import TargetAdapter
from unioncat.core.errors import NotAProvider
from unioncat.core.identifiers import ControlNumber
from unioncat.core.locate.live import AvailabilityProtocol, AvailabilityService, LiveStatus
from unioncat.core.merge.statuses import Availability, together
from unioncat.pipeline.availability_port import AvailabilityAdapter, OpenAdapter

LIMITS = Limits(connect=3, read=8, answer=10, size=1024 * 1024, tries=1, redirects=2)
_LENDING = frozenset(("loan", "interloan"))
_LENDING_URI = re.compile(r"https?://purl\.org/ontology/dso#(Loan|Interloan)$")
_AT_ONCE = 4
_DAY = len("2026-12-01")

Now = Callable[[], datetime]


def adapters(guard: AddressGuard) -> OpenAdapter:
    """What opens the adapter for a service; all of them are kept by this guard."""
    access = FeedAccess(guard, limits=LIMITS)

    def open_adapter(service: AvailabilityService) -> AvailabilityAdapter:
        return _ADAPTERS[service.protocol](service, access)

    return open_adapter


class DaiaAdapter:
    """Asks a DAIA 1.0 server; all records in one request."""

    def __init__(
        self, service: AvailabilityService, access: FeedAccess, now: Now = lambda: datetime.now(UTC)
    ) -> None:
        self._service, self._access, self._now = service, access, now

    async def status(self, holdings: Sequence[ControlNumber]) -> Mapping[ControlNumber, LiveStatus]:
        """What the server says of these records; raises SourceUnreachable, NotAProvider."""
        asked = {self._service.prefix + number: number for number in holdings if "|" not in number}
        if not asked:
            return {}
        async with FeedClient(self._access) as client:
            arguments = {"id": "|".join(asked), "format": "json"}
            answer = await _json(client, self._service.address, arguments)
        found: dict[ControlNumber, LiveStatus] = {}
        for document in _objects(_object(answer, self._service).get("document")):
            named = (document.get("requested"), document.get("id"))
            if number := next(
                (asked[name] for name in named if isinstance(name, str) and name in asked), None
            ):
                found[number] = self._read(document)
        return found

    def _read(self, document: Mapping[str, Any]) -> LiveStatus:
        items = list(_objects(document.get("item")))
        availability = together([_daia_item(item) for item in items])
        days = (_day(one) for item in items for one in _objects(item.get("unavailable")))
        back = min(filter(None, days), default=None) if availability is Availability.UNAVAILABLE else None
        return LiveStatus(availability, self._now(), back)


class KohaAdapter:
    """Asks the public REST API of a Koha; one request for each record, some at a time."""

    def __init__(
        self, service: AvailabilityService, access: FeedAccess, now: Now = lambda: datetime.now(UTC)
    ) -> None:
        self._service, self._access, self._now = service, access, now

    async def status(self, holdings: Sequence[ControlNumber]) -> Mapping[ControlNumber, LiveStatus]:
        """What the Koha says of these records; raises SourceUnreachable, NotAProvider."""
        numbers = [number for number in holdings if number.isascii() and number.isdigit()]
        turn = asyncio.Semaphore(_AT_ONCE)
        async with FeedClient(self._access) as client:

            async def ask(number: ControlNumber) -> Any:
                async with turn:
                    return await _json(
                        client, self._address(number), {"_per_page": "100"}, missing_is_none=True
                    )

            answers = await asyncio.gather(*map(ask, numbers))
        return {
            number: LiveStatus(together([_koha_item(item) for item in _objects(answer)]), self._now())
            for number, answer in zip(numbers, answers, strict=True)
            if answer is not None
        }

    def _address(self, number: ControlNumber) -> str:
        base = self._service.address.rstrip("/")
        return f"{base}/api/v1/public/biblios/{quote(number, safe='')}/items"


_ADAPTERS: Mapping[AvailabilityProtocol, Callable[[AvailabilityService, FeedAccess], AvailabilityAdapter]] = {
    AvailabilityProtocol.DAIA: DaiaAdapter,
    AvailabilityProtocol.KOHA: KohaAdapter,
    AvailabilityProtocol.Z3950: TargetAdapter,
}


async def _json(
    client: FeedClient, address: str, arguments: dict[str, str], *, missing_is_none: bool = False
) -> Any:
    answer = await client.get(address, arguments)
    if missing_is_none and answer.status == 404:
        return None
    if not 200 <= answer.status < 300:
        raise NotAProvider(f"{shown(address)} answers with {answer.phrase}")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise NotAProvider(f"{shown(address)} answers with something that is no JSON") from error


def _object(answer: Any, service: AvailabilityService) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise NotAProvider(f"{shown(service.address)} answers with JSON that is no DAIA response")
    return answer


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list; whatever else a server sends there is nothing."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def _daia_item(item: Mapping[str, Any]) -> Availability:
    if any(_is_lending(one) for one in _objects(item.get("available"))):
        return Availability.AVAILABLE
    said = [*_objects(item.get("available")), *_objects(item.get("unavailable"))]
    return Availability.UNAVAILABLE if said else Availability.UNKNOWN


def _is_lending(service: Mapping[str, Any]) -> bool:
    name = service.get("service")
    return isinstance(name, str) and (name in _LENDING or _LENDING_URI.match(name) is not None)


def _day(service: Mapping[str, Any]) -> date | None:
    expected = service.get("expected")
    if not isinstance(expected, str):
        return None
    try:
        return date.fromisoformat(expected[:_DAY])
    except ValueError:  # `unknown`, or no date at all
        return None


def _koha_item(item: Mapping[str, Any]) -> Availability:
    if "item_id" not in item:
        return Availability.UNKNOWN
    hindrances = (
        "checked_out_date",
        "effective_not_for_loan_status",
        "not_for_loan_status",
        "lost_status",
        "damaged_status",
        "withdrawn",
    )
    hindered = any(item.get(name) not in (None, 0, "", "0", False) for name in hindrances)
    return Availability.UNAVAILABLE if hindered else Availability.AVAILABLE
