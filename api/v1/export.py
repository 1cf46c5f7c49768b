"""A whole result as a file."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import StreamingResponse

from api.problems import INVALID_PARAMETER, INVALID_QUERY, UNAVAILABLE, documented
from api.records import LiveRecord
from api.state import UsedServices
from schemas.search import SearchParameters
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.export import ExportForm, export_head, export_record, export_tail
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.pipeline.services import Services

router = APIRouter(tags=["search"])

MOST_RECORDS = 100_000
_PIECE = 200
_MEDIA_TYPES = {
    ExportForm.JSON_LINES: "application/x-ndjson; charset=utf-8",
    ExportForm.TABLE: "text/csv; charset=utf-8",
    ExportForm.RIS: "application/x-research-info-systems; charset=utf-8",
    ExportForm.BIBTEX: "application/x-bibtex; charset=utf-8",
    ExportForm.MARCXML: "application/marcxml+xml",
}
_CONTENT = {
    media_type.partition(";")[0]: {"schema": {"type": "string"}} for media_type in _MEDIA_TYPES.values()
}


class ExportParameters(SearchParameters):
    """A search, and the form of the file; size, cursor and facets do not matter."""

    form: ExportForm = Field(
        default=ExportForm.TABLE,
        alias="as",
        description="`csv`, `jsonl`, `ris`, `bib`, or `marcxml`.",
        examples=["ris"],
    )


@router.get(
    "/search/export",
    summary="Take a whole result away",
    response_description=f"The records in the order of the result, at most {MOST_RECORDS:,}.",
    response_class=StreamingResponse,
    responses={
        200: {"content": _CONTENT},
        **documented(INVALID_PARAMETER, INVALID_QUERY, UNAVAILABLE),
    },
)
async def export_result(
    parameters: Annotated[ExportParameters, Query()], services: UsedServices
) -> StreamingResponse:
    """All records that have what was typed, of one point in time, streamed; the first 100,000 of a larger result."""
    request = parameters.model_copy(update={"cursor": None, "facet": [], "size": 1}).request()
    await services.search.search(request)  # says what is wrong with it before anything is sent
    pieces = _pieces(services, services.search.walk(request), parameters.form)
    headers = {"Content-Disposition": f'attachment; filename="unioncat.{parameters.form}"'}
    return StreamingResponse(pieces, media_type=_MEDIA_TYPES[parameters.form], headers=headers)


async def _pieces(
    services: Services, documents: AsyncIterator[SearchDocument], form: ExportForm
) -> AsyncIterator[bytes]:
    yield export_head(form).encode()
    piece: list[SearchDocument] = []
    records = 0
    async for document in documents:
        piece.append(document)
        records += 1
        if len(piece) == _PIECE:
            yield await _written(services, piece, form)
            piece = []
        if records == MOST_RECORDS:
            break
    yield await _written(services, piece, form)
    yield export_tail(form).encode()


async def _written(services: Services, documents: list[SearchDocument], form: ExportForm) -> bytes:
    """Some records; MARCXML as it is in the store, without what has just gone."""
    if form is not ExportForm.MARCXML:
        return "".join(export_record(one, form) for one in documents).encode(errors="replace")
    views = await services.catalogue.master_views([one.master_id for one in documents])
    found = (view for one in documents if (view := views.get(one.master_id)))
    records = [LiveRecord(view.master_id, view.version, view.record) for view in found if view.record]
    return b"".join(_element(render_marcxml(record.marc())) for record in records)


def _element(document: bytes) -> bytes:
    """The record of an XML document, on a line of its own."""
    return document.partition(b"?>")[2].strip() + b"\n"
