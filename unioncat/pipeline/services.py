"""What the API and the pages are served from."""

from dataclasses import dataclass

from unioncat.pipeline.availability import LiveAvailability
from unioncat.pipeline.ports import Catalogue, SearchIndex
from unioncat.pipeline.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class Services:
    """The read side of the store, the search index, the pages' language when a browser states none, and the store to
    write to. `live` asks libraries what can be had now; None: nobody is asked."""

    catalogue: Catalogue
    search: SearchIndex
    default_language: str
    store: Store
    live: LiveAvailability | None = None
