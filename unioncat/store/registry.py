"""Member libraries."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.store.schema import member_library


def library_of(row: Row[Any]) -> MemberLibrary:
    """A library from a row that has its columns."""
    return MemberLibrary(Isil(row.isil), row.name, row.name_en, row.province, row.kind, row.rank)


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
