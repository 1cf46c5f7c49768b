"""What people see when something is wrong."""

from starlette.requests import Request
from starlette.responses import Response

from api.pages.page import render
from api.problems import Kind


def error_page(request: Request, kind: Kind) -> Response:
    """The page of a kind of problem."""
    name = kind.name or ("not-found" if kind.status == 404 else "other")
    return render(request, "error.html", status=kind.status, name=name, error_status=kind.status)
