"""Commands about libraries, their sources, and what they deliver."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from harvesters.oai_provider import identify
from unioncat.bootstrap import Application
from unioncat.cli.console import Progress, print_json, print_table, with_application
from unioncat.cli.worker import worker
from unioncat.core.errors import FeedError
from unioncat.core.identifiers import SourceId, parse_isil
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import HarvestCounts, HarvestSource

commands = typer.Typer()
library = typer.Typer(help="Member libraries.", no_args_is_help=True)
source = typer.Typer(help="Feeds of member libraries.", no_args_is_help=True)
commands.add_typer(library, name="library")
commands.add_typer(source, name="source")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@library.command("add")
def add_library(
    isil: str,
    name: str,
    name_en: Annotated[str | None, typer.Option(help="The name in English.")] = None,
    province: Annotated[str | None, typer.Option(help="Province or city, for the facet.")] = None,
    kind: Annotated[str | None, typer.Option(help="national, provincial, university, school …")] = None,
    rank: Annotated[
        int, typer.Option(min=0, max=9999, help="Smaller is preferred where records are equally good.")
    ] = 100,
) -> None:
    """Register a member library under its ISIL, or change what is known of it."""
    added = MemberLibrary(parse_isil(isil), name, name_en, province, kind, rank)

    async def save(application: Application) -> None:
        async with application.store.work() as work:
            await work.registry.save_library(added)
            await work.commit()
        await application.catch_up()

    with_application(save)
    print(f"{added.isil} is registered: {added.name}")


@library.command("list")
def list_libraries(as_json: AsJson = False) -> None:
    """List the libraries with their live records."""
    views = with_application(lambda application: application.services.catalogue.libraries())
    if as_json:
        print_json(
            [
                {
                    "isil": v.library.isil,
                    "name": v.library.name,
                    "province": v.library.province,
                    "live_records": v.live_records,
                }
                for v in views
            ]
        )
    else:
        print_table((view.library.isil, f"{view.live_records:>9,}  {view.library.name}") for view in views)


@source.command("add")
def add_source(
    isil: str,
    address: Annotated[str, typer.Argument(help="The base URL of the OAI-PMH provider.")],
    prefix: Annotated[str, typer.Option(help="Metadata prefix (oai_dc, marc21, marcxml …).")] = "marc21",
    set_spec: Annotated[str | None, typer.Option("--set", help="Harvest only this set.")] = None,
    profile: Annotated[str, typer.Option(help="Holdings profile.")] = "default",
) -> None:
    """Register an OAI-PMH feed of a library."""

    async def save(application: Application) -> HarvestSource:
        return await application.register_feed(parse_isil(isil), address, prefix, set_spec, profile)

    saved = with_application(save)
    print(f"Source {saved.id} of {saved.isil} is registered: harvest it with: unioncat harvest {saved.id}")
    try:
        provider = asyncio.run(identify(address))
    except FeedError as error:
        print(f"It does not answer as a provider yet: {error}")
        return
    print(f"It is “{provider.name}” and offers {', '.join(provider.formats) or 'no format'}")
    if prefix not in provider.formats:
        print(f"It does not offer “{prefix}”: register it again with another --prefix")


@source.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """List the sources with their live and rejected records and their newest harvest."""
    views = with_application(lambda application: application.services.catalogue.sources())
    rows = [
        {
            "id": v.source.id,
            "isil": v.source.isil,
            "protocol": v.source.protocol,
            "address": v.source.address,
            "live_records": v.live_records,
            "rejected_records": v.rejected_records,
            "last_harvest": v.last_harvest.status if v.last_harvest else None,
            "message": v.last_harvest.message if v.last_harvest else None,
        }
        for v in views
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(
            f"{row['id']:>4}  {row['isil']:<16} {row['live_records']:>9,} live {row['rejected_records']:>6,} rejected  "
            f"{row['last_harvest'] or 'never harvested'}  {row['address']}"
            + (f"\n      {row['message']}" if row["message"] else "")
        )


@source.command("move")
def move_source(source_id: int, address: str) -> None:
    """A feed has a new address; its records and its checkpoint stay."""

    async def move(application: Application) -> None:
        async with application.store.work() as work:
            await work.sources.save(replace(await work.sources.get(SourceId(source_id)), address=address))
            await work.commit()

    with_application(move)
    print(f"Source {source_id} is now at {address}")


@commands.command()
def harvest(source_id: int) -> None:
    """Harvest a source: go on where the last run stopped, or fetch what changed since it ended."""

    async def run(application: Application) -> HarvestCounts:
        with Progress() as progress:
            async with worker():
                counts = await application.harvest(
                    SourceId(source_id), progress=lambda c, t: progress.show(said(c, t))
                )
            await catch_up(application, progress)
        return counts

    print(said(with_application(run), None))


@commands.command("import")
def import_file(
    path: Path,
    isil: Annotated[str, typer.Option("--library", help="The ISIL of the library that delivers the file.")],
    profile: Annotated[str, typer.Option(help="Holdings profile.")] = "auto",
) -> None:
    """Import a file (ISO 2709, MARCXML, MARC-in-JSON, gzip or not) as a delivery of a library."""

    async def run(application: Application) -> HarvestCounts:
        with Progress() as progress:
            async with worker():
                counts = await application.import_file(
                    path, parse_isil(isil), profile, lambda c, t: progress.show(said(c, t))
                )
            await catch_up(application, progress)
        return counts

    print(said(with_application(run), None))


async def catch_up(application: Application, progress: Progress) -> None:
    """Match, merge and index what changed, and say so."""
    await application.catch_up(
        lambda report: progress.show(
            f"{report.records:,} records matched, {report.masters:,} master records changed"
        ),
        lambda done: progress.show(f"{done:,} master records indexed"),
    )


def said(counts: HarvestCounts, total: int | None) -> str:
    """The counts of a harvest in words."""
    of = f" of {total:,}" if total else ""
    return (
        f"{counts.delivered:,}{of} delivered: {counts.created:,} created, {counts.updated:,} updated, "
        f"{counts.unchanged:,} unchanged, {counts.deleted:,} deleted, {counts.rejected:,} rejected"
    )
