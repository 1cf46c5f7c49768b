"""Commands about the registry of libraries."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli import admission, availability, library_groups
from unioncat.cli.console import print_json, print_table, with_application
from unioncat.cli.library_text import library_json, print_library, print_list_report
from unioncat.cli.options import AsJson
from unioncat.core.errors import FileUnreadable, UnioncatError
from unioncat.core.identifiers import parse_isil
from unioncat.core.library import Contact, LibraryStatus, MemberLibrary
from unioncat.core.membership.events import EventKind, LibraryEvent
from unioncat.core.membership.kinds import resolve_term
from unioncat.core.membership.library_list import RowOutcome
from unioncat.core.membership.names import query_words
from unioncat.core.membership.statement import Statement
from unioncat.core.membership.units import resolve_province
from unioncat.core.membership.write_list import write_library_list
from unioncat.pipeline import libraries as registry
from unioncat.pipeline.libraries_port import LibraryQuery
from unioncat.pipeline.library_list import ListReport, import_library_list
from unioncat.pipeline.ports import LibraryView

commands = typer.Typer()
library = typer.Typer(help="The registry of libraries.", no_args_is_help=True)
commands.add_typer(library, name="library")
library.add_typer(library_groups.group, name="group")
library.add_typer(admission.commands)
library.add_typer(availability.commands)
commands.add_typer(admission.key, name="key")

_ALL = 1_000_000

Day = Annotated[
    datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="When it took effect: 2025-07-01.")
]
Document = Annotated[str | None, typer.Option(help="Number of the decision.")]
Note = Annotated[str | None, typer.Option(help="More, such as the former name.")]
Successors = Annotated[
    list[str] | None, typer.Option("--successor", help="ISIL of the library that took over; repeat it.")
]


@library.command("add")
def add_library(
    isil: str,
    name: str,
    name_en: Annotated[str | None, typer.Option(help="The name in English.")] = None,
    province: Annotated[
        str | None, typer.Option(help="Province or city: name or code, of today or before.")
    ] = None,
    commune: Annotated[str | None, typer.Option(help="Commune or ward: name or code.")] = None,
    address: Annotated[str | None, typer.Option(help="Street and number.")] = None,
    latitude: Annotated[float | None, typer.Option(help="Degrees north (WGS 84).")] = None,
    longitude: Annotated[float | None, typer.Option(help="Degrees east (WGS 84).")] = None,
    kind: Annotated[str | None, typer.Option(help="national, provincial, university, school …")] = None,
    legal_form: Annotated[str | None, typer.Option(help="public, non-public or foreign.")] = None,
    level: Annotated[str | None, typer.Option(help="central, province or commune.")] = None,
    function: Annotated[str | None, typer.Option(help="Its tasks.")] = None,
    field: Annotated[list[str] | None, typer.Option("--field", help="A subject field; repeat it.")] = None,
    governing_body: Annotated[str | None, typer.Option(help="The body that it belongs to.")] = None,
    website: Annotated[str | None, typer.Option(help="Its website.")] = None,
    contact: Annotated[
        list[str] | None, typer.Option("--contact", help="ROLE,E-MAIL,TELEPHONE; repeat it.")
    ] = None,
    lends: Annotated[bool | None, typer.Option(help="Whether it lends to other libraries.")] = None,
    copies: Annotated[bool | None, typer.Option(help="Whether it makes copies for others.")] = None,
    fee: Annotated[bool | None, typer.Option(help="Whether it takes a fee for these.")] = None,
    lending_policy: Annotated[str | None, typer.Option(help="Its rules for lending.")] = None,
    rank: Annotated[
        int | None,
        typer.Option(
            min=0, max=9999, help="Smaller is preferred where records are equally good; 100 if not stated."
        ),
    ] = None,
    confirmed: Annotated[
        bool | None, typer.Option(help="Whether a national ISIL agency has given the ISIL.")
    ] = None,
) -> None:
    """Register a library under its ISIL, or change what is stated of it; what is not stated stays."""
    said = Statement(
        name,
        name_en,
        province,
        commune,
        address,
        latitude,
        longitude,
        kind,
        rank,
        confirmed,
        legal_form,
        level,
        function,
        tuple(field) if field else None,
        governing_body,
        website,
        tuple(map(_contact, contact)) if contact else None,
        lends,
        copies,
        fee,
        lending_policy,
    )

    async def save(application: Application) -> MemberLibrary:
        saved = await registry.save_library(application.store, parse_isil(isil), said)
        await application.catch_up()
        return saved

    saved = with_application(save)
    print(f"{saved.isil} is registered: {saved.name}" + (" (provisional code)" if saved.provisional else ""))


@library.command("show")
def show_library(isil: str, as_json: AsJson = False) -> None:
    """Show all that is known of a library, with its contacts, events and groups."""
    detail = with_application(lambda application: registry.show_library(application.store, parse_isil(isil)))
    if as_json:
        print_json(library_json(detail))
    else:
        print_library(detail)


@library.command("list")
def list_libraries(
    words: Annotated[str, typer.Option("--words", help="Words of names and places, or beginnings.")] = "",
    province: Annotated[
        str | None, typer.Option(help="Province or city: name or code, of today or before.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="national, provincial, university, school …")] = None,
    group: Annotated[str | None, typer.Option(help="Code of a group.")] = None,
    status: Annotated[LibraryStatus | None, typer.Option(help="How it stands.")] = None,
    as_json: AsJson = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a CSV file that can be imported again.")
    ] = False,
) -> None:
    """List the libraries by name with their live records."""
    query = LibraryQuery(
        tuple(query_words(words)),
        resolve_province(province).code if province else None,
        resolve_term("kind", kind) if kind else None,
        group,
        status,
    )

    async def find(application: Application) -> list[LibraryView]:
        async with application.store.work() as work:
            if group:
                await work.libraries.group(group)
            return list(await work.libraries.find(query, _ALL))

    views = with_application(find)
    if as_csv:
        sys.stdout.buffer.write(write_library_list(view.library for view in views))
    elif as_json:
        print_json([_short_json(view) for view in views])
    else:
        print_table((view.library.isil, f"{view.live_records:>9,}  {view.library.name}") for view in views)


@library.command("import")
def import_list(
    path: Annotated[Path, typer.Argument(help="A CSV file (UTF-8) with headings in Vietnamese or English.")],
) -> None:
    """Import a list of libraries: add the new ones, change the known ones; what a row does not state stays."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"The list {path} cannot be read: {error.strerror}") from error

    async def run(application: Application) -> ListReport:
        report = await import_library_list(application.store, content)
        if report.count(RowOutcome.CHANGED):
            await application.catch_up()
        return report

    print_list_report(with_application(run))


@library.command("event")
def add_event(
    isil: str,
    kind: Annotated[EventKind, typer.Argument(help="founded, renamed, merged-into, split-into or closed.")],
    day: Day,
    document: Document = None,
    note: Note = None,
    successor: Successors = None,
) -> None:
    """Record what happened to a library; one that merged, split or closed is closed from then on."""
    event = LibraryEvent(
        parse_isil(isil), kind, day.date(), document, note, tuple(map(parse_isil, successor or ()))
    )
    _record(event)


@library.command("close")
def close_library(
    isil: str, day: Day, document: Document = None, note: Note = None, successor: Successors = None
) -> None:
    """Close a library, with the one that took over if there is one; its records stay until its feeds are closed."""
    _record(
        LibraryEvent(
            parse_isil(isil),
            EventKind.CLOSED,
            day.date(),
            document,
            note,
            tuple(map(parse_isil, successor or ())),
        )
    )


@library.command("duplicates")
def show_duplicates(as_json: AsJson = False) -> None:
    """List libraries that may be one and the same."""
    groups = with_application(lambda application: registry.list_duplicates(application.store))
    if as_json:
        print_json([{"isils": group.isils, "reason": group.reason} for group in groups])
    else:
        for group in groups:
            print(f"{group.reason}: {', '.join(group.isils)}")
        print(f"{len(groups):,} groups of libraries may be one each")


def _record(event: LibraryEvent) -> None:
    done = with_application(lambda application: registry.record_event(application.store, event))
    after = f" → {', '.join(done.successors)}" if done.successors else ""
    print(f"{done.isil}: {done.kind} on {_said(done.day)}{after}")


def _said(day: date) -> str:
    return day.isoformat()


def _short_json(view: LibraryView) -> dict[str, object]:
    known = view.library
    return {
        "isil": known.isil,
        "name": known.name,
        "province": known.province,
        "kind": known.kind,
        "status": known.status,
        "provisional": known.provisional,
        "live_records": view.live_records,
    }


def _contact(stated: str) -> Contact:
    role, email, phone = [part.strip() or None for part in (*stated.split(","), "", "")[:3]]
    if role is None or not (email or phone):
        raise UnioncatError(
            f"--contact {stated} is not ROLE,E-MAIL,TELEPHONE, such as 'Nghiệp vụ,thuvien@example.org'"
        )
    return Contact(role, email, phone)
