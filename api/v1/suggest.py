"""Suggestions while somebody types."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.problems import INVALID_PARAMETER, UNAVAILABLE, documented
from api.state import UsedServices
from schemas.suggest import SuggestionEntry, SuggestionList
from unioncat.pipeline.suggest import suggest

router = APIRouter(tags=["search"])


@router.get(
    "/suggest",
    summary="Suggest what to search for",
    response_description="Titles, names and subjects that have the words so far.",
    responses=documented(INVALID_PARAMETER, UNAVAILABLE),
)
async def suggest_queries(
    q: Annotated[str, Query(max_length=200, description="What is typed so far.", examples=["truyen ki"])],
    services: UsedServices,
) -> SuggestionList:
    """At most ten. The last word may be unfinished; accents do not matter."""
    found = await suggest(services.search, q)
    return SuggestionList(
        suggestions=[SuggestionEntry(kind=one.kind, text=one.text, query=one.query) for one in found]
    )
