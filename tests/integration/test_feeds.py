"""Feeds of every protocol on their whole way into the store."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from deliveries import a_delivery, a_source
from offices import feeds_of
from scripted_provider import Scripted, fault, identify, listing, marc, paged, scripted_provider

from harvesters.credentials import basic
from unioncat.core.errors import Conflict, FileUnreadable, NotRegistered, SourceUnreachable, UnioncatError
from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus
from unioncat.core.membership.events import EventKind, LibraryEvent
from unioncat.core.registry import (
    NEW_SOURCE,
    Deletions,
    HarvestSource,
    HarvestTerms,
    Protocol,
    SourceState,
)
from unioncat.feeds import Feeds
from unioncat.pipeline.libraries import record_event
from unioncat.pipeline.source_states import accept_source
from unioncat.store.engine import PostgresStore

LIBRARY = Isil("VN-TEST1")


async def registered(feeds: Feeds, protocol: Protocol, address: str, **terms: object) -> HarvestSource:
    await a_source(feeds.store)
    draft = HarvestSource(NEW_SOURCE, LIBRARY, protocol, address, terms=HarvestTerms(**terms))
    return await feeds.save(replace(draft, rules=replace(draft.rules, profile="auto")))


def a_file(folder: Path, name: str, *identifiers: str, age: int = 0) -> Path:
    path = folder / name
    path.write_bytes(b"\n".join(a_delivery(identifier).raw for identifier in identifiers))
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


async def live(store: PostgresStore, source: HarvestSource) -> set[str]:
    async with store.work() as work:
        return set(await work.harvests.unseen(source.id, 0, "", 1000))


async def test_a_folder_delivers_each_file_once_and_a_changed_one_again(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path / "home")
    source = await registered(feeds, Protocol.FOLDER, str(tmp_path))
    a_file(tmp_path, "one.json", "a", "b", age=10)
    a_file(tmp_path, "two.json", "c")
    (tmp_path / "half.json.part").write_bytes(b"{")
    (tmp_path / "being-written.json").write_bytes(b"{")
    assert (await feeds.harvest(source.id)).created == 3
    assert (await feeds.harvest(source.id)).delivered == 0
    a_file(tmp_path, "two.json", "c", "d")
    assert (await feeds.harvest(source.id)).created == 1
    assert await live(store, source) == {"a", "b", "c", "d"}


async def test_of_a_folder_whose_files_are_everything_only_the_newest_counts(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path / "home")
    source = await registered(feeds, Protocol.FOLDER, str(tmp_path), deletions=Deletions.REPLACE)
    a_file(tmp_path, "monday.json", *"abcdefghij", age=20)
    await feeds.harvest(source.id)
    a_file(tmp_path, "tuesday.json", *"abc", age=10)
    a_file(tmp_path, "wednesday.json", *"abcdefgh")
    await feeds.harvest(source.id)
    assert await live(store, source) == set("abcdefgh")


async def test_a_folder_that_is_not_there_is_named(store: PostgresStore, tmp_path: Path) -> None:
    feeds = feeds_of(store, tmp_path / "home")
    source = await registered(feeds, Protocol.FOLDER, str(tmp_path / "nowhere"))
    with pytest.raises(FileUnreadable, match="nowhere is no folder"):
        await feeds.harvest(source.id)


async def test_an_upload_is_delivered_and_gone_and_a_bad_one_is_set_aside(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path)
    source = await registered(feeds, Protocol.FILE, "upload")

    async def chunks(content: bytes):
        yield content

    await feeds.upload(source, "good.json", chunks(a_delivery("a").raw))
    assert (await feeds.harvest(source.id)).created == 1
    assert feeds.uploads.waiting(source.id) == []
    await feeds.upload(source, "bad.bin", chunks(b"\x00\x01 no records"))
    with pytest.raises(FileUnreadable, match=r"bad\.bin"):
        await feeds.harvest(source.id)
    assert feeds.uploads.waiting(source.id) == []
    assert [path.suffix for path in (tmp_path / "uploads" / str(source.id)).iterdir()] == [".refused"]


async def test_a_web_file_is_fetched_once_while_it_stays_the_same(
    store: PostgresStore, tmp_path: Path
) -> None:
    content = [b"\n".join(a_delivery(name).raw for name in "ab")]
    feeds = feeds_of(store, tmp_path)
    with scripted_provider(lambda arguments: Scripted(content[0])) as server:
        source = await registered(feeds, Protocol.WEB_FILE, server.address)
        assert (await feeds.harvest(source.id)).created == 2
        assert (await feeds.harvest(source.id)).delivered == 0
        content[0] += b"\n" + a_delivery("c").raw
        assert (await feeds.harvest(source.id)).created == 1


async def test_an_oai_pmh_feed_that_reports_no_deletions_is_audited(
    store: PostgresStore, tmp_path: Path
) -> None:
    names = [f"r{number}" for number in range(10)]
    gone: set[str] = set()

    def answer(arguments: dict[str, str]) -> Scripted:
        there = [name for name in names if name not in gone]
        if arguments["verb"] == "Identify":
            return identify()
        if arguments["verb"] == "GetRecord":
            return fault("idDoesNotExist")
        if arguments["verb"] == "ListIdentifiers":
            headers = [
                f"<header><identifier>{n}</identifier><datestamp>2024-01-01</datestamp></header>"
                for n in there
            ]
            return listing([header.encode() for header in headers], verb="ListIdentifiers")
        return paged([[marc(name) for name in there]])(arguments)

    feeds = feeds_of(store, tmp_path)
    with scripted_provider(answer) as provider:
        source = await registered(feeds, Protocol.OAI_PMH, provider.address, deletions=Deletions.AUDIT)
        assert (await feeds.harvest(source.id)).created == 10
        gone.update({"r3", "r4"})
        assert (await feeds.harvest(source.id)).deleted == 2
    assert await live(store, source) == set(names) - gone
    async with store.work() as work:
        trend = await work.quality.trend(source.id, 10)
    assert trend[-1][1]["live"] == 8


async def test_a_secret_opens_the_feed_and_lies_encrypted(store: PostgresStore, tmp_path: Path) -> None:
    feeds = feeds_of(store, tmp_path)
    seen: list[str | None] = []

    def answer(arguments: dict[str, str]) -> Scripted:
        return paged([[marc("a")]])(arguments)

    with scripted_provider(answer) as provider:
        source = await registered(feeds, Protocol.OAI_PMH, provider.address)
        await feeds.save_secret(source.id, basic("harvester", "mật khẩu"))
        seen.append((await feeds.access(source)).credentials.as_header[1])
        await feeds.harvest(source.id)
    assert seen[0].startswith("Basic ")
    async with store.work() as work:
        kept = await work.sources.secret(source.id)
    assert kept is not None
    assert "khẩu".encode() not in kept
    assert b"harvester" not in kept
    await feeds.save_secret(source.id, None)
    assert not await feeds.has_secret(source.id)


async def test_a_private_address_that_is_not_allowed_is_never_asked(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path)
    closed = replace(feeds, settings=feeds.settings.model_copy(update={"allowed_networks": ""}))
    with scripted_provider(paged([[marc("a")]])) as provider:
        source = await registered(feeds, Protocol.OAI_PMH, provider.address)
        with pytest.raises(SourceUnreachable, match="private address"):
            await closed.harvest(source.id)
        assert provider.requests == []


async def test_a_feed_of_nobody_or_with_an_unknown_profile_is_refused(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path)
    draft = HarvestSource(NEW_SOURCE, Isil("VN-NOBODY"), Protocol.OAI_PMH, "https://library.example/oai")
    with pytest.raises(NotRegistered, match="VN-NOBODY"):
        await feeds.save(draft)
    with pytest.raises(UnioncatError, match="nonsense"):
        await feeds.save(replace(draft, rules=replace(draft.rules, profile="nonsense")))


async def test_a_paused_feed_keeps_its_uploads(store: PostgresStore, tmp_path: Path) -> None:
    feeds = feeds_of(store, tmp_path)
    source = await registered(feeds, Protocol.FILE, "upload")
    source = await feeds.save(replace(source, state=SourceState.PAUSED))

    async def chunks():
        yield a_delivery("a").raw

    await feeds.upload(source, "good.json", chunks())
    with pytest.raises(UnioncatError, match="is paused"):
        await feeds.harvest(source.id)
    assert len(feeds.uploads.waiting(source.id)) == 1


async def test_an_import_remembers_the_columns_of_a_list(store: PostgresStore, tmp_path: Path) -> None:
    feeds = feeds_of(store, tmp_path / "home")
    await a_source(store)
    path = tmp_path / "sach.csv"
    path.write_text("Tên sách,Tác giả\nDế mèn phiêu lưu ký,Tô Hoài\n", "utf-8")
    draft = HarvestSource(NEW_SOURCE, LIBRARY, Protocol.FILE, "upload", "auto")
    source = await feeds.uploads_of(draft, path)
    assert dict(source.rules.columns) == {"Tên sách": "title", "Tác giả": "authors"}
    assert (await feeds.deliver(source, path)).created == 1
    path.write_text("Nhan đề,Tác giả\nDế mèn phiêu lưu ký,Tô Hoài\n", "utf-8")
    with pytest.raises(UnioncatError, match="has no column “Tên sách”"):
        await feeds.uploads_of(draft, path)


async def test_the_feeds_of_a_library_that_ends_end_with_it(store: PostgresStore, tmp_path: Path) -> None:
    feeds = feeds_of(store, tmp_path)
    source = await registered(feeds, Protocol.OAI_PMH, "https://library.example/oai")
    await record_event(store, LibraryEvent(LIBRARY, EventKind.CLOSED, date(2026, 1, 1)))
    assert (await feeds.get(source.id)).state is SourceState.CLOSED
    with pytest.raises(Conflict, match="is closed"):
        await feeds.save(replace(source, id=NEW_SOURCE, address="https://library.example/other"))


async def test_a_feed_of_a_library_that_is_no_member_yet_is_not_accepted(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path)
    source = await registered(feeds, Protocol.OAI_PMH, "https://library.example/oai")
    async with store.work() as work:
        library = await work.registry.library(LIBRARY)
        await work.registry.save_library(replace(library, status=LibraryStatus.PENDING))
        await work.commit()
    with pytest.raises(Conflict, match="is pending"):
        await accept_source(store, source.id, force=True)
