"""Suggestions while somebody types."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.problems import INVALID_PARAMETER, UNAVAILABLE, documented
from api.state import UsedServices
from schemas.suggest import RelatedSubjects, SuggestionEntry, SuggestionList
from unioncat.pipeline.related_subjects import related_subjects
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


@router.get(
    "/suggest/subjects",
    summary="Subjects near a subject",
    response_description="Subjects that the same records have, the nearest first.",
    responses=documented(INVALID_PARAMETER, UNAVAILABLE),
)
async def suggest_subjects(
    subject: Annotated[
        str,
        Query(min_length=1, max_length=256, description="A subject heading.", examples=["Văn học trung đại"]),
    ],
    services: UsedServices,
) -> RelatedSubjects:
    """At most eight; those that are everywhere come later."""
    return RelatedSubjects(subjects=await related_subjects(services.search, [subject]))
