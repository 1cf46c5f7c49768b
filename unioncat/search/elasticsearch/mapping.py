"""What Elasticsearch keeps of a search document; the mapping itself is `schemas/search_index.json`.

1. Words come from our own analysis (`core/index/analysis.py`), parted by blanks, so that the `whitespace` analyser of
   Elasticsearch has nothing to decide.
2. Of the source only the document itself is kept, as JSON text: it is shown, never searched.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_from_text
from unioncat.core.index.fields import (
    EXACT,
    FOLDED,
    WHOLE,
    WORDS,
    Forms,
    all_words,
    doublings,
    facet_field,
    facet_values,
    sort_key,
    text_forms,
    texts,
    whole_titles,
)
from unioncat.core.index.request import Sort

MAPPING: Mapping[str, Any] = json.loads(files("schemas").joinpath("search_index.json").read_text())

SORT_FIELDS = {
    Sort.RELEVANCE: "by_held",
    Sort.YEAR_NEWEST: "by_newest",
    Sort.YEAR_OLDEST: "by_oldest",
    Sort.TITLE: "by_title",
}
_FARTHEST_YEAR = 10**9


def to_source(document: SearchDocument, text: str) -> dict[str, Any]:
    """A search document with all its fields; `text` is its JSON."""
    source: dict[str, Any] = {"document": text, "id": document.master_id}
    if document.year is not None:
        source["year"] = max(-_FARTHEST_YEAR, min(document.year, _FARTHEST_YEAR))
    folded: list[str] = []
    for field, values in texts(document).items():
        if values:
            _add_forms(source, (EXACT[field], FOLDED[field]), [text_forms(value) for value in values])
            folded += source[FOLDED[field]]
    source[WORDS] = all_words(folded)
    _add_forms(source, WHOLE, whole_titles(document))
    for name, parts in (("isbn", document.isbns), ("issn", document.issns)):
        if parts:
            source[name] = parts
    if held := doublings(document):
        source["held"] = str(held)
    for sort, key in SORT_FIELDS.items():
        source[key] = sort_key(document, sort)
    for name, values in facet_values(document).items():
        if values:
            source[facet_field(name)] = values
    return source


def to_document(source: Mapping[str, Any]) -> SearchDocument:
    """The search document that was stored."""
    return document_from_text(source["document"])


def _add_forms(source: dict[str, Any], names: tuple[str, str], words: Sequence[Forms]) -> None:
    exact, folded = names
    source[exact] = [each.exact for each in words]
    source[folded] = [each.folded for each in words]
