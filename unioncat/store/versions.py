"""What master records looked like.

A row of `master_version` is the content that was true up to its version; the present one is in `master_record`.
"""

import json
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import MasterId
from unioncat.core.merge.compact import merged_from_json
from unioncat.core.merge.master import MergedRecord
from unioncat.pipeline.versions_port import VersionLine

_STATES = text("""
    SELECT version, written AS since, cardinality(members) AS records, false AS current
    FROM master_version WHERE serial = (SELECT serial FROM master_record WHERE master_id = :id)
    UNION ALL
    SELECT m.version, m.changed,
        (SELECT count(*) FROM source_record r WHERE r.master_serial = m.serial AND r.member AND NOT r.deleted), true
    FROM master_record m WHERE m.master_id = :id AND m.status = 'live'
    ORDER BY version DESC
""")

_CONTENT = text("""
    SELECT content FROM (
        SELECT v.version, v.content::text AS content FROM master_version v
        JOIN master_record m ON m.serial = v.serial WHERE m.master_id = :id AND v.version >= :version
        UNION ALL
        SELECT version, content::text FROM master_record
        WHERE master_id = :id AND status = 'live' AND version >= :version
    ) AS known ORDER BY version LIMIT 1
""")


class VersionsTable:
    """Implements `Versions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def states(self, master_id: MasterId) -> Sequence[VersionLine]:
        """All states, the newest first."""
        rows = await self._connection.execute(_STATES, {"id": master_id})
        return [VersionLine(row.version, row.since, row.records, row.current) for row in rows]

    async def content(self, master_id: MasterId, version: int) -> MergedRecord | None:
        """The record as it was in a version."""
        found = await self._connection.scalar(_CONTENT, {"id": master_id, "version": version})
        return merged_from_json(json.loads(found)) if found else None
