"""Master records: members, content, redirects, tombstones."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import ControlNumber, Isil, mint_master_id
from unioncat.core.marc import MarcRecord
from unioncat.core.parse.compact import from_compact
from unioncat.pipeline.merging import MemberContent
from unioncat.pipeline.unit_of_work import Dormant, MasterChanges, MasterWrite, Member
from unioncat.store.held import COUNTED, COUNTED_ROWS

# A record that was deleted and comes back may claim its old master only while that is a tombstone.
_MEMBERS = text(f"""
    SELECT r.id, s.isil, r.control_number, r.description_id, r.deleted,
        CASE WHEN r.member THEN r.master_serial WHEN NOT r.deleted AND m.status = 'ended' THEN r.master_serial END AS former
    FROM {COUNTED} r JOIN harvest_source s ON s.id = r.source_id
    LEFT JOIN master_record m ON m.serial = r.master_serial
    WHERE r.id = ANY(:records) OR (r.description_id = ANY(:descriptions) AND NOT r.deleted)
""")

_MEMBER_IDS = text("""
    SELECT master_serial, array_agg(id) AS ids FROM source_record
    WHERE master_serial = ANY(:serials) AND member GROUP BY master_serial
""")

_OTHERS = text(f"""
    SELECT id, description_id FROM {COUNTED_ROWS} r
    WHERE master_serial = ANY(:serials) AND member AND NOT id = ANY(:besides)
""")

_CONTENTS = text("""
    SELECT r.id, s.isil, r.control_number, r.datestamp, l.rank,
        r.marc::text AS marc, r.holdings::text AS holdings
    FROM source_record r JOIN harvest_source s ON s.id = r.source_id
    JOIN member_library l ON l.isil = s.isil WHERE r.id = ANY(:ids)
""")

_BY_ISBN = text("""
    SELECT isbn, m.content->>'record' AS record FROM unnest(CAST(:isbns AS text[])) AS wanted(isbn)
    JOIN master_record m ON m.isbns @> ARRAY[isbn] AND m.status = 'live' ORDER BY isbn, m.serial
""")

_DORMANT = text("""
    SELECT m.serial, m.redirect_to, v.members FROM master_record m
    JOIN LATERAL (SELECT members FROM master_version v WHERE v.serial = m.serial ORDER BY version DESC LIMIT 1) AS v ON true
    WHERE m.redirect_to = ANY(:serials)
""")

# What a master was is kept when its record changes or it stops being one; holdings alone do not count.
_ARCHIVE = """
    INSERT INTO master_version (serial, version, written, content, members)
    SELECT m.serial, m.version, m.changed, m.content, ARRAY(
        SELECT r.id FROM source_record r WHERE r.master_serial = m.serial AND r.member ORDER BY r.id
    ) FROM master_record m
"""

_ARCHIVE_CHANGED = text(
    _ARCHIVE
    + """
    JOIN unnest(CAST(:serials AS bigint[]), CAST(:contents AS text[])) AS w(serial, content) ON w.serial = m.serial
    WHERE m.status = 'live' AND m.content::text <> w.content
"""
)

_ARCHIVE_GONE = text(_ARCHIVE + "WHERE m.serial = ANY(:serials) AND m.status = 'live'")

_MINT = text("SELECT nextval('master_serial') FROM generate_series(1, :count)")

_WRITE = text("""
    INSERT INTO master_record AS m (serial, master_id, status, version, content, document, isbns, issns)
    SELECT serial, master_id, 'live', 1, content::json, document::json,
        string_to_array(isbns, ' '), string_to_array(issns, ' ')
    FROM unnest(CAST(:serials AS bigint[]), CAST(:master_ids AS text[]), CAST(:contents AS text[]),
                CAST(:documents AS text[]), CAST(:isbns AS text[]), CAST(:issns AS text[]))
        AS w(serial, master_id, content, document, isbns, issns)
    ON CONFLICT (serial) DO UPDATE SET status = 'live', redirect_to = NULL, version = m.version + 1,
        content = excluded.content, document = excluded.document, isbns = excluded.isbns,
        issns = excluded.issns, changed = now()
    WHERE m.status <> 'live' OR m.content::text <> excluded.content::text
        OR m.document::text <> excluded.document::text
    RETURNING serial
""")

_JOIN = text("""
    UPDATE source_record r SET master_serial = w.serial, member = true
    FROM unnest(CAST(:records AS bigint[]), CAST(:serials AS bigint[])) AS w(record, serial)
    WHERE r.id = w.record AND (r.master_serial IS DISTINCT FROM w.serial OR NOT r.member)
""")

_MERGED = "unnest(CAST(:serials AS bigint[]), CAST(:targets AS bigint[])) AS merged(serial, target)"

_REDIRECT = text(f"""
    UPDATE master_record m SET status = 'redirect', redirect_to = merged.target, version = version + 1,
        content = NULL, document = NULL, isbns = '{{}}', issns = '{{}}', changed = now()
    FROM {_MERGED} WHERE m.serial = merged.serial
""")

_SHORTEN = text(f"""
    UPDATE master_record m SET redirect_to = merged.target FROM {_MERGED} WHERE m.redirect_to = merged.serial
""")

_END = text("""
    UPDATE master_record SET status = 'ended', redirect_to = NULL, version = version + 1, content = NULL,
        document = NULL, isbns = '{}', issns = '{}', changed = now()
    WHERE serial = ANY(:serials)
""")

_RELEASE = text("""
    UPDATE source_record r SET member = false,
        master_serial = (SELECT serial FROM master_record m WHERE m.serial = r.master_serial AND m.status = 'ended')
    WHERE id = ANY(:records)
""")

_ANNOUNCE = text("INSERT INTO change (serial) SELECT unnest(CAST(:serials AS bigint[]))")


class MastersTable:
    """Implements `Masters`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def members(self, descriptions: Collection[int], records: Collection[int]) -> Sequence[Member]:
        """The live records of these descriptions, and these records whatever their state."""
        parameters = {"descriptions": list(descriptions), "records": list(records)}
        rows = await self._connection.execute(_MEMBERS, parameters)
        return [
            Member(
                row.id,
                Isil(row.isil),
                ControlNumber(row.control_number),
                row.description_id,
                row.former,
                row.deleted,
            )
            for row in rows
        ]

    async def member_ids(self, serials: Collection[int]) -> Mapping[int, frozenset[int]]:
        """The source records that were members when last matched."""
        rows = await self._connection.execute(_MEMBER_IDS, {"serials": list(serials)})
        return {row.master_serial: frozenset(row.ids) for row in rows}

    async def others(self, serials: Collection[int], besides: Collection[int]) -> Mapping[int, int]:
        """Records that were members of these masters when last matched, less `besides`."""
        rows = await self._connection.execute(_OTHERS, {"serials": list(serials), "besides": list(besides)})
        return {row.id: row.description_id for row in rows}

    async def contents(self, records: Collection[int]) -> Mapping[int, MemberContent]:
        """The content of source records."""
        rows = await self._connection.execute(_CONTENTS, {"ids": list(records)})
        return {row.id: _content(row) for row in rows}

    async def by_isbn(self, isbns: Collection[str]) -> Mapping[str, Sequence[MarcRecord]]:
        """The live master records with these ISBN-13."""
        found: dict[str, list[MarcRecord]] = {}
        for row in await self._connection.execute(_BY_ISBN, {"isbns": sorted(isbns)}):
            found.setdefault(row.isbn, []).append(from_compact(json.loads(row.record)))
        return found

    async def mint(self, count: int) -> Sequence[int]:
        """New serial numbers."""
        return (await self._connection.scalars(_MINT, {"count": count})).all()

    async def dormant(self, serials: Collection[int]) -> Mapping[int, Dormant]:
        """The masters that redirect to one of these."""
        rows = await self._connection.execute(_DORMANT, {"serials": list(serials)})
        return {row.serial: Dormant(row.redirect_to, frozenset(row.members)) for row in rows}

    async def save(self, changes: MasterChanges) -> int:
        """Write masters and append what changed to the outbox."""
        if gone := [*changes.redirects, *changes.ended]:
            await self._connection.execute(_ARCHIVE_GONE, {"serials": gone})
        changed = await self._write(changes.written)
        if changes.redirects:
            parameters = {"serials": list(changes.redirects), "targets": list(changes.redirects.values())}
            await self._connection.execute(_REDIRECT, parameters)
            await self._connection.execute(_SHORTEN, parameters)
        if changes.ended:
            await self._connection.execute(_END, {"serials": list(changes.ended)})
        if changes.removed_members:
            await self._connection.execute(_RELEASE, {"records": list(changes.removed_members)})
        serials = sorted({*changed, *changes.redirects, *changes.ended})
        if serials:
            await self._connection.execute(_ANNOUNCE, {"serials": serials})
        return len(serials)

    async def _write(self, writes: Sequence[MasterWrite]) -> Iterable[int]:
        if not writes:
            return []
        texts = [write.texts for write in writes]
        serials = [text.serial for text in texts]
        contents = [text.content for text in texts]
        await self._connection.execute(_ARCHIVE_CHANGED, {"serials": serials, "contents": contents})
        parameters = {
            "serials": serials,
            "master_ids": list(map(mint_master_id, serials)),
            "contents": contents,
            "documents": [text.document for text in texts],
            "isbns": [" ".join(text.isbns) for text in texts],
            "issns": [" ".join(text.issns) for text in texts],
        }
        changed = (await self._connection.scalars(_WRITE, parameters)).all()
        joined = [(record, write.texts.serial) for write in writes for record in write.members]
        records, homes = zip(*joined, strict=True)
        await self._connection.execute(_JOIN, {"records": list(records), "serials": list(homes)})
        return changed


def _content(row: Any) -> MemberContent:
    return MemberContent(
        Isil(row.isil),
        ControlNumber(row.control_number),
        row.datestamp,
        row.rank,
        row.marc,
        row.holdings,
    )
