"""The registry of libraries: lists, one library, statements and events."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import Contributor, Operator
from api.library_shapes import library_detail, library_entry, printable, statement_of
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.state import UsedServices
from schemas.libraries import (
    ContactEntry,
    ContactList,
    EventEntry,
    EventStatement,
    LibraryDetail,
    LibraryEntry,
    LibraryList,
    NewLibrary,
    OperatorStatement,
)
from unioncat.core.identifiers import parse_isil
from unioncat.core.library import LibraryStatus
from unioncat.core.membership.events import LibraryEvent
from unioncat.core.membership.kinds import resolve_term
from unioncat.core.membership.names import query_words
from unioncat.core.membership.units import resolve_province
from unioncat.pipeline import libraries as registry
from unioncat.pipeline.libraries_port import LibraryQuery

router = APIRouter(tags=["libraries"])

MOST_LIBRARIES = 1000

# An ISIL may have a slash (ISO 15511), so it takes the rest of the path; longer paths come first.
IsilPath = Annotated[str, Path(description="The library (ISIL).", examples=["VN-TVQG"])]


@router.get(
    "/libraries",
    summary="All libraries",
    response_description="The libraries by name.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, UNKNOWN_ENTRY, NOT_REGISTERED, UNAVAILABLE),
)
async def list_libraries(
    services: UsedServices,
    q: Annotated[
        str | None,
        Query(
            max_length=200,
            description="Words of names and places, or their beginnings.",
            examples=["dai hoc"],
        ),
    ] = None,
    province: Annotated[
        str | None, Query(description="Name or code of a province, of today or before.", examples=["Hà Tây"])
    ] = None,
    kind: Annotated[str | None, Query(description="Type of library.", examples=["university"])] = None,
    group: Annotated[str | None, Query(description="Code of a group.", examples=["dong-bac"])] = None,
    status: Annotated[LibraryStatus | None, Query(description="How it stands.", examples=["active"])] = None,
    after: Annotated[
        str | None, Query(description="Only those after this library (`next_after`).", examples=["VN-TVQG"])
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=MOST_LIBRARIES, description="At most so many.", examples=[100])
    ] = MOST_LIBRARIES,
) -> LibraryList:
    """The libraries with the number of their records; all that is asked must hold."""
    async with services.store.work() as work:
        query = LibraryQuery(
            tuple(query_words(q or "")),
            resolve_province(province).code if province else None,
            resolve_term("kind", kind) if kind else None,
            (await work.libraries.group(printable(group))).code if group else None,
            status,
            (await work.libraries.get(parse_isil(after))).library.isil if after else None,
        )
        found = await work.libraries.find(query, limit + 1)
        total = await work.libraries.count(query)
    shown = found[:limit]
    return LibraryList(
        libraries=[library_entry(view.library, view.live_records) for view in shown],
        total=total,
        next_after=shown[-1].library.isil if len(found) > limit else None,
    )


@router.get(
    "/libraries/{isil:path}/contacts",
    summary="How a library is reached",
    response_description="Its contacts.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def read_contacts(isil: IsilPath, services: UsedServices, access: Contributor) -> ContactList:
    """For the operator and the library itself."""
    library = (await registry.show_library(services.store, parse_isil(isil))).view.library
    access.require_library(library.isil)
    return ContactList(contacts=[ContactEntry.model_validate(contact) for contact in library.contacts])


@router.get(
    "/libraries/{isil:path}",
    summary="One library",
    response_description="The library, what happened to it, and its groups.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def read_library(isil: IsilPath, services: UsedServices) -> LibraryDetail:
    """All that the public may know of a library; this is its permanent address."""
    return library_detail(await registry.show_library(services.store, parse_isil(isil)))


@router.post(
    "/libraries",
    status_code=201,
    summary="Register a library",
    response_description="The library as it is registered.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, CONFLICT, UNAVAILABLE),
)
async def add_library(stated: NewLibrary, services: UsedServices, access: Operator) -> LibraryEntry:
    """Without an invitation; for the operator."""
    isil = parse_isil(stated.isil)
    return library_entry(await registry.add_library(services.store, isil, statement_of(stated)))


@router.put(
    "/libraries/{isil:path}",
    summary="Say anew what is known of a library",
    response_description="The library as it is now.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, UNAVAILABLE),
)
async def replace_library(
    isil: IsilPath, stated: OperatorStatement, services: UsedServices, access: Operator
) -> LibraryEntry:
    """What is not stated is forgotten; how it stands, its events and its groups stay. For the operator."""
    await registry.replace_library(services.store, parse_isil(isil), statement_of(stated))
    view = (await registry.show_library(services.store, parse_isil(isil))).view
    return library_entry(view.library, view.live_records)


@router.post(
    "/libraries/{isil:path}/events",
    status_code=201,
    summary="Record what happened to a library",
    response_description="The event.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, CONFLICT, UNAVAILABLE),
)
async def add_event(
    isil: IsilPath, stated: EventStatement, services: UsedServices, access: Operator
) -> EventEntry:
    """A library that merged, split or closed is closed from then on. For the operator."""
    event = LibraryEvent(
        parse_isil(isil),
        stated.kind,
        stated.day,
        stated.document and printable(stated.document),
        stated.note and printable(stated.note),
        tuple(map(parse_isil, stated.successors)),
    )
    return EventEntry.model_validate(await registry.record_event(services.store, event))
