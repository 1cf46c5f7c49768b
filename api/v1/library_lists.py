"""Lists of libraries: what is imported, and which libraries may be one."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.access import Operator
from api.library_shapes import duplicate_entries
from api.problems import INVALID_PARAMETER, INVALID_STATEMENT, TOO_LARGE, UNAVAILABLE, ApiProblem, documented
from api.state import UsedServices
from schemas.libraries import DuplicateList, ListAnswer, RowEntry
from unioncat.core.membership.library_list import RowOutcome
from unioncat.pipeline import libraries as registry
from unioncat.pipeline.library_list import ListReport, RowReport, import_library_list

router = APIRouter(tags=["libraries"])

_LARGEST_LIST = 32_000_000


@router.get(
    "/library-duplicates",
    summary="Libraries that may be one and the same",
    response_description="The groups of libraries.",
    responses=documented(UNAVAILABLE),
)
async def list_duplicates(services: UsedServices, access: Operator) -> DuplicateList:
    """By name and commune, or by place and similar name. For the operator."""
    return DuplicateList(duplicates=duplicate_entries(await registry.list_duplicates(services.store)))


@router.post(
    "/library-lists",
    summary="Import a list of libraries",
    response_description="What became of each row.",
    responses=documented(INVALID_PARAMETER, INVALID_STATEMENT, TOO_LARGE, UNAVAILABLE),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "Tên thư viện;Tỉnh;Loại\nThư viện tỉnh Lào Cai;Lào Cai;provincial\n",
                }
            },
        }
    },
)
async def import_list(
    request: Request,
    services: UsedServices,
    access: Operator,
    every: Annotated[
        bool, Query(alias="all", description="Whether to answer with all rows.", examples=[True])
    ] = False,
) -> ListAnswer:
    """A CSV file (UTF-8; comma, semicolon or tab) with headings in Vietnamese or English. For the operator."""
    report = await import_library_list(services.store, await _body(request))
    rows = [row for row in report.rows if every or row.outcome is RowOutcome.REFUSED]
    return _list_answer(report, rows)


def _list_answer(report: ListReport, rows: Sequence[RowReport]) -> ListAnswer:
    counts = {outcome.value: report.count(outcome) for outcome in RowOutcome}
    return ListAnswer(**counts, rows=[RowEntry.model_validate(row) for row in rows])


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > _LARGEST_LIST:
            raise ApiProblem(TOO_LARGE, f"A list may have {_LARGEST_LIST // 1_000_000} MB; send it in parts")
    return bytes(content)
