"""The front page, and results with what they can be narrowed by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.pages.language import choose_language
from api.pages.page import Page, render
from api.state import UsedLibraries, UsedServices, library_of
from schemas.search import SearchParameters
from unioncat.core.identifiers import Isil
from unioncat.core.index.query import MAX_CHARACTERS
from unioncat.core.index.request import FacetName, FacetValue, Sort
from unioncat.core.normalise.vietnamese import nfc
from unioncat.pipeline.ports import LibraryView
from unioncat.pipeline.search import search_catalogue

router = APIRouter()

_FACETS = (
    FacetName.FORMAT,
    FacetName.LIBRARY,
    FacetName.PROVINCE,
    FacetName.LANGUAGE,
    FacetName.YEAR,
    FacetName.SUBJECT,
)
_SHOWN = 6
_MORE = 12

Asked = dict[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet; its address chooses it, or takes the choice back."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: the values shown at once, and those shown on demand."""

    name: str
    shown: Sequence[Choice]
    more: Sequence[Choice]


@router.api_route("/", methods=["GET", "HEAD"])
async def front_page(request: Request, services: UsedServices, libraries: UsedLibraries) -> Response:
    """A search box and what there is to be found."""
    contributing = [view for view in (await libraries.all()).values() if view.live_records]
    return render(request, "home.html", records=await services.search.count(), libraries=len(contributing))


@router.api_route("/search", methods=["GET", "HEAD"])
async def result_page(
    request: Request,
    parameters: Annotated[SearchParameters, Query()],
    services: UsedServices,
    libraries: UsedLibraries,
) -> Response:
    """One page of a result with its facets; of a text that will be cut no more goes into its many links."""
    parameters = parameters.model_copy(update={"q": nfc(parameters.q)[: MAX_CHARACTERS + 1]})
    answer = await search_catalogue(services.search, replace(parameters.request(), facets=_FACETS))
    found = answer.page
    known = await libraries.all()
    builder = _Choices(Page(request, choose_language(request)), known, _asked(parameters))
    return render(
        request,
        "search.html",
        typed=parameters.q,
        parameters=parameters,
        asked=builder.asked,
        found=found,
        instead=answer.instead,
        editions=await services.catalogue.edition_counts([hit.master_id for hit in found.hits]),
        facets=[builder.facet(name, found.facets.get(name, ())) for name in _FACETS],
        chosen=builder.chosen(),
        orders=[(sort, builder.address(sort=None if sort is Sort.RELEVANCE else sort)) for sort in Sort],
        next_page=builder.address(cursor=found.next_cursor) if found.next_cursor else None,
        first_page=builder.address() if parameters.cursor else None,
        all_values=builder.page.url("/search", q=parameters.q),
        library_names={isil: builder.page.library(view.library) for isil, view in known.items()},
    )


def _asked(parameters: SearchParameters) -> Asked:
    """The parameters that every link of a result keeps."""
    kept = parameters.model_dump(mode="json", exclude={"cursor", "facet"}, exclude_defaults=True)
    return {name: value for name, value in kept.items() if value not in ([], None)}


@dataclass(frozen=True, slots=True)
class _Choices:
    page: Page
    libraries: Mapping[Isil, LibraryView]
    asked: Asked

    def facet(self, name: FacetName, values: Sequence[FacetValue]) -> Facet:
        choices = [self._choice(name, found.value, found.count) for found in values]
        more = [choice for choice in choices[_SHOWN : _SHOWN + _MORE] if not choice.chosen]
        shown = choices[:_SHOWN] + [choice for choice in choices[_SHOWN:] if choice.chosen]
        if name is FacetName.YEAR:
            shown.sort(key=lambda choice: choice.label, reverse=True)
        return Facet(name, shown, more)

    def chosen(self) -> list[Choice]:
        """What the result is narrowed by, each to be taken back."""
        of_facets = [self._choice(name, value, 0) for name in _FACETS for value in self._values(name)]
        of_years = [
            Choice(
                f"{self.page.text(f'search.{name}')} {self.asked[name]}",
                0,
                True,
                self.address(**{name: None}),
            )
            for name in ("year_from", "year_to")
            if name in self.asked
        ]
        return of_facets + of_years

    def address(self, **changes: object) -> str:
        """This search with some parameters changed, from its first page."""
        return self.page.url("/search", {**self.asked, **changes})

    def _values(self, name: FacetName) -> list[str]:
        values = self.asked.get(name, [])
        return [str(value) for value in values] if isinstance(values, list) else []

    def _choice(self, name: FacetName, value: str, count: int) -> Choice:
        values = self._values(name)
        chosen = value in values
        changed = [other for other in values if other != value] if chosen else [*values, value]
        return Choice(self._label(name, value), count, chosen, self.address(**{name: tuple(changed)}))

    def _label(self, name: FacetName, value: str) -> str:
        if name is FacetName.LIBRARY:
            return self.page.library(library_of(self.libraries, Isil(value)))
        return self.page.name(name, value) if name in (FacetName.FORMAT, FacetName.LANGUAGE) else value
