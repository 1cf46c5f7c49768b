"""In which language a page is shown.

1. What the address says (`?lang=`). 2. What was chosen before (cookie). 3. What the browser likes best
(Accept-Language). 4. The default of the service.
"""

from starlette.requests import Request

from api.messages import LANGUAGES

COOKIE = "lang"


def chosen_language(request: Request) -> str | None:
    """The language that the address names, if it is one of ours."""
    return _known(request.query_params.get("lang"))


def choose_language(request: Request) -> str:
    """The language of a page."""
    default: str = request.app.state.services.default_language
    return (
        chosen_language(request)
        or _known(request.cookies.get(COOKIE))
        or _preferred(request.headers.get("accept-language", ""))
        or default
    )


def _known(language: str | None) -> str | None:
    return language if language in LANGUAGES else None


def _preferred(header: str) -> str | None:
    """The first of our languages by weight, then by place in the header (RFC 9110, section 12.5.4)."""
    entries = [_weighted(entry) for entry in header.lower().split(",")]
    ordered = sorted(entries, key=lambda entry: -entry[1])
    return next((language for language, weight in ordered if weight and language in LANGUAGES), None)


def _weighted(entry: str) -> tuple[str, float]:
    tag, _, weight = entry.partition(";q=")
    try:
        return tag.strip().partition("-")[0], float(weight or 1)
    except ValueError:
        return "", 0.0
