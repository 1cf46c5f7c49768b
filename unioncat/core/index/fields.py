"""A search document as every engine indexes it, and what relevance is: points that every engine adds up alike.

Points do not depend on what else is in the index, so that a rebuilt index, or another engine, gives the same
order, and a page can go on after (points, identifier) whatever was written meanwhile.

1. A word scores the points of the best field in which it is found: in its exact form, or a fifth of them in
   its folded form. A word typed without accents says nothing about accents: it scores the full points in its
   folded form, and one hair more in its exact one.
2. The beginning of a word scores as a word typed without accents; a phrase as its words together.
3. All words side by side in the title, or the title being these words and no more, is worth more.
4. An ISBN or ISSN is worth a word in the title.
5. Each doubling of the number of holding libraries is worth a little.
6. Equal points: by master identifier.

All points are whole numbers whose sum stays below 2 to the 24th: a 32-bit float adds them exactly, in any order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from unioncat.core.index.analysis import Token, word_forms
from unioncat.core.index.collation import vietnamese_sort_key
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.query import QueryField
from unioncat.core.index.request import FacetName, Sort

INDEX_VERSION = 3
"""Raised whenever the analysis or this module gives another index for the same document."""

YES = "yes"
"""The one value of a facet that says whether something is so."""


class TextField(StrEnum):
    """The fields in which words are found."""

    TITLE = "title"
    OTHER_TITLE = "other_title"
    CONTRIBUTOR = "contributor"
    SUBJECT = "subject"
    PUBLISHER = "publisher"
    NOTE = "note"


POINTS: Mapping[TextField, int] = {
    TextField.TITLE: 80_000,
    TextField.CONTRIBUTOR: 50_000,
    TextField.OTHER_TITLE: 40_000,
    TextField.SUBJECT: 20_000,
    TextField.PUBLISHER: 10_000,
    TextField.NOTE: 5_000,
}
FOLDED_SHARE = 5
HAIR = 1
SIDE_BY_SIDE = 20_000
WHOLE_TITLE = 40_000
NUMBER = 80_000
DOUBLING = 100

SEARCHED_AS: Mapping[QueryField | None, tuple[TextField, ...]] = {
    None: tuple(TextField),
    QueryField.TITLE: (TextField.TITLE, TextField.OTHER_TITLE),
    QueryField.AUTHOR: (TextField.CONTRIBUTOR,),
    QueryField.SUBJECT: (TextField.SUBJECT,),
    QueryField.PUBLISHER: (TextField.PUBLISHER,),
}

EXACT: Mapping[TextField, str] = {field: f"{field}_exact" for field in TextField}
FOLDED: Mapping[TextField, str] = {field: f"{field}_folded" for field in TextField}
"""The fields of an index with both forms of the words."""
WHOLE = "whole_exact", "whole_folded"
WORDS = "words"
"""The field of an index with all words of a record in their folded form."""

_LONGEST_TEXT = 5_000
_LONGEST_VALUE = 256
MOST_DOUBLINGS = 9
_LAST = "z"


@dataclass(frozen=True, slots=True)
class Forms:
    """The same words in both forms, parted by blanks."""

    exact: str
    folded: str


def forms(tokens: tuple[Token, ...]) -> Forms:
    """Both forms of some words."""
    return Forms(" ".join(token.exact for token in tokens), " ".join(token.folded for token in tokens))


@lru_cache(maxsize=1 << 14)
def text_forms(text: str) -> Forms:
    """Both forms of a text. Titles are wanted again and again; persons, places and subjects are many records'."""
    found = word_forms(text)
    return Forms(" ".join([exact for exact, _ in found]), " ".join([folded for _, folded in found]))


def word_points(field: TextField, tokens: tuple[Token, ...]) -> tuple[int, int]:
    """What a word or phrase scores in a field in its exact form, and in its folded one (rule 1)."""
    full = POINTS[field]
    exact = sum(full if token.accented else full + HAIR for token in tokens)
    return exact, sum(full // FOLDED_SHARE if token.accented else full for token in tokens)


def title_points(bonus: int, tokens: tuple[Token, ...]) -> tuple[int, int]:
    """What a bonus of the title as a whole scores in its exact form, and in its folded one."""
    accented = any(token.accented for token in tokens)
    return bonus, bonus // FOLDED_SHARE if accented else bonus


def beginnings(token: Token) -> tuple[str, ...]:
    """The folded beginnings that a typed one means: `ky*` begins kỹ (folded ki) and Kyoto alike."""
    start = token.folded
    return (start, f"{start[:-1]}y") if start.endswith("i") else (start,)


def texts(document: SearchDocument) -> Mapping[TextField, tuple[str, ...]]:
    """Which parts of a document are found in which field; a phrase never reaches from one text to another."""
    title = " ".join(part for part in (document.title, document.subtitle) if part)
    return {
        TextField.TITLE: _clipped(title),
        TextField.OTHER_TITLE: _clipped(*document.other_titles, *document.series),
        TextField.CONTRIBUTOR: _clipped(*document.contributors, document.responsibility),
        TextField.SUBJECT: _clipped(*document.subjects),
        TextField.PUBLISHER: _clipped(document.publisher, document.place),
        TextField.NOTE: _clipped(*document.notes, *document.call_numbers, document.edition),
    }


def all_words(folded: Iterable[str]) -> str:
    """The words of some texts, each once; as the texts, parted by blanks."""
    return " ".join(dict.fromkeys(" ".join(folded).split(" ")))


def whole_titles(document: SearchDocument) -> tuple[Forms, ...]:
    """The titles that a query can be as a whole: with the subtitle and without."""
    title = document.title[:_LONGEST_TEXT]
    both = f"{title} {document.subtitle}"[:_LONGEST_TEXT] if document.subtitle else title
    return tuple({form: None for text in (title, both) if (form := text_forms(text)).exact})


def facet_field(name: FacetName) -> str:
    """The field of an index that holds the values of a facet."""
    return f"facet_{name}"


def facet_values(document: SearchDocument) -> Mapping[FacetName, tuple[str, ...]]:
    """What each facet counts; every value once."""
    year, decade = (
        ((), ()) if document.year is None else ((str(document.year),), (str(document.year // 10 * 10),))
    )
    values = {
        FacetName.LIBRARY: document.libraries,
        FacetName.PROVINCE: document.provinces,
        FacetName.KIND: document.kinds,
        FacetName.GROUP: document.groups,
        FacetName.FORMAT: (document.format,),
        FacetName.LANGUAGE: document.languages,
        FacetName.DECADE: decade,
        FacetName.YEAR: year,
        FacetName.SUBJECT: document.subjects,
        FacetName.PERSON: document.persons,
        FacetName.DIGITAL: (YES,) if document.is_digital else (),
        FacetName.LOAN: (YES,) if document.is_for_loan else (),
    }
    return {
        name: tuple(dict.fromkeys(map(facet_value, given))) if given else () for name, given in values.items()
    }


@lru_cache(maxsize=1 << 14)
def facet_value(value: str) -> str:
    """A value as it is counted and filtered by: no longer than an engine can bear, no half characters."""
    return value[:_LONGEST_VALUE].encode(errors="replace").decode()


def doublings(document: SearchDocument) -> int:
    """How often the number of holding libraries doubles one, up to 9 times."""
    return min(max(len(set(document.libraries)).bit_length() - 1, 0), MOST_DOUBLINGS)


def sort_key(document: SearchDocument, sort: Sort) -> str:
    """A key of Latin letters, digits and one dot; ascending keys are the order, records without a value last.

    Relevance has one for the search without words, where only the libraries count.
    """
    match sort:
        case Sort.RELEVANCE:
            value = str(MOST_DOUBLINGS - doublings(document))
        case Sort.TITLE:
            value = vietnamese_sort_key(document.title)
        case Sort.YEAR_OLDEST:
            value = _LAST if document.year is None else f"{_four_digits(document.year):04}"
        case Sort.YEAR_NEWEST:
            value = _LAST if document.year is None else f"{9_999 - _four_digits(document.year):04}"
    return f"{value}.{document.master_id}"


def _four_digits(year: int) -> int:
    return min(max(year, 0), 9_999)


def _clipped(*values: str | None) -> tuple[str, ...]:
    return tuple(value[:_LONGEST_TEXT] for value in values if value)
