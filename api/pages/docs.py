"""The API for people to read: its operations, as the OpenAPI document has them, and the kinds of problems."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.page import render
from api.problems import KINDS

router = APIRouter()


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs_page(request: Request) -> Response:
    """All operations and all kinds of problems."""
    document = request.app.openapi()
    return render(request, "docs.html", operations=list(_operations(document)), kinds=KINDS)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation
