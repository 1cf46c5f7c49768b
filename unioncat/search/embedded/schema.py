"""What tantivy keeps of a search document."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_from_text, document_to_text
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
from unioncat.core.index.request import FacetName, Sort
from unioncat.core.index.stored import StoredDocuments

_BLANKS = "blanks"
_LONGEST_ID = 9

SORT_FIELDS = {
    Sort.RELEVANCE: "by_held",
    Sort.YEAR_NEWEST: "by_newest",
    Sort.YEAR_OLDEST: "by_oldest",
    Sort.TITLE: "by_title",
}
"""One key each, which is total: tantivy sorts by one field only."""


Fields = dict[str, list[Any]]
"""The values of a document by field; tantivy takes lists only."""


def _build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("document", stored=True)
    builder.add_integer_field("id_order", fast=True)
    for name in ("year", "held"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in (*EXACT.values(), *FOLDED.values()):
        builder.add_text_field(name, tokenizer_name=_BLANKS)
    builder.add_text_field(WORDS, tokenizer_name=_BLANKS, index_option="basic")
    for name in ("id", "isbn", "issn", *WHOLE):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*map(facet_field, FacetName), *SORT_FIELDS.values()):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


SCHEMA = _build_schema()
_FORM_FIELDS = {field: (EXACT[field], FOLDED[field]) for field in EXACT}
_FACET_FIELDS = {name: facet_field(name) for name in FacetName}


def open_index(generation: Path) -> tantivy.Index:
    """Open or make the index of a generation; readers see new commits when they reload."""
    index = tantivy.Index(SCHEMA, path=str(generation))
    index.register_tokenizer(_BLANKS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader("manual")
    return index


def empty_index() -> tantivy.Index:
    """An index without documents, in memory."""
    return tantivy.Index(SCHEMA)


def to_tantivy(document: SearchDocument) -> tantivy.Document:
    """A search document with all its fields; raises ValueError for an identifier that was never minted."""
    return tantivy.Document.from_dict(fields_of(document), SCHEMA)


def fields_of_all(stored: StoredDocuments) -> list[Fields]:
    """The fields of stored documents: what costs most of the time of indexing, and can be done elsewhere."""
    return [_fields_of(document, text) for document, text in stored.read_with_text()]


def fields_of(document: SearchDocument) -> Fields:
    """All fields of a search document; raises ValueError for an identifier that was never minted."""
    return _fields_of(document, document_to_text(document))


def to_document(made: tantivy.Document) -> SearchDocument:
    """The search document that was stored."""
    return document_from_text(bytes(made["document"][0]))


def _fields_of(document: SearchDocument, text: str) -> Fields:
    fields: Fields = {
        "document": [text.encode()],
        "id_order": [id_order(document.master_id)],
        "id": [document.master_id],
        "held": [doublings(document)],
    }
    if document.isbns:
        fields["isbn"] = list(document.isbns)
    if document.issns:
        fields["issn"] = list(document.issns)
    if document.year is not None:
        fields["year"] = [document.year]
    folded: list[str] = []
    for field, values in texts(document).items():
        if values:
            _add_forms(fields, _FORM_FIELDS[field], [text_forms(value) for value in values])
            folded += fields[FOLDED[field]]
    fields[WORDS] = [all_words(folded)]
    _add_forms(fields, WHOLE, whole_titles(document))
    for sort, name in SORT_FIELDS.items():
        fields[name] = [sort_key(document, sort)]
    for facet, found in facet_values(document).items():
        if found:
            fields[_FACET_FIELDS[facet]] = list(found)
    return fields


def id_order(master_id: MasterId) -> int:
    """A number that sorts as the identifier does: its ASCII signs, seven bits each."""
    signs = master_id.encode("ascii")
    if len(signs) > _LONGEST_ID:
        raise ValueError(f"'{master_id}' is longer than any master identifier")
    number = 0
    for sign in signs.ljust(_LONGEST_ID, b"\0"):
        number = number << 7 | sign
    return number


def _add_forms(fields: Fields, names: tuple[str, str], words: Sequence[Forms]) -> None:
    exact, folded = names
    fields[exact] = [each.exact for each in words]
    fields[folded] = [each.folded for each in words]
