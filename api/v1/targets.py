"""Targets of Z39.50 and SRU: what is set for them, what was found out, how complete the newest harvest is."""

from fastapi import APIRouter

from api.access import Contributor
from api.problems import (
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    UNAVAILABLE,
    documented,
)
from api.state import UsedFeeds
from api.target_shapes import target_detail, terms_from
from api.v1.sources import SourceNumber
from schemas.targets import TargetDetail, TargetTermsEntry
from unioncat.core.identifiers import SourceId
from unioncat.pipeline.target_desk import change_target, show_target

router = APIRouter(tags=["feeds"])


@router.get(
    "/sources/{number}/target",
    summary="A Z39.50 or SRU target",
    response_description="The target.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, UNAVAILABLE),
)
async def get_target(number: SourceNumber, feeds: UsedFeeds) -> TargetDetail:
    """What is set for the target, the strategy that was proven for it, and its newest harvest, part by part."""
    return target_detail(await show_target(feeds.store, SourceId(number)))


@router.put(
    "/sources/{number}/target",
    summary="Set how a target is treated",
    response_description="The target.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, UNAVAILABLE),
)
async def set_target(
    number: SourceNumber, terms: TargetTermsEntry, feeds: UsedFeeds, access: Contributor
) -> TargetDetail:
    """Replaces what was set. Another syntax or character set has the target probed again before its next harvest."""
    source = SourceId(number)
    access.require_library((await feeds.get(source)).isil)
    await change_target(feeds.store, source, terms_from(terms))
    return target_detail(await show_target(feeds.store, source))
