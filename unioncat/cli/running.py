"""Commands about the running of feeds: start, stop, and what is under way."""

import getpass
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, Any, TypeVar

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId
from unioncat.core.schedule import in_language
from unioncat.pipeline.jobs import JobState
from unioncat.pipeline.plan_harvest import ALL
from unioncat.pipeline.running import FeedControl, FeedStatus, Started

commands = typer.Typer()
source = typer.Typer()

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SAID = {
    Started.QUEUED: "waits for a worker; see: unioncat jobs",
    Started.ALREADY_QUEUED: "waits already; see: unioncat jobs",
    Started.RUNNING: "is being harvested already; see: unioncat jobs",
}


@source.command("start")
def start_source(
    source_id: int,
    since: Annotated[
        str | None,
        typer.Option("--from", help="Everything since this date (2026-01-31) again; 'all': everything."),
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Before everything else that waits.")] = False,
) -> None:
    """Harvest a source as soon as a worker is free. A worker is: unioncat worker, or unioncat serve."""
    asked = checked_since(since)

    async def start(control: FeedControl) -> Started:
        by = f"command of {getpass.getuser()}"
        started = await control.start(SourceId(source_id), by, since=asked, first=now)
        if asked and started is not Started.QUEUED:
            raise UnioncatError(
                f"Source {source_id} {_SAID[started]}. To harvest it from {since}, stop that first: "
                f"unioncat source stop {source_id}"
            )
        return started

    print(f"Source {source_id} {_SAID[with_control(start)]}")


@source.command("stop")
def stop_source(source_id: int) -> None:
    """Stop the harvest of a source after its page, or drop it while it waits; the next one resumes."""
    stopped = with_control(lambda control: control.stop(SourceId(source_id)))
    print(
        f"Source {source_id} {'stops after its page' if stopped else 'is not being harvested and does not wait'}"
    )


@commands.command()
def jobs(as_json: AsJson = False) -> None:
    """List the harvests that run and wait, how far they are, and what is due next."""

    async def ask(control: FeedControl) -> tuple[list[dict[str, Any]], list[dict[str, Any]], tzinfo]:
        return (
            [_active(status) for status in await control.jobs()],
            [_planned(status) for status in await control.upcoming()],
            control.zone,
        )

    active, planned, zone = with_control(ask)
    if as_json:
        print_json({"jobs": [_plain(row) for row in active], "due": [_plain(row) for row in planned]})
        return
    for row in active:
        print(_active_line(row, zone))
    if not active:
        print("Nothing runs and nothing waits")
    for row in planned:
        print(f"{row['source']:>4}  {row['isil']:<16} due {_local(row['due'], zone)}{_trouble(row)}")


def with_control(action: Callable[[FeedControl], Awaitable[Result]]) -> Result:
    """Run `action` on the control of the feeds of this home."""

    async def run(application: Application) -> Result:
        async with application.feed_control() as control:
            return await action(control)

    return with_application(run)


def checked_since(text: str | None) -> str | None:
    """A date as people write it (ISO 8601), or ALL; raises UnioncatError for anything else."""
    if text is None or text == ALL:
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UnioncatError(f"'{text}' is not a date: write it as 2026-01-31, or 'all'") from error


def _active(status: FeedStatus) -> dict[str, Any]:
    job = status.running or status.jobs[0]
    run = status.harvest if job.state is JobState.RUNNING else None
    return {
        "source": status.source.id,
        "isil": status.source.isil,
        "state": job.state,
        "kind": job.job.kind,
        "from": job.job.since,
        "requested_by": job.job.requested_by,
        "turn": job.turns + 1,
        "started": run and run.started,
        "delivered": run.counts.delivered if run else None,
        "total": run and run.total,
    }


def _planned(status: FeedStatus) -> dict[str, Any]:
    return {
        "source": status.source.id,
        "isil": status.source.isil,
        "due": status.standing.due,
        "schedule": status.source.terms.schedule,
        "failures": status.standing.failures,
        "message": status.standing.message,
    }


def _active_line(row: dict[str, Any], zone: tzinfo) -> str:
    head = f"{row['source']:>4}  {row['isil']:<16} {row['state']:<8} {row['kind']:<8}"
    if row["state"] is JobState.QUEUED:
        return f"{head} asked for by {row['requested_by']}"
    if row["started"] is None:
        return f"{head} begins"
    of = f" of {row['total']:,}" if row["total"] else ""
    return f"{head} {row['delivered']:,}{of} delivered, since {_local(row['started'], zone)}{_rate(row)}"


def _rate(row: dict[str, Any]) -> str:
    """Records a second since the run began."""
    seconds = (datetime.now(UTC) - row["started"]).total_seconds()
    return f", {row['delivered'] / seconds:,.0f} a second" if seconds >= 1 else ""


def _trouble(row: dict[str, Any]) -> str:
    return f"\n      {in_language(row['message'], 'en')}" if row["message"] else ""


def _local(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
