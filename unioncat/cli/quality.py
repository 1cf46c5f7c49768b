"""Commands about the quality of feeds: look at one, accept it, pause it, close it, read its report."""

from pathlib import Path
from typing import Annotated

import typer

from harvesters.probes import probe_of_file
from schemas.quality import QualityEntry
from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.quality_text import check_lines, report_lines, said_state, texts_in
from unioncat.core.delivery import ReadingRules
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId, parse_isil
from unioncat.core.quality.verdict import Verdict
from unioncat.core.registry import NEW_SOURCE, HarvestSource, Protocol
from unioncat.pipeline.check_source import CheckReport
from unioncat.pipeline.ingest import check_profile
from unioncat.pipeline.quality_report import QualityReport
from unioncat.settings import load_settings

source = typer.Typer()

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="Number of the source.")]


@source.command("check")
def check(
    what: Annotated[str, typer.Argument(help="Number of a source, or a file.")],
    isil: Annotated[
        str | None, typer.Option("--library", help="ISIL of the library whose file it is.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Holdings profile of the file.")] = "auto",
    as_json: AsJson = False,
) -> None:
    """Look at a feed or a file before anything of it is published; no record is stored."""
    checked_profile = check_profile(profile)

    async def look(application: Application) -> CheckReport:
        desk = application.quality
        if isil is None:
            return await desk.check(_number(what))
        path = Path(what)
        rules = ReadingRules(checked_profile)
        draft = HarvestSource(NEW_SOURCE, parse_isil(isil), Protocol.FILE, what, "auto", rules=rules)
        return await desk.check_unregistered(draft, probe_of_file(path))

    report = with_application(look)
    if as_json:
        print_json(report.as_json())
        return
    language = load_settings().language
    print("\n".join(check_lines(report, language)))
    if isil is None and report.verdict is not Verdict.BAD:
        print("\n" + texts_in(language)["next"].format(number=what))


@source.command("accept")
def accept(
    source_id: Number,
    force: Annotated[bool, typer.Option("--force", help="Without a check, or although it was bad.")] = False,
) -> None:
    """Let a source be harvested and published, after a check."""
    _print_state(with_application(lambda a: a.quality.accept(SourceId(source_id), force=force)))


@source.command("pause")
def pause(source_id: Number) -> None:
    """Stop harvesting a source for a while; its records stay."""
    _print_state(with_application(lambda a: a.quality.pause(SourceId(source_id))))


@source.command("close")
def close(source_id: Number) -> None:
    """End a source for good; its records stay."""
    _print_state(with_application(lambda a: a.quality.close(SourceId(source_id))))


@source.command("quality")
def quality(source_id: Number, as_json: AsJson = False) -> None:
    """What is wrong in the records of a source, how often, and how its library mends it."""
    language = load_settings().language

    async def read(application: Application) -> QualityReport:
        return await application.quality.report(SourceId(source_id), language)

    report = with_application(read)
    if as_json:
        print_json(QualityEntry.model_validate(report).model_dump(mode="json"))
    else:
        print("\n".join(report_lines(report)))


def _number(what: str) -> SourceId:
    """The number of a source; a file needs its library."""
    if what.isdecimal():
        return SourceId(int(what))
    raise UnioncatError(
        f"'{what}' is no number of a source; to look at a file, name its library: "
        f"unioncat source check {what} --library ISIL"
    )


def _print_state(source: HarvestSource) -> None:
    print(said_state(source, load_settings().language))
