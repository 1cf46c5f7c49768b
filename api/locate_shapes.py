"""Answers of the holdings lookup between the wire and our values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from api.records import record_url
from schemas.holdings import ItemEntry
from schemas.locate import (
    HoldingStatus,
    LendingPolicy,
    LocateAnswer,
    LocatedEdition,
    LocatedHoldingEntry,
    LocatedLibraryEntry,
    LocatedLineEntry,
    LocatedRecordEntry,
    RankReason,
)
from schemas.registry import LibraryName
from unioncat.core.locate.lines import KIND_NAMES, LONGEST_LINE
from unioncat.core.locate.wording import say_line, say_rank
from unioncat.pipeline.locate import LocatedHolding, LocatedLibrary, LocatedLine, LocatedRecord
from unioncat.pipeline.locate_port import FoundTitle


def locate_answer(lines: Sequence[LocatedLine], language: str) -> LocateAnswer:
    """The answers to all lines."""
    states = Counter(line.state for line in lines)
    return LocateAnswer(
        exact=states["exact"],
        several=states["several"],
        nothing=states["nothing"],
        unreadable=states["unreadable"],
        lines=[line_entry(number, line, language) for number, line in enumerate(lines, start=1)],
    )


def line_entry(number: int, line: LocatedLine, language: str) -> LocatedLineEntry:
    """The answer to one line."""
    return LocatedLineEntry.model_validate(
        {
            "number": number,
            "line": line.typed[:LONGEST_LINE],
            "kind": KIND_NAMES[type(line.asked)],
            "state": line.state,
            "reason": line.reason.code,
            "text": say_line(line.reason, language),
            "records": [_record(record, language) for record in line.records],
        }
    )


def _record(record: LocatedRecord, language: str) -> LocatedRecordEntry:
    libraries = [_library(place, one, language) for place, one in enumerate(record.libraries, start=1)]
    return LocatedRecordEntry(**dict(_edition(record.title)), libraries=libraries)


def _edition(title: FoundTitle) -> LocatedEdition:
    return LocatedEdition(
        id=title.master_id,
        title=title.title,
        responsibility=title.responsibility,
        edition=title.edition,
        year=title.year,
        url=record_url(title.master_id),
    )


def _library(place: int, one: LocatedLibrary, language: str) -> LocatedLibraryEntry:
    offer = one.ranked.offer
    return LocatedLibraryEntry(
        rank=place,
        library=LibraryName.model_validate(offer.library),
        points=one.ranked.points,
        reasons=[
            RankReason(code=reason.code, points=reason.points, text=say_rank(reason, language))
            for reason in one.ranked.reasons
        ],
        distance_km=round(offer.distance.km, 1) if offer.distance else None,
        distance_exact=offer.distance.exact if offer.distance else None,
        lending=LendingPolicy(**asdict(offer.library.lending)),
        holdings=[_holding(held) for held in one.holdings],
    )


def _holding(held: LocatedHolding) -> LocatedHoldingEntry:
    holding = held.holding
    return LocatedHoldingEntry(
        control_number=held.control_number,
        location=holding.location,
        call_number=holding.call_number,
        copies=holding.copies,
        items=[ItemEntry.model_validate(item) for item in holding.items],
        coverage=holding.coverage,
        note=holding.note,
        url=holding.url,
        status=HoldingStatus.model_validate(held.status),
        edition=_edition(held.edition) if held.edition else None,
    )
