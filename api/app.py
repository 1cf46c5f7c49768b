"""The application: the JSON API, the pages, and what all answers have in common."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api import pages
from api.errors import add_error_handlers
from api.headers import CommonHeaders
from api.problems import FORBIDDEN, UNAUTHORISED, documented
from api.state import Libraries
from api.v1 import (
    admission,
    alarms,
    availability,
    checks,
    corrections,
    curation,
    export,
    groups,
    holdings,
    libraries,
    library_lists,
    locate,
    placeholders,
    quality,
    records,
    registry,
    related,
    running,
    search,
    sources,
    suggest,
    targets,
)
from schemas.problem import Problem
from unioncat import __version__
from unioncat.feeds import Feeds
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.running import FeedControl
from unioncat.pipeline.services import Services

_STATIC = Path(__file__).parent / "static"
_COMPRESSION = 5
"""Half the time of the highest, for a few hundredths more to send."""
_TAGS = (
    ("search", "Find master records: one for each publication, whichever libraries have it."),
    ("records", "Master records, merged from those of the libraries, with the source of each field."),
    ("holdings", "Which library has what, where and in how many copies."),
    ("libraries", "The national registry of libraries: where they are, what they are, what became of them."),
    ("admission", "How a library becomes a member: invitation, registration, approval."),
    ("registry", "The feeds of the libraries and the runs of these."),
    ("curation", "Decide which records are one publication: the queue, decisions, merges, splits, undo."),
    ("feeds", "Offer a feed, upload files, decide about deletions: for operators and each library its own."),
)


_PARTS = (
    export,
    suggest,
    search,
    records,
    related,
    holdings,
    locate,
    availability,
    libraries,
    library_lists,
    groups,
    admission,
    registry,
    sources,
    checks,
    quality,
    running,
    curation,
    corrections,
    alarms,
    placeholders,
    targets,
)


def create_app(
    services: Services,
    feeds: Feeds | None = None,
    control: FeedControl | None = None,
    desk: QualityDesk | None = None,
) -> FastAPI:
    """The application on these services; without the last three it serves readers only."""
    app = FastAPI(
        title="unioncat",
        version=__version__,
        summary="The joint catalogue of many libraries.",
        description="Errors are problem documents (RFC 9457); their kinds are described at `/docs`.",
        openapi_url="/api/v1/openapi.json",
        openapi_tags=[{"name": name, "description": said} for name, said in _TAGS],
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    app.state.libraries = Libraries(services.catalogue)
    app.state.feeds, app.state.feed_control, app.state.quality_desk = feeds, control, desk
    for part in _PARTS:
        app.include_router(part.router, prefix="/api/v1")
    for router in pages.ROUTERS:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    add_error_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=_COMPRESSION)
    app.add_middleware(CommonHeaders)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the API; invalid parameters are a problem with status 400, not the 422 of the framework."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        schemas = document["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for operation in (one for path in document["paths"].values() for one in path.values()):
            if "application/json" in operation["responses"].get("422", {}).get("content", ()):
                del operation["responses"]["422"]
            if "security" in operation:
                refusals = documented(UNAUTHORISED, FORBIDDEN)
                operation["responses"] |= {str(status): said for status, said in refusals.items()}
        app.openapi_schema = document
    return app.openapi_schema
