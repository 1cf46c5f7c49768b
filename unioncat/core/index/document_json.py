"""A search document as JSON, for the store and for engines that keep it beside their index."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from unioncat.core.index.document import SearchDocument

_NAMES = tuple(field.name for field in fields(SearchDocument))


def document_to_json(document: SearchDocument) -> dict[str, Any]:
    """The parts of a document that say something."""
    parts = ((name, getattr(document, name)) for name in _NAMES)
    return {
        name: list(part) if isinstance(part, tuple) else part
        for name, part in parts
        if part not in (None, ())
    }


def document_from_json(value: Mapping[str, Any]) -> SearchDocument:
    """The document again."""
    parts: dict[str, Any] = {
        name: tuple(part) if isinstance(part, list) else part for name, part in value.items()
    }
    return SearchDocument(**parts)
