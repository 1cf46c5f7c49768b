"""A library writes one ISBN on all its books: it is found, accepted, and from then on no evidence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from command_home import a_home
from database import fresh_store
from deliveries import a_delivery, a_source, clusters_in, deliver
from sqlalchemy import text

from unioncat.core.delivery import DeliveredRecord, ReadingRules
from unioncat.core.errors import Conflict, UnknownEntry
from unioncat.core.match.placeholders import Placed, Placeholder
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.placeholders import change_placeholders, chosen, show_placeholders
from unioncat.pipeline.reading import Reading, read_deliveries
from unioncat.pipeline.reread import reread
from unioncat.store.engine import PostgresStore

SHARED = Placeholder(Placed.ISBN, "9786045701126")
SIGNED = Signed("lan", "số của nhà in")
WORDS = (
    "hoá",
    "lí",
    "sử",
    "địa",
    "văn",
    "luật",
    "y",
    "nông",
    "lâm",
    "tin",
    "toán",
    "thơ",
    "nhạc",
    "hoạ",
    "cơ",
    "điện",
    "báo",
    "đất",
)


def _books() -> list[DeliveredRecord]:
    """300 books with one ISBN; of each title two, that only a common number would join."""
    titles = [f"{one} {other} đại cương" for one in WORDS for other in WORDS if one != other][:150]
    records = []
    for number, title in enumerate(titles):
        for copy, pages in enumerate(("120 tr.", None)):
            author = f"{WORDS[number % 18].title()} Văn {WORDS[number // 18].title()}" if copy else None
            records.append(
                a_delivery(
                    f"r{number:03d}{copy}", title, author, None, str(1980 + number % 40), SHARED.value, pages
                )
            )
    return records


async def _stored(store: PostgresStore, statement: str) -> list[tuple[object, ...]]:
    async with store.work() as work:
        return [tuple(row) for row in await work.connection.execute(text(statement))]


async def _said(store: PostgresStore) -> list[tuple[object, ...]]:
    """What records say and are described by, and the keys of these."""
    records = await _stored(
        store,
        "SELECT r.identifier, r.marc::text, d.fingerprint FROM source_record r JOIN description d ON d.id = r.description_id",
    )
    keys = await _stored(
        store, "SELECT k.key, d.fingerprint FROM match_key k JOIN description d ON d.id = k.description_id"
    )
    return [*sorted(records), *sorted(keys)]


async def _with_rules(store: PostgresStore, source: HarvestSource) -> HarvestSource:
    async with store.work() as work:
        return await work.sources.get(source.id)


async def _accept(store: PostgresStore, source: HarvestSource) -> HarvestSource:
    assert await change_placeholders(store, source.id, accept=[SHARED], signed=SIGNED)
    return await _with_rules(store, source)


async def test_a_number_on_all_books_is_suspected_with_titles(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, _books())
    found = await show_placeholders(store, source.id)
    (suspected,) = [one for one in found.suspected if one.placeholder.placed is Placed.ISBN]
    assert (suspected.placeholder, suspected.records) == (SHARED, 300)
    assert suspected.titles[0].endswith("đại cương")
    assert len(set(suspected.titles)) == 5
    assert not found.accepted


async def test_after_acceptance_all_is_as_if_the_value_had_never_been_there(
    store: PostgresStore, postgres_server: str
) -> None:
    books = _books()
    source = await a_source(store)
    await deliver(store, source, books)
    await match_pending(store)
    before, clusters = await _said(store), await clusters_in(store)
    accepted = await _accept(store, source)
    counts = await reread(store, accepted)
    await match_pending(store)
    assert (counts.delivered, counts.updated) == (300, 300)
    assert await clusters_in(store) != clusters

    async with fresh_store(postgres_server) as other:
        fresh = await _accept(other, await a_source(other))
        await deliver(other, fresh, books)
        await match_pending(other)
        assert await clusters_in(store) == await clusters_in(other)
        assert await _said(store) == await _said(other)
    async with store.work() as work:
        assert not list(await work.audit.homeless_records())

    await change_placeholders(store, source.id, remove=[SHARED], signed=SIGNED)
    await reread(store, await _with_rules(store, source))
    await match_pending(store)
    assert await clusters_in(store) == clusters
    assert await _said(store) == before


async def test_a_reading_that_was_cut_off_is_begun_again_and_loses_nothing(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [*_books(), *_more(400)])
    await match_pending(store)
    accepted = await _accept(store, source)
    asked = 0

    async def breaks(page: Sequence[DeliveredRecord], rules: ReadingRules) -> list[Reading]:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise RuntimeError("the power is gone")
        return read_deliveries(page, rules)

    with pytest.raises(RuntimeError):
        await reread(store, accepted, read=breaks)
    await match_pending(store)
    assert (await reread(store, accepted)).delivered == 700
    await match_pending(store)
    assert not await _stored(store, f"SELECT 1 FROM match_key WHERE key = 'isbn:{SHARED.value}'")
    async with store.work() as work:
        assert not list(await work.audit.homeless_records())


def _more(count: int) -> list[DeliveredRecord]:
    return [
        a_delivery(f"s{number:04d}", f"Sách số {number}", None, isbn=SHARED.value) for number in range(count)
    ]


async def test_records_are_not_read_again_while_their_source_is_harvested(store: PostgresStore) -> None:
    source = await a_source(store)
    async with store.harvest_lock(source.id):
        with pytest.raises(Conflict, match="is being harvested"):
            await reread(store, source)


async def test_a_changed_feed_keeps_its_placeholders(store: PostgresStore) -> None:
    source = await _accept(store, await a_source(store))
    async with store.work() as work:
        saved = await work.sources.save(replace(source, address="https://example.org/oai"))
        await work.commit()
    assert saved.rules.placeholders == (("isbn", SHARED.value),)


async def test_what_was_not_accepted_cannot_be_taken_back(store: PostgresStore) -> None:
    source = await a_source(store)
    with pytest.raises(UnknownEntry, match="Source 1 has no placeholder isbn:9786045701126"):
        await change_placeholders(store, source.id, remove=[SHARED], signed=SIGNED)


def test_people_state_a_value_as_they_see_it() -> None:
    title = Placeholder(Placed.TITLE, "sachˊ mơiˊ")
    assert chosen(["title:sách mới", "isbn:978"], [title]) == [title, Placeholder(Placed.ISBN, "978")]
    for wrong in ("9786045701126", "colour:red", "isbn:"):
        with pytest.raises(UnknownEntry, match="KIND:VALUE"):
            chosen([wrong], [])


def test_by_command() -> None:
    with a_home(_books()) as run:
        listed = run.good("source", "placeholders", "1")
        assert "isbn:9786045701126" in listed
        assert "300 records: " in listed
        assert (
            run.refused("source", "placeholders", "1", "--accept-all")
            == "A decision needs its reason: --why …"
        )
        done = run.good(
            "source",
            "placeholders",
            "1",
            "--accept",
            "isbn:9786045701126",
            "--why",
            "a printer's number",
            "--by",
            "lan",
        )
        assert "300 records read again, 300 changed" in done
        assert "Accepted, and no evidence any more:" in done
        assert "a printer's number" in done
        assert "0 changed" in run.good("source", "reread", "--all")
        taken = run.good("source", "placeholders", "1", "--remove", "isbn:9786045701126", "--why", "a slip")
        assert "Suspected" in taken
