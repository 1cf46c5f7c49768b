"""The page of a master record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.editions import Editions, HeldCopy, copies_with
from api.pages.page import render
from api.records import LiveRecord, describe, find_record
from api.state import UsedLibraries, UsedServices, library_of
from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.library import MemberLibrary
from unioncat.core.marc import ControlField, MarcField
from unioncat.core.match.relation import Relation
from unioncat.core.normalise.volumes import split_numbers
from unioncat.pipeline.related_port import RelatedView

router = APIRouter()

_MOST_FIELDS = 50
_LONGEST_FIELD = 160
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Source:
    """A field in short, the library whose wording it is, and how many other records state it."""

    tag: str
    wording: str
    library: MemberLibrary
    control_number: ControlNumber
    others: int


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs to the record in one way: the records shown at once, and those shown on demand."""

    kind: Relation
    shown: Sequence[RelatedView]
    more: Sequence[RelatedView]
    numbers: Mapping[MasterId, str]
    """The numbers of those volumes whose titles do not tell them."""


@router.api_route("/records/{record_id}", methods=["GET", "HEAD"])
async def record_page(
    record_id: str,
    request: Request,
    services: UsedServices,
    libraries: UsedLibraries,
    editions: Annotated[Editions, Query()] = Editions.THIS,
) -> Response:
    """A record, who has it or any edition of it, what belongs to it, and where its fields come from."""
    record = await find_record(services.catalogue, record_id)
    related = await services.catalogue.related(record.master_id)
    others = sum(view.kind is Relation.OTHER_EDITION for view in related)
    copies = await copies_with(
        services.catalogue, record.master_id, related if editions is Editions.ANY else ()
    )
    return render(
        request,
        "record.html",
        record=describe(record, [copy.view for copy in copies if not copy.edition]),
        address=f"{request.base_url}records/{record.master_id}",
        held=_by_library(copies),
        other_editions=others,
        any_edition=bool(others) and editions is Editions.ANY,
        related=_groups(related),
        sources=list(_sources(record, await libraries.all())),
        more_fields=len(record.content.fields) > _MOST_FIELDS,
    )


def _by_library(copies: Sequence[HeldCopy]) -> list[tuple[MemberLibrary, list[HeldCopy]]]:
    """The libraries that have the record itself, then those that have other editions only."""
    held: dict[Isil, list[HeldCopy]] = {}
    for copy in copies:
        held.setdefault(copy.view.library.isil, []).append(copy)
    return [(of_library[0].view.library, of_library) for of_library in held.values()]


def _groups(related: Sequence[RelatedView]) -> list[Group]:
    groups = [(kind, list(views)) for kind, views in groupby(related, key=lambda view: view.kind)]
    return [Group(kind, views[:_SHOWN], views[_SHOWN:], _numbers(views)) for kind, views in groups]


def _numbers(views: Sequence[RelatedView]) -> dict[MasterId, str]:
    unnamed = [view for view in views if view.volume and not split_numbers(view.title)[1]]
    return {view.master_id: ".".join(map(str, view.volume)) for view in unnamed}


def _sources(record: LiveRecord, known: Mapping[Isil, MemberLibrary]) -> Iterator[Source]:
    for merged in record.content.fields[:_MOST_FIELDS]:
        first, *others = merged.provenance.contributors
        library = library_of(known, first.isil)
        yield Source(merged.field.tag, _wording(merged.field), library, first.control_number, len(others))


def _wording(field: MarcField) -> str:
    if isinstance(field, ControlField):
        return field.value[:_LONGEST_FIELD]
    words = " ".join(value for code, value in field.subfields if code != "6")
    return words if len(words) <= _LONGEST_FIELD else words[:_LONGEST_FIELD] + "…"
