"""Search."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.problems import CURSOR_EXPIRED, INVALID_PARAMETER, INVALID_QUERY, UNAVAILABLE, documented
from api.records import summarise
from api.state import Libraries, UsedLibraries, UsedServices
from schemas.search import FacetCount, SearchAnswer, SearchHit, SearchParameters
from unioncat.core.identifiers import Isil
from unioncat.core.index.request import FacetName, FacetValue
from unioncat.pipeline.search import search_catalogue

router = APIRouter(tags=["search"])


@router.get(
    "/search",
    summary="Search the joint catalogue",
    response_description="One page of the result.",
    responses=documented(INVALID_PARAMETER, INVALID_QUERY, CURSOR_EXPIRED, UNAVAILABLE),
)
async def search(
    parameters: Annotated[SearchParameters, Query()], services: UsedServices, libraries: UsedLibraries
) -> SearchAnswer:
    """Find master records. Every text of words has a reading, so none is refused; CQL that cannot be read is.

    Where no record has all of the words, what was perhaps meant is searched `instead` (slips, and Telex keystrokes that
    were not turned into letters); where nothing was, records with some of the words come, the most words first.

    A cursor that the index can no longer follow is answered with 410: begin again from the first page.
    """
    found = await search_catalogue(services.search, parameters.request())
    page = found.page
    editions = await services.catalogue.edition_counts([document.master_id for document in page.hits])
    return SearchAnswer(
        total=page.total,
        records=[
            SearchHit(
                **dict(await summarise(document, libraries)), other_editions=editions[document.master_id]
            )
            for document in page.hits
        ],
        facets={name: await _counts(name, values, libraries) for name, values in page.facets.items()},
        next_cursor=page.next_cursor,
        notice=page.notice,
        instead=found.instead,
    )


async def _counts(name: FacetName, values: tuple[FacetValue, ...], libraries: Libraries) -> list[FacetCount]:
    labels = [found.value for found in values]
    if name is FacetName.LIBRARY:
        labels = [library.name for library in await libraries.named(map(Isil, labels))]
    return [
        FacetCount(value=found.value, label=label, count=found.count)
        for found, label in zip(values, labels, strict=True)
    ]
