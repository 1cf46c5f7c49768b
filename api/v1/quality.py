"""The quality of a feed, as its library reads it, and its rejected records to be mended."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import StreamingResponse

from api.problems import INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE, documented
from schemas.quality import QualityEntry
from unioncat.core.identifiers import SourceId
from unioncat.core.parse.unmatched import unmatched_csv
from unioncat.core.quality.sentences import sentences_of
from unioncat.core.spreadsheet import BOM, table_line
from unioncat.pipeline.feeds_port import RejectedEntry
from unioncat.pipeline.quality_desk import QualityDesk

router = APIRouter(tags=["registry"])


async def _desk(request: Request) -> QualityDesk:
    desk: QualityDesk = request.app.state.quality_desk
    return desk


class Language(StrEnum):
    """Of the sentences."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


UsedDesk = Annotated[QualityDesk, Depends(_desk)]
SourceNumber = Annotated[int, Path(ge=1, lt=2**63, description="Number of the feed.", examples=[2])]
AskedLanguage = Annotated[
    Language, Query(alias="lang", description="Language of the sentences.", examples=["vi"])
]

_HEADERS = {
    Language.VIETNAMESE: ("Số", "Loại lỗi", "Lý do", "Cách sửa", "Vị trí", "Mã biểu ghi", "Phần đầu"),
    Language.ENGLISH: ("Number", "Fault", "Reason", "How to mend it", "Place", "Identifier", "Beginning"),
}
_BEGINNING = 200
_CSV = {"text/csv": {"schema": {"type": "string"}, "example": "Số,Loại lỗi,Lý do\r\n5,XML bị hỏng,…\r\n"}}
_BYTES = {
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "00046nam"}
}


@router.get(
    "/sources/{source_id}/quality",
    summary="Quality of a feed",
    response_description="The report, the most serious faults first.",
    responses=documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE),
)
async def read_quality(
    source_id: SourceNumber, desk: UsedDesk, language: AskedLanguage = Language.VIETNAMESE
) -> QualityEntry:
    """What is wrong in the records of a feed, how often, and how its library mends it."""
    return QualityEntry.model_validate(await desk.report(SourceId(source_id), language))


@router.get(
    "/sources/{source_id}/rejected.csv",
    summary="Rejected records of a feed as a table",
    response_description="One line for each record, for a spreadsheet program.",
    response_class=StreamingResponse,
    responses={200: {"content": _CSV}, **documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE)},
)
async def download_rejected_table(
    source_id: SourceNumber, desk: UsedDesk, language: AskedLanguage = Language.VIETNAMESE
) -> StreamingResponse:
    """The records that could not be read: why, where they stood, and how they are mended."""
    source = await desk.source(SourceId(source_id))
    lines = _lines(desk.rejected(source.id), language)
    return _download(lines, "text/csv; charset=utf-8", f"rejected-{source.id}.csv")


@router.get(
    "/sources/{source_id}/rejected.bin",
    summary="Rejected records of a feed as they came",
    response_description="The bytes of all of them, one behind the other.",
    response_class=StreamingResponse,
    responses={200: {"content": _BYTES}, **documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE)},
)
async def download_rejected_bytes(source_id: SourceNumber, desk: UsedDesk) -> StreamingResponse:
    """The records that could not be read, exactly as they were delivered."""
    source = await desk.source(SourceId(source_id))
    pieces = (entry.raw async for entry in desk.rejected(source.id))
    return _download(pieces, "application/octet-stream", f"rejected-{source.id}.bin")


@router.get(
    "/sources/{source_id}/unmatched.csv",
    summary="Rows of lists that came back",
    response_description="The rows with their own columns and the reason, for a spreadsheet program.",
    response_class=StreamingResponse,
    responses={200: {"content": _CSV}, **documented(INVALID_PARAMETER, NOT_REGISTERED, UNAVAILABLE)},
)
async def download_rows_to_mend(source_id: SourceNumber, desk: UsedDesk) -> StreamingResponse:
    """The rows of CSV and XLSX lists that match nothing or cannot be read: mend them and send them again."""
    source = await desk.source(SourceId(source_id))
    lines = unmatched_csv(await desk.rows_to_mend(source.id))
    pieces = iterate_in_threadpool(line.encode("utf-8", "replace") for line in lines)
    return _download(pieces, "text/csv; charset=utf-8", f"unmatched-{source.id}.csv")


def _download(pieces: AsyncIterator[bytes], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=media_type, headers=headers)


async def _lines(entries: AsyncIterator[RejectedEntry], language: Language) -> AsyncIterator[bytes]:
    yield (BOM + table_line(_HEADERS[language])).encode()
    async for entry in entries:
        yield table_line(_cells(entry, language)).encode("utf-8", "replace")


def _cells(entry: RejectedEntry, language: Language) -> tuple[str, ...]:
    said = sentences_of(entry.kind, language)
    beginning = entry.raw[:_BEGINNING].decode("utf-8", "replace")
    return (
        str(entry.id),
        said.title,
        entry.reason,
        said.mend,
        entry.place,
        entry.identifier or "",
        "".join(sign if sign.isprintable() else " " for sign in beginning),
    )
