"""The registry of libraries: what is stated about one, what happened to it, and the groups it is in."""

from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unioncat.core.errors import Conflict, InvalidLibrary
from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus, MemberLibrary
from unioncat.core.membership.duplicates import DuplicateGroup, duplicates_of, find_duplicates
from unioncat.core.membership.events import LibraryEvent, check_event
from unioncat.core.membership.groups import GroupMember, LibraryGroup, check_days, check_group
from unioncat.core.membership.statement import Statement, apply_statement
from unioncat.core.registry import SourceState
from unioncat.pipeline.ports import LibraryView
from unioncat.pipeline.unit_of_work import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class LibraryDetail:
    """All that is known of a library. `became` are the events of others that name it as successor."""

    view: LibraryView
    events: Sequence[LibraryEvent]
    became: Sequence[LibraryEvent]
    groups: Sequence[LibraryGroup]


async def save_library(store: Store, isil: Isil, said: Statement) -> MemberLibrary:
    """Add a library, which needs a name, or change of one what is stated; raises InvalidLibrary, NotRegistered."""
    async with store.work() as work:
        known = (await work.libraries.known([isil])).get(isil.lower())
        library = await _store(work, known or MemberLibrary(isil, ""), said)
        await work.commit()
    return library


async def add_library(store: Store, isil: Isil, said: Statement) -> MemberLibrary:
    """Add a library; raises Conflict when it is registered already, InvalidLibrary."""
    async with store.work() as work:
        if known := await work.libraries.known([isil]):
            registered = known[isil.lower()]
            raise Conflict(f"{registered.isil} is registered already: {registered.name}; change it with PUT")
        library = await _store(work, MemberLibrary(isil, ""), said)
        await work.commit()
    return library


async def replace_library(store: Store, isil: Isil, said: Statement) -> MemberLibrary:
    """Say anew all that is known of a library; what is not stated is forgotten. Raises NotRegistered, InvalidLibrary."""
    async with store.work() as work:
        known = (await work.libraries.get(isil)).library
        library = await _store(work, MemberLibrary(known.isil, "", status=known.status), said)
        await work.commit()
    return library


async def show_library(store: Store, isil: Isil) -> LibraryDetail:
    """A library with its events and groups; raises NotRegistered."""
    async with store.work() as work:
        view = await work.libraries.get(isil)
        own = view.library.isil
        return LibraryDetail(
            view,
            await work.libraries.events(own),
            await work.libraries.predecessors(own),
            await work.libraries.groups_of(own),
        )


async def record_event(store: Store, event: LibraryEvent) -> LibraryEvent:
    """Record what happened to a library, and close it and its feeds where it ended.

    Raises NotRegistered when it or a successor is not registered, InvalidLibrary, Conflict.
    """
    async with store.work() as work:
        library = (await work.libraries.get(event.isil)).library
        successors = [(await work.libraries.get(isil)).library.isil for isil in event.successors]
        event = replace(event, isil=library.isil, successors=tuple(dict.fromkeys(successors)))
        status = check_event(event, library.status)
        await work.libraries.add_event(event)
        if status is not library.status:
            await work.libraries.save([replace(library, status=status)])
        if status is LibraryStatus.CLOSED:
            await _close_sources(work, library.isil)
        await work.commit()
    return event


async def _close_sources(work: UnitOfWork, isil: Isil) -> None:
    """The feeds of a library that has ended are not harvested any more; their records stay."""
    for source in await work.sources.all(isil):
        await work.harvests.ask_to_stop(source.id)
        await work.sources.save(replace(source, state=SourceState.CLOSED))


async def list_duplicates(store: Store) -> Sequence[DuplicateGroup]:
    """All libraries that may be one and the same."""
    async with store.work() as work:
        libraries = await work.libraries.everything()
    return await to_thread(find_duplicates, libraries)  # seconds, for a whole country


async def duplicates_among_registered(work: UnitOfWork, library: MemberLibrary) -> Sequence[DuplicateGroup]:
    """The registered libraries that a library, registered or not, may be a duplicate of."""
    return duplicates_of(library, await work.libraries.alike(library))


async def save_group(store: Store, group: LibraryGroup) -> LibraryGroup:
    """Add or change a group; raises InvalidLibrary, and NotRegistered for its coordinator."""
    check_group(group)
    async with store.work() as work:
        if group.coordinator is not None:
            coordinator = (await work.libraries.get(group.coordinator)).library.isil
            group = replace(group, coordinator=coordinator)
        await work.libraries.save_group(group)
        await work.commit()
    return group


async def join_group(store: Store, code: str, member: GroupMember) -> GroupMember:
    """Put a library into a group, or change its days there; raises NotRegistered, InvalidLibrary."""
    check_days(f"membership of {member.isil}", member.starts, member.ends)
    async with store.work() as work:
        await work.libraries.group(code)
        library = (await work.libraries.get(member.isil)).library
        if library.status is LibraryStatus.CLOSED:
            raise Conflict(f"{library.isil} is closed and joins no group")
        member = replace(member, isil=library.isil)
        await work.libraries.save_member(code, member)
        await work.commit()
    return member


async def leave_group(store: Store, code: str, isil: Isil) -> bool:
    """Take a library out of a group as if it had never been in; False when it was not. Raises NotRegistered."""
    async with store.work() as work:
        await work.libraries.group(code)
        left = await work.libraries.remove_member(code, isil)
        await work.commit()
    return left


async def _store(work: UnitOfWork, known: MemberLibrary, said: Statement) -> MemberLibrary:
    library = apply_statement(known, said)
    if not library.name:
        raise InvalidLibrary(f"{library.isil} needs a name")
    await work.libraries.save([library])
    return library
