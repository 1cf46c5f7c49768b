"""The page of a master record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.page import render
from api.records import LiveRecord, describe, find_record
from api.state import UsedLibraries, UsedServices, library_of
from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.library import MemberLibrary
from unioncat.core.marc import ControlField, MarcField
from unioncat.pipeline.ports import HoldingView, LibraryView

router = APIRouter()

_MOST_FIELDS = 50
_LONGEST_FIELD = 160


@dataclass(frozen=True, slots=True)
class Source:
    """A field in short, the library whose wording it is, and how many other records state it."""

    tag: str
    wording: str
    library: MemberLibrary
    control_number: ControlNumber
    others: int


@router.api_route("/records/{record_id}", methods=["GET", "HEAD"])
async def record_page(
    record_id: str, request: Request, services: UsedServices, libraries: UsedLibraries
) -> Response:
    """A record, who has it, and where its fields come from."""
    record = await find_record(services.catalogue, record_id)
    held = await services.catalogue.holdings(record.master_id)
    return render(
        request,
        "record.html",
        record=describe(record, held),
        address=f"{request.base_url}records/{record.master_id}",
        held=_by_library(held),
        sources=list(_sources(record, await libraries.all())),
        more_fields=len(record.content.fields) > _MOST_FIELDS,
    )


def _by_library(held: Sequence[HoldingView]) -> list[tuple[MemberLibrary, list[HoldingView]]]:
    return [(library, list(views)) for library, views in groupby(held, key=lambda view: view.library)]


def _sources(record: LiveRecord, known: Mapping[Isil, LibraryView]) -> Iterator[Source]:
    for merged in record.content.fields[:_MOST_FIELDS]:
        first, *others = merged.provenance.contributors
        library = library_of(known, first.isil)
        yield Source(merged.field.tag, _wording(merged.field), library, first.control_number, len(others))


def _wording(field: MarcField) -> str:
    if isinstance(field, ControlField):
        return field.value[:_LONGEST_FIELD]
    words = " ".join(value for code, value in field.subfields if code != "6")
    return words if len(words) <= _LONGEST_FIELD else words[:_LONGEST_FIELD] + "…"
