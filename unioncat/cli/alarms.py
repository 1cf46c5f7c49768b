"""Commands about alarms: list them, show one, close it, release what it holds."""

import getpass
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Annotated

import typer

from api.alarm_shapes import alarm_entry
from schemas.alarms import AlarmEntry
from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.alarms import AlarmKind
from unioncat.pipeline import hold as holding
from unioncat.pipeline import watch as watching
from unioncat.pipeline.alarms_port import Alarm, AlarmFilter
from unioncat.pipeline.curation_decide import sign
from unioncat.settings import load_settings

alarms = typer.Typer(invoke_without_command=True)

Number = Annotated[int, typer.Argument(min=1, help="Number of the alarm.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for those who come after.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; the name of the system's user otherwise.")]

_WIDTH = 100
_TEXTS = {
    "none": {"vi": "Không có báo động nào đang mở.", "en": "No alarm is open."},
    "raised": {"vi": "từ {raised:%Y-%m-%d %H:%M}", "en": "since {raised:%Y-%m-%d %H:%M}"},
    "closed": {
        "vi": "{closed_by} đóng ngày {closed:%Y-%m-%d}: {closed_why}",
        "en": "closed by {closed_by} on {closed:%Y-%m-%d}: {closed_why}",
    },
    "gone": {
        "vi": "tự đóng ngày {closed:%Y-%m-%d}, vì nguyên nhân không còn",
        "en": "closed by itself on {closed:%Y-%m-%d}: its cause was gone",
    },
    "more": {"vi": "… còn nữa: thêm --limit", "en": "… and others: raise --limit"},
}


@alarms.callback()
def main(context: typer.Context) -> None:
    """What people should look at, and feeds that wait for them; without more it lists what is open."""
    if context.invoked_subcommand is None:
        list_alarms()


@alarms.command("list")
def list_alarms(
    everything: Annotated[bool, typer.Option("--all", help="Those that were closed as well.")] = False,
    kind: Annotated[AlarmKind | None, typer.Option(help="Only those of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """List open alarms, the newest first."""

    async def find(application: Application) -> Sequence[Alarm]:
        wanted = AlarmFilter(kind, None if everything else True)
        async with application.store.work() as work:
            return await work.alarms.listed(wanted, None, limit)

    spoken = language or load_settings().language
    entries = [alarm_entry(one, spoken) for one in with_application(find)]
    if as_json:
        print_json([entry.model_dump(mode="json") for entry in entries])
        return
    print("\n".join(alarm_lines(entries, spoken)) or _TEXTS["none"][spoken])
    if len(entries) == limit:
        print(_TEXTS["more"][spoken])


@alarms.command("show")
def show_alarm(number: Number, as_json: AsJson = False, language: InLanguage = None) -> None:
    """Show one alarm with all its figures."""

    async def find(application: Application) -> Alarm:
        async with application.store.work() as work:
            return await work.alarms.alarm(number)

    _print_one(with_application(find), as_json=as_json, language=language)


@alarms.command("close")
def close_alarm(
    number: Number, why: Why, by: By = None, as_json: AsJson = False, language: InLanguage = None
) -> None:
    """Close an alarm; it is not raised again as long as the facts are the same."""
    signed = sign(by or getpass.getuser(), why)
    closed = with_application(lambda a: watching.close_alarm(a.store, number, signed))
    _print_one(closed, as_json=as_json, language=language)


@alarms.command("release")
def release_alarm(
    number: Number, why: Why, by: By = None, as_json: AsJson = False, language: InLanguage = None
) -> None:
    """Let what an alarm holds be matched, without a limit for what was delivered so far."""
    signed = sign(by or getpass.getuser(), why)

    async def run(application: Application) -> Alarm:
        released = await holding.release_alarm(application.store, number, signed)
        await application.catch_up()
        return released

    _print_one(with_application(run), as_json=as_json, language=language)


def _print_one(alarm: Alarm, *, as_json: bool, language: str | None) -> None:
    spoken = language or load_settings().language
    entry = alarm_entry(alarm, spoken)
    if as_json:
        print_json(entry.model_dump(mode="json"))
    else:
        print("\n".join(alarm_lines([entry], spoken)))


def alarm_lines(entries: Sequence[AlarmEntry], language: str) -> Iterator[str]:
    """What people read of alarms: what was found, and what can be done about those that are open."""
    for entry in entries:
        values = entry.model_dump()
        yield f"{entry.id:>5}  {entry.name}, {_TEXTS['raised'][language].format(**values)}"
        yield from _indented(entry.said)
        if entry.closed is None:
            yield from _indented(entry.remedy)
        else:
            yield from _indented(_TEXTS["closed" if entry.closed_by else "gone"][language].format(**values))


def _indented(said: str) -> Iterator[str]:
    yield from (f"       {line}" for line in wrap(said, _WIDTH - 7, break_long_words=False))
