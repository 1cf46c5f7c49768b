"""What every request may use: the services, and the names of the libraries."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import Depends, Request

from schemas.registry import LibraryName
from unioncat.core.errors import StoreUnavailable
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.feeds import Feeds
from unioncat.pipeline.ports import Catalogue
from unioncat.pipeline.services import Services

_FRESH_SECONDS = 10.0


class Libraries:
    """The member libraries. After a few seconds they are asked of the catalogue again, and until its answer is here
    nobody waits for it: there may be many thousand."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._known: Mapping[Isil, MemberLibrary] = {}
        self._names: dict[Isil, LibraryName] = {}
        self._groups: Mapping[str, str] = {}
        self._read_at = -_FRESH_SECONDS
        self._reading: asyncio.Task[None] | None = None

    async def all(self) -> Mapping[Isil, MemberLibrary]:
        """All libraries by ISIL, in the order of their names."""
        await self._refresh()
        return self._known

    async def groups(self) -> Mapping[str, str]:
        """The names of all groups of libraries by code."""
        await self._refresh()
        return self._groups

    async def _refresh(self) -> None:
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            return
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        if self._read_at < 0:
            await asyncio.shield(self._reading)

    async def _read(self) -> None:
        """Read all; what was read before stays when the database is away."""
        try:
            known = {library.isil: library for library in await self._catalogue.libraries()}
            self._known, self._groups, self._names = known, await self._catalogue.group_names(), {}
            self._read_at = time.monotonic()
        except StoreUnavailable:
            if self._read_at < 0:
                raise
        finally:
            self._reading = None

    async def named(self, isils: Iterable[Isil]) -> list[LibraryName]:
        """These libraries in short; one that is not registered is called by its ISIL."""
        known, names = await self.all(), self._names
        found = []
        for isil in isils:
            if isil not in names:
                names[isil] = LibraryName.model_validate(library_of(known, isil))
            found.append(names[isil])
        return found


def library_of(known: Mapping[Isil, MemberLibrary], isil: Isil) -> MemberLibrary:
    """The library of this ISIL; one that is not registered is called by its ISIL."""
    return known.get(isil) or MemberLibrary(isil, isil)


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _libraries(request: Request) -> Libraries:
    libraries: Libraries = request.app.state.libraries
    return libraries


async def _feeds(request: Request) -> Feeds:
    feeds: Feeds = request.app.state.feeds
    return feeds


UsedFeeds = Annotated[Feeds, Depends(_feeds)]
UsedServices = Annotated[Services, Depends(_services)]
UsedLibraries = Annotated[Libraries, Depends(_libraries)]
