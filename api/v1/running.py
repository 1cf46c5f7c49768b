"""The running of feeds: how it stands, and the wishes of libraries to harvest now, or to stop."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from api.access import Contributor
from api.problems import (
    HARVEST_UNDER_WAY,
    INVALID_PARAMETER,
    NOT_REGISTERED,
    SOURCE_NOT_ACCEPTED,
    UNAVAILABLE,
    ApiProblem,
    documented,
)
from schemas.registry import HarvestCountsEntry
from schemas.running import HarvestWish, RunProgress, SourceRunning, Told
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import Harvest, SourceState
from unioncat.core.schedule import in_language
from unioncat.pipeline.running import FeedControl, FeedStatus, Started

router = APIRouter(tags=["registry"])


async def _control(request: Request) -> FeedControl:
    control: FeedControl = request.app.state.feed_control
    return control


UsedControl = Annotated[FeedControl, Depends(_control)]
SourceNumber = Annotated[int, Path(ge=1, lt=2**63, description="Number of the feed.", examples=[2])]


@router.get(
    "/sources/{source_id}/running",
    summary="How a feed runs",
    response_description="Its standing, its newest run and the next one.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def show_running(source_id: SourceNumber, control: UsedControl, access: Contributor) -> SourceRunning:
    """Whether the feed is being harvested, how far it is, how fast, and when it is due. For its library and operators."""
    return _entry(await _permitted(source_id, control, access), control)


@router.post(
    "/sources/{source_id}/harvests",
    status_code=202,
    summary="Harvest a feed now",
    response_description="The run waits for a worker, or was under way already.",
    responses=documented(
        INVALID_PARAMETER, NOT_REGISTERED, HARVEST_UNDER_WAY, SOURCE_NOT_ACCEPTED, UNAVAILABLE
    ),
)
async def start_harvest(
    source_id: SourceNumber, control: UsedControl, access: Contributor, wish: HarvestWish | None = None
) -> SourceRunning:
    """Puts a run into the queue. Asking again while one waits or runs changes nothing; `from` is then refused."""
    status = await _permitted(source_id, control, access)
    if status.source.state is not SourceState.ACCEPTED:
        raise ApiProblem(
            SOURCE_NOT_ACCEPTED,
            f"Source {source_id} of {status.source.isil} is {status.source.state}; nothing of it is harvested before "
            "it is accepted",
        )
    since = wish.since.isoformat() if wish and wish.since else None
    started = await control.start(status.source.id, f"library {status.source.isil}", since=since)
    if since and started is not Started.QUEUED:
        said = "is being harvested" if started is Started.RUNNING else "waits for a worker"
        raise ApiProblem(
            HARVEST_UNDER_WAY,
            f"Source {source_id} {said} already, so it cannot begin again from {since}: stop it first",
        )
    return _entry(await control.status(status.source.id), control)


@router.post(
    "/sources/{source_id}/stop",
    status_code=202,
    summary="Stop the harvest of a feed",
    response_description="What ran ends after its page, what waited does not begin.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def stop_harvest(source_id: SourceNumber, control: UsedControl, access: Contributor) -> SourceRunning:
    """The next run resumes where this one ended. Without a run that waits or is under way nothing changes."""
    status = await _permitted(source_id, control, access)
    await control.stop(status.source.id)
    return _entry(await control.status(status.source.id), control)


async def _permitted(source_id: int, control: FeedControl, access: Contributor) -> FeedStatus:
    """How the feed stands, for whoever may act for its library."""
    status = await control.status(SourceId(source_id))
    access.require_library(status.source.isil)
    return status


def _entry(status: FeedStatus, control: FeedControl) -> SourceRunning:
    standing = status.standing
    return SourceRunning(
        source=status.source.id,
        isil=status.source.isil,
        state=status.source.state,
        schedule=status.source.terms.schedule,
        due=standing.due and standing.due.astimezone(control.zone),
        failures=standing.failures,
        message=_told(standing.message) if standing.message else None,
        running=status.running is not None,
        queued=status.queued is not None,
        run=_progress(status.harvest) if status.harvest else None,
    )


def _told(message: str) -> Told:
    return Told(vi=in_language(message, "vi"), en=in_language(message, "en"))


def _progress(run: Harvest) -> RunProgress:
    seconds = ((run.finished or datetime.now(UTC)) - run.started).total_seconds()
    return RunProgress(
        id=run.id,
        kind=run.kind,
        status=run.status,
        started=run.started,
        finished=run.finished,
        counts=HarvestCountsEntry.model_validate(run.counts),
        total=run.total,
        records_per_second=round(run.counts.delivered / seconds, 1) if seconds >= 1 else None,
    )
