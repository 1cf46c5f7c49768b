"""What the API and the pages are served from."""

from dataclasses import dataclass

from unioncat.pipeline.ports import Catalogue, SearchIndex


@dataclass(frozen=True, slots=True)
class Services:
    """The read side of the store, the search index, and the pages' language when a browser states none."""

    catalogue: Catalogue
    search: SearchIndex
    default_language: str
