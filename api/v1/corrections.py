"""Corrections of master records, their versions, and what would come of a merge or a split."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse, Response

from api.access import Curator
from api.library_shapes import printable
from api.master_shapes import (
    correction_entry,
    difference_entry,
    preview_answer,
    read_field,
    version_entry,
)
from api.problems import (
    CONFLICT,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_ACCEPTABLE,
    UNAVAILABLE,
    UNKNOWN_ENTRY,
    documented,
)
from api.records import LiveRecord
from api.state import UsedServices
from api.v1.negotiation import MEDIA_TYPES, RecordForm, choose_form
from api.v1.quality import AskedLanguage, Language
from api.v1.records import RECORD_CONTENT, AskedForm, RecordId, render_record
from schemas.curation import Reasoned
from schemas.masters import (
    CorrectionList,
    CorrectionMade,
    CorrectionStatement,
    CorrectionWithdrawn,
    DifferenceEntry,
    PreviewAnswer,
    PreviewStatement,
    VersionAnswer,
    VersionList,
)
from unioncat.core.errors import InvalidDecision
from unioncat.core.identifiers import ControlNumber, parse_isil, parse_master_id
from unioncat.core.merge.difference import difference
from unioncat.core.parse.marcjson import render_marcjson
from unioncat.pipeline import corrections as correcting
from unioncat.pipeline.curation_decide import sign
from unioncat.pipeline.preview import preview_merge, preview_split
from unioncat.pipeline.versions import content_of, states_of

router = APIRouter(tags=["curation"])

Number = Annotated[int, Path(ge=1, lt=2**63, description="Number of the correction.", examples=[17])]
Version = Annotated[int, Path(ge=1, lt=2**31, description="A version of the record.", examples=[3])]
OtherVersion = Annotated[int, Path(ge=1, lt=2**31, description="Another version.", examples=[4])]

_READING = documented(INVALID_PARAMETER, UNKNOWN_ENTRY, UNAVAILABLE)
_WRITING = documented(INVALID_PARAMETER, INVALID_STATEMENT, UNKNOWN_ENTRY, CONFLICT, UNAVAILABLE)


@router.get(
    "/records/{record_id}/corrections",
    summary="What curators corrected in a record",
    response_description="The corrections with what they do now.",
    responses=_READING,
)
async def list_corrections(record_id: RecordId, services: UsedServices) -> CorrectionList:
    """Those that libraries made superfluous or impossible are told as such."""
    found = await correcting.corrections_of(services.store, parse_master_id(record_id))
    return CorrectionList(corrections=[correction_entry(one) for one in found])


@router.post(
    "/records/{record_id}/corrections",
    status_code=201,
    summary="Correct a field of a record",
    response_description="The correction is kept.",
    responses=_WRITING,
)
async def correct(
    record_id: RecordId, stated: CorrectionStatement, services: UsedServices, access: Curator
) -> CorrectionMade:
    """It survives harvests, merges and splits; the records of the libraries stay as they are. For curators."""
    wish = correcting.Wish(read_field(stated.old), read_field(stated.new), stated.adds)
    signed = sign(access.holder, stated.why)
    number = await correcting.correct(
        services.store, parse_master_id(record_id), wish, signed, stated.version
    )
    return CorrectionMade(id=number)


@router.post(
    "/corrections/{number}/withdrawal",
    summary="Withdraw a correction",
    response_description="Whether it was withdrawn now.",
    responses=_WRITING,
)
async def withdraw(
    number: Number, stated: Reasoned, services: UsedServices, access: Curator
) -> CorrectionWithdrawn:
    """The record becomes what the libraries say. For curators."""
    done = await correcting.withdraw_correction(services.store, number, sign(access.holder, stated.why))
    return CorrectionWithdrawn(withdrawn=done)


@router.get(
    "/records/{record_id}/versions",
    summary="What a record looked like",
    response_description="Its states, the newest first.",
    responses=_READING,
)
async def list_versions(record_id: RecordId, services: UsedServices) -> VersionList:
    """Also of a record that was merged into another, or that no library has any more."""
    found = await states_of(services.store, parse_master_id(record_id))
    return VersionList(versions=[version_entry(line) for line in found])


@router.get(
    "/records/{record_id}/versions/{version}",
    summary="One version of a record",
    response_model=VersionAnswer,
    response_description="The record as it was, in the format that was asked for.",
    responses={200: {"content": RECORD_CONTENT}, **_READING, **documented(NOT_ACCEPTABLE)},
)
async def read_version(
    record_id: RecordId,
    version: Version,
    request: Request,
    services: UsedServices,
    form: AskedForm = None,
) -> Response:
    """As JSON, MARCXML or ISO 2709."""
    chosen, master = choose_form(request, form), parse_master_id(record_id)
    record = LiveRecord(master, version, await content_of(services.store, master, version))
    if chosen is RecordForm.JSON:
        answer = VersionAnswer(id=master, version=version, marc=render_marcjson(record.marc()))
        response: Response = JSONResponse(answer.model_dump(mode="json"))
    else:
        response = Response(render_record(record, chosen), media_type=MEDIA_TYPES[chosen])
    response.headers["Vary"] = "Accept"
    return response


@router.get(
    "/records/{record_id}/versions/{version}/diff/{other}",
    summary="What changed between two versions",
    response_description="The fields that differ.",
    responses=_READING,
)
async def compare_versions(
    record_id: RecordId, version: Version, other: OtherVersion, services: UsedServices
) -> DifferenceEntry:
    """Field by field, with the rule and the owners of each."""
    master = parse_master_id(record_id)
    before = await content_of(services.store, master, version)
    after = await content_of(services.store, master, other)
    return difference_entry(difference(before, after))


@router.post(
    "/curation/preview",
    summary="What would come of a merge or a split",
    response_description="The records that would be there; nothing was written.",
    responses=_WRITING,
)
async def preview(
    stated: PreviewStatement,
    services: UsedServices,
    access: Curator,
    language: AskedLanguage = Language.VIETNAMESE,
) -> PreviewAnswer:
    """With what changes, who keeps which identifier, and what speaks against it. For curators."""
    if (stated.merge is None) == (stated.split is None):
        raise InvalidDecision("State either merge or split")
    if stated.merge is not None:
        found = await preview_merge(services.store, [parse_master_id(one) for one in stated.merge])
    else:
        leave = [(parse_isil(one.isil), ControlNumber(printable(one.control_number))) for one in stated.leave]
        found = await preview_split(services.store, parse_master_id(stated.split or ""), leave)
    return preview_answer(found, language)
