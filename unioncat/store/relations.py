"""Publications that belong together: relations of descriptions, read as relations of live master records.

A relation hangs on two descriptions; it holds between the masters that have live records of them now. So it needs no
care when records move from one master to another, and is gone where the two are one.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import MasterId, serial_of
from unioncat.core.match.relation import Relation
from unioncat.pipeline.related_port import MOST_RELATED, RelatedView, in_order
from unioncat.store.edition_groups import LINKS, edition_groups
from unioncat.store.engine import PostgresStore

_OTHER_LINKS = text(LINKS.format(kinds="p.kind <> 'other-edition'"))

_SERIALS = text("SELECT serial, master_id FROM master_record WHERE master_id = ANY(:ids) AND status = 'live'")

_VIEWS = text("""
    SELECT m.serial, m.master_id, m.document->>'title' AS title, (m.document->>'year')::int AS year,
        m.document->>'edition' AS edition, coalesce(m.document->>'format', 'book') AS format,
        coalesce(m.document->'languages', '[]')::text AS languages,
        coalesce(json_array_length(m.document->'libraries'), 0) AS libraries,
        (SELECT (d.content->'volume')::text FROM source_record r JOIN description d ON d.id = r.description_id
            WHERE r.master_serial = m.serial AND NOT r.deleted AND d.content->'volume' IS NOT NULL
            ORDER BY r.id LIMIT 1) AS volume
    FROM master_record m WHERE m.serial = ANY(:serials) AND m.status = 'live'
""")


class PostgresRelations:
    """Implements `RelatedRecords` on one store."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store

    async def related(self, master_id: MasterId) -> Sequence[RelatedView]:
        """What belongs to a master record, in order."""
        async with self._store.connect(reads_once=True) as connection:
            serials = [row.serial for row in await connection.execute(_SERIALS, {"ids": [master_id]})]
            if not serials:
                return []
            links = await connection.execute(_OTHER_LINKS, {"serials": serials})
            found = {(_read(row), row.other) for row in links}
            group = (await edition_groups(connection, serials))[serials[0]]
            found |= {(Relation.OTHER_EDITION, other) for other in group}
            views = await _views(connection, found)
        return in_order(views)

    async def edition_counts(self, master_ids: Sequence[MasterId]) -> Mapping[MasterId, int]:
        """How many other editions each of these has."""
        counts = dict.fromkeys(master_ids, 0)
        async with self._store.connect(reads_once=True) as connection:
            serials = {serial_of(master_id): master_id for master_id in master_ids}
            groups = await edition_groups(connection, serials)
        return counts | {serials[serial]: min(len(group), MOST_RELATED) for serial, group in groups.items()}


def _read(row: Row[Any]) -> Relation:
    """The relation as it is read from the master that was asked for."""
    kind = Relation(row.kind)
    return kind.inverse if row.turned else kind


async def _views(
    connection: AsyncConnection, found: Collection[tuple[Relation, int]]
) -> Iterable[RelatedView]:
    rows = {
        row.serial: row
        for row in await connection.execute(_VIEWS, {"serials": sorted({serial for _, serial in found})})
    }
    return [_view(kind, rows[serial]) for kind, serial in found if serial in rows]


def _view(kind: Relation, row: Row[Any]) -> RelatedView:
    return RelatedView(
        kind=kind,
        master_id=MasterId(row.master_id),
        title=row.title,
        year=row.year,
        edition=row.edition,
        volume=tuple(json.loads(row.volume or "[]")),
        format=row.format,
        languages=tuple(json.loads(row.languages)),
        libraries=row.libraries,
    )
