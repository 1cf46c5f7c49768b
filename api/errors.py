"""How errors are answered: programs get a problem, people a page; and merged identifiers lead on."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.pages.error import error_page, gone_page
from api.problems import (
    HEADERS_OF_STATUS,
    INVALID_PARAMETER,
    MEDIA_TYPE,
    ApiProblem,
    Kind,
    RecordGone,
    kind_of,
    plain_kind,
)
from api.records import MergedAway
from schemas.problem import Problem
from unioncat.core.errors import UnioncatError

_LONGEST_ECHO = 200


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error of the application."""

    @app.exception_handler(ApiProblem)
    async def problem(request: Request, error: ApiProblem) -> Response:
        return _answer(request, error.kind, error.detail)

    @app.exception_handler(RecordGone)
    async def gone(request: Request, error: RecordGone) -> Response:
        if request.url.path.startswith("/api/"):
            return _answer(request, error.kind, error.detail)
        return gone_page(request, error)

    @app.exception_handler(UnioncatError)
    async def ours(request: Request, error: UnioncatError) -> Response:
        return _answer(request, kind_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, INVALID_PARAMETER, _sentence(error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        answer = _answer(request, plain_kind(error.status_code), str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        return _answer(request, plain_kind(500), "This is a fault of the server; it has been logged")

    @app.exception_handler(MergedAway)
    async def moved(request: Request, error: MergedAway) -> Response:
        path = request.scope["path"].replace(f"/{request.path_params['record_id']}", f"/{error.now}", 1)
        return RedirectResponse(_with_query(path, request), status_code=308)


def _answer(request: Request, kind: Kind, detail: str) -> Response:
    if not request.url.path.startswith("/api/"):
        return error_page(request, kind)
    address = _with_query(request.url.path, request)
    shape = Problem(
        type=kind.type, title=kind.title, status=kind.status, detail=detail, instance=_cut(address)
    )
    headers = HEADERS_OF_STATUS.get(kind.status)
    return JSONResponse(shape.model_dump(), status_code=kind.status, media_type=MEDIA_TYPE, headers=headers)


def _with_query(path: str, request: Request) -> str:
    return f"{path}?{request.url.query}" if request.url.query else path


def _sentence(error: RequestValidationError) -> str:
    """What is wrong with each parameter."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']} (you sent {_cut(repr(fault['input']))})"
        for fault in error.errors()[:5]
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"
