"""The libraries, how their feeds are, and what could not be read of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.page import render
from api.state import UsedLibraries, UsedServices, library_of
from api.v1.registry import Before, asked_library
from unioncat.core.identifiers import Isil

router = APIRouter()

_RUNS = 20
_REJECTED = 20
_BEGINNING = 120

Of = Annotated[str | None, Query()]


@router.api_route("/libraries", methods=["GET", "HEAD"])
async def libraries_page(request: Request, libraries: UsedLibraries) -> Response:
    """All member libraries."""
    return render(request, "libraries.html", libraries=list((await libraries.all()).values()))


@router.api_route("/harvests", methods=["GET", "HEAD"])
async def harvests_page(
    request: Request, services: UsedServices, libraries: UsedLibraries, before: Before = None
) -> Response:
    """All feeds and the runs of these, newest first."""
    known = await libraries.all()
    runs = await services.catalogue.harvests(None, _RUNS, before)
    return render(
        request,
        "harvests.html",
        feeds=await services.catalogue.sources() if before is None else [],
        runs=runs,
        older=runs[-1].id if len(runs) == _RUNS else None,
        library_of=lambda isil: library_of(known, Isil(isil)),
    )


@router.api_route("/rejected", methods=["GET", "HEAD"])
async def rejected_page(
    request: Request,
    services: UsedServices,
    libraries: UsedLibraries,
    isil: Of = None,
    before: Before = None,
) -> Response:
    """Records that could not be read, newest first."""
    known = await libraries.all()
    found = await services.catalogue.rejected(await asked_library(isil, libraries), _REJECTED, before)
    return render(
        request,
        "rejected.html",
        rejected=[(view, view.raw[:_BEGINNING].decode("utf-8", "replace")) for view in found],
        isil=isil,
        older=found[-1].id if len(found) == _REJECTED else None,
        library_of=lambda isil: library_of(known, Isil(isil)),
    )
