"""Commands about placeholders of a source, and about reading its records again."""

import getpass
from collections.abc import Iterator
from typing import Annotated

import typer

from api.placeholder_shapes import placeholder_list
from schemas.placeholders import PlaceholderList
from unioncat.bootstrap import Application
from unioncat.cli.console import Progress, print_json, with_application
from unioncat.cli.harvest import caught_up
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId
from unioncat.core.registry import HarvestCounts
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.placeholders import change_placeholders, chosen, show_placeholders
from unioncat.settings import load_settings

source = typer.Typer()

Values = Annotated[
    list[str] | None, typer.Option(help="A value as it is listed, such as isbn:9786046400455; repeatable.")
]

_TEXTS = {
    "suspected": {
        "vi": "Nghi là giá trị thay chỗ (nhiều biểu ghi dùng chung, nhan đề không liên quan):",
        "en": "Suspected (shared by many records whose titles are unrelated):",
    },
    "accepted": {
        "vi": "Đã nhận là giá trị thay chỗ, không dùng làm bằng chứng:",
        "en": "Accepted, and no evidence any more:",
    },
    "none": {
        "vi": "Nguồn {source} không có giá trị nào đáng nghi.",
        "en": "Nothing of source {source} is suspected or accepted.",
    },
    "records": {"vi": "{records:,} biểu ghi: {titles}", "en": "{records:,} records: {titles}"},
    "by": {"vi": "{who}, {since:.10}: {why}", "en": "{who}, {since:.10}: {why}"},
    "next": {
        "vi": "Nhận bằng: unioncat source placeholders {source} --accept GIÁ-TRỊ --why …",
        "en": "Accept with: unioncat source placeholders {source} --accept VALUE --why …",
    },
    "reread": {
        "vi": "{delivered:,} biểu ghi được đọc lại, {updated:,} thay đổi",
        "en": "{delivered:,} records read again, {updated:,} changed",
    },
}


@source.command("placeholders")
def placeholders(
    source_id: Annotated[int, typer.Argument(min=1, help="Number of the source.")],
    accept: Values = None,
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Accept all that is suspected.")] = False,
    remove: Values = None,
    why: Annotated[str | None, typer.Option("--why", help="The reason, for those who come after.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Who decides; the name of the system's user otherwise.")
    ] = None,
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """Values that a source writes where it knows nothing: list them, accept them, take them back.

    What is accepted is no evidence for the matcher; the source's records are read again at once.
    """
    spoken = language or load_settings().language
    number = SourceId(source_id)
    if accept or accept_all or remove:
        if not why:
            raise UnioncatError("A decision needs its reason: --why …")
        signed = sign(by or getpass.getuser(), why)

        async def decide(application: Application, _: Progress) -> HarvestCounts:
            now = await show_placeholders(application.store, number)
            suspected = [one.placeholder for one in now.suspected]
            accepted = [one.placeholder for one in now.accepted]
            changed = await change_placeholders(
                application.store,
                number,
                accept=suspected if accept_all else chosen(accept or (), suspected),
                remove=chosen(remove or (), accepted),
                signed=signed,
            )
            return await application.feeds.reread(number) if changed else HarvestCounts()

        _print_counts(caught_up(decide), spoken)
    found = placeholder_list(with_application(lambda a: show_placeholders(a.store, number)))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print("\n".join(_lines(found, source_id, spoken)))


@source.command("reread")
def reread(
    source_id: Annotated[int | None, typer.Argument(min=1, help="Number of the source.")] = None,
    every: Annotated[bool, typer.Option("--all", help="The records of all sources.")] = False,
    language: InLanguage = None,
) -> None:
    """Read stored records again: after a change of profile or encoding, or a new version of unioncat."""
    if (source_id is None) != every:
        raise UnioncatError("Say the number of a source, or --all")

    async def run(application: Application, _: Progress) -> HarvestCounts:
        if source_id is not None:
            return await application.feeds.reread(SourceId(source_id))
        counts = HarvestCounts()
        for one in await application.feeds.all():
            counts += await application.feeds.reread(one.id)
        return counts

    _print_counts(caught_up(run), language or load_settings().language)


def _print_counts(counts: HarvestCounts, language: str) -> None:
    print(_TEXTS["reread"][language].format(delivered=counts.delivered, updated=counts.updated))


def _lines(found: PlaceholderList, source_id: int, language: str) -> Iterator[str]:
    texts = {name: said[language] for name, said in _TEXTS.items()}
    if not found.suspected and not found.accepted:
        yield texts["none"].format(source=source_id)
    if found.suspected:
        yield texts["suspected"]
    for one in found.suspected:
        titles = "; ".join(one.titles)
        yield f"  {one.shown:<32} {texts['records'].format(records=one.records, titles=titles)}"
    if found.accepted:
        yield texts["accepted"]
    for kept in found.accepted:
        yield f"  {kept.shown:<32} {texts['by'].format(who=kept.who, why=kept.why, since=kept.since)}"
    if found.suspected:
        yield texts["next"].format(source=source_id)
