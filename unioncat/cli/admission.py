"""Commands about membership: invitations, registrations, access keys."""

from typing import Annotated

import typer

from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson
from unioncat.core.identifiers import parse_isil
from unioncat.core.membership.admission import RegistrationStatus, Role
from unioncat.pipeline.access_keys import add_key, revoke_key
from unioncat.pipeline.admission import (
    INVITATION_DAYS,
    RegistrationView,
    approve,
    invite,
    list_registrations,
    refuse,
)
from unioncat.pipeline.libraries_port import AccessKey

commands = typer.Typer()
key = typer.Typer(help="Access keys of the operator, of curators and of libraries.", no_args_is_help=True)


@commands.command("invite")
def invite_library(
    isil: Annotated[
        str | None, typer.Argument(help="The library; without it whoever gets the token.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="To whom it goes.")] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long it lasts.")] = INVITATION_DAYS,
) -> None:
    """Invite a library to register; the token is printed once."""
    asked = parse_isil(isil) if isil else None
    invitation, token = with_application(lambda application: invite(application.store, asked, note, days))
    print(token)
    print(
        f"Invitation {invitation.id} lasts until {invitation.expires:%Y-%m-%d}; the token is not shown again"
    )


@commands.command("registrations")
def show_registrations(
    status: Annotated[
        RegistrationStatus, typer.Option(help="Only those that stand like this.")
    ] = RegistrationStatus.PENDING,
    as_json: AsJson = False,
) -> None:
    """List the registrations, and the registered libraries that they may be duplicates of."""
    views = with_application(lambda application: list_registrations(application.store, status))
    if as_json:
        print_json([_registration_json(view) for view in views])
        return
    for view in views:
        print(
            f"{view.registration.id:>5}  {view.library.isil:<16} {view.library.name}, {view.library.province or '–'}"
        )
        for group in view.duplicates:
            print(f"       {group.reason}: {', '.join(group.isils)}")


@commands.command("approve")
def approve_registration(number: int) -> None:
    """Make the library of a registration a member; its access key is printed once."""
    library, secret = with_application(lambda application: approve(application.store, number))
    print(secret)
    print(f"{library.isil} is active: {library.name}; give it the key above, it is not shown again")


@commands.command("refuse")
def refuse_registration(number: int, reason: str) -> None:
    """Refuse a registration, and say why."""
    refused = with_application(lambda application: refuse(application.store, number, reason))
    print(f"Registration {number} of {refused.isil} is refused")


@key.command("add")
def make_key(
    role: Annotated[Role, typer.Option(help="operator, curator or library.")],
    isil: Annotated[str | None, typer.Option("--library", help="The ISIL of the library.")] = None,
    note: Annotated[
        str | None, typer.Option(help="Who has it; of a curator the name under each decision.")
    ] = None,
) -> None:
    """Make an access key; it is printed once."""
    asked = parse_isil(isil) if isil else None
    made, secret = with_application(lambda application: add_key(application.store, role, asked, note))
    print(secret)
    print(f"Key {made.id} of the {made.role}{f' {made.isil}' if made.isil else ''}; it is not shown again")


@key.command("list")
def list_keys(as_json: AsJson = False) -> None:
    """List the access keys, never their secrets."""

    async def find(application: Application) -> list[AccessKey]:
        async with application.store.work() as work:
            return list(await work.keys.list())

    keys = with_application(find)
    if as_json:
        print_json([_key_json(one) for one in keys])
        return
    for one in keys:
        ended = f"revoked {one.revoked:%Y-%m-%d}" if one.revoked else "valid"
        print(f"{one.id:>5}  {one.role:<9} {one.isil or '':<16} {ended:<18} {one.note or ''}")


@key.command("revoke")
def end_key(number: int) -> None:
    """Make an access key useless."""
    ended = with_application(lambda application: revoke_key(application.store, number))
    print(f"Key {ended.id} is revoked")


def _key_json(one: AccessKey) -> dict[str, object]:
    return {
        "id": one.id,
        "role": one.role,
        "isil": one.isil,
        "note": one.note,
        "created": one.created.isoformat(),
        "revoked": one.revoked and one.revoked.isoformat(),
    }


def _registration_json(view: RegistrationView) -> dict[str, object]:
    return {
        "id": view.registration.id,
        "isil": view.library.isil,
        "name": view.library.name,
        "province": view.library.province,
        "status": view.registration.status,
        "reason": view.registration.reason,
        "duplicates": [{"isils": group.isils, "reason": group.reason} for group in view.duplicates],
    }
