"""The services of libraries that tell what can be had now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import Isil
from unioncat.core.locate.live import AvailabilityProtocol, AvailabilityService
from unioncat.store.schema_libraries import availability_service as table


class AvailabilityServicesTable:
    """Implements `AvailabilityServices`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, service: AvailabilityService) -> None:
        """Add or change the service of a library."""
        values = asdict(service)
        statement = insert(table).values(**values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["isil"], set_=values))

    async def remove(self, isil: Isil) -> bool:
        """Forget the service of a library."""
        statement = delete(table).where(table.c.isil == isil).returning(table.c.isil)
        return (await self._connection.execute(statement)).one_or_none() is not None

    async def of(self, isils: Collection[Isil]) -> Mapping[Isil, AvailabilityService]:
        """The services of these libraries."""
        rows = await self._connection.execute(select(table).where(table.c.isil.in_(isils)))
        return {Isil(row.isil): _service_of(row) for row in rows}

    async def list(self) -> Sequence[AvailabilityService]:
        """All services by ISIL."""
        return [
            _service_of(row) for row in await self._connection.execute(select(table).order_by(table.c.isil))
        ]


def _service_of(row: Row[Any]) -> AvailabilityService:
    return AvailabilityService(Isil(row.isil), AvailabilityProtocol(row.protocol), row.address, row.prefix)
