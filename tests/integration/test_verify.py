"""`verify` finds what it is there to find: each kind of damage, made by hand, is named."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deliveries import a_deletion, a_delivery, a_source, deliver
from sqlalchemy import text

from unioncat.pipeline.index import index_pending
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.verify import Finding, verify_store
from unioncat.search.embedded import TantivyIndex, TantivyWriter
from unioncat.store.engine import PostgresStore


@pytest.fixture
async def indexed(store: PostgresStore) -> AsyncIterator[tuple[PostgresStore, TantivyIndex]]:
    """Two master records, one of two libraries, in store and index."""
    one, two = await a_source(store, "VN-TEST1"), await a_source(store, "VN-TEST2")
    await deliver(
        store, one, [a_delivery("a"), a_delivery("x", title="Kinh tế học vi mô"), a_deletion("never")]
    )
    await deliver(store, two, [a_delivery("b")])
    await match_pending(store)
    with tempfile.TemporaryDirectory() as folder:
        await index_pending(store, lambda: TantivyWriter.open(Path(folder)))
        index = TantivyIndex(Path(folder))
        yield store, index
        await index.close()


async def broken(store: PostgresStore, index: TantivyIndex) -> list[tuple[int, str]]:
    findings: list[Finding] = await verify_store(store, index)
    return [(finding.law, finding.checked) for finding in findings if finding.broken]


async def test_a_whole_store_has_no_finding(indexed: tuple[PostgresStore, TantivyIndex]) -> None:
    assert await broken(*indexed) == []
    assert {finding.law: finding.count > 0 for finding in await verify_store(*indexed)} == {
        1: True,
        3: True,
        4: True,
        5: True,
    }


@pytest.mark.parametrize(
    ("damage", "law"),
    [
        ("UPDATE source_record SET content_hash = 'x' WHERE identifier = 'a'", 1),
        ("UPDATE source_record SET raw = 'x' WHERE identifier = 'a'", 1),
        ("UPDATE source_record SET master_serial = NULL, member = false WHERE identifier = 'x'", 1),
        ("UPDATE harvest SET created = created + 1, delivered = delivered + 1", 1),
        ("UPDATE source_record SET datestamp = '1999-01-01' WHERE identifier = 'b'", 3),
        ("UPDATE master_record SET master_id = 'u00000x'", 4),
        ("INSERT INTO change (serial) SELECT min(serial) FROM master_record", 5),
    ],
)
async def test_damage_is_named(indexed: tuple[PostgresStore, TantivyIndex], damage: str, law: int) -> None:
    store, index = indexed
    if "master_id" in damage:
        damage += " WHERE serial = (SELECT min(serial) FROM master_record)"
    async with store.work() as work:
        await work.connection.execute(text(damage))
        await work.commit()
    assert law in {found for found, _ in await broken(store, index)}


async def test_a_document_that_differs_is_named(indexed: tuple[PostgresStore, TantivyIndex]) -> None:
    store, index = indexed
    async with store.work() as work:
        await work.connection.execute(text("UPDATE master_record SET version = version + 1"))
        await work.commit()
    assert [law for law, _ in await broken(store, index)] == [5]
