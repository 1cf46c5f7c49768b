"""In which format a record goes out (RFC 9110, section 12.5.1)."""

from collections.abc import Iterator
from enum import StrEnum

from starlette.requests import Request

from api.problems import NOT_ACCEPTABLE, ApiProblem


class RecordForm(StrEnum):
    """The formats of a record, best first."""

    JSON = "json"
    MARCXML = "marcxml"
    MARC = "marc"


MEDIA_TYPES = {
    RecordForm.JSON: "application/json",
    RecordForm.MARCXML: "application/marcxml+xml",
    RecordForm.MARC: "application/marc",
}


def choose_form(request: Request, asked: RecordForm | None) -> RecordForm:
    """The format that was asked for by name, else the one that the Accept header likes best.

    Raises ApiProblem when the header accepts none.
    """
    if asked is not None:
        return asked
    ranges = list(_media_ranges(request.headers.get("accept") or "*/*"))
    liked = {form: _liking(media_type, ranges) for form, media_type in MEDIA_TYPES.items()}
    best = max(liked, key=lambda form: liked[form])
    if not liked[best]:
        raise ApiProblem(NOT_ACCEPTABLE, NOT_ACCEPTABLE.example)
    return best


def _media_ranges(header: str) -> Iterator[tuple[str, float]]:
    for entry in header.split(","):
        media_range, *parameters = (part.strip().lower() for part in entry.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        yield media_range, _number(weight)


def _number(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _liking(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that includes this type."""
    weights = dict(ranges)
    patterns = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((weights[pattern] for pattern in patterns if pattern in weights), 0.0)
