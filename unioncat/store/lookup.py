"""The holdings lookup for inter-library loan: one query for each question, however many lines ask it."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.locate.ranking import Membership
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.pipeline.locate_port import FoundTitle, HeldAt, KnownMaster
from unioncat.pipeline.packing import holdings_from_json
from unioncat.store.edition_groups import edition_groups

_BY_NUMBER = """
    SELECT v.number, m.master_id FROM master_record m CROSS JOIN LATERAL unnest(m.{column}) AS v(number)
    WHERE m.{column} && CAST(:numbers AS text[]) AND m.status = 'live' AND v.number = ANY(:numbers)
    ORDER BY m.serial
"""
_BY_ISBN = text(_BY_NUMBER.format(column="isbns"))
_BY_ISSN = text(_BY_NUMBER.format(column="issns"))

_BY_CONTROL_NUMBER = text("""
    SELECT w.isil, w.number, m.master_id
    FROM unnest(CAST(:isils AS text[]), CAST(:numbers AS text[])) AS w(isil, number)
    JOIN member_library l ON lower(l.isil) = w.isil JOIN harvest_source s ON s.isil = l.isil
    JOIN source_record r ON r.source_id = s.id AND r.control_number = w.number AND NOT r.deleted
    JOIN master_record m ON m.serial = r.master_serial AND m.status = 'live'
    ORDER BY r.id DESC
""")

_REGISTERED = text("SELECT lower(isil) FROM member_library WHERE lower(isil) = ANY(:isils)")

_BY_IDENTIFIER = text("""
    SELECT m.master_id, CASE WHEN m.status = 'live' THEN m.master_id ELSE t.master_id END AS now
    FROM master_record m LEFT JOIN master_record t ON t.serial = m.redirect_to AND t.status = 'live'
    WHERE m.master_id = ANY(:ids)
""")

_TITLES = text("""
    SELECT master_id, document->>'title' AS title, document->>'responsibility' AS responsibility,
        document->>'edition' AS edition, (document->>'year')::int AS year
    FROM master_record WHERE master_id = ANY(:ids) AND status = 'live'
""")

_SERIALS = text("SELECT serial, master_id FROM master_record WHERE master_id = ANY(:ids) AND status = 'live'")
_NAMES = text("SELECT serial, master_id FROM master_record WHERE serial = ANY(:serials) AND status = 'live'")

_HELD = text("""
    SELECT m.master_id, s.isil, r.control_number, r.holdings::text AS holdings,
        coalesce(h.finished, h.started) AS received
    FROM master_record m JOIN source_record r ON r.master_serial = m.serial AND NOT r.deleted
    JOIN harvest_source s ON s.id = r.source_id JOIN harvest h ON h.id = r.harvest_id
    WHERE m.master_id = ANY(:ids) AND m.status = 'live'
    ORDER BY s.isil, r.control_number
""")

_MEMBERSHIPS = text("""
    SELECT m.isil, m.starts AS since, m.ends AS until, g.*
    FROM library_group_member m JOIN library_group g ON g.code = m.code WHERE m.isil = ANY(:isils)
    ORDER BY g.name, g.code
""")


class LookupQueries:
    """Implements `Lookup`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_isbn(self, isbns: Collection[str]) -> Mapping[str, Sequence[MasterId]]:
        """The masters with each of these ISBN-13."""
        return await self._by_number(_BY_ISBN, isbns)

    async def by_issn(self, issns: Collection[str]) -> Mapping[str, Sequence[MasterId]]:
        """The masters with each of these ISSN."""
        return await self._by_number(_BY_ISSN, issns)

    async def by_control_number(
        self, asked: Collection[tuple[Isil, ControlNumber]]
    ) -> Mapping[tuple[str, ControlNumber], MasterId]:
        """The master of each of these records; of several the first that was delivered."""
        if not asked:
            return {}
        isils, numbers = zip(*asked, strict=True)
        values = {"isils": [isil.lower() for isil in isils], "numbers": list(numbers)}
        rows = await self._connection.execute(_BY_CONTROL_NUMBER, values)
        return {(row.isil, ControlNumber(row.number)): MasterId(row.master_id) for row in rows}

    async def registered(self, isils: Collection[Isil]) -> frozenset[str]:
        """Which of these libraries are registered, in small letters."""
        values = {"isils": [isil.lower() for isil in isils]}
        return (
            frozenset((await self._connection.scalars(_REGISTERED, values)).all()) if isils else frozenset()
        )

    async def by_identifier(self, asked: Collection[MasterId]) -> Mapping[MasterId, KnownMaster]:
        """What became of each of these identifiers."""
        rows = await self._rows(_BY_IDENTIFIER, asked)
        return {MasterId(row.master_id): KnownMaster(MasterId(row.now) if row.now else None) for row in rows}

    async def titles(self, masters: Collection[MasterId]) -> Mapping[MasterId, FoundTitle]:
        """These masters in short."""
        return {
            MasterId(row.master_id): FoundTitle(
                MasterId(row.master_id), row.title, row.responsibility, row.edition, row.year
            )
            for row in await self._rows(_TITLES, masters)
        }

    async def other_editions(self, masters: Collection[MasterId]) -> Mapping[MasterId, Sequence[MasterId]]:
        """The other members of the edition group of each of these."""
        if not masters:
            return {}
        serials = {row.serial: MasterId(row.master_id) for row in await self._rows(_SERIALS, masters)}
        groups = await edition_groups(self._connection, serials)
        others = sorted({serial for group in groups.values() for serial in group})
        rows = await self._connection.execute(_NAMES, {"serials": others})
        names = {row.serial: MasterId(row.master_id) for row in rows}
        return {
            master: [names[other] for other in groups[serial] if other in names]
            for serial, master in serials.items()
        }

    async def held(self, masters: Collection[MasterId]) -> Mapping[MasterId, Sequence[HeldAt]]:
        """Who has each of these."""
        found: defaultdict[MasterId, list[HeldAt]] = defaultdict(list)
        for row in await self._rows(_HELD, masters):
            found[MasterId(row.master_id)] += [
                HeldAt(Isil(row.isil), ControlNumber(row.control_number), holding, row.received)
                for holding in holdings_from_json(json.loads(row.holdings))
            ]
        return found

    async def memberships(self, isils: Collection[Isil]) -> Mapping[Isil, Sequence[Membership]]:
        """The groups of each of these libraries."""
        found: defaultdict[Isil, list[Membership]] = defaultdict(list)
        if isils:
            for row in await self._connection.execute(_MEMBERSHIPS, {"isils": list(isils)}):
                found[Isil(row.isil)].append(_membership(row))
        return found

    async def _by_number(self, query: Any, numbers: Collection[str]) -> Mapping[str, Sequence[MasterId]]:
        found: defaultdict[str, list[MasterId]] = defaultdict(list)
        if numbers:
            for row in await self._connection.execute(query, {"numbers": sorted(set(numbers))}):
                found[row.number].append(MasterId(row.master_id))
        return found

    async def _rows(self, query: Any, ids: Collection[MasterId]) -> Sequence[Row[Any]]:
        if not ids:
            return []
        return (await self._connection.execute(query, {"ids": sorted(set(ids))})).all()


def _membership(row: Row[Any]) -> Membership:
    coordinator = Isil(row.coordinator) if row.coordinator else None
    group = LibraryGroup(row.code, GroupType(row.type), row.name, coordinator, row.starts, row.ends)
    return Membership(group, GroupMember(Isil(row.isil), row.since, row.until))
