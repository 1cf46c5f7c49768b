"""Law 8: kill a harvest anywhere, as often as you like; in the end the store has exactly the records of the source."""

import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from deliveries import a_delivery, a_source
from killable import KILLS, harvest, kill_again_and_again, titles_in
from scripted_provider import Scripted, deletion, marc, paged, scripted_provider

from unioncat.core.errors import StoreUnavailable
from unioncat.core.registry import Deletions, HarvestSource, HarvestStatus, Protocol
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

RECORDS = 300
PAGE = 15


class Library:
    """What a source has: a title for each identifier, None where a record was deleted; it changes over time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.titles: dict[str, str | None] = {f"r{number:04}": "Truyện Kiều" for number in range(RECORDS)}

    def change(self) -> None:
        """Some records change, a few go, a few come back."""
        for name in self.random.sample(sorted(self.titles), 40):
            self.titles[name] = f"Truyện Kiều {self.random.randrange(10**6)}"
        for name in self.random.sample(sorted(self.titles), 8):
            self.titles[name] = None

    @property
    def live(self) -> dict[str, str]:
        return {name: title for name, title in self.titles.items() if title is not None}

    def answers(self) -> Callable:
        records = [
            deletion(name) if title is None else marc(name, title) for name, title in self.titles.items()
        ]
        return paged([records[start : start + PAGE] for start in range(0, len(records), PAGE)])

    def write(self, path: Path) -> None:
        lines = (a_delivery(name, title=title).raw for name, title in self.live.items())
        path.with_suffix(".new").write_bytes(b"\n".join(lines))
        path.with_suffix(".new").rename(path)


async def nothing_is_lost(store: PostgresStore, source: HarvestSource, library: Library) -> None:
    assert await titles_in(store, source) == library.live
    async with store.work() as work:
        newest = await work.harvests.newest(source.id)
        assert newest is not None
        assert newest[0].status is HarvestStatus.COMPLETE
        assert await work.audit.unbalanced_harvests() == []
        for created, deleted, stored in (await work.audit.created_and_stored()).values():
            assert created + deleted >= stored


@pytest.mark.timeout(300)
async def test_an_oai_pmh_harvest_that_is_killed_fifty_times(store: PostgresStore) -> None:
    library = Library(1)
    source = await _registered(store, Protocol.OAI_PMH, Deletions.REPORTED)
    current = [library.answers()]

    def next_generation() -> None:
        library.change()
        current[0] = library.answers()

    with scripted_provider(lambda arguments: current[0](arguments)) as provider:
        database = store.engine.url.render_as_string(hide_password=False)
        assert await kill_again_and_again(database, source, provider.address, next_generation, 1) == KILLS
    await nothing_is_lost(store, source, library)


@pytest.mark.timeout(300)
async def test_a_file_harvest_that_is_killed_fifty_times(store: PostgresStore, tmp_path: Path) -> None:
    library = Library(2)
    source = await _registered(store, Protocol.FILE, Deletions.REPLACE)
    path = tmp_path / "books.json"
    library.write(path)

    def next_generation() -> None:
        library.change()
        library.write(path)

    database = store.engine.url.render_as_string(hide_password=False)
    assert await kill_again_and_again(database, source, str(path), next_generation, 2) == KILLS
    await nothing_is_lost(store, source, library)


async def _registered(store: PostgresStore, protocol: Protocol, deletions: Deletions) -> HarvestSource:
    source = await a_source(store)
    terms = replace(source.terms, deletions=deletions, most_deletions=50)
    async with store.work() as work:
        saved = await work.sources.save(replace(source, protocol=protocol, terms=terms))
        await work.commit()
    return saved


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that the server's own user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "postgres"


async def test_a_database_that_restarts_in_the_middle_of_a_harvest(home: Path) -> None:
    library = Library(3)
    left = ["3", "9", "9", "14"]
    with embedded_postgres(home) as server:
        await ensure_database(server, "restarted")
        database = database_url(server, "restarted")
        store = PostgresStore(database)
        await store.migrate()
        source = await _registered(store, Protocol.OAI_PMH, Deletions.REPORTED)

        def answer(arguments: dict[str, str]) -> Scripted:
            if left and arguments.get("resumptionToken") == left[0]:
                left.pop(0)
                _kill_server(home)
            return library.answers()(arguments)

        with scripted_provider(answer) as provider:
            while True:
                try:
                    await harvest(database, source.id, provider.address)
                    break
                except StoreUnavailable:
                    with embedded_postgres(home):
                        pass  # starts it again; it runs on, since this test still uses it
        await nothing_is_lost(store, source, library)
        await store.close()
    assert not left, "each of the restarts hit a run"


def _kill_server(home: Path) -> None:
    """End the server without a chance to tidy up, as when a machine runs out of memory."""
    first_line = (home / "server" / "data" / "postmaster.pid").read_text().splitlines()[0]
    os.kill(int(first_line), signal.SIGQUIT)
