"""What tantivy keeps of a search document."""

import json
from pathlib import Path

import tantivy

from unioncat.core.identifiers import MasterId
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_from_json, document_to_json
from unioncat.core.index.fields import (
    Forms,
    TextField,
    doublings,
    facet_values,
    sort_key,
    text_forms,
    texts,
    whole_titles,
)
from unioncat.core.index.request import FacetName, Sort

_BLANKS = "blanks"
_LONGEST_ID = 9

SORT_FIELDS = {
    Sort.RELEVANCE: "by_held",
    Sort.YEAR_NEWEST: "by_newest",
    Sort.YEAR_OLDEST: "by_oldest",
    Sort.TITLE: "by_title",
}
"""One key each, which is total: tantivy sorts by one field only."""


def _build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("document", stored=True)
    builder.add_integer_field("id_order", fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    for field in TextField:
        builder.add_text_field(f"{field}_exact", tokenizer_name=_BLANKS)
        builder.add_text_field(f"{field}_folded", tokenizer_name=_BLANKS)
    for name in ("id", "isbn", "issn", "held", "whole_exact", "whole_folded"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*map(facet_field, FacetName), *SORT_FIELDS.values()):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def facet_field(name: FacetName) -> str:
    """The field that holds the values of a facet."""
    return f"facet_{name}"


SCHEMA = _build_schema()


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
    made = tantivy.Document()
    made.add_bytes("document", json.dumps(document_to_json(document)).encode())
    made.add_integer("id_order", id_order(document.master_id))
    if document.year is not None:
        made.add_integer("year", document.year)
    for field, values in texts(document).items():
        for value in values:
            _add_forms(made, field, text_forms(value))
    for whole in whole_titles(document):
        _add_forms(made, "whole", whole)
    for name, values in _raw_values(document).items():
        for value in values:
            made.add_text(name, value)
    return made


def to_document(made: tantivy.Document) -> SearchDocument:
    """The search document that was stored."""
    return document_from_json(json.loads(bytes(made["document"][0])))


def id_order(master_id: MasterId) -> int:
    """A number that sorts as the identifier does: its ASCII signs, seven bits each."""
    signs = master_id.encode("ascii")
    if len(signs) > _LONGEST_ID:
        raise ValueError(f"'{master_id}' is longer than any master identifier")
    number = 0
    for sign in signs.ljust(_LONGEST_ID, b"\0"):
        number = number << 7 | sign
    return number


def _add_forms(made: tantivy.Document, name: str, words: Forms) -> None:
    made.add_text(f"{name}_exact", words.exact)
    made.add_text(f"{name}_folded", words.folded)


def _raw_values(document: SearchDocument) -> dict[str, tuple[str, ...]]:
    return (
        {
            "id": (document.master_id,),
            "isbn": document.isbns,
            "issn": document.issns,
            "held": tuple(map(str, range(1, doublings(document) + 1))),
        }
        | {field: (sort_key(document, sort),) for sort, field in SORT_FIELDS.items()}
        | {facet_field(name): values for name, values in facet_values(document).items()}
    )
