"""Commands about libraries, their sources, and what they deliver."""

from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, print_table, with_application
from unioncat.core.identifiers import parse_isil
from unioncat.core.library import MemberLibrary

commands = typer.Typer()
library = typer.Typer(help="Member libraries.", no_args_is_help=True)
commands.add_typer(library, name="library")

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
