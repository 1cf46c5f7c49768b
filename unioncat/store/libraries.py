"""The registry of libraries: lists, likenesses, events and groups."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.core.errors import Conflict, NotRegistered, UnknownEntry
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.core.membership.duplicates import NEAR_DEGREES
from unioncat.core.membership.events import EventKind, LibraryEvent
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.membership.names import name_key
from unioncat.pipeline.libraries_port import GroupView, LibraryQuery
from unioncat.pipeline.ports import LibraryView
from unioncat.store.registry import library_of, save_libraries
from unioncat.store.schema import member_library
from unioncat.store.schema_libraries import library_event, library_group, library_group_member

_LIVE = """(SELECT count(*) FROM harvest_source s JOIN source_record r ON r.source_id = s.id AND NOT r.deleted
    WHERE s.isil = l.isil) AS live"""
_ASKED = """
    (CAST(:province AS text) IS NULL OR l.province_code = :province)
    AND (CAST(:kind AS text) IS NULL OR l.kind = :kind)
    AND (CAST(:status AS text) IS NULL OR l.status = :status)
    AND (CAST(:code AS text) IS NULL OR l.isil IN (SELECT m.isil FROM library_group_member m WHERE m.code = :code))
    AND l.search_key LIKE ALL (CAST(:patterns AS text[]))
"""
_ORDER = '{0}.name_key COLLATE "C", {0}.isil COLLATE "C"'
_FIND = text(f"""
    SELECT l.*, {_LIVE} FROM member_library l WHERE {_ASKED} AND (CAST(:after AS text) IS NULL
        OR ({_ORDER.format("l")}) > (SELECT {_ORDER.format("a")} FROM member_library a WHERE a.isil = :after))
    ORDER BY {_ORDER.format("l")} LIMIT :limit
""")
_COUNT = text(f"SELECT count(*) FROM member_library l WHERE {_ASKED}")
_GET = text(f"SELECT l.*, {_LIVE} FROM member_library l WHERE lower(l.isil) = lower(:isil)")
_KNOWN = text("SELECT * FROM member_library WHERE lower(isil) = ANY(:isils)")
_ALIKE = text("""
    SELECT * FROM member_library WHERE isil <> :isil AND (name_key = :name_key AND province_code IS NOT DISTINCT FROM CAST(:province AS text) OR (
        latitude BETWEEN CAST(:latitude AS float8) - :near AND CAST(:latitude AS float8) + :near
        AND longitude BETWEEN CAST(:longitude AS float8) - :near AND CAST(:longitude AS float8) + :near))
    ORDER BY isil LIMIT 1000
""")
_GROUPS = text("""
    SELECT g.*, (SELECT count(*) FROM library_group_member m WHERE m.code = g.code) AS libraries
    FROM library_group g ORDER BY g.name, g.code
""")
_GROUPS_OF = text("""
    SELECT g.* FROM library_group g JOIN library_group_member m ON m.code = g.code WHERE m.isil = :isil
    ORDER BY g.name, g.code
""")


class LibrariesTables:
    """Implements `Libraries`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, libraries: Sequence[MemberLibrary]) -> None:
        """Add or change libraries in bulk."""
        await save_libraries(self._connection, libraries)

    async def get(self, isil: Isil) -> LibraryView:
        """A library under its ISIL in any case; raises NotRegistered."""
        row = (await self._connection.execute(_GET, {"isil": isil})).one_or_none()
        if row is None:
            raise NotRegistered(f"No library is registered as '{isil}'; look for it in the list of libraries")
        return _view_of(row)

    async def known(self, isils: Collection[Isil]) -> Mapping[str, MemberLibrary]:
        """The registered libraries among these, by their ISIL in small letters."""
        rows = await self._connection.execute(_KNOWN, {"isils": [isil.lower() for isil in isils]})
        return {row.isil.lower(): library_of(row) for row in rows}

    async def find(self, query: LibraryQuery, limit: int) -> Sequence[LibraryView]:
        """The next libraries by name."""
        rows = await self._connection.execute(_FIND, {**_asked(query), "after": query.after, "limit": limit})
        return [_view_of(row) for row in rows]

    async def count(self, query: LibraryQuery) -> int:
        """How many there are in all."""
        return int(await self._connection.scalar(_COUNT, _asked(query)) or 0)

    async def alike(self, library: MemberLibrary) -> Sequence[MemberLibrary]:
        """Libraries that have its name or lie near it."""
        position = library.place.position
        values = {
            "isil": library.isil,
            "name_key": name_key(library.name),
            "province": library.place.province_code,
            "latitude": position and position.latitude,
            "longitude": position and position.longitude,
            "near": NEAR_DEGREES,
        }
        return [library_of(row) for row in await self._connection.execute(_ALIKE, values)]

    async def everything(self) -> Sequence[MemberLibrary]:
        """All libraries by ISIL."""
        query = select(member_library).order_by(member_library.c.isil)
        return [library_of(row) for row in await self._connection.execute(query)]

    async def add_event(self, event: LibraryEvent) -> None:
        """Record an event."""
        statement = insert(library_event).values(**asdict(event)).on_conflict_do_nothing()
        added = await self._connection.execute(statement.returning(library_event.c.id))
        if added.one_or_none() is None:
            raise Conflict(f"“{event.kind}” of {event.isil} on {event.day} is recorded already")

    async def events(self, isil: Isil) -> Sequence[LibraryEvent]:
        """The events of a library."""
        return await self._events(library_event.c.isil == isil)

    async def predecessors(self, isil: Isil) -> Sequence[LibraryEvent]:
        """The events that name the library as successor."""
        return await self._events(library_event.c.successors.contains([isil]))

    async def save_group(self, group: LibraryGroup) -> None:
        """Add or change a group."""
        values = asdict(group)
        statement = insert(library_group).values(**values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))
        members = select(library_group_member.c.isil).where(library_group_member.c.code == group.code)
        await self._show_anew(member_library.c.isil.in_(members))

    async def group(self, code: str) -> LibraryGroup:
        """A group; raises UnknownEntry."""
        query = select(library_group).where(library_group.c.code == code)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise UnknownEntry(
                f"There is no group '{code}'; groups are listed by: unioncat library group list"
            )
        return _group_of(row)

    async def groups(self) -> Sequence[GroupView]:
        """All groups by name."""
        return [GroupView(_group_of(row), row.libraries) for row in await self._connection.execute(_GROUPS)]

    async def groups_of(self, isil: Isil) -> Sequence[LibraryGroup]:
        """The groups that a library is in."""
        return [_group_of(row) for row in await self._connection.execute(_GROUPS_OF, {"isil": isil})]

    async def save_member(self, code: str, member: GroupMember) -> None:
        """Put a library into a group, or change its days there."""
        values = {"code": code, **asdict(member)}
        statement = insert(library_group_member).values(**values)
        keys = ["code", "isil"]
        await self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
        await self._show_anew(member_library.c.isil == member.isil)

    async def remove_member(self, code: str, isil: Isil) -> bool:
        """Take a library out of a group."""
        table = library_group_member
        statement = delete(table).where(table.c.code == code, table.c.isil == isil).returning(table.c.isil)
        await self._show_anew(member_library.c.isil == isil)
        return (await self._connection.execute(statement)).one_or_none() is not None

    async def members(self, code: str) -> Sequence[GroupMember]:
        """The libraries of a group by ISIL."""
        table = library_group_member
        query = select(table).where(table.c.code == code).order_by(table.c.isil)
        rows = await self._connection.execute(query)
        return [GroupMember(Isil(row.isil), row.starts, row.ends) for row in rows]

    async def _show_anew(self, which: Any) -> None:
        """Have these libraries looked at again by the indexer."""
        await self._connection.execute(update(member_library).where(which).values(shown_due=True))

    async def _events(self, which: Any) -> Sequence[LibraryEvent]:
        query = select(library_event).where(which).order_by(library_event.c.day, library_event.c.id)
        return [_event_of(row) for row in await self._connection.execute(query)]


def _asked(query: LibraryQuery) -> dict[str, Any]:
    return {
        "province": query.province,
        "kind": query.kind,
        "status": query.status,
        "code": query.group,
        "patterns": [f"% {word}%" for word in query.words],
    }


def _view_of(row: Row[Any]) -> LibraryView:
    return LibraryView(library_of(row), row.live)


def _event_of(row: Row[Any]) -> LibraryEvent:
    return LibraryEvent(
        Isil(row.isil), EventKind(row.kind), row.day, row.document, row.note, tuple(map(Isil, row.successors))
    )


def _group_of(row: Row[Any]) -> LibraryGroup:
    coordinator = Isil(row.coordinator) if row.coordinator else None
    return LibraryGroup(row.code, GroupType(row.type), row.name, coordinator, row.starts, row.ends)
