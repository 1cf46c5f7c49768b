"""The command that locates a list of publications for inter-library loan."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.locate_shapes import locate_answer
from unioncat.bootstrap import Application
from unioncat.cli.console import print_json, with_application
from unioncat.cli.options import AsJson, InLanguage
from unioncat.core.errors import FileUnreadable, UnioncatError
from unioncat.core.identifiers import parse_isil
from unioncat.core.library import Position
from unioncat.core.locate.distance import Origin
from unioncat.core.locate.lines import MOST_LINES
from unioncat.core.locate.wording import say_line, say_rank
from unioncat.core.membership.units import resolve_province
from unioncat.pipeline.locate import LocatedLibrary, LocatedLine, Question, locate
from unioncat.pipeline.locate_table import locate_csv
from unioncat.settings import load_settings

commands = typer.Typer()


@commands.command("locate")
def locate_list(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE|-", help="A text file, one publication a line; - reads standard input."),
    ],
    asking: Annotated[str | None, typer.Option(help="ISIL of the library that asks.")] = None,
    province: Annotated[
        str | None, typer.Option(help="Tell distances from the middle of this province, old or new name.")
    ] = None,
    near: Annotated[
        str | None, typer.Option(metavar="LAT,LON", help="Tell distances from this point.")
    ] = None,
    any_edition: Annotated[
        bool, typer.Option("--any-edition", help="Other editions of the text will do.")
    ] = False,
    live: Annotated[bool, typer.Option(help="Ask libraries what can be had now.")] = True,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for spreadsheets.")] = False,
    language: InLanguage = None,
) -> None:
    """Who has each publication of a list, and whom to ask first: by agreement, group, status, distance and load.

    A line is an ISBN or ISSN in any form, a control number as (VN-TVQG)QG000017, a master identifier, or a citation.
    """
    spoken = language or load_settings().language
    question = Question(
        _lines(file),
        datetime.now(UTC).date(),
        parse_isil(asking) if asking else None,
        _origin(near, province),
        any_edition,
    )

    async def run(application: Application) -> list[LocatedLine]:
        services = application.services
        return list(await locate(question, services.store, services.search, services.live if live else None))

    answers = with_application(run)
    if as_json:
        print_json(locate_answer(answers, spoken).model_dump(mode="json"))
    elif as_csv:
        sys.stdout.write(locate_csv(answers, spoken))
    else:
        for number, line in enumerate(answers, start=1):
            _print(number, line, spoken)


def _origin(near: str | None, province: str | None) -> Origin | None:
    """From where distances are told; raises UnioncatError."""
    if near is None:
        return Origin(resolve_province(province).position, exact=False) if province else None
    try:
        latitude, longitude = map(float, near.split(","))
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError("not on the earth")
    except ValueError:
        raise UnioncatError(
            f"--near {near} is no point; write degrees north and east, such as 21.03,105.85"
        ) from None
    return Origin(Position(latitude, longitude))


def _lines(file: str) -> tuple[str, ...]:
    """The lines of a file that are not empty; raises FileUnreadable, UnioncatError."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"{file} cannot be read as a text in UTF-8: {error}") from error
    lines = tuple(line for line in text.splitlines() if line.strip())
    if not 0 < len(lines) <= MOST_LINES:
        raise UnioncatError(f"{file} has {len(lines)} lines; write 1 to {MOST_LINES}, one publication a line")
    return lines


def _print(number: int, line: LocatedLine, language: str) -> None:
    print(f"{number}. {line.typed.strip()[:100]}\n   {say_line(line.reason, language)}")
    for record in line.records:
        about = (record.title.responsibility, record.title.edition, str(record.title.year or ""))
        print(f"   {record.title.master_id}  {record.title.title} ({', '.join(filter(None, about))})")
        for place, library in enumerate(record.libraries, start=1):
            _print_library(place, library, language)


def _print_library(place: int, library: LocatedLibrary, language: str) -> None:
    offer = library.ranked.offer
    reasons = "; ".join(f"{say_rank(one, language)} {one.points:+d}" for one in library.ranked.reasons)
    print(f"     {place}) {offer.library.isil}  {offer.library.name}: {library.ranked.points} ({reasons})")
    for held in library.holdings:
        where = (held.holding.location, held.holding.call_number, held.holding.url)
        print(f"        {', '.join(filter(None, where)) or '-'} × {held.holding.copies}")
