"""The libraries, how their feeds are, and what could not be read of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.page import render
from api.state import UsedLibraries, UsedServices, library_of
from api.v1.registry import Before, asked_library
from unioncat.core.identifiers import Isil, parse_isil
from unioncat.core.membership.events import ENDINGS
from unioncat.core.membership.kinds import label_of
from unioncat.core.membership.names import query_words
from unioncat.core.membership.units import former_names
from unioncat.pipeline.libraries import show_library
from unioncat.pipeline.libraries_port import LibraryQuery

router = APIRouter()

_LIBRARIES = 100
_RUNS = 20
_REJECTED = 20
_BEGINNING = 120

Of = Annotated[str | None, Query()]
Words = Annotated[str, Query(max_length=200)]


@router.api_route("/libraries", methods=["GET", "HEAD"])
async def libraries_page(
    request: Request, services: UsedServices, words: Words = "", after: Of = None
) -> Response:
    """Libraries by name, a page at a time."""
    query = LibraryQuery(tuple(query_words(words)), after=parse_isil(after) if after else None)
    async with services.store.work() as work:
        found = await work.libraries.find(query, _LIBRARIES + 1)
        total = await work.libraries.count(query)
    shown = found[:_LIBRARIES]
    return render(
        request,
        "libraries.html",
        libraries=shown,
        total=total,
        words=words,
        after=shown[-1].library.isil if len(found) > _LIBRARIES else None,
        label_of=label_of,
    )


@router.api_route("/libraries/{isil:path}", methods=["GET", "HEAD"])
async def library_page(request: Request, services: UsedServices, isil: str) -> Response:
    """All that the public may know of one library."""
    detail = await show_library(services.store, parse_isil(isil))
    library = detail.view.library
    return render(
        request,
        "library.html",
        library=library,
        detail=detail,
        former=former_names(library.place.province_code or ""),
        successors=[isil for event in detail.events if event.kind in ENDINGS for isil in event.successors],
        label_of=label_of,
    )


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
