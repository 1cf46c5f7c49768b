"""Where a library tells what can be had now: registered by the library itself or the operator."""

from fastapi import APIRouter

from api.access import Contributor
from api.problems import (
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.state import UsedServices
from api.v1.libraries import IsilPath
from schemas.availability import ServiceEntry, ServiceStatement
from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import parse_isil
from unioncat.core.locate.live import AvailabilityService
from unioncat.pipeline.availability_services import remove_service, save_service, service_of
from unioncat.pipeline.libraries import show_library

router = APIRouter(tags=["libraries"])


@router.get(
    "/libraries/{isil:path}/availability",
    summary="Where a library tells what can be had now",
    response_description="Its service.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNKNOWN_ENTRY, UNAVAILABLE),
)
async def read_service(isil: IsilPath, services: UsedServices, access: Contributor) -> ServiceEntry:
    """For the operator and the library itself."""
    library = (await show_library(services.store, parse_isil(isil))).view.library
    access.require_library(library.isil)
    service = await service_of(services.store, library.isil)
    if service is None:
        raise UnknownEntry(f"{library.isil} has no availability service")
    return ServiceEntry.model_validate(service)


@router.put(
    "/libraries/{isil:path}/availability",
    summary="Say where a library tells what can be had now",
    response_description="Its service.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, UNAVAILABLE),
)
async def state_service(
    isil: IsilPath, stated: ServiceStatement, services: UsedServices, access: Contributor
) -> ServiceEntry:
    """From then on the holdings lookup asks it. For the operator and the library itself."""
    library = (await show_library(services.store, parse_isil(isil))).view.library
    access.require_library(library.isil)
    service = AvailabilityService(library.isil, stated.protocol, stated.address, stated.prefix)
    return ServiceEntry.model_validate(await save_service(services.store, service))


@router.delete(
    "/libraries/{isil:path}/availability",
    status_code=204,
    summary="Ask a library no more what can be had now",
    response_description="It is not asked any more.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNKNOWN_ENTRY, UNAVAILABLE),
)
async def forget_service(isil: IsilPath, services: UsedServices, access: Contributor) -> None:
    """For the operator and the library itself."""
    library = (await show_library(services.store, parse_isil(isil))).view.library
    access.require_library(library.isil)
    if not await remove_service(services.store, library.isil):
        raise UnknownEntry(f"{library.isil} has no availability service")
