"""What an operator should look at."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.pipeline.alarms_port import CrowdedKey

_CROWDED = text("""
    WITH crowded AS MATERIALIZED (
        SELECT key, count(*) AS descriptions FROM match_key
        GROUP BY key HAVING count(*) > :over ORDER BY count(*) DESC, key LIMIT :limit
    )
    SELECT crowded.key, crowded.descriptions, told.libraries, told.titles
    FROM crowded CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT s.isil) AS libraries,
            (array_agg(DISTINCT m.document->>'title') FILTER (WHERE m.document->>'title' IS NOT NULL))[1:(:titles)::int]
                AS titles
        FROM match_key k JOIN source_record r ON r.description_id = k.description_id AND NOT r.deleted
        JOIN harvest_source s ON s.id = r.source_id LEFT JOIN master_record m ON m.serial = r.master_serial
        WHERE k.key = crowded.key
    ) told
    ORDER BY crowded.descriptions DESC, crowded.key
""")


class AlarmsTable:
    """Implements `Alarms`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def crowded_keys(self, over: int, limit: int, titles: int) -> Sequence[CrowdedKey]:
        """The keys that more than `over` descriptions share, most shared first, with so many sample titles."""
        rows = await self._connection.execute(_CROWDED, {"over": over, "limit": limit, "titles": titles})
        return [
            CrowdedKey(row.key, row.descriptions, tuple(row.libraries or ()), tuple(row.titles or ()))
            for row in rows
        ]
