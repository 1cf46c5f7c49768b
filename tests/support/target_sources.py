"""Shelves of records behind Z39.50 and SRU, as sources of a test store."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from offices import feeds_of
from scripted_provider import scripted_provider
from sqlalchemy import select
from sru_target import SruTarget
from z3950_target import a_held

from harvesters.z3950.shelf import Dates, Held, Shelf
from harvesters.z3950.target import Behaviour, Target
from unioncat.core.delivery import ReadingRules
from unioncat.core.errors import FeedError
from unioncat.core.identifiers import parse_isil
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import (
    NEW_SOURCE,
    HarvestCounts,
    HarvestSource,
    Protocol,
    SourceState,
)
from unioncat.feeds import Feeds
from unioncat.store.engine import PostgresStore
from unioncat.store.schema import source_record

TODAY = f"{date.today():%Y%m%d}"
_ISIL = parse_isil("VN-TEST1")


@dataclass(slots=True)
class Member:
    """A library whose shelf is harvested."""

    store: PostgresStore
    feeds: Feeds
    source: HarvestSource
    shelf: Shelf = field(default_factory=lambda: Shelf(()))

    async def harvest(self) -> HarvestCounts:
        """One harvest as it is due."""
        return await self.feeds.harvest(self.source.id)

    async def harvest_or_fail(self) -> None:
        """One harvest, which may fail."""
        with suppress(FeedError):
            await self.harvest()

    async def allow_many_deletions(self) -> None:
        """No deletion waits for a person."""
        terms = replace(self.source.terms, most_deletions=90)
        self.source = await self.feeds.save(replace(self.source, terms=terms))

    async def live(self) -> set[str]:
        """The control numbers that live here."""
        async with self.store.work() as work:
            query = select(source_record.c.identifier).where(
                source_record.c.source_id == self.source.id, ~source_record.c.deleted
            )
            return set((await work.connection.scalars(query)).all())

    async def profile(self) -> str:
        """What was found out, as it is kept."""
        async with self.store.work() as work:
            known = await work.targets.profile(self.source.id)
        assert known is not None
        return known[1]


@asynccontextmanager
async def a_member(
    store: PostgresStore,
    home: Path,
    records: Iterable[Held],
    dates: Dates = Dates.RANGE,
    *,
    sru: SruTarget | None = None,
    target: Target | None = None,
    behaviour: Behaviour | None = None,
) -> AsyncIterator[Member]:
    """A member library with these records: behind `sru`, behind `target`, or behind a plain target."""
    feeds = feeds_of(store, home)
    if sru is not None:
        with scripted_provider(sru) as provider:
            address = provider.address.rstrip("/") + "/sru"
            yield await member_at(feeds, Protocol.SRU, address, sru.shelf)
        return
    shelf = target.shelf if target else Shelf(records, dates)
    server = target or Target(shelf, behaviour=behaviour)
    async with server.listening() as port:
        address = f"z3950://127.0.0.1:{port}/{server.database}"
        yield await member_at(feeds, Protocol.Z3950, address, shelf)


async def member_at(feeds: Feeds, protocol: Protocol, address: str, shelf: Shelf | None = None) -> Member:
    """A member library behind this address."""
    async with feeds.store.work() as work:
        await work.registry.save_library(MemberLibrary(_ISIL, "Thư viện thử", None, "Hà Nội"))
        await work.commit()
    source = HarvestSource(
        NEW_SOURCE, _ISIL, protocol, address, "marc21", None, ReadingRules(), state=SourceState.ACCEPTED
    )
    assert isinstance(feeds.store, PostgresStore)
    return Member(feeds.store, feeds, await feeds.save(source), shelf or Shelf(()))


def changed(one: Held, title: str) -> Held:
    """The record of the same number, changed today."""
    return a_held(int(one.number[2:]), title, date=TODAY)


def numbers(records: Iterable[Held]) -> set[str]:
    """Their control numbers."""
    return {one.number for one in records}
