"""The demo: sample member libraries are harvested over real OAI-PMH, matched, merged, indexed and served."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from unioncat.bootstrap import Application, open_application
from unioncat.cli.console import Progress
from unioncat.cli.feeds import catch_up, said
from unioncat.cli.serve import Host, Port, listening, serve_until_stopped
from unioncat.core.index.request import SearchRequest
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import HarvestSource, Protocol
from unioncat.settings import load_settings

if TYPE_CHECKING:
    from unioncat.samples import SampleFeed

commands = typer.Typer()

_SHOWN_QUERY = "truyen kieu"


@commands.command()
def demo(host: Host = None, port: Port = None) -> None:
    """Harvest sample libraries, then serve the joint catalogue until Ctrl-C."""
    from unioncat.samples import sample_providers  # its provider is a development dependency

    settings = load_settings()

    async def run() -> None:
        with listening(settings, host, port) as listener:
            print(f"unioncat demo in {settings.home}", flush=True)
            async with open_application(settings) as application:
                print("the database runs", flush=True)
                with sample_providers(settings.samples_home) as feeds:
                    await harvest_samples(application, feeds)
                    await _show_a_search(application)
                    await serve_until_stopped(application, listener)

    asyncio.run(run())


async def harvest_samples(application: Application, feeds: "list[SampleFeed]") -> None:
    """Register, harvest, match, merge and index the sample libraries."""
    with Progress() as progress:
        for feed in feeds:
            source = await _register(application, feed)
            counts = await application.harvest(source.id, lambda c, t: progress.show(said(c, t)))
            print(f"{feed.isil}  {feed.name}: {said(counts, None)}", flush=True)
        await catch_up(application, progress)


async def _register(application: Application, feed: "SampleFeed") -> HarvestSource:
    """The source of a sample library; its provider has another port each time."""
    async with application.store.work() as work:
        library = MemberLibrary(feed.isil, feed.name, feed.name_en, feed.province, feed.kind)
        await work.registry.save_library(library)
        for source in await work.sources.all(feed.isil):
            if source.protocol is Protocol.OAI_PMH:
                source = await work.sources.save(replace(source, address=feed.address))
                await work.commit()
                return source
        await work.commit()
    return await application.register_feed(feed.isil, feed.address, feed.metadata_prefix, None, feed.profile)


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
