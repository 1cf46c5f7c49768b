"""The read side of the store, for the API and the pages."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.library import MemberLibrary
from unioncat.core.merge.compact import merged_from_json
from unioncat.core.registry import Harvest
from unioncat.pipeline.packing import holdings_from_json, unpack
from unioncat.pipeline.ports import (
    EndedRecord,
    HoldingView,
    IndexLag,
    MasterView,
    RejectedView,
    SourceView,
)
from unioncat.store.harvests import harvest_of, runs
from unioncat.store.registry import library_of
from unioncat.store.relations import PostgresRelations
from unioncat.store.schema import harvest, harvest_source
from unioncat.store.sources import source_of

_MASTERS = text("""
    SELECT m.master_id, m.status, m.version, m.content::text AS content, t.master_id AS target, m.changed,
        CASE WHEN m.status = 'ended' THEN (SELECT v.content::text FROM master_version v
            WHERE v.serial = m.serial ORDER BY v.version DESC LIMIT 1) END AS last
    FROM master_record m LEFT JOIN master_record t ON t.serial = m.redirect_to WHERE m.master_id = ANY(:ids)
""")

_HOLDINGS = text("""
    SELECT l.*, m.master_id, r.control_number, r.holdings::text AS holdings
    FROM master_record m JOIN source_record r ON r.master_serial = m.serial AND NOT r.deleted
    JOIN harvest_source s ON s.id = r.source_id JOIN member_library l ON l.isil = s.isil
    WHERE m.master_id = ANY(:ids) AND m.status = 'live'
    ORDER BY l.name, l.isil, r.control_number
""")

_BY_ISBN = text("SELECT master_id FROM master_record WHERE isbns @> ARRAY[:value] ORDER BY serial")
_BY_ISSN = text("SELECT master_id FROM master_record WHERE issns @> ARRAY[:value] ORDER BY serial")

_MASTER_OF = text("""
    SELECT m.master_id FROM source_record r JOIN harvest_source s ON s.id = r.source_id
    JOIN master_record m ON m.serial = r.master_serial
    WHERE s.isil = :isil AND r.control_number = :control_number AND NOT r.deleted AND m.status = 'live'
    ORDER BY r.id LIMIT 1
""")

_TITLES = text("""
    SELECT master_id, document->>'title' AS title FROM master_record
    WHERE master_id = ANY(:ids) AND status = 'live'
""")

_LIBRARIES = text("""
    SELECT isil, name, name_en, province, kind, rank FROM member_library ORDER BY name, isil
""")

_CONTRIBUTING = text("""
    SELECT count(DISTINCT s.isil) AS libraries FROM harvest_source s
    WHERE EXISTS (SELECT 1 FROM source_record r WHERE r.source_id = s.id AND NOT r.deleted)
""")

_GROUPS = text("SELECT code, name FROM library_group")

_LAG = text("""
    SELECT count(*) AS changes, coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8 AS seconds
    FROM change WHERE seq > :position
""")

_SOURCES = text("""
    SELECT s.*, (SELECT count(*) FROM source_record r WHERE r.source_id = s.id AND NOT r.deleted) AS live,
        (SELECT count(*) FROM rejected_record j WHERE j.source_id = s.id) AS rejected,
        (SELECT max(h.id) FROM harvest h WHERE h.source_id = s.id) AS newest
    FROM harvest_source s ORDER BY s.isil, s.id
""")

_REJECTED = text("""
    SELECT j.id AS rejected_id, j.place, j.reason, j.raw, s.*
    FROM rejected_record j JOIN harvest_source s ON s.id = j.source_id
    WHERE (CAST(:isil AS text) IS NULL OR s.isil = :isil) AND (CAST(:before AS bigint) IS NULL OR j.id < :before)
    ORDER BY j.id DESC LIMIT :limit
""")


class PostgresCatalogue(PostgresRelations):
    """Implements `Catalogue` on one store."""

    async def master(self, master_id: MasterId) -> MasterView | None:
        """One master record; None when the identifier was never given."""
        return (await self.master_views([master_id])).get(master_id)

    async def master_views(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, MasterView]:
        """These master records."""
        rows = await self._rows(_MASTERS, ids=list(master_ids))
        return {
            MasterId(row.master_id): MasterView(
                MasterId(row.master_id),
                row.version,
                merged_from_json(json.loads(row.content)) if row.content else None,
                redirect=MasterId(row.target) if row.target else None,
                deleted=row.status == "ended",
                ended=EndedRecord(merged_from_json(json.loads(row.last)), row.changed) if row.last else None,
            )
            for row in rows
        }

    async def holdings(self, master_id: MasterId) -> Sequence[HoldingView]:
        """All holdings of a live master record."""
        return (await self.holdings_of([master_id]))[master_id]

    async def holdings_of(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, Sequence[HoldingView]]:
        """The holdings of each of these."""
        held: dict[MasterId, list[HoldingView]] = {master_id: [] for master_id in master_ids}
        for row in await self._rows(_HOLDINGS, ids=list(master_ids)):
            library, control_number = library_of(row), ControlNumber(row.control_number)
            held[MasterId(row.master_id)] += [
                HoldingView(library, control_number, holding)
                for holding in sorted(
                    holdings_from_json(json.loads(row.holdings)),
                    key=lambda h: (h.location or "", h.call_number or ""),
                )
            ]
        return held

    async def masters_by_isbn(self, isbn13: str) -> Sequence[MasterId]:
        """Live master records with this ISBN-13."""
        return [MasterId(row.master_id) for row in await self._rows(_BY_ISBN, value=isbn13)]

    async def masters_by_issn(self, issn: str) -> Sequence[MasterId]:
        """Live master records with this ISSN."""
        return [MasterId(row.master_id) for row in await self._rows(_BY_ISSN, value=issn)]

    async def master_of(self, isil: Isil, control_number: ControlNumber) -> MasterId | None:
        """The live master record that holds this source record."""
        rows = await self._rows(_MASTER_OF, isil=isil, control_number=control_number)
        return MasterId(rows[0].master_id) if rows else None

    async def titles(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, str]:
        """The titles of live master records."""
        rows = await self._rows(_TITLES, ids=list(master_ids))
        return {MasterId(row.master_id): row.title for row in rows}

    async def libraries(self) -> Sequence[MemberLibrary]:
        """All member libraries by name, in short: there may be many thousand."""
        return [
            MemberLibrary(Isil(row.isil), row.name, row.name_en, row.province, row.kind, row.rank)
            for row in await self._rows(_LIBRARIES)
        ]

    async def contributing_libraries(self) -> int:
        """How many of them have live records."""
        [row] = await self._rows(_CONTRIBUTING)
        return int(row.libraries)

    async def group_names(self) -> Mapping[str, str]:
        """What the groups of libraries are called, by code."""
        return {row.code: row.name for row in await self._rows(_GROUPS)}

    async def index_lag(self, position: int) -> IndexLag:
        """What an index at this position does not show yet."""
        async with self._store.connect() as connection:  # its plan depends on how much there is to count
            row = (await connection.execute(_LAG, {"position": position})).one()
        return IndexLag(row.changes, row.seconds)

    async def sources(self) -> Sequence[SourceView]:
        """All sources by library."""
        rows = await self._rows(_SOURCES)
        async with self._store.connect(reads_once=True) as connection:
            runs = await _runs(connection, [row.newest for row in rows if row.newest])
        return [SourceView(source_of(row), row.live, row.rejected, runs.get(row.newest)) for row in rows]

    async def harvests(self, isil: Isil | None, limit: int, before: int | None) -> Sequence[Harvest]:
        """Runs, newest first."""
        query = runs().limit(limit)
        if isil is not None:
            query = query.where(harvest_source.c.isil == isil)
        if before is not None:
            query = query.where(harvest.c.id < before)
        async with self._store.connect(reads_once=True) as connection:
            return [harvest_of(row) for row in await connection.execute(query)]

    async def rejected(self, isil: Isil | None, limit: int, before: int | None) -> Sequence[RejectedView]:
        """Rejected records, newest first."""
        rows = await self._rows(_REJECTED, isil=isil, limit=limit, before=before)
        return [
            RejectedView(row.rejected_id, source_of(row), row.place, row.reason, unpack(row.raw))
            for row in rows
        ]

    async def ping(self) -> None:
        """Raises StoreUnavailable when the database does not answer."""
        await self._rows(text("SELECT 1"))

    async def _rows(self, query: Any, **parameters: Any) -> Sequence[Row[Any]]:
        async with self._store.connect(reads_once=True) as connection:
            return (await connection.execute(query, parameters)).all()


async def _runs(connection: AsyncConnection, ids: Collection[int]) -> Mapping[int, Harvest]:
    query = runs().where(harvest.c.id.in_(ids))
    return {row.id: harvest_of(row) for row in await connection.execute(query)}
