"""A search document as JSON, for the store and for engines that keep it beside their index."""

import json
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from unioncat.core.index.document import SearchDocument

_NAMES = tuple(field.name for field in fields(SearchDocument))
_parts = attrgetter(*_NAMES)


def document_to_json(document: SearchDocument) -> dict[str, Any]:
    """The parts of a document that say something."""
    return {
        name: list(part) if part.__class__ is tuple else part
        for name, part in zip(_NAMES, _parts(document), strict=True)
        if part is not None and part is not False and part != ()
    }


def document_to_text(document: SearchDocument) -> str:
    """The parts as JSON text; half characters as JSON writes them, because UTF-8 has none."""
    text = json.dumps(document_to_json(document), ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()


def document_from_text(text: str | bytes) -> SearchDocument:
    """The document again."""
    return document_from_json(json.loads(text))


def document_from_json(value: Mapping[str, Any]) -> SearchDocument:
    """The document again."""
    parts: dict[str, Any] = {
        name: tuple(part) if isinstance(part, list) else part for name, part in value.items()
    }
    return SearchDocument(**parts)
