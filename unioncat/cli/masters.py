"""Commands on master records: corrections of curators, versions and their differences, what would come of a merge or split."""

import getpass
from typing import Annotated

import typer

from api.master_shapes import correction_entry, difference_entry, preview_answer, version_entry
from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.curation import read_record_name
from unioncat.cli.masters_text import (
    correction_lines,
    difference_lines,
    preview_lines,
    read_line,
    text_in,
    version_lines,
)
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.identifiers import parse_master_id
from unioncat.core.merge.difference import Difference, difference
from unioncat.pipeline import corrections as correcting
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.preview import Preview, preview_merge, preview_split
from unioncat.pipeline.versions import content_of, states_of
from unioncat.settings import load_settings

commands = typer.Typer()
preview = typer.Typer(help="What would come of a merge or a split; nothing is written.", no_args_is_help=True)

Record = Annotated[str, typer.Argument(help="Identifier of a master record.")]
Why = Annotated[str, typer.Option("--why", help="The reason, for those who come after.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; the name of the system's user otherwise.")]
_FIELD = "as 245 10 $aTitle$cAuthor, and _ for a blank indicator."


@commands.command()
def correct(
    record: Record,
    why: Why,
    old: Annotated[str | None, typer.Option("--old", help=f"The field that is wrong, {_FIELD}")] = None,
    new: Annotated[str | None, typer.Option("--new", help=f"The field that is right, {_FIELD}")] = None,
    adds: Annotated[bool, typer.Option("--add", help="Add it beside others of its tag.")] = False,
    version: Annotated[
        int | None, typer.Option(min=1, help="The version you saw: refused if it changed.")
    ] = None,
    by: By = None,
) -> None:
    """Correct a field of a master record; only --old removes it. It outlives harvests, merges and splits."""
    master, signed = parse_master_id(record), sign(by or getpass.getuser(), why)
    wish = correcting.Wish(read_line(old) if old else None, read_line(new) if new else None, adds)

    async def run(application: Application) -> int:
        number = await correcting.correct(application.store, master, wish, signed, version)
        await application.catch_up()
        return number

    print(text_in(_spoken(None), "corrected").format(number=with_application(run)))


@commands.command()
def uncorrect(number: Annotated[int, typer.Argument(min=1)], why: Why, by: By = None) -> None:
    """Withdraw a correction: the record becomes what the libraries say."""
    signed = sign(by or getpass.getuser(), why)

    async def run(application: Application) -> bool:
        done = await correcting.withdraw_correction(application.store, number, signed)
        await application.catch_up()
        return done

    name = "uncorrected" if with_application(run) else "uncorrected_before"
    print(text_in(_spoken(None), name).format(number=number))


@commands.command("corrections")
def list_corrections(record: Record, as_json: AsJson = False, language: InLanguage = None) -> None:
    """List what curators corrected in a master record, and what each correction does now."""
    master = parse_master_id(record)
    found = with_application(lambda application: correcting.corrections_of(application.store, master))
    if as_json:
        print_json([correction_entry(one).model_dump(mode="json") for one in found])
    else:
        print("\n".join(correction_lines(found, _spoken(language))))


@commands.command()
def versions(record: Record, as_json: AsJson = False, language: InLanguage = None) -> None:
    """List the states of a master record, the newest first; also of one that was merged away or has ended."""
    master = parse_master_id(record)
    found = with_application(lambda application: states_of(application.store, master))
    if as_json:
        print_json([version_entry(one).model_dump(mode="json") for one in found])
    else:
        print("\n".join(version_lines(found, _spoken(language))))


@commands.command()
def diff(
    record: Record,
    version: Annotated[int, typer.Argument(min=1, help="A version.")],
    other: Annotated[int, typer.Argument(min=1, help="Another version.")],
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """Tell what changed between two versions of a master record, field by field."""
    master = parse_master_id(record)

    async def run(application: Application) -> Difference:
        before = await content_of(application.store, master, version)
        return difference(before, await content_of(application.store, master, other))

    found = with_application(run)
    if as_json:
        print_json(difference_entry(found).model_dump(mode="json"))
    else:
        print("\n".join(difference_lines(found, _spoken(language))))


@preview.command("merge")
def show_merge(
    records: Annotated[list[str], typer.Argument(help="Identifiers of master records.")],
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """Tell what would come of merging master records, and what speaks against it."""
    masters = [parse_master_id(one) for one in records]
    found = with_application(lambda application: preview_merge(application.store, masters))
    _print_preview(found, as_json=as_json, language=_spoken(language))


@preview.command("split")
def show_split(
    record: Record,
    leave: Annotated[
        list[str], typer.Option("--leave", help="A record that leaves, as ISIL=NUMBER; repeat it.")
    ],
    as_json: AsJson = False,
    language: InLanguage = None,
) -> None:
    """Tell what would come of it if some records left a master record."""
    master, named = parse_master_id(record), [read_record_name(one) for one in leave]
    found = with_application(lambda application: preview_split(application.store, master, named))
    _print_preview(found, as_json=as_json, language=_spoken(language))


def _print_preview(found: Preview, *, as_json: bool, language: str) -> None:
    if as_json:
        print_json(preview_answer(found, language).model_dump(mode="json"))
    else:
        print("\n".join(preview_lines(found, language)))


def _spoken(language: str | None) -> str:
    return language or load_settings().language
