"""Search."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.facets import FacetLabels
from api.problems import CURSOR_EXPIRED, INVALID_PARAMETER, INVALID_QUERY, UNAVAILABLE, documented
from api.records import summarised
from api.state import UsedLibraries, UsedServices
from schemas.search import FacetCount, HighlightEntry, SearchAnswer, SearchHit, SearchParameters
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.fields import TextField
from unioncat.core.index.highlights import Marker
from unioncat.core.index.reading import read_query
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
    page, marker = found.page, Marker(read_query(found.request).tree)
    labels = FacetLabels(await libraries.all(), await libraries.groups(), services.default_language)
    editions = await services.catalogue.edition_counts([document.master_id for document in page.hits])
    return SearchAnswer(
        total=page.total,
        records=[
            SearchHit(
                **await summarised(document, libraries),
                highlights=_highlights(marker, document),
                other_editions=editions[document.master_id],
            )
            for document in page.hits
        ],
        facets={
            name: [
                FacetCount(value=found.value, label=labels.label(name, found.value), count=found.count)
                for found in values
            ]
            for name, values in page.facets.items()
        },
        cut_facets=list(page.cut_facets),
        next_cursor=page.next_cursor,
        notice=page.notice,
        instead=found.instead,
    )


def _highlights(marker: Marker, document: SearchDocument) -> list[HighlightEntry]:
    """What of a hit was found; of title and responsibility only when something was."""
    title = " ".join(filter(None, (document.title, document.subtitle)))
    shown = [
        marker.highlighted(TextField.TITLE, title),
        marker.highlighted(TextField.CONTRIBUTOR, document.responsibility or ""),
    ]
    found = [one for one in shown if one.marks] + marker.found_elsewhere(document)
    return [HighlightEntry(field=one.field, text=one.text, marks=list(one.marks)) for one in found]
