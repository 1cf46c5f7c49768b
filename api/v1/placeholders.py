"""Placeholders of a feed: values that stand where its library knows nothing."""

from fastapi import APIRouter

from api.access import Curator
from api.placeholder_shapes import placeholder_list
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.state import UsedServices
from api.v1.running import UsedControl
from api.v1.sources import SourceNumber
from schemas.placeholders import PlaceholderList, PlaceholderStatement, PlaceholderValue
from unioncat.core.identifiers import SourceId
from unioncat.core.match.placeholders import Placeholder
from unioncat.core.registry import HarvestKind
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.placeholders import change_placeholders, show_placeholders

router = APIRouter(tags=["curation"])


@router.get(
    "/sources/{number}/placeholders",
    summary="Placeholders of a feed",
    response_description="What is suspected, and what was accepted.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def list_placeholders(number: SourceNumber, services: UsedServices, access: Curator) -> PlaceholderList:
    """Values that many records of the feed share though their titles are unrelated; a person decides about them."""
    return placeholder_list(await show_placeholders(services.store, SourceId(number)))


@router.post(
    "/sources/{number}/placeholders",
    summary="Decide about placeholders",
    response_description="What is suspected, and what was accepted.",
    responses=documented(
        INVALID_PARAMETER, CONFLICT, INVALID_STATEMENT, NOT_REGISTERED, UNKNOWN_ENTRY, UNAVAILABLE
    ),
)
async def decide_placeholders(
    number: SourceNumber,
    stated: PlaceholderStatement,
    services: UsedServices,
    control: UsedControl,
    access: Curator,
) -> PlaceholderList:
    """What is accepted is no evidence any more: the feed's records are read again without it, by a worker."""
    source = SourceId(number)
    changed = await change_placeholders(
        services.store,
        source,
        accept=_read(stated.accept),
        remove=_read(stated.remove),
        signed=sign(access.holder, stated.why),
    )
    if changed:
        await control.start(source, access.holder, kind=HarvestKind.REREAD)
    return placeholder_list(await show_placeholders(services.store, source))


def _read(stated: list[PlaceholderValue]) -> list[Placeholder]:
    return [Placeholder(one.kind, one.value) for one in stated]
