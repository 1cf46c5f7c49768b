"""The command that has the whole catalogue judged anew."""

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import Progress, with_application
from unioncat.pipeline.match import MatchReport

commands = typer.Typer()


@commands.command()
def rematch() -> None:
    """Judge all records anew. Identifiers, decisions and corrections stay; what follows from rules may change.

    A changed UNIONCAT_REPRINT or UNIONCAT_PUBLISHER does so by itself when the next records are matched.
    """

    async def run(application: Application) -> MatchReport:
        with Progress() as progress:
            queued = await application.rematch()
            report, _ = await application.catch_up(
                lambda done: progress.show(f"{done.records:,} of {queued:,} records matched"),
                lambda done: progress.show(f"{done:,} master records indexed"),
            )
        return report

    report = with_application(run)
    print(f"{report.records:,} records matched, {report.masters:,} master records changed")
