"""Who contributes, how the feeds are, and that the service works."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Query

from api.problems import INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE, documented
from api.state import Libraries, UsedLibraries, UsedServices
from api.v1.holdings import IsilParameter, registered
from schemas.registry import (
    HarvestEntry,
    HarvestList,
    Health,
    RejectedEntry,
    RejectedList,
    SourceEntry,
    SourceList,
)
from unioncat.core.identifiers import Isil
from unioncat.pipeline.ports import RejectedView, SourceView

router = APIRouter(tags=["registry"])

Before = Annotated[
    int | None, Query(ge=1, lt=2**63, description="Only those with a smaller number.", examples=[100])
]
Limit = Annotated[int, Query(ge=1, le=100, description="At most so many.", examples=[20])]


@router.get(
    "/sources",
    summary="All feeds",
    response_description="The feeds by library.",
    responses=documented(UNAVAILABLE),
)
async def list_sources(services: UsedServices) -> SourceList:
    """The feeds of the libraries, each with its newest run."""
    return SourceList(sources=[_source(view) for view in await services.catalogue.sources()])


@router.get(
    "/harvests",
    summary="Runs of feeds",
    response_description="The runs, newest first.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def list_harvests(
    services: UsedServices,
    libraries: UsedLibraries,
    isil: IsilParameter = None,
    before: Before = None,
    limit: Limit = 20,
) -> HarvestList:
    """When each feed was harvested, and what became of every delivered record."""
    runs = await services.catalogue.harvests(await asked_library(isil, libraries), limit, before)
    return HarvestList(
        harvests=[HarvestEntry.model_validate(run) for run in runs],
        next_before=runs[-1].id if len(runs) == limit else None,
    )


@router.get(
    "/rejected",
    summary="Records that cannot be read",
    response_description="The rejected records, newest first.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def list_rejected(
    services: UsedServices,
    libraries: UsedLibraries,
    isil: IsilParameter = None,
    before: Before = None,
    limit: Limit = 20,
) -> RejectedList:
    """Delivered records that could not be read, each with its bytes and the reason."""
    found = await services.catalogue.rejected(await asked_library(isil, libraries), limit, before)
    return RejectedList(
        rejected=[_rejected(view) for view in found],
        next_before=found[-1].id if len(found) == limit else None,
    )


@router.get(
    "/health",
    summary="Whether the service works",
    response_description="It works.",
    responses=documented(UNAVAILABLE),
)
async def check_health(services: UsedServices) -> Health:
    """Asks the database and the index; a problem with status 503 when one of them does not answer."""
    await services.catalogue.ping()
    position = await services.search.position()
    lag = await services.catalogue.index_lag(position)
    return Health(
        status="ok",
        index_position=position,
        index_waiting=lag.changes,
        index_lag=round(lag.seconds, 1),
        indexed_records=await services.search.count(),
    )


async def asked_library(isil: str | None, libraries: Libraries) -> Isil | None:
    """The library that a list is narrowed to; None for all."""
    return await registered(isil, libraries) if isil else None


def _source(view: SourceView) -> SourceEntry:
    source = view.source
    return SourceEntry(
        id=source.id,
        isil=source.isil,
        protocol=source.protocol,
        address=source.address,
        metadata_prefix=source.metadata_prefix,
        set_spec=source.set_spec,
        live_records=view.live_records,
        rejected_records=view.rejected_records,
        last_harvest=HarvestEntry.model_validate(view.last_harvest) if view.last_harvest else None,
    )


def _rejected(view: RejectedView) -> RejectedEntry:
    return RejectedEntry(
        id=view.id,
        isil=view.source.isil,
        source=view.source.id,
        place=view.place,
        reason=view.reason,
        raw_base64=b64encode(view.raw).decode("ascii"),
    )
