"""Lists of libraries without MARC on their whole way: rows become holdings on master records, or come back."""

from dataclasses import replace
from pathlib import Path

import pytest
from deliveries import a_delivery, a_source, deliver

from harvesters.delivered_file import DeliveredFile
from harvesters.lists import read_head
from unioncat.core.delivery import ReadingRules
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.retry_rejected import retry_rejected
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore

KNOWN = "9786045701126"
UNKNOWN = "9780306406157"
COLUMNS = (("ISBN", "isbn"), ("Nhan đề", "title"), ("Kho", "location"), ("Số ĐKCB", "barcode"))


async def a_list_source(store: PostgresStore) -> HarvestSource:
    source = await a_source(store, "VN-XA1")
    return replace(source, rules=ReadingRules("default", None, COLUMNS))


async def a_full_record(store: PostgresStore) -> None:
    await deliver(store, await a_source(store, "VN-TEST1"), [a_delivery("a", isbn=KNOWN)])
    await match_pending(store)


def a_list(folder: Path, *rows: str) -> Path:
    path = folder / "danh-muc.csv"
    path.write_text("ISBN,Nhan đề,Kho,Số ĐKCB\n" + "\n".join(rows) + "\n", "utf-8-sig")
    return path


async def test_a_row_with_only_an_isbn_becomes_a_holding_on_the_existing_master(
    store: PostgresStore, tmp_path: Path
) -> None:
    await a_full_record(store)
    source = await a_list_source(store)
    path = a_list(tmp_path, f"{KNOWN},,Phòng đọc,XA001", f"{UNKNOWN},,Phòng đọc,XA002")
    counts = await run_harvest(store, source, DeliveredFile(path, source.rules))
    assert (counts.delivered, counts.created, counts.rejected) == (2, 1, 1)
    await match_pending(store)
    catalogue = PostgresCatalogue(store)
    (master,) = await catalogue.masters_by_isbn(KNOWN)
    holdings = await catalogue.holdings(master)
    assert {view.library.isil for view in holdings} == {"VN-TEST1", "VN-XA1"}
    (ours,) = [view.holding for view in holdings if view.library.isil == "VN-XA1"]
    assert (ours.location, [item.barcode for item in ours.items]) == ("Phòng đọc", ["XA001"])


async def test_an_unmatched_row_comes_back_and_is_matched_when_the_catalogue_has_the_book(
    store: PostgresStore, tmp_path: Path
) -> None:
    source = await a_list_source(store)
    path = a_list(tmp_path, f"{KNOWN},,Phòng đọc,XA001")
    await run_harvest(store, source, DeliveredFile(path, source.rules))
    (rejected,) = await PostgresCatalogue(store).rejected(source.isil, 10, None)
    assert KNOWN in rejected.reason
    await a_full_record(store)
    counts = await retry_rejected(store, source)
    assert (counts.delivered, counts.created) == (1, 1)
    await match_pending(store)
    (master,) = await PostgresCatalogue(store).masters_by_isbn(KNOWN)
    assert {v.library.isil for v in await PostgresCatalogue(store).holdings(master)} == {"VN-TEST1", "VN-XA1"}
    assert await PostgresCatalogue(store).rejected(source.isil, 10, None) == []


async def test_an_isbn_that_stands_on_two_publications_comes_back(
    store: PostgresStore, tmp_path: Path
) -> None:
    await a_full_record(store)
    other = a_delivery("b", isbn=KNOWN, title="Hoá học vô cơ", author="Ai Đó Khác", publisher="Giáo dục")
    await deliver(store, await a_source(store, "VN-TEST2"), [other])
    await match_pending(store)
    assert len(await PostgresCatalogue(store).masters_by_isbn(KNOWN)) == 2
    source = await a_list_source(store)
    await run_harvest(store, source, DeliveredFile(a_list(tmp_path, f"{KNOWN},,Kho,X1"), source.rules))
    (rejected,) = await PostgresCatalogue(store).rejected(source.isil, 10, None)
    assert "2 publications" in rejected.reason


async def test_a_title_list_without_mapping_is_live_with_the_guess(
    store: PostgresStore, tmp_path: Path
) -> None:
    path = a_list(tmp_path, ",Dế mèn phiêu lưu ký,Kho A,X1", ",Đất rừng phương Nam,Kho A,X2")
    head = read_head(path)
    assert dict(head.mapping)["Nhan đề"] == "title"
    source = replace(await a_list_source(store), rules=ReadingRules("default", None, head.mapping))
    first = await run_harvest(store, source, DeliveredFile(path, source.rules))
    again = await run_harvest(store, source, DeliveredFile(path, source.rules))
    assert (first.created, again.unchanged) == (2, 2)


@pytest.mark.parametrize("name", ["books.csv", "books.mrc"])
async def test_records_are_not_taken_for_a_list(tmp_path: Path, name: str) -> None:
    from harvesters.delivered_file import holds_a_list

    path = tmp_path / name
    path.write_bytes(b"00058nam a2200037 a 4500245000800000\x1e10\x1fatitle\x1e\x1d")
    assert not holds_a_list(path)
