"""Commands about groups of libraries."""

from datetime import datetime
from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson
from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import parse_isil
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.pipeline import libraries as registry
from unioncat.pipeline.libraries_port import GroupView

group = typer.Typer(help="Groups of libraries.", no_args_is_help=True)

_FORMATS = ["%Y-%m-%d"]
Starts = Annotated[datetime | None, typer.Option("--from", formats=_FORMATS, help="Since when.")]
Ends = Annotated[datetime | None, typer.Option("--until", formats=_FORMATS, help="Until when.")]


@group.command("add")
def add_group(
    code: Annotated[str, typer.Argument(help="What it is called in commands and addresses: dong-bac.")],
    kind: Annotated[
        GroupType, typer.Argument(metavar="TYPE", help="geo, function, field, type or agreement.")
    ],
    name: str,
    coordinator: Annotated[str | None, typer.Option(help="ISIL of its liaison library.")] = None,
    starts: Starts = None,
    ends: Ends = None,
) -> None:
    """Add a group, or change it; its libraries stay."""
    liaison = parse_isil(coordinator) if coordinator else None
    said = LibraryGroup(
        code, kind, name, liaison, starts.date() if starts else None, ends.date() if ends else None
    )
    with_application(lambda application: registry.save_group(application.store, said))
    print(f"The group {code} is kept: {name}")


@group.command("list")
def list_groups(as_json: AsJson = False) -> None:
    """List the groups with the number of their libraries."""

    async def find(application: Application) -> list[GroupView]:
        async with application.store.work() as work:
            return list(await work.libraries.groups())

    views = with_application(find)
    if as_json:
        print_json([_json(view) for view in views])
    else:
        for view in views:
            print(f"{view.group.code:<20} {view.group.type:<10} {view.libraries:>6,}  {view.group.name}")


@group.command("join")
def join_group(code: str, isil: str, starts: Starts = None, ends: Ends = None) -> None:
    """Put a library into a group, or change the days of its membership."""
    member = GroupMember(parse_isil(isil), starts.date() if starts else None, ends.date() if ends else None)
    done = with_application(lambda application: registry.join_group(application.store, code, member))
    print(f"{done.isil} is in the group {code}")


@group.command("leave")
def leave_group(code: str, isil: str) -> None:
    """Take a library out of a group, as if it had never been in."""
    asked = parse_isil(isil)
    if not with_application(lambda application: registry.leave_group(application.store, code, asked)):
        raise UnknownEntry(f"{asked} is not in the group {code}")
    print(f"{asked} is not in the group {code} any more")


def _json(view: GroupView) -> dict[str, object]:
    known = view.group
    return {
        "code": known.code,
        "type": known.type,
        "name": known.name,
        "coordinator": known.coordinator,
        "starts": known.starts and known.starts.isoformat(),
        "ends": known.ends and known.ends.isoformat(),
        "libraries": view.libraries,
    }
