"""What live availability needs: services that libraries have registered, and an adapter for each way to ask one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.locate.live import AvailabilityService, LiveStatus


class AvailabilityAdapter(Protocol):
    """One service, however it is asked: DAIA, a Koha REST API, Z39.50 with OPAC records."""

    async def status(self, holdings: Sequence[ControlNumber]) -> Mapping[ControlNumber, LiveStatus]:
        """What the library says of these records now; one of which it says nothing is left out.

        Raises FeedError. May take as long as the adapter allows itself: who asks does not wait for it.
        """
        ...


OpenAdapter = Callable[[AvailabilityService], AvailabilityAdapter]
"""Gives the adapter for a service."""


class AvailabilityServices(Protocol):
    """The registered services, at most one for each library."""

    async def save(self, service: AvailabilityService) -> None:
        """Add or change the service of a library."""
        ...

    async def remove(self, isil: Isil) -> bool:
        """Forget the service of a library; False when it has none."""
        ...

    async def of(self, isils: Collection[Isil]) -> Mapping[Isil, AvailabilityService]:
        """The services of these libraries; one without is left out."""
        ...

    async def list(self) -> Sequence[AvailabilityService]:
        """All services by ISIL."""
        ...
