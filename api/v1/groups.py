"""Groups of libraries: by area, function, field, type, agreement."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.access import Operator
from api.library_shapes import group_entry, printable
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
from api.v1.libraries import IsilPath
from schemas.libraries import GroupDetail, GroupEntry, GroupList, GroupStatement, MemberDays, MemberEntry
from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import parse_isil
from unioncat.core.membership.groups import GroupMember, LibraryGroup
from unioncat.pipeline import libraries as registry

router = APIRouter(prefix="/library-groups", tags=["libraries"])

GroupCode = Annotated[str, Path(max_length=40, description="Code of the group.", examples=["dong-bac"])]


@router.get(
    "",
    summary="All groups of libraries",
    response_description="The groups by name.",
    responses=documented(UNAVAILABLE),
)
async def list_groups(services: UsedServices) -> GroupList:
    """Each with the number of its libraries."""
    async with services.store.work() as work:
        views = await work.libraries.groups()
    return GroupList(groups=[group_entry(view.group, view.libraries) for view in views])


@router.get(
    "/{code}",
    summary="One group",
    response_description="The group and its libraries.",
    responses=documented(INVALID_PARAMETER, UNKNOWN_ENTRY, UNAVAILABLE),
)
async def read_group(code: GroupCode, services: UsedServices) -> GroupDetail:
    """The group with its libraries, each with the days of its membership."""
    async with services.store.work() as work:
        group = await work.libraries.group(printable(code))
        members = await work.libraries.members(group.code)
    shown = [MemberEntry.model_validate(member) for member in members]
    return GroupDetail(**dict(group_entry(group, len(shown))), members=shown)


@router.put(
    "/{code}",
    summary="Add or change a group",
    response_description="The group.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, UNAVAILABLE),
)
async def save_group(
    code: GroupCode, stated: GroupStatement, services: UsedServices, access: Operator
) -> GroupEntry:
    """Its libraries stay. For the operator."""
    coordinator = parse_isil(stated.coordinator) if stated.coordinator else None
    group = LibraryGroup(code, stated.type, printable(stated.name), coordinator, stated.starts, stated.ends)
    return group_entry(await registry.save_group(services.store, group))


@router.put(
    "/{code}/libraries/{isil:path}",
    summary="Put a library into a group",
    response_description="The membership.",
    responses=documented(
        INVALID_PARAMETER, INVALID_STATEMENT, UNKNOWN_ENTRY, NOT_REGISTERED, CONFLICT, UNAVAILABLE
    ),
)
async def join_group(
    code: GroupCode, isil: IsilPath, services: UsedServices, access: Operator, days: MemberDays | None = None
) -> MemberEntry:
    """Or change the days of its membership. For the operator."""
    stated = days or MemberDays()
    member = GroupMember(parse_isil(isil), stated.starts, stated.ends)
    return MemberEntry.model_validate(await registry.join_group(services.store, printable(code), member))


@router.delete(
    "/{code}/libraries/{isil:path}",
    status_code=204,
    summary="Take a library out of a group",
    response_description="It is not in the group any more.",
    responses=documented(INVALID_PARAMETER, UNKNOWN_ENTRY, UNAVAILABLE),
)
async def leave_group(code: GroupCode, isil: IsilPath, services: UsedServices, access: Operator) -> None:
    """As if it had never been in; to end a membership, change its days. For the operator."""
    if not await registry.leave_group(services.store, printable(code), parse_isil(isil)):
        raise UnknownEntry(f"{isil} is not in the group {code}")
