"""The libraries of a fake catalogue as the registry of libraries shows them; for reading only."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from unioncat.core.errors import NotRegistered
from unioncat.core.identifiers import Isil
from unioncat.core.membership.events import LibraryEvent
from unioncat.core.membership.groups import LibraryGroup
from unioncat.core.membership.names import name_key, search_key
from unioncat.core.membership.statement import with_province_code
from unioncat.pipeline.libraries_port import LibraryQuery
from unioncat.pipeline.ports import LibraryView
from unioncat.pipeline.unit_of_work import Store

if TYPE_CHECKING:
    from fake_catalogue import FakeCatalogue


@dataclass(frozen=True)
class FakeLibraries:
    """Lists the libraries of a catalogue."""

    catalogue: "FakeCatalogue"

    async def find(self, query: LibraryQuery, limit: int) -> Sequence[LibraryView]:
        asked = [view for view in self.catalogue.library_views() if _fits(view, query)]
        asked.sort(key=_place)
        if query.after is not None:
            last = _place(await self.get(query.after))
            asked = [view for view in asked if _place(view) > last]
        return asked[:limit]

    async def count(self, query: LibraryQuery) -> int:
        return sum(_fits(view, query) for view in self.catalogue.library_views())

    async def get(self, isil: Isil) -> LibraryView:
        for view in self.catalogue.library_views():
            if view.library.isil.lower() == isil.lower():
                return view
        raise NotRegistered(f"No library is registered as '{isil}'")

    async def events(self, isil: Isil) -> Sequence[LibraryEvent]:
        return ()

    async def predecessors(self, isil: Isil) -> Sequence[LibraryEvent]:
        return ()

    async def groups_of(self, isil: Isil) -> Sequence[LibraryGroup]:
        return ()


@dataclass(frozen=True)
class _FakeWork:
    libraries: FakeLibraries


@dataclass(frozen=True)
class _FakeStore:
    catalogue: "FakeCatalogue"

    @asynccontextmanager
    async def work(self) -> AsyncIterator[_FakeWork]:
        yield _FakeWork(FakeLibraries(self.catalogue))


def fake_store(catalogue: "FakeCatalogue") -> Store:
    """A store that knows the libraries of a catalogue, and nothing else."""
    return cast(Store, _FakeStore(catalogue))


def _fits(view: LibraryView, query: LibraryQuery) -> bool:
    library = with_province_code(view.library)
    return (
        query.province in (None, library.place.province_code)
        and query.kind in (None, library.kind)
        and query.status in (None, library.status)
        and all(f" {word}" in search_key(library) for word in query.words)
    )


def _place(view: LibraryView) -> tuple[str, str]:
    return name_key(view.library.name), view.library.isil
