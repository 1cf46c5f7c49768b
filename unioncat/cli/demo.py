"""The demo: sample member libraries are harvested over real OAI-PMH, matched, merged, indexed and served."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from unioncat.bootstrap import Application, open_application
from unioncat.cli.console import Progress
from unioncat.cli.harvest import catch_up, said
from unioncat.cli.serve import Host, Port, listening, serve_until_stopped
from unioncat.core.delivery import ReadingRules
from unioncat.core.index.request import SearchRequest
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import NEW_SOURCE, HarvestSource
from unioncat.settings import Settings, load_settings

if TYPE_CHECKING:
    from unioncat.samples import SampleFeed

commands = typer.Typer()

_SHOWN_QUERY = "truyen kieu"
_LOOPBACK = "127.0.0.0/8"


@commands.command()
def demo(host: Host = None, port: Port = None) -> None:
    """Harvest sample libraries, then serve the joint catalogue until Ctrl-C."""
    from unioncat.samples import sample_providers, sample_target  # the provider is a development dependency

    settings = _with_loopback(load_settings())

    async def run() -> None:
        with listening(settings, host, port) as listener:
            print(f"unioncat demo in {settings.home}", flush=True)
            async with open_application(settings) as application:
                print("the database runs", flush=True)
                with (
                    sample_providers(settings.samples_home) as feeds,
                    sample_target(settings.samples_home) as target,
                ):
                    await harvest_samples(application, [*feeds, target])
                    await _show_a_search(application)
                    await serve_until_stopped(application, listener)

    asyncio.run(run())


async def harvest_samples(application: Application, feeds: "list[SampleFeed]") -> None:
    """Register, harvest, match, merge and index the sample libraries."""
    with Progress() as progress:
        for feed in feeds:
            source = await _register(application, feed)
            counts = await application.feeds.harvest(
                source.id, progress=lambda c, t: progress.show(said(c, t))
            )
            by = f"{feed.protocol}, {feed.server}"
            print(f"{feed.isil}  {feed.name} ({by}): {said(counts, None)}", flush=True)
        await catch_up(application, progress)


def _with_loopback(settings: Settings) -> Settings:
    """The sample libraries are on this machine, where no feed of a stranger may lead."""
    allowed = ",".join(filter(None, (settings.allowed_networks, _LOOPBACK)))
    return settings.model_copy(update={"allowed_networks": allowed})


async def _register(application: Application, feed: "SampleFeed") -> HarvestSource:
    """The source of a sample library; its provider has another port each time."""
    async with application.store.work() as work:
        library = MemberLibrary(feed.isil, feed.name, feed.name_en, feed.province, feed.kind)
        await work.registry.save_library(library)
        known = await work.sources.all(feed.isil)
        await work.commit()
    rules = ReadingRules(feed.profile)
    draft = HarvestSource(
        NEW_SOURCE, feed.isil, feed.protocol, feed.address, feed.metadata_prefix, None, rules
    )
    former = next((source for source in known if source.protocol is feed.protocol), draft)
    return await application.feeds.save(replace(former, address=feed.address))


async def _show_a_search(application: Application) -> None:
    async with application.store.work() as work:
        counts = await work.audit.counts()
    print(
        f"joint catalogue: {counts['live_records']:,} records of {counts['libraries']} libraries are "
        f"{counts['masters']:,} master records, {counts['masters_of_several_records']:,} of several records; "
        f"{counts['rejected_records']:,} rejected records wait for their library"
    )
    page = await application.services.search.search(SearchRequest(_SHOWN_QUERY, size=3))
    print(f"a search for '{_SHOWN_QUERY}' finds {page.total}:")
    for hit in page.hits:
        print(
            f"    {hit.master_id}  {hit.title} / {hit.publisher}, {hit.year}: {len(hit.libraries)} libraries"
        )
