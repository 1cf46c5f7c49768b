"""How a library becomes a member: invitation, registration, approval."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import Operator
from api.library_shapes import duplicate_entries, library_entry, printable, statement_of
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.state import UsedServices
from schemas.admission import (
    Decision,
    DecisionEntry,
    InvitationEntry,
    InvitationWish,
    RegistrationDetail,
    RegistrationEntry,
    RegistrationList,
    RegistrationRequest,
)
from unioncat.core.identifiers import parse_isil
from unioncat.core.membership.admission import RegistrationStatus
from unioncat.pipeline.admission import (
    RegistrationView,
    approve,
    invite,
    list_registrations,
    refuse,
    register,
)

router = APIRouter(tags=["admission"])


@router.post(
    "/invitations",
    status_code=201,
    summary="Invite a library",
    response_description="The invitation with its token.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, CONFLICT, UNAVAILABLE),
)
async def add_invitation(wish: InvitationWish, services: UsedServices, access: Operator) -> InvitationEntry:
    """Give the token to the library; it is not kept and cannot be shown again. For the operator."""
    isil = parse_isil(wish.isil) if wish.isil else None
    note = wish.note and printable(wish.note)
    invitation, token = await invite(services.store, isil, note, wish.days)
    return InvitationEntry(
        id=invitation.id,
        isil=invitation.isil,
        note=invitation.note,
        expires=invitation.expires,
        token=token,
    )


@router.post(
    "/registrations",
    status_code=201,
    summary="Register with an invitation",
    response_description="The registration; the operator decides.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, UNKNOWN_ENTRY, CONFLICT, UNAVAILABLE),
)
async def add_registration(request: RegistrationRequest, services: UsedServices) -> RegistrationEntry:
    """For the library that has the token of an invitation, which can be used once. No access key is needed."""
    isil = parse_isil(request.isil) if request.isil else None
    done = await register(services.store, request.token, isil, statement_of(request.library))
    return RegistrationEntry.model_validate(done)


@router.get(
    "/registrations",
    summary="Registrations",
    response_description="The registrations, the oldest first.",
    responses=documented(INVALID_PARAMETER, UNAVAILABLE),
)
async def read_registrations(
    services: UsedServices,
    access: Operator,
    status: Annotated[
        RegistrationStatus, Query(description="Only those that stand like this.", examples=["pending"])
    ] = RegistrationStatus.PENDING,
) -> RegistrationList:
    """Each with the registered libraries that may be the same. For the operator."""
    views = await list_registrations(services.store, status)
    return RegistrationList(registrations=[_detail(view) for view in views])


@router.post(
    "/registrations/{number}/approval",
    summary="Approve or refuse a registration",
    response_description="What was decided.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, UNKNOWN_ENTRY, CONFLICT, UNAVAILABLE),
)
async def decide(
    number: Annotated[int, Path(ge=1, lt=2**63, description="Number of the registration.", examples=[3])],
    decision: Decision,
    services: UsedServices,
    access: Operator,
) -> DecisionEntry:
    """An approved library is active and gets an access key: give it to the library. For the operator."""
    if decision.approve:
        library, key = await approve(services.store, number)
        return DecisionEntry(isil=library.isil, status=RegistrationStatus.APPROVED, key=key)
    refused = await refuse(services.store, number, printable(decision.reason or ""))
    return DecisionEntry(isil=refused.isil, status=RegistrationStatus.REFUSED, key=None)


def _detail(view: RegistrationView) -> RegistrationDetail:
    entry = RegistrationEntry.model_validate(view.registration)
    return RegistrationDetail(
        **dict(entry), library=library_entry(view.library), duplicates=duplicate_entries(view.duplicates)
    )
