"""A search as asked and as answered."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from schemas.registry import LibraryName
from schemas.shape import Shape
from unioncat.core.index.fields import TextField
from unioncat.core.index.request import FacetName, QueryLanguage, SearchRequest, Sort
from unioncat.core.membership.units import current_province


def _nothing_if_empty(value: Any) -> Any:
    """An input of a form that was left empty."""
    return None if value == "" else value


Year = Annotated[int, Field(ge=0, le=9999)]
OptionalYear = Annotated[Year | None, BeforeValidator(_nothing_if_empty)]


def _values(description: str, example: str | int) -> Any:
    return Field(
        default_factory=list,
        max_length=50,
        description=f"{description} Repeat it for alternatives.",
        examples=[[example]],
    )


class SearchParameters(BaseModel):
    """The parameters of a search. Filters of one name are alternatives; different names narrow."""

    q: str = Field(
        default="",
        description="What to search for, with or without diacritics; empty for everything. Words are all "
        'required; `"a phrase"`, `-without`, `beginning*`, `title:`, `author:`, `subject:`, `publisher:`, '
        "`isbn:`, `issn:` and `OR` are understood. Text over 1,000 characters is cut (`notice`).",
        examples=["truyen kieu"],
    )
    library: list[str] = _values("Held by this library (ISIL).", "VN-TVQG")
    province: list[str] = _values(
        "Held by a library of this province; a former one is the province that it went into.", "Hà Nội"
    )
    kind: list[str] = _values("Held by a library of this kind, such as `university`.", "provincial")
    group: list[str] = _values("Held by a library of this group (code).", "dong-bac")
    format: list[str] = _values("Format of the publication, such as `book`, `serial`, `map`.", "book")
    language: list[str] = _values("Language of the publication (ISO 639-2/B).", "vie")
    decade: list[Year] = _values("Published in the ten years that begin with this one.", 2010)
    year: list[Year] = _values("Year of publication.", 2015)
    subject: list[str] = _values("Subject heading, as the facet gives it.", "Văn học trung đại")
    person: list[str] = _values("Author or contributor, as the facet gives it.", "Nguyễn Du")
    digital: list[Literal["yes"]] = _values("`yes`: some copy is online.", "yes")
    loan: list[Literal["yes"]] = _values(
        "`yes`: a library that lends says that a piece is on the shelf.", "yes"
    )
    year_from: OptionalYear = Field(default=None, description="Published in or after.", examples=[1990])
    year_to: OptionalYear = Field(default=None, description="Published in or before.", examples=[2020])
    syntax: QueryLanguage = Field(
        default=QueryLanguage.WORDS,
        description="What `q` is written in: `words` as people type, or `cql` (CQL 1.2).",
        examples=["words"],
    )
    sort: Sort = Field(
        default=Sort.RELEVANCE,
        description="Order: best first, newest first (`-year`), oldest first, by title.",
        examples=["relevance"],
    )
    size: int = Field(default=20, ge=1, le=100, description="Records on a page.", examples=[20])
    cursor: str | None = Field(
        default=None,
        description="`next_cursor` of the page before; keep all other parameters as they were.",
        examples=["WzEsImY1Il0"],
    )
    facet: list[FacetName] = _values("Count the values of this facet in the whole result.", "library")

    def request(self) -> SearchRequest:
        """The question to the index."""
        return SearchRequest(
            text=self.q,
            filters=self.filters(),
            year_from=self.year_from,
            year_to=self.year_to,
            sort=self.sort,
            size=self.size,
            cursor=self.cursor,
            facets=tuple(dict.fromkeys(self.facet)),
            language=self.syntax,
        )

    def filters(self) -> dict[FacetName, tuple[str, ...]]:
        """The values that were chosen, by facet."""
        chosen = {name: getattr(self, name) for name in FacetName}
        chosen[FacetName.PROVINCE] = map(current_province, self.province)
        return {name: found for name, values in chosen.items() if (found := tuple(map(str, values)))}


class RecordSummary(Shape):
    """A master record in short."""

    id: str = Field(description="Permanent identifier.", examples=["u0000kh"])
    title: str = Field(description="Title proper with its parts.", examples=["Truyện Kiều"])
    subtitle: str | None = Field(description="Other title information.", examples=["thơ"])
    responsibility: str | None = Field(description="Statement of responsibility.", examples=["Nguyễn Du"])
    edition: str | None = Field(description="Edition statement.", examples=["Tái bản lần thứ 3"])
    place: str | None = Field(description="Place of publication.", examples=["Hà Nội"])
    publisher: str | None = Field(description="Publisher.", examples=["Văn học"])
    year: int | None = Field(description="Year of publication.", examples=[2015])
    format: str = Field(description="Format of the publication.", examples=["book"])
    languages: list[str] = Field(description="Languages (ISO 639-2/B).", examples=[["vie"]])
    isbns: list[str] = Field(description="ISBNs with thirteen digits.", examples=[["9786040100016"]])
    issns: list[str] = Field(description="ISSNs.", examples=[["0866-7373"]])
    libraries: list[LibraryName] = Field(description="Libraries that hold it.")
    url: str = Field(description="The record in this API.", examples=["/api/v1/records/u0000kh"])
    page: str = Field(description="The record as a page.", examples=["/records/u0000kh"])


class HighlightEntry(Shape):
    """A text of a record with the words that were found in it."""

    field: TextField = Field(description="The kind of text.", examples=["title"])
    text: str = Field(
        description="The text, or the part of it around what was found.", examples=["Truyện Kiều"]
    )
    marks: list[tuple[int, int]] = Field(
        description="Where what was found stands: the first character, counted from 0, and the one behind the last.",
        examples=[[[7, 11]]],
    )


class SearchHit(RecordSummary):
    """A master record that was found."""

    highlights: list[HighlightEntry] = Field(
        description="What was found in the title, in the statement of responsibility, and elsewhere."
    )
    other_editions: int = Field(
        description="How many other editions of the same text there are, at most 200: see `/records/{id}/related`.",
        examples=[2],
    )


class FacetCount(Shape):
    """One value of a facet."""

    value: str = Field(description="The value, to be used as a filter.", examples=["VN-TVQG"])
    label: str = Field(
        description="What people call it: for libraries their name.", examples=["Thư viện Quốc gia Việt Nam"]
    )
    count: int = Field(description="Records of the whole result that have it.", examples=[12])


class SearchAnswer(Shape):
    """One page of a result."""

    total: int = Field(description="Records in the whole result.", examples=[42])
    records: list[SearchHit] = Field(description="The records of this page, in order.")
    facets: dict[FacetName, list[FacetCount]] = Field(
        description="The facets that were asked for, most frequent values first."
    )
    cut_facets: list[FacetName] = Field(
        description="Facets that have more values than are told: the 100 most frequent ones.",
        examples=[["subject"]],
    )
    next_cursor: str | None = Field(
        description="Pass it as `cursor` for the next page; null on the last.", examples=["WzEsImY1Il0"]
    )
    notice: str | None = Field(
        description="`truncated`: the query was cut because of its length. `corrected`: no record has all of the "
        "words, and these have those of `instead`. `relaxed`: no record has all of the words, and these have some.",
        examples=["truncated"],
    )
    instead: str | None = Field(
        default=None,
        description="The text that was searched, where nothing has all of the words of `q`.",
        examples=["truyện kiều"],
    )
