"""The command about targets of Z39.50 and SRU."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

import typer

from api.target_shapes import target_detail
from schemas.targets import TargetDetail
from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.identifiers import SourceId
from unioncat.core.quality.verdict import reason
from unioncat.core.target import AskedSyntax, TargetTerms, read_hours
from unioncat.pipeline.target_desk import TargetView, change_target, show_target
from unioncat.settings import load_settings

source = typer.Typer()

_ANY, _ALWAYS = "any", "always"
_TEXTS = {
    "unknown": {
        "vi": "Chưa thăm dò; thăm dò bằng: unioncat source check {source}",
        "en": "Not probed yet; probe it with: unioncat source check {source}",
    },
    "known": {
        "vi": "Thăm dò {probed:.10}: {strategy}{whole} ({reason})",
        "en": "Probed {probed:.10}: {strategy}{whole} ({reason})",
    },
    "whole": {"vi": ", toàn bộ theo {by}", "en": ", everything by {by}"},
    "terms": {
        "vi": "Cú pháp: {syntax}; giờ: {hours}; mỗi lần: {most}; chờ {timeout} giây; đọc lại toàn bộ sau {days} ngày",
        "en": "Syntax: {syntax}; hours: {hours}; per run: {most}; time-out {timeout} s; all again after {days} days",
    },
    "any": {"vi": "tự chọn", "en": "any"},
    "always": {"vi": "mọi lúc", "en": "always"},
    "all": {"vi": "tất cả", "en": "all"},
    "proof": {
        "vi": "Lần thu thập {run}: {parts:,} phần, {hits:,} kết quả, thiếu {missing:,}",
        "en": "Harvest {run}: {parts:,} parts, {hits:,} hits, {missing:,} missing",
    },
    "part": {
        "vi": "  {name}: {hits:,} kết quả, {live:,} biểu ghi, {deleted:,} xóa, {rejected:,} bị từ chối",
        "en": "  {name}: {hits:,} hits, {live:,} live, {deleted:,} deleted, {rejected:,} rejected",
    },
}


@source.command("target")
def target(
    source_id: Annotated[int, typer.Argument(min=1, help="Number of the source.")],
    syntax: Annotated[
        Literal["any", "usmarc", "unimarc", "xml", "opac"] | None,
        typer.Option(help="Record syntax; 'any' leaves it to the probe."),
    ] = None,
    charset: Annotated[str | None, typer.Option(help="Of terms, where UTF-8 is not agreed on.")] = None,
    timeout: Annotated[
        int | None, typer.Option(min=1, max=3600, help="Seconds to wait for an answer.")
    ] = None,
    hours: Annotated[
        str | None, typer.Option(help="When it may be asked, such as 22-6; 'always' for all hours.")
    ] = None,
    most_records: Annotated[int | None, typer.Option(min=0, help="Records in one run; 0: all.")] = None,
    whole_every: Annotated[
        int | None, typer.Option(min=1, help="Days after which everything is read again.")
    ] = None,
    connections: Annotated[
        int | None, typer.Option(min=1, max=8, help="Connections at a time; a licence may allow one only.")
    ] = None,
    every_part: Annotated[bool, typer.Option("--parts", help="Show every part.")] = False,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """Show a Z39.50 or SRU target, with the proof of its newest harvest, or set how it is treated."""
    plain = {"charset": charset, "timeout": timeout, "whole_every": whole_every, "connections": connections}
    wanted: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
    if syntax:
        wanted["syntax"] = None if syntax == _ANY else AskedSyntax(syntax)
    if hours:
        wanted["hours"] = None if hours == _ALWAYS else read_hours(hours)
    if most_records is not None:
        wanted["most_records"] = most_records or None

    async def run(application: Application) -> TargetView:
        number = SourceId(source_id)
        if wanted:
            now: TargetTerms = (await show_target(application.store, number)).terms
            await change_target(application.store, number, replace(now, **wanted))
        return await show_target(application.store, number)

    found = target_detail(with_application(run))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        spoken = language or load_settings().language
        print("\n".join(_lines(found, source_id, spoken, every_part=every_part)))


def _lines(found: TargetDetail, source_id: int, language: str, *, every_part: bool) -> Iterator[str]:
    texts = {name: said[language] for name, said in _TEXTS.items()}
    whole = texts["whole"].format(by=found.whole_by) if found.whole_by else ""
    yield (
        texts["known"].format(
            probed=found.probed, strategy=found.strategy, whole=whole, reason=_why(found.strategy, language)
        )
        if found.probed
        else texts["unknown"].format(source=source_id)
    )
    yield texts["terms"].format(
        syntax=found.terms.syntax or texts["any"],
        hours=found.terms.hours or texts["always"],
        most=found.terms.most_records or texts["all"],
        timeout=found.terms.timeout,
        days=found.terms.whole_every,
    )
    if found.run is None:
        return
    hits, missing = sum(part.hits for part in found.parts), sum(part.missing for part in found.parts)
    yield texts["proof"].format(run=found.run, parts=len(found.parts), hits=hits, missing=missing)
    for part in found.parts:
        if every_part or part.missing:
            yield texts["part"].format(**part.model_dump())


def _why(strategy: str | None, language: str) -> str:
    """The reason of a strategy, as `source check` says it."""
    said = reason(f"target-{strategy}")
    return (said.vi if language == "vi" else said.en).rstrip(".")
