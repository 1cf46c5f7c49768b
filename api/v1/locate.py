"""The holdings lookup for inter-library loan: a list of lines, or one master record."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse, Response

from api.locate_shapes import locate_answer
from api.problems import (
    GONE,
    INVALID_PARAMETER,
    INVALID_STATEMENT,
    NOT_REGISTERED,
    TYPING_ERROR,
    UNAVAILABLE,
    UNKNOWN_RECORD,
    ApiProblem,
    documented,
)
from api.records import find_record
from api.state import UsedServices
from api.v1.quality import AskedLanguage, Language
from api.v1.records import MOVED, RecordId
from schemas.locate import LocateAnswer, LocateQuestion
from unioncat.core.identifiers import Isil, parse_isil
from unioncat.core.library import Position
from unioncat.core.locate.distance import Origin
from unioncat.core.membership.units import resolve_province
from unioncat.pipeline.locate import LocatedLine, Question, locate
from unioncat.pipeline.locate_table import locate_csv
from unioncat.pipeline.services import Services

router = APIRouter(tags=["holdings"])


class LocateForm(StrEnum):
    """What the answer is written as."""

    JSON = "json"
    CSV = "csv"


AskedForm = Annotated[
    LocateForm,
    Query(
        alias="format",
        description="`csv` is a table for spreadsheets, a row for each holding.",
        examples=["csv"],
    ),
]
_CSV: dict[str, Any] = {
    "text/csv": {
        "schema": {"type": "string"},
        "example": "Dòng,Yêu cầu,Kết quả\r\n1,9786040100016,tìm thấy\r\n",
    }
}


@router.post(
    "/locate",
    summary="Locate a list of publications",
    response_model=LocateAnswer,
    response_description="For each line what was found, and the libraries that have it, whom to ask first.",
    responses={
        200: {"content": _CSV},
        **documented(INVALID_PARAMETER, INVALID_STATEMENT, NOT_REGISTERED, UNAVAILABLE),
    },
)
async def locate_lines(
    asked: LocateQuestion,
    services: UsedServices,
    form: AskedForm = LocateForm.JSON,
    language: AskedLanguage = Language.VIETNAMESE,
) -> Response:
    """Up to 200 lines; nothing is stored. A line that cannot be read is an answer for that line."""
    return _written(await _located(asked, services), form, language)


@router.get(
    "/records/{record_id}/locate",
    summary="Locate one master record",
    response_model=LocateAnswer,
    response_description="The libraries that have it, whom to ask first.",
    responses={
        200: {"content": _CSV},
        **MOVED,
        **documented(
            INVALID_PARAMETER,
            INVALID_STATEMENT,
            NOT_REGISTERED,
            TYPING_ERROR,
            UNKNOWN_RECORD,
            GONE,
            UNAVAILABLE,
        ),
    },
)
async def locate_record(
    record_id: RecordId,
    services: UsedServices,
    asking: Annotated[
        str | None, Query(description="The library that asks (ISIL).", examples=["VN-TVQG"])
    ] = None,
    latitude: Annotated[
        float | None,
        Query(ge=-90, le=90, description="Tell distances from here: degrees north.", examples=[21.03]),
    ] = None,
    longitude: Annotated[
        float | None, Query(ge=-180, le=180, description="Degrees east.", examples=[105.85])
    ] = None,
    province: Annotated[
        str | None,
        Query(
            max_length=200, description="Tell distances from the middle of this province.", examples=["Huế"]
        ),
    ] = None,
    any_edition: Annotated[
        bool, Query(description="Whether other editions will do.", examples=[True])
    ] = False,
    live: Annotated[
        bool, Query(description="Whether libraries are asked what can be had now.", examples=[True])
    ] = True,
    form: AskedForm = LocateForm.JSON,
    language: AskedLanguage = Language.VIETNAMESE,
) -> Response:
    """As a list with this one line would be answered."""
    record = await find_record(services.catalogue, record_id)
    asked = LocateQuestion(
        lines=[record.master_id],
        asking=asking,
        latitude=latitude,
        longitude=longitude,
        province=province,
        any_edition=any_edition,
        live=live,
    )
    return _written(await _located(asked, services), form, language)


async def _located(asked: LocateQuestion, services: Services) -> Sequence[LocatedLine]:
    question = Question(
        tuple(asked.lines),
        datetime.now(UTC).date(),
        parse_isil(asked.asking) if asked.asking else None,
        _origin(asked),
        asked.any_edition,
        {Isil(isil): count for isil, count in asked.load.items()},
    )
    return await locate(question, services.store, services.search, services.live if asked.live else None)


def _origin(asked: LocateQuestion) -> Origin | None:
    """From where distances are told, if that is stated; raises ApiProblem, InvalidLibrary."""
    if (asked.latitude is None) != (asked.longitude is None):
        raise ApiProblem(INVALID_PARAMETER, "latitude and longitude belong together: give both or none")
    if asked.latitude is not None and asked.longitude is not None:
        return Origin(Position(asked.latitude, asked.longitude))
    return Origin(resolve_province(asked.province).position, exact=False) if asked.province else None


def _written(lines: Sequence[LocatedLine], form: LocateForm, language: Language) -> Response:
    if form is LocateForm.JSON:
        return JSONResponse(locate_answer(lines, language).model_dump(mode="json"))
    return Response(
        locate_csv(lines, language),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="locate.csv"'},
    )
