"""The preflight of a feed, and whether it may be harvested: for its library and operators."""

from datetime import UTC, datetime

from fastapi import APIRouter

from api.access import Contributor
from api.problems import (
    INVALID_PARAMETER,
    NOT_REGISTERED,
    SOURCE_NOT_ACCEPTABLE,
    SOURCE_NOT_CHECKED,
    UNAVAILABLE,
    ApiProblem,
    documented,
)
from api.v1.quality import SourceNumber, UsedDesk
from schemas.quality import Acceptance, AcceptanceEntry, CheckEntry
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestSource, SourceState
from unioncat.pipeline.quality_desk import QualityDesk

router = APIRouter(tags=["registry"])


@router.post(
    "/sources/{source_id}/check",
    summary="Check a feed now",
    response_description="The report; a feed that does not answer is a report too.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def check(source_id: SourceNumber, desk: UsedDesk, access: Contributor) -> CheckEntry:
    """Looks at the first records of the feed and keeps the report; no record is stored. Takes up to a minute."""
    source = await _permitted(source_id, desk, access)
    report = await desk.check(source.id)
    return CheckEntry.model_validate({"checked": datetime.now(UTC), **report.as_json()})


@router.get(
    "/sources/{source_id}/check",
    summary="The newest check of a feed",
    response_description="The report as it was kept.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, SOURCE_NOT_CHECKED, UNAVAILABLE),
)
async def read_check(source_id: SourceNumber, desk: UsedDesk, access: Contributor) -> CheckEntry:
    """What the newest check found."""
    source = await _permitted(source_id, desk, access)
    kept = await desk.last_check(source.id)
    if kept is None:
        raise ApiProblem(
            SOURCE_NOT_CHECKED,
            f"Source {source.id} of {source.isil} was never checked: POST to /api/v1/sources/{source.id}/check",
        )
    return CheckEntry.model_validate({"checked": kept[0], **kept[1]})


@router.post(
    "/sources/{source_id}/acceptance",
    summary="Accept, pause or close a feed",
    response_description="How it stands now.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, SOURCE_NOT_ACCEPTABLE, UNAVAILABLE),
)
async def decide(
    source_id: SourceNumber, wish: Acceptance, desk: UsedDesk, access: Contributor
) -> AcceptanceEntry:
    """Nothing of a feed is published before it is accepted; a paused or closed one keeps its records."""
    source = await _permitted(source_id, desk, access)
    try:
        return AcceptanceEntry.model_validate(await _decide(source, wish, desk))
    except UnioncatError as error:
        if type(error) is not UnioncatError:
            raise
        raise ApiProblem(SOURCE_NOT_ACCEPTABLE, str(error)) from error


async def _decide(source: HarvestSource, wish: Acceptance, desk: QualityDesk) -> HarvestSource:
    if wish.state is SourceState.ACCEPTED:
        return await desk.accept(source.id, force=wish.force)
    if wish.state is SourceState.PAUSED:
        return await desk.pause(source.id)
    if wish.state is SourceState.CLOSED:
        return await desk.close(source.id)
    raise UnioncatError(
        f"Source {source.id} cannot become {wish.state} again; ask for accepted, paused or closed"
    )


async def _permitted(source_id: int, desk: QualityDesk, access: Contributor) -> HarvestSource:
    """The source, for whoever may act for its library."""
    source = await desk.source(SourceId(source_id))
    access.require_library(source.isil)
    return source
