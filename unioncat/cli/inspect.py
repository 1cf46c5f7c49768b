"""Commands that look at the whole store: verify, export, reindex."""

import json
import sys
from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import Progress, print_json, with_application
from unioncat.cli.options import AsJson
from unioncat.pipeline.verify import Finding, verify_store

commands = typer.Typer()
export = typer.Typer(help="Take things out of the catalogue.", no_args_is_help=True)
commands.add_typer(export, name="export")

Repair = Annotated[
    bool,
    typer.Option("--repair", help="First write anew what the search index has otherwise than the database."),
]


@commands.command()
def verify(as_json: AsJson = False, repair: Repair = False) -> None:
    """Check laws 1, 3, 4 and 5 on the whole store; exit status 1 when one is broken."""

    async def check(application: Application) -> list[Finding]:
        with Progress() as progress:
            if repair:
                found = await application.repair_index()
                for master_id in (*(document.master_id for document in found.differing), *found.strays):
                    print(f"repaired in the search index: {master_id}", file=sys.stderr)
            return await verify_store(application.store, application.services.search, progress.show)

    findings = with_application(check)
    if as_json:
        print_json(
            [
                {"law": f.law, "checked": f.checked, "count": f.count, "broken": list(f.broken)}
                for f in findings
            ]
        )
    else:
        for finding in findings:
            print(
                f"law {finding.law}  {'BROKEN' if finding.broken else 'holds '}  {finding.count:>9,}  {finding.checked}"
            )
            for line in finding.broken:
                print(f"        {line}")
    if any(finding.broken for finding in findings):
        raise typer.Exit(1)


@commands.command()
def reindex() -> None:
    """Build the search index anew beside the live one, then switch to it."""

    async def run(application: Application) -> int:
        with Progress() as progress:
            return await application.reindex(lambda done: progress.show(f"{done:,} master records indexed"))

    print(f"{with_application(run):,} master records are in the new index")


@export.command("clusters")
def export_clusters(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Print isil, control number and master identifier of every live source record (TSV)."""

    async def run(application: Application) -> None:
        async with application.store.work() as work:
            async for isil, control_number, master_id in work.audit.clusters():
                if as_json:
                    line = {"isil": isil, "control_number": control_number, "master_id": master_id}
                    print(json.dumps(line, ensure_ascii=False))
                else:
                    print(f"{isil}\t{control_number}\t{master_id}")

    with_application(run)
