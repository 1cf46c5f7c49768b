"""Master records, in three formats."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from api.problems import (
    GONE,
    INVALID_PARAMETER,
    NOT_ACCEPTABLE,
    TYPING_ERROR,
    UNAVAILABLE,
    UNKNOWN_RECORD,
    ApiProblem,
    documented,
)
from api.records import LiveRecord, describe, find_record, record_url, summarised
from api.state import Libraries, UsedLibraries, UsedServices, library_of
from api.v1.negotiation import MEDIA_TYPES, RecordForm, choose_form
from schemas.record import ContributorEntry, ProvenanceEntry, RecordAnswer
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.core.merge.master import Provenance
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.pipeline.ports import HoldingView

router = APIRouter(tags=["records"])

RecordId = Annotated[
    str,
    Path(
        description="Permanent identifier of a master record; its last character finds typing errors.",
        examples=["u0000kh"],
    ),
]

AskedForm = Annotated[
    RecordForm | None,
    Query(
        alias="format",
        description="The format; without it the Accept header decides, and else it is JSON.",
        examples=["marcxml"],
    ),
]

MOVED: dict[int | str, dict[str, Any]] = {
    308: {
        "description": "The record was merged into another, which Location names.",
        "headers": {"Location": {"description": "The other record.", "schema": {"type": "string"}}},
    }
}

RECORD_CONTENT = {
    MEDIA_TYPES[RecordForm.MARCXML]: {
        "schema": {"type": "string"},
        "example": '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        '<controlfield tag="001">u0000kh</controlfield></record>',
    },
    MEDIA_TYPES[RecordForm.MARC]: {
        "schema": {"type": "string", "format": "binary"},
        "example": "00046nam a2200037 a 4500001000800000\x1eu0000kh\x1e\x1d",
    },
}


@router.get(
    "/records/{record_id}",
    summary="One master record",
    response_model=RecordAnswer,
    response_description="The record in the format that was asked for.",
    responses={
        200: {"content": RECORD_CONTENT},
        **MOVED,
        **documented(INVALID_PARAMETER, TYPING_ERROR, UNKNOWN_RECORD, NOT_ACCEPTABLE, GONE, UNAVAILABLE),
    },
)
async def read_record(
    record_id: RecordId,
    request: Request,
    services: UsedServices,
    libraries: UsedLibraries,
    form: AskedForm = None,
) -> Response:
    """The merged record with the source of each field (JSON), as MARCXML, or as ISO 2709."""
    chosen = choose_form(request, form)
    record = await find_record(services.catalogue, record_id)
    if chosen is RecordForm.JSON:
        answer = await _answer(record, await services.catalogue.holdings(record.master_id), libraries)
        response: Response = JSONResponse(answer.model_dump(mode="json"))
    else:
        response = Response(render_record(record, chosen), media_type=MEDIA_TYPES[chosen])
    response.headers["Vary"] = "Accept"
    return response


def render_record(record: LiveRecord, form: RecordForm) -> bytes:
    """The record as MARCXML or ISO 2709; raises ApiProblem when it does not fit into ISO 2709 (99,999 bytes)."""
    if form is RecordForm.MARCXML:
        return render_marcxml(record.marc())
    try:
        return render_iso2709(record.marc())
    except ValueError as error:
        raise ApiProblem(NOT_ACCEPTABLE, f"The record does not fit: {error}; ask for MARCXML") from error


async def _answer(record: LiveRecord, held: Sequence[HoldingView], libraries: Libraries) -> RecordAnswer:
    return RecordAnswer(
        **await summarised(describe(record, held), libraries),
        version=record.version,
        marc=render_marcjson(record.marc()),
        provenance=list(_provenance(record, await libraries.all())),
        related=f"{record_url(record.master_id)}/related",
    )


def _provenance(record: LiveRecord, known: Mapping[Isil, MemberLibrary]) -> Iterator[ProvenanceEntry]:
    yield _entry(None, "leader", record.content.leader_provenance, known)
    for position, merged in enumerate(record.content.fields, start=1):
        yield _entry(position, merged.field.tag, merged.provenance, known)


def _entry(
    position: int | None, tag: str, provenance: Provenance, known: Mapping[Isil, MemberLibrary]
) -> ProvenanceEntry:
    return ProvenanceEntry(
        position=position,
        tag=tag,
        rule=provenance.rule,
        contributors=[
            ContributorEntry(
                isil=stated.isil,
                library=library_of(known, stated.isil).name,
                control_number=stated.control_number,
                date=stated.datestamp,
            )
            for stated in provenance.contributors
        ],
    )
