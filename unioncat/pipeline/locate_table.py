"""Answers of the holdings lookup as a table for spreadsheets: one row for each holding.

A line without holdings has one row all the same, so that no line is lost. The byte order mark tells spreadsheet
programs that the text is UTF-8; a cell that they would take for a formula begins with an apostrophe.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import Any

from unioncat.core.locate.wording import say_line, say_rank
from unioncat.core.spreadsheet import BOM, table_line
from unioncat.pipeline.locate import LocatedHolding, LocatedLibrary, LocatedLine, LocatedRecord, StatedStatus


def locate_csv(lines: Sequence[LocatedLine], language: str) -> str:
    """The table as CSV (RFC 4180), headed in the language."""
    rows = (row for number, line in enumerate(lines, start=1) for row in _rows(number, line, language))
    flat = ([" ".join(str("" if cell is None else cell).splitlines()) for cell in row] for row in rows)
    return BOM + "".join(map(table_line, (_words()[language], *flat)))


def _rows(number: int, line: LocatedLine, language: str) -> Iterator[Sequence[object]]:
    state = _words()["state"][line.state][language]
    begin = (number, line.typed[:1000], state, say_line(line.reason, language))
    width = len(_words()[language])
    for record in line.records:
        title = record.title
        about = (title.master_id, title.title, title.responsibility, title.edition, title.year)
        for row in _holding_rows(record, language) or [()]:
            yield (*begin, *about, *row, *[""] * (width - len(begin) - len(about) - len(row)))
    if not line.records:
        yield (*begin, *[""] * (width - len(begin)))


def _holding_rows(record: LocatedRecord, language: str) -> list[tuple[object, ...]]:
    return [
        _holding_row(place, library, held, language)
        for place, library in enumerate(record.libraries, start=1)
        for held in library.holdings
    ]


def _holding_row(
    place: int, library: LocatedLibrary, held: LocatedHolding, language: str
) -> tuple[object, ...]:
    offer, holding, status = library.ranked.offer, held.holding, held.status
    return (
        place,
        offer.library.isil,
        offer.library.name,
        offer.library.province,
        f"{offer.distance.km:.0f}" if offer.distance else None,
        holding.location,
        holding.call_number,
        holding.copies,
        _status(status, language),
        f"{status.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        offer.library.lending.policy,
        holding.url,
        "; ".join(say_rank(reason, language) for reason in library.ranked.reasons),
        held.control_number,
    )


def _status(status: StatedStatus, language: str) -> str:
    """Whether it can be had, with what the library says to it."""
    known: str = _words()["availability"][status.availability][language]
    more = f"{_words()['back']['word'][language]} {status.back}" if status.back else status.said
    return f"{known} ({more})" if more else known


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("locate_table.toml").read_text("utf-8"))
