"""Member libraries and their sources."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import HarvestSource, MemberLibrary, Protocol
from unioncat.store.schema import harvest_source, member_library


def library_of(row: Row[Any]) -> MemberLibrary:
    """A library from a row that has its columns."""
    return MemberLibrary(Isil(row.isil), row.name, row.name_en, row.province, row.kind, row.rank)


def source_of(row: Row[Any]) -> HarvestSource:
    """A source from a row that has its columns."""
    return HarvestSource(
        SourceId(row.id),
        Isil(row.isil),
        Protocol(row.protocol),
        row.address,
        row.metadata_prefix,
        row.set_spec,
        row.profile,
    )


# Rank and province of a library are part of its master records: they are merged anew when one changes.
_MERGE_ANEW = text("""
    INSERT INTO pending_match (source_record_id, former_description_id)
    SELECT r.id, r.description_id FROM member_library l JOIN harvest_source s ON s.isil = l.isil
    JOIN source_record r ON r.source_id = s.id AND NOT r.deleted
    WHERE l.isil = :isil
        AND (l.province IS DISTINCT FROM CAST(:province AS text) OR l.rank <> CAST(:rank AS integer))
""")


class RegistryTables:
    """Implements `Registry`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_library(self, library: MemberLibrary) -> None:
        """Add or change a library. ISILs that differ only in case are one (ISO 15511)."""
        values = asdict(library)
        clash = text("SELECT isil FROM member_library WHERE lower(isil) = lower(:isil) AND isil <> :isil")
        if other := await self._connection.scalar(clash, {"isil": library.isil}):
            raise NotRegistered(f"'{library.isil}' is registered as '{other}'; write it that way")
        await self._connection.execute(_MERGE_ANEW, values)
        statement = insert(member_library).values(**values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["isil"], set_=values))

    async def library(self, isil: Isil) -> MemberLibrary:
        """A registered library; raises NotRegistered."""
        query = select(member_library).where(member_library.c.isil == isil)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotRegistered(
                f"No library is registered as '{isil}'; add it with: unioncat library add {isil} NAME"
            )
        return library_of(row)

    async def save_source(
        self,
        isil: Isil,
        protocol: Protocol,
        address: str,
        metadata_prefix: str,
        set_spec: str | None,
        profile: str,
    ) -> HarvestSource:
        """Add or change a feed."""
        changeable = {"metadata_prefix": metadata_prefix, "profile": profile}
        statement = insert(harvest_source).values(
            isil=isil, protocol=protocol, address=address, set_spec=set_spec, **changeable
        )
        saved = statement.on_conflict_do_update(
            index_elements=["isil", "protocol", "address", text("coalesce(set_spec, '')")], set_=changeable
        ).returning(harvest_source)
        return source_of((await self._connection.execute(saved)).one())

    async def move_source(self, source: SourceId, address: str) -> None:
        """Give a feed a new address; raises NotRegistered."""
        await self.source(source)
        statement = update(harvest_source).where(harvest_source.c.id == source).values(address=address)
        await self._connection.execute(statement)

    async def source(self, source: SourceId) -> HarvestSource:
        """A registered source; raises NotRegistered."""
        query = select(harvest_source).where(harvest_source.c.id == source)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotRegistered(f"There is no source {source}; list them with: unioncat source list")
        return source_of(row)

    async def sources(self, isil: Isil | None) -> Sequence[HarvestSource]:
        """The sources of one library or of all."""
        query = select(harvest_source).order_by(harvest_source.c.isil, harvest_source.c.id)
        if isil is not None:
            query = query.where(harvest_source.c.isil == isil)
        return [source_of(row) for row in await self._connection.execute(query)]
