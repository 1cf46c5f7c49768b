"""What many records of one source share, and what these say: where placeholders are looked for."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import SourceId
from unioncat.core.match.large_cluster import Statement
from unioncat.core.match.placeholders import FIELDS, LEAST, LEAST_TITLED, Placed, Placeholder, Shared

_MOST = 200
"""Values of one kind that are looked at, the most frequent first."""
_SAID = 500
"""Different titles, persons or years of one value that are looked at, the most frequent first."""

_HELD = """
    WITH held AS MATERIALIZED (
        SELECT description_id AS id, count(*) AS members FROM source_record
        WHERE source_id = :source AND NOT deleted AND description_id IS NOT NULL GROUP BY description_id
    ), valued AS MATERIALIZED (
        SELECT value, held.id, held.members, d.content FROM held JOIN description d ON d.id = held.id
        CROSS JOIN LATERAL {values}
    ), common AS MATERIALIZED (
        SELECT value, sum(members)::bigint AS records FROM valued GROUP BY value
        HAVING sum(members) >= :least ORDER BY sum(members) DESC, value LIMIT :most
    )
"""


def _told(saying: str, of: str) -> str:
    """JSON pairs of what the records with a value say, and how many say it."""
    return f"""(
        SELECT json_agg(json_build_array(said, members) ORDER BY members DESC, said) FROM (
            SELECT said, sum(v.members)::bigint AS members FROM valued v CROSS JOIN LATERAL {saying} AS told(said)
            WHERE v.value = common.value GROUP BY said ORDER BY 2 DESC, 1 LIMIT :said
        ) counted) AS {of}"""


_TITLES = _told("(SELECT coalesce(v.content->>'title', ''))", "titles")

_IDENTIFIERS = text(f"""
    {_HELD.format(values="json_array_elements_text(coalesce(d.content->:field, '[]')) AS listed(value)")}
    SELECT value, records, {_TITLES} FROM common ORDER BY records DESC, value
""")

_WHOLE_TITLES = text(f"""
    {_HELD.format(values="(SELECT d.content->>'title' AS value WHERE d.content->>'title' IS NOT NULL) AS listed")}
    SELECT value, records, {_TITLES},
        {_told("json_array_elements_text(coalesce(v.content->'persons', '[]'))", "persons")},
        {_told("(SELECT v.content->'years'->>0 WHERE v.content->'years'->>0 IS NOT NULL)", "years")}
    FROM common ORDER BY records DESC, value
""")


class PlaceholderQueries:
    """Implements `Placeholders`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def shared(self, source: SourceId) -> Sequence[Shared]:
        """The values that many records of a source have, by kind, the most frequent first."""
        found: list[Shared] = []
        asked = {"source": source, "most": _MOST, "said": _SAID}
        for placed, field in FIELDS.items():
            is_title = placed is Placed.TITLE
            statement = _WHOLE_TITLES if is_title else _IDENTIFIERS
            limits = {"least": LEAST_TITLED} if is_title else {"least": LEAST, "field": field}
            for row in await self._connection.execute(statement, asked | limits):
                found.append(
                    Shared(
                        Placeholder(placed, row.value),
                        row.records,
                        tuple(Statement(title, members=count) for title, count in _pairs(row.titles)),
                        tuple(_pairs(row.persons)) if is_title else (),
                        tuple((int(year), count) for year, count in _pairs(row.years)) if is_title else (),
                    )
                )
        return found


def _pairs(value: Any) -> list[tuple[str, int]]:
    """Pairs that came as JSON; none where nothing is said."""
    pairs = json.loads(value) if isinstance(value, str) else value or []
    return [(said, count) for said, count in pairs]
