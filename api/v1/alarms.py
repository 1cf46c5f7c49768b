"""Alarms: what curators should look at, and what waits for them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import Curator
from api.alarm_shapes import alarm_entry
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.state import UsedServices
from api.v1.quality import AskedLanguage, Language
from schemas.alarms import AlarmEntry, AlarmList
from schemas.curation import Reasoned
from unioncat.core.alarms import AlarmKind
from unioncat.pipeline import watch as watching
from unioncat.pipeline.alarms_port import AlarmFilter
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.hold import release_alarm

router = APIRouter(prefix="/alarms", tags=["curation"])

AlarmNumber = Annotated[int, Path(ge=1, lt=2**63, description="Number of the alarm.", examples=[4])]
_READING = documented(INVALID_PARAMETER, UNKNOWN_ENTRY, UNAVAILABLE)
_CLOSING = documented(INVALID_PARAMETER, INVALID_STATEMENT, UNKNOWN_ENTRY, CONFLICT, UNAVAILABLE)


@router.get(
    "",
    summary="Alarms, the newest first",
    response_description="Alarms with what they say.",
    responses=documented(INVALID_PARAMETER, UNAVAILABLE),
)
async def list_alarms(
    services: UsedServices,
    access: Curator,
    kind: Annotated[
        AlarmKind | None, Query(description="Only those of this kind.", examples=["unrelated-titles"])
    ] = None,
    is_open: Annotated[
        bool | None, Query(alias="open", description="Only those that are open, or closed.", examples=[True])
    ] = None,
    before: Annotated[
        int | None, Query(ge=1, lt=2**63, description="`next_before` of the page before.", examples=[17])
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.", examples=[50])] = 50,
    language: AskedLanguage = Language.VIETNAMESE,
) -> AlarmList:
    """Large clusters that were chained together, and feeds of which nothing is matched before a person says yes."""
    async with services.store.work() as work:
        found = await work.alarms.listed(AlarmFilter(kind, is_open), before, limit)
        standing = await work.alarms.count_open()
    return AlarmList(
        alarms=[alarm_entry(one, language) for one in found],
        open=standing,
        next_before=found[-1].id if len(found) == limit else None,
    )


@router.get(
    "/{number}", summary="One alarm", response_description="The alarm with what it says.", responses=_READING
)
async def read_alarm(
    number: AlarmNumber,
    services: UsedServices,
    access: Curator,
    language: AskedLanguage = Language.VIETNAMESE,
) -> AlarmEntry:
    """Open or closed."""
    async with services.store.work() as work:
        return alarm_entry(await work.alarms.alarm(number), language)


@router.post(
    "/{number}/closure",
    summary="Close an alarm",
    response_description="The alarm, closed.",
    responses=_CLOSING,
)
async def close(
    number: AlarmNumber,
    stated: Reasoned,
    services: UsedServices,
    access: Curator,
    language: AskedLanguage = Language.VIETNAMESE,
) -> AlarmEntry:
    """It is not raised again as long as the facts are the same. What is held is released instead."""
    signed = sign(access.holder, stated.why)
    return alarm_entry(await watching.close_alarm(services.store, number, signed), language)


@router.post(
    "/{number}/release",
    summary="Let what is held be matched",
    response_description="The alarm, closed.",
    responses=_CLOSING,
)
async def release(
    number: AlarmNumber,
    stated: Reasoned,
    services: UsedServices,
    access: Curator,
    language: AskedLanguage = Language.VIETNAMESE,
) -> AlarmEntry:
    """What its source has delivered is matched without a limit; what comes in later harvests has one again."""
    signed = sign(access.holder, stated.why)
    return alarm_entry(await release_alarm(services.store, number, signed), language)
