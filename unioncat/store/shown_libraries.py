"""What the search index knows of libraries (`core/index/of_libraries.py`), and the masters to be indexed when it changes.

It is kept with each library, so that all documents of a library say the same, whenever they were indexed. A membership
counts on the days on which it and its group hold, the first and the last included.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import Isil
from unioncat.core.index.of_libraries import ShownLibrary
from unioncat.core.membership.units import current_province
from unioncat.store.schema import master_record, member_library

_DUE_BY_DAY = text("""
    UPDATE member_library SET shown_due = true WHERE NOT shown_due AND isil IN (
        SELECT m.isil FROM library_group_member m JOIN library_group g USING (code)
        WHERE coalesce(m.starts, m.ends, g.starts, g.ends) IS NOT NULL)
""")
_IS_DUE = text("SELECT EXISTS (SELECT FROM member_library WHERE shown_due)")
_HOLD = text("SELECT FROM member_library WHERE shown_due ORDER BY isil FOR UPDATE")
_SHOW = text("""
    WITH stated AS (
        SELECT l.isil, l.shown AS former, jsonb_build_object('province', l.province, 'kind', l.kind, 'lends', l.lends, 'groups', (
            SELECT coalesce(jsonb_agg(m.code ORDER BY m.code COLLATE "C"), '[]') FROM library_group_member m
            JOIN library_group g USING (code) WHERE m.isil = l.isil
                AND coalesce(m.starts <= :today, true) AND coalesce(m.ends >= :today, true)
                AND coalesce(g.starts <= :today, true) AND coalesce(g.ends >= :today, true)
        )) AS shown FROM member_library l WHERE l.shown_due
    ), seen AS (
        UPDATE member_library l SET shown = stated.shown, shown_due = false FROM stated WHERE stated.isil = l.isil
    )
    INSERT INTO change (serial) SELECT DISTINCT r.master_serial FROM stated
    JOIN harvest_source s ON s.isil = stated.isil JOIN source_record r ON r.source_id = s.id AND r.member
    WHERE stated.former <> stated.shown
""")


async def mark_by_day(connection: AsyncConnection) -> None:
    """Have looked at again what depends on the day."""
    await connection.execute(_DUE_BY_DAY)


async def is_due(connection: AsyncConnection) -> bool:
    """Whether some library is to be looked at again."""
    return bool(await connection.scalar(_IS_DUE))


async def show(connection: AsyncConnection, today: date) -> None:
    """Look at the libraries that are due; the masters of those that changed go into the outbox, whose lock is taken."""
    await connection.execute(_HOLD)
    await connection.execute(_SHOW, {"today": today})


async def shown_libraries(
    connection: AsyncConnection, serials: Collection[int]
) -> Mapping[Isil, ShownLibrary]:
    """What the index knows of the libraries that hold these masters."""
    holding = func.json_array_elements_text(master_record.c.document["libraries"])
    isils = select(holding).where(master_record.c.serial.in_(serials))
    asked = select(member_library.c.isil, member_library.c.shown).where(member_library.c.isil.in_(isils))
    rows = await connection.execute(asked)
    return {
        Isil(row.isil): ShownLibrary(
            current_province(province) if (province := row.shown.get("province")) else None,
            row.shown.get("kind"),
            tuple(row.shown.get("groups", ())),
            row.shown.get("lends"),
        )
        for row in rows
    }
