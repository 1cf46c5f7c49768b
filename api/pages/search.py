"""The front page, and results with what they can be narrowed by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.facets import FacetLabels
from api.pages.language import choose_language
from api.pages.page import Page, render
from api.state import UsedLibraries, UsedServices, library_of
from schemas.search import SearchParameters
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.fields import TextField
from unioncat.core.index.highlights import Highlight, Marker
from unioncat.core.index.query import MAX_CHARACTERS
from unioncat.core.index.reading import read_query
from unioncat.core.index.request import FacetName, FacetValue, Sort
from unioncat.core.normalise.vietnamese import nfc
from unioncat.pipeline.related_subjects import related_subjects
from unioncat.pipeline.search import search_catalogue

router = APIRouter()

_FACETS = (
    FacetName.LOAN,
    FacetName.DIGITAL,
    FacetName.FORMAT,
    FacetName.LIBRARY,
    FacetName.KIND,
    FacetName.GROUP,
    FacetName.PROVINCE,
    FacetName.LANGUAGE,
    FacetName.DECADE,
    FacetName.PERSON,
    FacetName.SUBJECT,
)
_SHOWN = 6
_MORE = 12
_LONGEST_SUBTITLE = 120
_LONGEST_STATEMENT = 160

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


@dataclass(frozen=True, slots=True)
class Hit:
    """A record of the list, with what was found in it; `elsewhere` are texts that are not shown otherwise."""

    record: SearchDocument
    title: Highlight
    subtitle: Highlight
    statement: Highlight
    elsewhere: Sequence[Highlight]


@router.api_route("/", methods=["GET", "HEAD"])
async def front_page(request: Request, services: UsedServices) -> Response:
    """A search box and what there is to be found."""
    return render(
        request,
        "home.html",
        records=await services.search.count(),
        libraries=await services.catalogue.contributing_libraries(),
    )


@router.api_route("/search", methods=["GET", "HEAD"])
async def result_page(
    request: Request,
    parameters: Annotated[SearchParameters, Query()],
    services: UsedServices,
    libraries: UsedLibraries,
) -> Response:
    """One page of a result with its facets; of a text that will be cut no more goes into its many links."""
    parameters = parameters.model_copy(update={"q": nfc(parameters.q)[: MAX_CHARACTERS + 1]})
    wanted = _counted(parameters)
    answer = await search_catalogue(services.search, replace(parameters.request(), facets=wanted))
    found, marker = answer.page, Marker(read_query(answer.request).tree)
    known, page = await libraries.all(), Page(request, choose_language(request))
    labels = FacetLabels(known, await libraries.groups(), page.language)
    builder = _Choices(page, labels, _asked(parameters))
    return render(
        request,
        "search.html",
        typed=parameters.q,
        parameters=parameters,
        asked=builder.asked,
        found=found,
        hits=[_hit(marker, document) for document in found.hits],
        instead=answer.instead,
        editions=await services.catalogue.edition_counts([hit.master_id for hit in found.hits]),
        facets=[builder.facet(name, found.facets.get(name, ())) for name in wanted],
        related=[
            (value, page.url("/search", subject=value))
            for value in await related_subjects(services.search, parameters.subject)
        ],
        chosen=builder.chosen(),
        orders=[(sort, builder.address(sort=None if sort is Sort.RELEVANCE else sort)) for sort in Sort],
        next_page=builder.address(cursor=found.next_cursor) if found.next_cursor else None,
        first_page=builder.address() if parameters.cursor else None,
        all_values=builder.page.url("/search", q=parameters.q),
        library_name=lambda isil: page.library(library_of(known, isil)),
    )


def _counted(parameters: SearchParameters) -> tuple[FacetName, ...]:
    """The facets of a page: single years where the ten years are chosen."""
    place = _FACETS.index(FacetName.DECADE) + 1
    years = (FacetName.YEAR,) if parameters.decade or parameters.year else ()
    return (*_FACETS[:place], *years, *_FACETS[place:])


def _hit(marker: Marker, record: SearchDocument) -> Hit:
    statement = record.responsibility or "; ".join(record.contributors)
    return Hit(
        record,
        marker.highlighted(TextField.TITLE, record.title or record.master_id),
        marker.highlighted(TextField.TITLE, _cut(record.subtitle or "", _LONGEST_SUBTITLE)),
        marker.highlighted(TextField.CONTRIBUTOR, _cut(statement, _LONGEST_STATEMENT)),
        marker.found_elsewhere(record),
    )


def _cut(text: str, most: int) -> str:
    """A text of so many characters, cut between words."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]}…"


def _asked(parameters: SearchParameters) -> Asked:
    """The parameters that every link of a result keeps."""
    kept = parameters.model_dump(mode="json", exclude={"cursor", "facet"}, exclude_defaults=True)
    return {name: value for name, value in kept.items() if value not in ([], None)}


@dataclass(frozen=True, slots=True)
class _Choices:
    page: Page
    labels: FacetLabels
    asked: Asked

    def facet(self, name: FacetName, values: Sequence[FacetValue]) -> Facet:
        choices = [self._choice(name, found.value, found.count) for found in values]
        more = [choice for choice in choices[_SHOWN : _SHOWN + _MORE] if not choice.chosen]
        shown = choices[:_SHOWN] + [choice for choice in choices[_SHOWN:] if choice.chosen]
        if name in (FacetName.DECADE, FacetName.YEAR):
            shown.sort(key=lambda choice: choice.label, reverse=True)
        return Facet(name, shown, more)

    def chosen(self) -> list[Choice]:
        """What the result is narrowed by, each to be taken back."""
        of_facets = [self._choice(name, value, 0) for name in FacetName for value in self._values(name)]
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
        return Choice(self.labels.label(name, value), count, chosen, self.address(**{name: tuple(changed)}))
