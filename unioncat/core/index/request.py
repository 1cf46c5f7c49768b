"""A question to the search index, and its answer. The same for every engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from unioncat.core.index.document import SearchDocument

MOST_HITS = 100
"""The most records on a page."""
MOST_FACET_VALUES = 100
"""The most values of a facet that are told."""


class FacetName(StrEnum):
    """What a result can be narrowed by."""

    LIBRARY = "library"
    PROVINCE = "province"
    KIND = "kind"
    GROUP = "group"
    FORMAT = "format"
    LANGUAGE = "language"
    DECADE = "decade"
    YEAR = "year"
    SUBJECT = "subject"
    PERSON = "person"
    DIGITAL = "digital"
    LOAN = "loan"


class Sort(StrEnum):
    """Orders of a result; every one ends with the master identifier, so that it is total."""

    RELEVANCE = "relevance"
    YEAR_NEWEST = "-year"
    YEAR_OLDEST = "year"
    TITLE = "title"


class QueryLanguage(StrEnum):
    """In which language the text is."""

    WORDS = "words"  # what people type
    CQL = "cql"  # Contextual Query Language 1.2


class SuggestionKind(StrEnum):
    """What is suggested while somebody types; also the field that finds it."""

    TITLE = "title"
    NAME = "author"
    SUBJECT = "subject"


class Reading(StrEnum):
    """How widely the text is taken: see `reading.py`."""

    TYPED = "typed"
    ANYWHERE = "anywhere"
    RELAXED = "relaxed"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search: the text as typed, filters (OR within a facet, AND between facets), order and page.

    `filters[YEAR]` takes years as text, `filters[DECADE]` their first years, DIGITAL and LOAN know the value `yes` only;
    `year_from` and `year_to` are inclusive. `cursor` is what the
    previous page gave. `facets` names the facets to count, each without its own filter.
    """

    text: str = ""
    filters: Mapping[FacetName, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    size: int = 20
    cursor: str | None = None
    facets: tuple[FacetName, ...] = ()
    language: QueryLanguage = QueryLanguage.WORDS
    reading: Reading = Reading.TYPED


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of master records in the whole result that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of a result. `total` counts master records; `next_cursor` is None on the last page.

    `facets` are ordered by count, then value; of each the first MOST_FACET_VALUES are told, and `cut_facets` have more.
    `notice` is a machine-readable word when the search did something that was not asked, such as "truncated" for a query
    that was cut.
    """

    total: int
    hits: tuple[SearchDocument, ...]
    facets: Mapping[FacetName, tuple[FacetValue, ...]]
    next_cursor: str | None = None
    notice: str | None = None
    cut_facets: tuple[FacetName, ...] = ()


def page_of(
    total: int,
    hits: tuple[SearchDocument, ...],
    counted: Mapping[FacetName, tuple[FacetValue, ...]],
    next_cursor: str | None,
    notice: str | None,
) -> SearchPage:
    """A page with facets of which one value more than the most was counted, where there are so many."""
    facets = {name: values[:MOST_FACET_VALUES] for name, values in counted.items()}
    cut = tuple(name for name, values in counted.items() if len(values) > MOST_FACET_VALUES)
    return SearchPage(total, hits, facets, next_cursor, notice, cut)
