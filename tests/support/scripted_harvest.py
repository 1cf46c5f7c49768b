"""One OAI-PMH harvest against a scripted provider: what came of it, and how long it would have slept."""

from dataclasses import replace

from scripted_provider import (
    HERE,
    Script,
    deletion,
    listing,
    marc,
    scripted_provider,
)

from harvesters.access import FeedAccess, Limits
from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.errors import FeedError
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

ONE_PAGE = listing([marc("1"), deletion("2")])


class Harvest:
    """One run against a script: its pages, its error, what was asked, how long it would have slept."""

    def __init__(self) -> None:
        self.pages: list[HarvestPage] = []
        self.requests: list[dict[str, str]] = []
        self.naps: list[float] = []
        self.error: FeedError | None = None

    @property
    def identifiers(self) -> list[str | None]:
        return [record.identifier for page in self.pages for record in page.records]

    async def nap(self, seconds: float) -> None:
        self.naps.append(seconds)


async def harvest(
    script: Script,
    *,
    set_spec: str | None = None,
    window: tuple[str | None, str | None] = (None, None),
    resume: Checkpoint | None = None,
    limits: Limits = Limits(),
    access: FeedAccess = HERE,
) -> Harvest:
    run = Harvest()
    with scripted_provider(script) as provider:
        access = replace(access, limits=limits)
        harvester = OaiPmhHarvester(
            provider.address, "marc21", set_spec, *window, access=access, sleep=run.nap
        )
        try:
            async for page in harvester.pages(resume):
                run.pages.append(page)
        except FeedError as error:
            run.error = error
        run.requests = provider.requests
    return run
