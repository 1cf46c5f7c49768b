"""Commands that bring records in: harvest a source now, import a file."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import Progress, with_application
from unioncat.cli.options import Columns, Encoding, Gone, Profile, columns_of
from unioncat.cli.running import checked_since
from unioncat.cli.worker import worker
from unioncat.core.delivery import ReadingRules, RejectedRecord
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId, parse_isil
from unioncat.core.registry import (
    NEW_SOURCE,
    Deletions,
    HarvestCounts,
    HarvestSource,
    HarvestTerms,
    Protocol,
)

commands = typer.Typer()

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and store nothing.")]
_SHOWN = 5


@commands.command()
def harvest(
    source_id: int,
    since: Annotated[
        str | None,
        typer.Option("--from", help="Everything since this date (2026-01-31) again; 'all': everything."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Harvest a source now: go on where the last run stopped, or fetch what changed since it ended."""
    asked = checked_since(since)
    if dry_run:
        print(with_application(lambda application: _rehearse(application, SourceId(source_id))))
        return

    async def run(application: Application, progress: Progress) -> HarvestCounts:
        source = await application.feeds.get(SourceId(source_id))
        if source.protocol is Protocol.FILE and not application.feeds.uploads.waiting(source.id):
            raise UnioncatError(
                f"Source {source.id} takes files and none waits; deliver one with: unioncat import FILE "
                f"--library {source.isil}"
            )
        return await application.feeds.harvest(
            source.id, since=asked, progress=lambda c, t: progress.show(said(c, t))
        )

    print(said(caught_up(run), None))


@commands.command("import")
def import_file(
    path: Path,
    isil: Annotated[str, typer.Option("--library", help="The ISIL of the library that delivers the file.")],
    profile: Profile = None,
    encoding: Encoding = None,
    column: Columns = None,
    deletions: Gone = None,
    dry_run: DryRun = False,
) -> None:
    """Import a file (MARC in any form, Libol's exports, CSV, XLSX; gzip or not) as a delivery of a library.

    With `--deletions replace` the file is all that the library has: what it lacks is deleted.
    """
    draft = HarvestSource(
        NEW_SOURCE,
        parse_isil(isil),
        Protocol.FILE,
        "upload",
        "auto",
        None,
        ReadingRules(profile or "auto", encoding, columns_of(column)),
        HarvestTerms(deletions=deletions or Deletions.REPORTED),
    )

    async def run(application: Application, progress: Progress) -> HarvestCounts:
        source = await application.feeds.uploads_of(draft, path)
        for name, role in source.rules.columns:
            print(f"    column {name}: {role}")
        return await application.feeds.deliver(source, path, lambda c, t: progress.show(said(c, t)))

    if dry_run:
        print(with_application(lambda application: _rehearse_file(application, draft, path)))
    else:
        print(said(caught_up(run), None))


def caught_up(action: Callable[[Application, Progress], Awaitable[HarvestCounts]]) -> HarvestCounts:
    """Run `action`, with a worker beside it; then match, merge and index what changed."""

    async def run(application: Application) -> HarvestCounts:
        with Progress() as progress:
            async with worker():
                result = await action(application, progress)
            await catch_up(application, progress)
        return result

    return with_application(run)


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


async def _rehearse(application: Application, source_id: SourceId) -> str:
    return _rehearsed(*await application.feeds.rehearse(await application.feeds.get(source_id)))


async def _rehearse_file(application: Application, draft: HarvestSource, path: Path) -> str:
    source = await application.feeds.uploads_of(draft, path, dry_run=True)
    return _rehearsed(*await application.feeds.rehearse(source, path))


def _rehearsed(counts: HarvestCounts, rejected: list[RejectedRecord]) -> str:
    lines = [f"{said(counts, None)}; nothing is stored"]
    lines += [f"    {one.delivered.place}: {one.reason}" for one in rejected[:_SHOWN]]
    if len(rejected) > _SHOWN:
        lines.append(f"    … and {len(rejected) - _SHOWN:,} more")
    return "\n".join(lines)
