"""Member libraries."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import Isil
from unioncat.core.library import (
    Contact,
    LegalForm,
    Lending,
    Level,
    LibraryStatus,
    MemberLibrary,
    Place,
    Position,
)
from unioncat.core.membership.names import name_key, search_key
from unioncat.core.membership.statement import with_province_code
from unioncat.store.schema import member_library


def library_of(row: Row[Any]) -> MemberLibrary:
    """A library from a row that has its columns."""
    return MemberLibrary(
        Isil(row.isil),
        row.name,
        row.name_en,
        row.province,
        row.kind,
        row.rank,
        row.confirmed,
        LibraryStatus(row.status),
        LegalForm(row.legal_form) if row.legal_form else None,
        Level(row.level) if row.level else None,
        Place(
            row.province_code,
            row.commune_code,
            row.commune,
            row.address,
            None if row.latitude is None else Position(row.latitude, row.longitude),
        ),
        row.function,
        tuple(row.subject_fields),
        row.governing_body,
        row.website,
        tuple(Contact(**contact) for contact in _json(row.contacts)),
        Lending(row.lends, row.copies, row.fee, row.lending_policy),
    )


def row_of(stated: MemberLibrary) -> dict[str, Any]:
    """The columns of a library."""
    library = with_province_code(stated)
    place, lending, position = library.place, library.lending, library.place.position
    return {
        "isil": library.isil,
        "name": library.name,
        "name_en": library.name_en,
        "province": library.province,
        "kind": library.kind,
        "rank": library.rank,
        "confirmed": library.confirmed,
        "status": library.status,
        "legal_form": library.legal_form,
        "level": library.level,
        "province_code": place.province_code,
        "commune_code": place.commune_code,
        "commune": place.commune,
        "address": place.address,
        "latitude": position and position.latitude,
        "longitude": position and position.longitude,
        "function": library.function,
        "subject_fields": library.subject_fields,
        "governing_body": library.governing_body,
        "website": library.website,
        "contacts": [asdict(contact) for contact in library.contacts],
        "lends": lending.lends,
        "copies": lending.copies,
        "fee": lending.fee,
        "lending_policy": lending.policy,
        "name_key": name_key(library.name),
        "search_key": search_key(library),
        "shown_due": True,
    }


def _json(value: Any) -> Any:
    """A JSON column; a query in text gives it as text."""
    return json.loads(value) if isinstance(value, str) else value


_STATED = "json_populate_recordset(NULL::member_library, CAST(:rows AS json))"

_CLASH = text(f"""
    SELECT n.isil AS stated, l.isil AS registered FROM {_STATED} n
    JOIN member_library l ON lower(l.isil) = lower(n.isil) AND l.isil <> n.isil LIMIT 1
""")

# The rank of a library decides in its master records: they are merged anew when it changes.
_MERGE_ANEW = text(f"""
    INSERT INTO pending_match (source_record_id, former_description_id)
    SELECT r.id, r.description_id FROM {_STATED} n
    JOIN member_library l ON l.isil = n.isil AND l.rank <> n.rank
    JOIN harvest_source s ON s.isil = l.isil JOIN source_record r ON r.source_id = s.id AND NOT r.deleted
""")

_COLUMNS = [column.name for column in member_library.columns if column.name not in ("registered", "shown")]
_SAVE = text(f"""
    INSERT INTO member_library ({", ".join(f'"{name}"' for name in _COLUMNS)})
    SELECT {", ".join(f'n."{name}"' for name in _COLUMNS)} FROM {_STATED} n
    ON CONFLICT (isil) DO UPDATE SET {", ".join(f'"{name}" = excluded."{name}"' for name in _COLUMNS)}
""")


class RegistryTables:
    """Implements `Registry`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_library(self, library: MemberLibrary) -> None:
        """Add or change a library. ISILs that differ only in case are one (ISO 15511)."""
        await save_libraries(self._connection, [library])

    async def library(self, isil: Isil) -> MemberLibrary:
        """A registered library; raises NotRegistered."""
        query = select(member_library).where(member_library.c.isil == isil)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotRegistered(
                f"No library is registered as '{isil}'; add it with: unioncat library add {isil} NAME"
            )
        return library_of(row)


async def save_libraries(connection: AsyncConnection, libraries: Sequence[MemberLibrary]) -> None:
    """Add or change libraries, each ISIL once; raises NotRegistered when one is registered in other letters."""
    rows = {"rows": json.dumps([row_of(library) for library in libraries])}
    if clash := (await connection.execute(_CLASH, rows)).one_or_none():
        raise NotRegistered(f"'{clash.stated}' is registered as '{clash.registered}'; write it that way")
    await connection.execute(_MERGE_ANEW, rows)
    await connection.execute(_SAVE, rows)
