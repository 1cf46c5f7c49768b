"""A Z39.50 target that is looked at before it is harvested: a `Probe` of `unioncat/pipeline/check_source.py`."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from harvesters.z3950.explore import Explored, called
from harvesters.z3950.records import Syntax
from harvesters.z3950.strategy import form_of
from unioncat.core.delivery import DeliveredRecord
from unioncat.core.quality.feed import FeedIdentity, TargetSeen
from unioncat.pipeline.check_source import Sample
from unioncat.pipeline.plan_harvest import HarvestPlan
from unioncat.pipeline.ports import HarvestPage
from unioncat.target_feed import TargetFeed

_SAMPLE = 200
_DELETIONS = "no"


class TargetProbe:
    """Finds out what a target does, and keeps it with the source."""

    def __init__(self, feed: TargetFeed) -> None:
        self._feed = feed
        self._explored: Explored | None = None

    async def identity(self) -> FeedIdentity:
        """What it says and does; raises FeedError."""
        explored = self._explored = await self._feed.explore()
        _, name, version = explored.terms.implementation
        return FeedIdentity(
            name=" ".join(filter(None, (name, version))) or None,
            protocol="Z39.50",
            formats=tuple(form for form, outcome in explored.forms.items() if outcome == "good"),
            deleted_record=_DELETIONS,
            target=_seen(explored),
        )

    async def sample(self, limit: int) -> Sample:
        """The first records of a reading of everything; raises FeedError."""
        explored = self._explored or await self._feed.explore()
        records: list[DeliveredRecord] = []
        line = self._feed.line()
        try:
            harvester = await self._feed.harvester(explored.profile, HarvestPlan(), line)
            pages = cast("AsyncGenerator[HarvestPage, None]", harvester.pages(None))
            async with aclosing(pages) as opened:
                async for page in opened:
                    records += page.records
                    if len(records) >= min(limit, _SAMPLE):
                        break
        finally:
            await line.close()
        return Sample(tuple(records[: min(limit, _SAMPLE)]), explored.total)


def _seen(explored: Explored) -> TargetSeen:
    profile = explored.profile
    return TargetSeen(
        strategy=profile.strategy,
        fault=profile.fault,
        syntax=called(form_of(profile)),
        forms=tuple(explored.forms.items()),
        holdings=profile.syntax == Syntax.OPAC,
        utf8=explored.terms.utf8,
        total=explored.total,
        hit_cap=profile.hit_cap,
        message_size=explored.terms.message_size,
        connections=explored.connections,
        looks_up=profile.id is not None,
        lists=profile.id_listed,
        tried=tuple((one.question, one.answer) for one in explored.tried),
    )
