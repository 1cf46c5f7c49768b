"""Edition groups: live master records that are printings of one text, found by following links of editions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.pipeline.related_port import MOST_RELATED

LINKS = """
    WITH own AS MATERIALIZED (
        SELECT DISTINCT master_serial, description_id FROM source_record
        WHERE master_serial = ANY(:serials) AND NOT deleted
    ), linked AS MATERIALIZED (
        SELECT own.master_serial, p.high AS other, p.kind, false AS turned
        FROM own JOIN pair_relation p ON p.low = own.description_id WHERE {kinds}
        UNION SELECT own.master_serial, p.low, p.kind, true
        FROM own JOIN pair_relation p ON p.high = own.description_id WHERE {kinds}
    )
    SELECT DISTINCT linked.master_serial AS one, m.serial AS other, linked.kind, linked.turned
    FROM linked CROSS JOIN LATERAL (
        SELECT DISTINCT r.master_serial FROM source_record r
        WHERE r.description_id = linked.other AND NOT r.deleted
    ) held JOIN master_record m ON m.serial = held.master_serial AND m.status = 'live'
    WHERE m.serial <> linked.master_serial
    ORDER BY one, linked.kind, linked.turned, other
"""
"""The links of some masters by relations of these kinds; `{kinds}` is a condition on `p.kind`."""

_EDITION_LINKS = text(LINKS.format(kinds="p.kind = 'other-edition'"))


async def edition_groups(
    connection: AsyncConnection, serials: Collection[int]
) -> Mapping[int, Sequence[int]]:
    """The other members of the edition groups of these masters: whatever links of editions lead to.

    One query follows the links of all groups by one step; a group that has become too large to be told is not
    followed further, so it is the same wherever one begins as long as it can be told.
    """
    neighbours: defaultdict[int, set[int]] = defaultdict(set)
    reached = {serial: {serial} for serial in serials}
    asked: set[int] = set()
    while True:
        frontier = {
            serial for group in reached.values() if len(group) <= MOST_RELATED for serial in group
        } - asked
        if not frontier:
            break
        for row in await connection.execute(_EDITION_LINKS, {"serials": sorted(frontier)}):
            neighbours[row.one].add(row.other)
        asked |= frontier
        reached = {serial: _grown(group, neighbours) for serial, group in reached.items()}
    return {serial: _told(serial, neighbours) for serial in serials}


def _grown(group: set[int], neighbours: Mapping[int, Collection[int]]) -> set[int]:
    return group.union(*(neighbours.get(serial, ()) for serial in group))


def _told(start: int, neighbours: Mapping[int, Collection[int]]) -> list[int]:
    """What can be reached from `start`, the nearest first; of a group that is too large only these."""
    told, nearest = [start], [start]
    known = {start}
    while nearest and len(told) <= MOST_RELATED:
        nearest = sorted({other for serial in nearest for other in neighbours.get(serial, ())} - known)
        known.update(nearest)
        told += nearest
    return told[1 : MOST_RELATED + 1]
