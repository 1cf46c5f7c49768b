"""Commands about the feeds of libraries: register, change, decide."""

import getpass
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from harvesters.credentials import Credentials, basic, bearer, header
from harvesters.sru.address import is_sru
from harvesters.z3950.address import is_target
from unioncat.bootstrap import Application
from unioncat.cli.console import Progress, print_json, with_application
from unioncat.cli.harvest import caught_up, said
from unioncat.cli.options import (
    AsJson,
    Columns,
    Encoding,
    Gone,
    Most,
    Overlap,
    Pause,
    Prefix,
    Profile,
    Schedule,
    Set,
    columns_of,
)
from unioncat.core.delivery import ReadingRules, TextEncoding
from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import SourceId, parse_isil
from unioncat.core.parse.unmatched import unmatched_csv
from unioncat.core.registry import (
    NEW_SOURCE,
    Deletions,
    HarvestCounts,
    HarvestSource,
    HarvestTerms,
    Protocol,
    SourceState,
)
from unioncat.core.schedule import check_schedule

_SERVERS = (Protocol.OAI_PMH, Protocol.Z3950, Protocol.SRU)
_EVERY_FIVE_MINUTES = "*/5 * * * *"

source = typer.Typer(help="Feeds of member libraries.", no_args_is_help=True)


@source.command("add")
def add_source(
    isil: str,
    address: Annotated[
        str,
        typer.Argument(
            help="The URL of an OAI-PMH provider or a file, a Z39.50 database (z3950://host:port/database), an SRU server, a folder, "
            "or the word 'upload'."
        ),
    ],
    protocol: Annotated[
        Protocol | None, typer.Option(help="How it is delivered; guessed from the address if not stated.")
    ] = None,
    prefix: Prefix = "marc21",
    set_spec: Set = None,
    profile: Profile = None,
    encoding: Encoding = None,
    column: Columns = None,
    schedule: Schedule = None,
    overlap: Overlap = None,
    deletions: Gone = None,
    most_deletions: Most = None,
    pause: Pause = None,
    accept: Annotated[bool, typer.Option("--accept", help="Accept it without a check.")] = False,
) -> None:
    """Register a feed of a library. Nothing of it is published before it is accepted."""
    protocol = protocol or _guessed(address)
    if protocol is Protocol.FOLDER:
        address = str(Path(address).expanduser().absolute())
        schedule = schedule or _EVERY_FIVE_MINUTES
    draft = HarvestSource(
        NEW_SOURCE,
        parse_isil(isil),
        protocol,
        address,
        prefix or "marc21",
        set_spec,
        ReadingRules(profile=profile or ("default" if protocol in _SERVERS else "auto")),
        state=SourceState.ACCEPTED if accept else SourceState.PROPOSED,
    )
    draft = _changed(
        draft, None, None, None, encoding, column, schedule, overlap, deletions, most_deletions, pause
    )
    saved = with_application(lambda application: application.feeds.save(draft))
    print(f"Source {saved.id} of {saved.isil} is registered ({saved.protocol}, {saved.state})")
    print(
        f"Harvest it with: unioncat harvest {saved.id}"
        if accept
        else f"Check it with: unioncat source check {saved.id}, then: unioncat source accept {saved.id}"
    )


@source.command("set")
def change_source(
    source_id: int,
    address: Annotated[
        str | None, typer.Option(help="Its new address; records and checkpoints stay.")
    ] = None,
    prefix: Prefix = None,
    profile: Profile = None,
    encoding: Encoding = None,
    column: Columns = None,
    schedule: Schedule = None,
    overlap: Overlap = None,
    deletions: Gone = None,
    most_deletions: Most = None,
    pause: Pause = None,
) -> None:
    """Change what is set for a feed. `--schedule never` takes its schedule away."""

    async def change(application: Application) -> HarvestSource:
        now = await application.feeds.get(SourceId(source_id))
        changed = _changed(
            now,
            address,
            prefix,
            profile,
            encoding,
            column,
            schedule,
            overlap,
            deletions,
            most_deletions,
            pause,
        )
        return await application.feeds.save(changed)

    saved = with_application(change)
    print(
        f"Source {saved.id} of {saved.isil} is changed; rejected records are read again with: "
        f"unioncat source retry {saved.id}"
    )


@source.command("secret")
def set_secret(
    source_id: int,
    user: Annotated[str | None, typer.Option(help="User name; the password is asked for.")] = None,
    header_name: Annotated[
        str | None, typer.Option("--header", help="Name of a header; its value is asked for.")
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Keep none any more.")] = False,
) -> None:
    """Give the secret of a feed: a password, a header's value, or a bearer token. It is asked for, never shown."""
    secret = None if forget else _asked(user, header_name)
    with_application(lambda application: application.feeds.save_secret(SourceId(source_id), secret))
    print(f"Source {source_id} has {'no secret any more' if forget else 'its secret, encrypted'}")


@source.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """List the sources with their live and rejected records and their newest harvest."""
    views = with_application(lambda application: application.services.catalogue.sources())
    rows = [
        {
            "id": v.source.id,
            "isil": v.source.isil,
            "protocol": v.source.protocol,
            "address": v.source.address,
            "state": v.source.state,
            "schedule": v.source.terms.schedule,
            "live_records": v.live_records,
            "rejected_records": v.rejected_records,
            "last_harvest": v.last_harvest.status if v.last_harvest else None,
            "message": v.last_harvest.message if v.last_harvest else None,
        }
        for v in views
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(
            f"{row['id']:>4}  {row['isil']:<16} {row['live_records']:>9,} live {row['rejected_records']:>6,} rejected  "
            f"{row['state']:<9} {row['last_harvest'] or 'never harvested'}  {row['address']}"
            + (f"\n      {row['message']}" if row["message"] else "")
        )


@source.command("move")
def move_source(source_id: int, address: str) -> None:
    """A feed has a new address; its records and its checkpoint stay."""

    async def move(application: Application) -> HarvestSource:
        now = await application.feeds.get(SourceId(source_id))
        return await application.feeds.save(replace(now, address=address))

    with_application(move)
    print(f"Source {source_id} is now at {address}")


@source.command("retry")
def retry(source_id: int) -> None:
    """Read the rejected records of a source again."""
    print(said(caught_up(lambda application, _: application.feeds.retry(SourceId(source_id))), None))


@source.command("unmatched")
def unmatched(source_id: int) -> None:
    """Print the rows of a source's lists that came back (CSV), with the reason: mend them and send them again."""
    rows = with_application(lambda application: application.quality.rows_to_mend(SourceId(source_id)))
    sys.stdout.writelines(unmatched_csv(rows))


@source.command("audit")
def audit(source_id: int) -> None:
    """Compare the identifiers that a feed lists with what is here, and delete what is gone."""

    async def run(application: Application, _: Progress) -> HarvestCounts:
        return await application.feeds.audit(SourceId(source_id))

    print(said(caught_up(run), None))


@source.command("deletions")
def decide_deletions(
    source_id: int,
    apply: Annotated[bool, typer.Option("--apply", help="Yes: delete these records.")] = False,
    discard: Annotated[bool, typer.Option("--discard", help="No: the records stay.")] = False,
) -> None:
    """Show the deletions of a source that wait for a person, or decide about them."""

    async def decide(application: Application) -> str:
        found = await application.feeds.get(SourceId(source_id))
        if apply or discard:
            decided = await application.feeds.decide_deletions(found, delete=apply)
            await application.catch_up()
            return f"{decided} records {'are deleted' if apply else 'stay'}"
        held = await application.feeds.held(found.id)
        return "\n".join(held[1]) if held else f"No deletion of source {source_id} waits for a decision"

    if apply and discard:
        raise UnioncatError("Say either --apply or --discard")
    print(with_application(decide))


def _guessed(address: str) -> Protocol:
    if is_target(address):
        return Protocol.Z3950
    if address.startswith(("http://", "https://")):
        if is_sru(address):
            return Protocol.SRU
        ending = address.partition("?")[0].lower().removesuffix(".gz")
        is_file = ending.endswith((".mrc", ".iso", ".marc", ".xml", ".json", ".csv", ".xlsx", ".seq", ".txt"))
        return Protocol.WEB_FILE if is_file else Protocol.OAI_PMH
    return Protocol.FILE if address == "upload" else Protocol.FOLDER


def _changed(
    now: HarvestSource,
    address: str | None,
    prefix: str | None,
    profile: str | None,
    encoding: TextEncoding | None,
    column: list[str] | None,
    schedule: str | None,
    overlap: int | None,
    deletions: Deletions | None,
    most_deletions: int | None,
    pause: float | None,
) -> HarvestSource:
    """The source with what was stated; what was not stays."""
    rules, terms = now.rules, now.terms
    rules = replace(
        rules,
        profile=profile or rules.profile,
        encoding=encoding or rules.encoding,
        columns=columns_of(column) if column else rules.columns,
    )
    terms = HarvestTerms(
        _schedule(schedule) if schedule else terms.schedule,
        terms.overlap if overlap is None else overlap,
        deletions or terms.deletions,
        terms.most_deletions if most_deletions is None else most_deletions,
        terms.pause if pause is None else pause,
    )
    return replace(
        now,
        address=address or now.address,
        metadata_prefix=prefix or now.metadata_prefix,
        rules=rules,
        terms=terms,
    )


def _schedule(stated: str) -> str | None:
    return None if stated == "never" else check_schedule(stated)


def _asked(user: str | None, header_name: str | None) -> Credentials:
    """Ask for the secret on the terminal, or read it from standard input."""
    secret = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if not secret:
        raise UnioncatError("The secret is empty; type it, or pipe it into this command")
    if user:
        return basic(user, secret)
    return header(header_name, secret) if header_name else bearer(secret)
