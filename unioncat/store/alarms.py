"""What an operator should look at."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.match.large_cluster import Statement
from unioncat.pipeline.alarms_port import CrowdedKey, Gathering, LargeCluster, Listing, Sharer
from unioncat.store.alarm_book import AlarmBook

_CROWDED = text("""
    WITH crowded AS MATERIALIZED (
        SELECT key, count(*) AS descriptions, count(*) OVER () AS total FROM match_key
        GROUP BY key HAVING count(*) > :over ORDER BY count(*) DESC, key LIMIT :limit
    )
    SELECT crowded.key, crowded.descriptions, crowded.total, told.libraries, told.titles
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

# What the members of `large.serial` say, the most frequent first.
_STATEMENTS = """
    (SELECT json_agg(told ORDER BY told.members DESC, told.title, told.volume::text, told.edition,
            told.years::text) FROM (
        SELECT coalesce(d.content->>'title', '') AS title, coalesce(d.content->'volume', '[]')::jsonb AS volume,
            coalesce((d.content->>'edition')::int, 0) AS edition, (CASE WHEN d.content->>'level' = 'serial'
                THEN '[]' ELSE coalesce(d.content->'years', '[]') END)::jsonb AS years, count(*) AS members
        FROM source_record r JOIN description d ON d.id = r.description_id
        WHERE r.master_serial = large.serial AND NOT r.deleted GROUP BY 1, 2, 3, 4) told) AS statements
"""

_LARGE = text(f"""
    WITH large AS MATERIALIZED (
        SELECT master_serial AS serial, count(*) AS members, array_agg(DISTINCT description_id) AS descriptions,
            count(*) OVER () AS total
        FROM source_record WHERE NOT deleted AND master_serial IS NOT NULL
        GROUP BY master_serial HAVING count(*) > :over ORDER BY count(*) DESC, master_serial LIMIT :limit
    )
    SELECT m.master_id, large.total, large.members, cardinality(large.descriptions) AS descriptions,
        (SELECT array_agg(DISTINCT s.isil) FROM source_record r JOIN harvest_source s ON s.id = r.source_id
            WHERE r.master_serial = large.serial AND NOT r.deleted) AS libraries,
        {_STATEMENTS},
        years.first, years.last,
        (SELECT array_agg(told.key ORDER BY told.shared DESC, told.key) FROM (
            SELECT key, count(*) AS shared FROM match_key WHERE description_id = ANY(large.descriptions)
            GROUP BY key ORDER BY count(*) DESC, key LIMIT :keys) told) AS keys,
        (SELECT min(score) FROM pair_verdict WHERE outcome = 'same'
            AND low = ANY(large.descriptions) AND high = ANY(large.descriptions)) AS weakest
    FROM large JOIN master_record m ON m.serial = large.serial CROSS JOIN LATERAL (
        SELECT min(year::int) AS first, max(year::int) AS last
        FROM description d, json_array_elements_text(coalesce(d.content->'years', '[]')) AS year
        WHERE d.id = ANY(large.descriptions)
    ) years
    ORDER BY large.members DESC, large.serial
""")

_GATHERINGS = text(f"""
    WITH large AS MATERIALIZED (
        SELECT r.master_serial AS serial, count(*) AS members
        FROM source_record r WHERE NOT r.deleted AND r.master_serial IN (
            SELECT serial FROM change WHERE seq > :after AND seq <= :until
            UNION SELECT serial FROM master_record WHERE master_id = ANY(:besides)
        ) GROUP BY r.master_serial HAVING count(*) > :over
    )
    SELECT m.master_id, large.members,
        (SELECT count(DISTINCT s.isil) FROM source_record r JOIN harvest_source s ON s.id = r.source_id
            WHERE r.master_serial = large.serial AND NOT r.deleted) AS libraries,
        {_STATEMENTS}
    FROM large JOIN master_record m ON m.serial = large.serial ORDER BY large.serial
""")

_NOTE_CROSSED = text("""
    INSERT INTO crossed_key (key) SELECT unnest(CAST(:keys AS text[])) ON CONFLICT (key) DO NOTHING
""")

_TAKE_CROSSED = text("DELETE FROM crossed_key RETURNING key")

_SHARERS = text("""
    SELECT r.source_id, s.isil, d.id, d.content->>'title' AS title, (d.content->'years'->>0)::int AS year,
        ARRAY(SELECT json_array_elements_text(coalesce(d.content->'persons', '[]'))) AS persons, count(*) AS records
    FROM match_key k JOIN description d ON d.id = k.description_id
    JOIN source_record r ON r.description_id = d.id AND NOT r.deleted JOIN harvest_source s ON s.id = r.source_id
    WHERE k.key = :key GROUP BY r.source_id, s.isil, d.id ORDER BY r.source_id, d.id
""")


class AlarmsTable(AlarmBook):
    """Implements `Alarms`."""

    async def crowded_keys(self, over: int, limit: int, titles: int) -> Listing[CrowdedKey]:
        """The keys that more than `over` descriptions share, most shared first, with so many sample titles."""
        asked = {"over": over, "limit": limit, "titles": titles}
        rows = (await self._connection.execute(_CROWDED, asked)).all()
        found = [
            CrowdedKey(row.key, row.descriptions, tuple(row.libraries or ()), tuple(row.titles or ()))
            for row in rows
        ]
        return Listing(found, rows[0].total if rows else 0)

    async def large_clusters(self, over: int, limit: int, keys: int) -> Listing[LargeCluster]:
        """The clusters of more than `over` source records, largest first, each with so many of its match keys."""
        rows = (await self._connection.execute(_LARGE, {"over": over, "limit": limit, "keys": keys})).all()
        found = [
            LargeCluster(
                master_id=row.master_id,
                members=row.members,
                descriptions=row.descriptions,
                libraries=tuple(row.libraries),
                statements=tuple(map(_statement, row.statements)),
                first_year=row.first,
                last_year=row.last,
                keys=tuple(row.keys or ()),
                weakest=row.weakest,
            )
            for row in rows
        ]
        return Listing(found, rows[0].total if rows else 0)

    async def note_crossed(self, keys: Collection[str]) -> None:
        """Remember match keys."""
        if keys:
            await self._connection.execute(_NOTE_CROSSED, {"keys": sorted(keys)})

    async def take_crossed(self) -> Sequence[str]:
        """Take what was remembered."""
        return sorted(await self._connection.scalars(_TAKE_CROSSED))

    async def sharers(self, key: str) -> Sequence[Sharer]:
        """What shares a match key."""
        return [
            Sharer(
                SourceId(row.source_id),
                Isil(row.isil),
                row.id,
                row.title or "",
                tuple(row.persons),
                row.year,
                row.records,
            )
            for row in await self._connection.execute(_SHARERS, {"key": key})
        ]

    async def gatherings(
        self, after: int, until: int, besides: Collection[str], over: int
    ) -> Sequence[Gathering]:
        """Large clusters among those that changed in a part of the outbox, and among these masters."""
        asked = {"after": after, "until": until, "besides": list(besides), "over": over}
        rows = await self._connection.execute(_GATHERINGS, asked)
        return [
            Gathering(row.master_id, row.members, row.libraries, tuple(map(_statement, row.statements)))
            for row in rows
        ]


def _statement(value: Mapping[str, Any]) -> Statement:
    return Statement(
        value["title"], tuple(value["volume"]), value["edition"], tuple(value["years"]), value["members"]
    )
