"""Which library has it: the lookup for inter-library loan."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from api.editions import Editions, HeldCopy, copies_of
from api.problems import (
    GONE,
    INVALID_PARAMETER,
    NOT_REGISTERED,
    TYPING_ERROR,
    UNAVAILABLE,
    UNKNOWN_RECORD,
    ApiProblem,
    documented,
)
from api.records import describe, find_record, record_url, related_record
from api.state import Libraries, UsedLibraries, UsedServices
from api.v1.records import MOVED, RecordId
from schemas.holdings import HoldingEntry, HoldingsAnswer, ItemEntry, RecordHoldings
from schemas.registry import LibraryName
from unioncat.core.identifiers import ControlNumber, Isil, MasterId, parse_isil
from unioncat.core.normalise.isbn import read_isbn
from unioncat.core.normalise.issn import read_issn
from unioncat.pipeline.ports import Catalogue

router = APIRouter(tags=["holdings"])

_MOST_RECORDS = 50

EditionsParameter = Annotated[
    Editions,
    Query(
        description="`any` adds the holdings of the other editions of the same text, each marked with its edition.",
        examples=["any"],
    ),
]
IsilParameter = Annotated[str | None, Query(description="A library (ISIL).", examples=["VN-TVQG"])]


@router.get(
    "/records/{record_id}/holdings",
    summary="The holdings of one master record",
    response_description="Its holdings, by library and location.",
    responses={
        **MOVED,
        **documented(INVALID_PARAMETER, TYPING_ERROR, UNKNOWN_RECORD, GONE, UNAVAILABLE),
    },
)
async def read_holdings(
    record_id: RecordId, services: UsedServices, editions: EditionsParameter = Editions.THIS
) -> RecordHoldings:
    """Which libraries have it, where, under which call number, in how many copies."""
    record = await find_record(services.catalogue, record_id)
    copies = await copies_of(services.catalogue, record.master_id, editions)
    return _holdings_of(record.master_id, describe(record, ()).title, copies)


@router.get(
    "/holdings",
    summary="Look up holdings by number",
    response_description="The master records with this number and their holdings.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def look_up(
    services: UsedServices,
    libraries: UsedLibraries,
    isbn: Annotated[
        str | None,
        Query(description="An ISBN of ten or thirteen digits, in any form.", examples=["978-604-01-0001-6"]),
    ] = None,
    issn: Annotated[str | None, Query(description="An ISSN.", examples=["0866-7373"])] = None,
    isil: IsilParameter = None,
    control_number: Annotated[
        str | None,
        Query(description="What the library `isil` calls its record (MARC 001).", examples=["QG000017"]),
    ] = None,
    editions: EditionsParameter = Editions.THIS,
) -> HoldingsAnswer:
    """Ask with exactly one of `isbn`, `issn`, or `isil` together with `control_number`.

    A number that nobody has gives an empty list.
    """
    catalogue = services.catalogue
    match isbn, issn, isil, control_number:
        case str(), None, None, None:
            found = await catalogue.masters_by_isbn(_checked("ISBN", isbn, read_isbn(isbn).isbn13))
        case None, str(), None, None:
            found = await catalogue.masters_by_issn(_checked("ISSN", issn, read_issn(issn)))
        case None, None, str(), str():
            found = await _by_control_number(catalogue, await registered(isil, libraries), control_number)
        case _:
            raise ApiProblem(
                INVALID_PARAMETER, "Give exactly one of isbn, issn, or isil together with control_number"
            )
    shown = found[:_MOST_RECORDS]
    titles = await catalogue.titles(shown)
    return HoldingsAnswer(
        total=len(found),
        records=[
            _holdings_of(
                master_id, titles.get(master_id, ""), await copies_of(catalogue, master_id, editions)
            )
            for master_id in shown
        ],
    )


async def registered(typed: str, libraries: Libraries) -> Isil:
    """The ISIL of a registered library; raises InvalidIdentifier or ApiProblem."""
    isil = parse_isil(typed)
    if isil not in await libraries.all():
        raise ApiProblem(NOT_REGISTERED, f"No library is registered as '{isil}': see /api/v1/libraries")
    return isil


def _checked(kind: str, typed: str, read: str | None) -> str:
    if read is None:
        raise ApiProblem(INVALID_PARAMETER, f"'{typed[:40]}' is not a valid {kind}: check its digits")
    return read


async def _by_control_number(catalogue: Catalogue, isil: Isil, typed: str) -> Sequence[MasterId]:
    if not typed.isprintable():
        raise ApiProblem(INVALID_PARAMETER, "control_number has signs that cannot be printed")
    found = await catalogue.master_of(isil, ControlNumber(typed))
    return [found] if found else []


def _holdings_of(master_id: MasterId, title: str, copies: Sequence[HeldCopy]) -> RecordHoldings:
    return RecordHoldings(
        id=master_id, title=title, url=record_url(master_id), holdings=[_entry(copy) for copy in copies]
    )


def _entry(copy: HeldCopy) -> HoldingEntry:
    view, holding = copy.view, copy.view.holding
    return HoldingEntry(
        library=LibraryName.model_validate(view.library),
        control_number=view.control_number,
        location=holding.location,
        call_number=holding.call_number,
        copies=holding.copies,
        items=[ItemEntry.model_validate(item) for item in holding.items],
        coverage=holding.coverage,
        note=holding.note,
        url=holding.url,
        edition=related_record(copy.edition) if copy.edition else None,
    )
