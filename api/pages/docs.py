"""The API for people to read: its operations, as the OpenAPI document has them, and the kinds of problems."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.page import render
from api.problems import KINDS

router = APIRouter()

Parameter = tuple[str, str]
"""Its name, and what it means."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked of one address, with the parameters that only it has."""

    address: str
    summary: str
    description: str
    parameters: Sequence[Parameter]


@dataclass(frozen=True, slots=True)
class Group:
    """The operations under one tag; the parameters that several of them have are described once."""

    name: str
    description: str
    shared: Sequence[Parameter]
    operations: Sequence[Operation]


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs_page(request: Request) -> Response:
    """All operations and all kinds of problems."""
    document = request.app.openapi()
    groups = [_group(document, tag) for tag in document["tags"]]
    return render(request, "docs.html", groups=groups, kinds=KINDS)


def _group(document: Mapping[str, Any], tag: Mapping[str, str]) -> Group:
    found = list(_tagged(document, tag["name"]))
    times = Counter(parameter for _, operation in found for parameter in _parameters(operation))
    operations = [
        Operation(
            address,
            operation["summary"],
            operation["description"],
            [parameter for parameter in _parameters(operation) if times[parameter] == 1],
        )
        for address, operation in found
    ]
    shared = [parameter for parameter, count in times.items() if count > 1]
    return Group(tag["name"], tag["description"], shared, operations)


def _tagged(document: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if name in operation["tags"]:
                yield f"{method.upper()} {path}", operation


def _parameters(operation: Mapping[str, Any]) -> Iterator[Parameter]:
    for parameter in operation.get("parameters", ()):
        yield parameter["name"], parameter["description"]
