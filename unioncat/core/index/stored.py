"""Search documents as they lie in the store: quickly carried to another process, and read there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unioncat.core.identifiers import Isil
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_from_json
from unioncat.core.index.of_libraries import ShownLibrary, parts_of_libraries


@dataclass(frozen=True, slots=True)
class StoredDocuments:
    """Some documents: each as JSON, with its version; and what is known of their libraries."""

    rows: tuple[tuple[str, int], ...]
    libraries: Mapping[Isil, ShownLibrary]

    def read(self) -> Iterator[SearchDocument]:
        """The documents."""
        return (document for document, _ in self.read_with_text())

    def read_with_text(self) -> Iterator[tuple[SearchDocument, str]]:
        """The documents, each with its JSON as text, which is sooner completed than made."""
        for text, version in self.rows:
            stored = json.loads(text)
            holding, there = stored.get("libraries", ()), stored.get("available_at", ())
            more = {**parts_of_libraries(holding, there, self.libraries), "version": version}
            yield document_from_json({**stored, **more}), f"{text[:-1]}, {json.dumps(more)[1:]}"
