"""A page: its language, the addresses it links to, and the template that it is made with."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.messages import LANGUAGES, MESSAGES
from api.pages.language import COOKIE, choose_language, chosen_language
from unioncat.core.library import MemberLibrary

_HERE = Path(__file__).parent.parent
_YEAR_IN_SECONDS = 365 * 24 * 3600
_STYLE = (
    "/static/style.css?v=" + hashlib.sha256((_HERE / "static" / "style.css").read_bytes()).hexdigest()[:8]
)

_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What templates need to speak to the reader of one request."""

    request: Request
    language: str

    def text(self, key: str, **values: object) -> str:
        """The text of this key."""
        return MESSAGES[self.language][key].format(**values)

    def count(self, key: str, number: int) -> str:
        """The text of this key for one or for several."""
        return self.text(f"{key}.{'one' if number == 1 else 'other'}", count=self.number(number))

    def name(self, table: str, value: str) -> str:
        """What people call a coded value; the code itself where it has no name."""
        return MESSAGES[self.language].get(f"{table}.{value}", value)

    def number(self, number: int) -> str:
        """A number with its thousands set apart."""
        return f"{number:,}".replace(",", self.text("site.thousands"))

    def date(self, moment: datetime) -> str:
        """A date and time."""
        return moment.strftime(self.text("site.date"))

    def library(self, library: MemberLibrary) -> str:
        """The name of a library."""
        return (self.language == "en" and library.name_en) or library.name

    def url(self, path: str, parameters: Mapping[str, object] | None = None, **more: object) -> str:
        """An address of this site; it keeps a language that the address of this page names."""
        asked = {"lang": chosen_language(self.request), **(parameters or {}), **more}
        query = urlencode(
            {name: value for name, value in asked.items() if value not in (None, "", ())}, doseq=True
        )
        return f"{path}?{query}" if query else path

    def in_language(self, language: str) -> str:
        """This page in another language."""
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        return f"{self.request.url.path}?{urlencode([*kept, ('lang', language)])}"


def render(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """Make a page; a language that its address names is remembered."""
    page = Page(request, choose_language(request))
    other = next(language for language in LANGUAGES if language != page.language)
    html = _templates.get_template(template).render(
        page=page,
        t=page.text,
        n=page.count,
        url=page.url,
        style=_STYLE,
        other_language=other,
        typed=values.pop("typed", ""),
        **values,
    )
    response = HTMLResponse(html, status, headers={"Vary": "Accept-Language, Cookie"})
    if chosen := chosen_language(request):
        response.set_cookie(COOKIE, chosen, max_age=_YEAR_IN_SECONDS, httponly=True, samesite="lax")
    return response


def _web_address(address: str | None) -> str | None:
    """The address if it leads to the web; libraries also write other things there."""
    try:
        return address if address and urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


_templates.filters["web_address"] = _web_address
