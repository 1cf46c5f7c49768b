"""What people see when something is wrong."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.page import render
from api.problems import Kind, RecordGone


def error_page(request: Request, kind: Kind) -> Response:
    """The page of a kind of problem."""
    name = kind.name or ("not-found" if kind.status == 404 else "other")
    return render(request, "error.html", status=kind.status, name=name, error_status=kind.status)


def gone_page(request: Request, gone: RecordGone) -> Response:
    """The page of a record that no library has any more."""
    kind = gone.kind
    return render(
        request, "error.html", status=kind.status, name=kind.name, error_status=kind.status, gone=gone
    )
