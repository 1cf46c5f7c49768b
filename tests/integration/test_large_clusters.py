"""Large clusters are listed with what holds them together."""

from dataclasses import replace

from deliveries import a_delivery, a_source, deliver

from unioncat.cli.stats import cluster_lines
from unioncat.core.identifiers import Isil
from unioncat.core.match.large_cluster import Statement
from unioncat.pipeline.alarms_port import LargeCluster, Listing
from unioncat.pipeline.large_clusters import large_clusters
from unioncat.pipeline.match import match_pending
from unioncat.store.engine import PostgresStore

ISBN = "9786045701126"
A, B = Isil("VN-TEST1"), Isil("VN-TEST2")


async def test_a_large_cluster_is_listed_with_members_libraries_years_keys_and_its_weakest_link(
    store: PostgresStore,
) -> None:
    await deliver(store, await a_source(store, A), [a_delivery(f"a{n}", isbn=ISBN) for n in range(4)])
    await deliver(store, await a_source(store, B), [a_delivery("b", isbn=ISBN, pages=None)])
    await match_pending(store)
    found = await large_clusters(store, 4, 10)
    [one] = found.listed
    assert found.total == 1
    assert (one.members, one.descriptions, one.libraries) == (5, 2, (A, B))
    assert (one.first_year, one.last_year) == (2012, 2012)
    [said] = one.statements
    assert (said.years, said.members) == ((2012,), 5)
    assert f"isbn:{ISBN}" in one.keys
    assert one.weakest is not None
    assert next(cluster_lines(found, 4, "en")).endswith("2 libraries, years 2012: copies of one edition")
    assert "  5 × cơ sở văn hóa việt nam" in list(cluster_lines(found, 4, "vi"))
    assert await large_clusters(store, 5, 10) == Listing([], 0)


async def test_what_the_limit_cuts_off_is_counted(store: PostgresStore) -> None:
    source = await a_source(store, A)
    for title in ("Cơ sở văn hóa Việt Nam", "Lịch sử kiến trúc thế giới", "Đất rừng phương Nam"):
        await deliver(store, source, [a_delivery(f"{title} {n}", title, title) for n in range(2)])
    await match_pending(store)
    found = await large_clusters(store, 1, 1)
    assert (len(found.listed), found.total) == (1, 3)
    assert list(cluster_lines(found, 1, "vi"))[-1] == "… và còn 2; --limit liệt kê thêm"


async def test_the_years_of_a_serial_are_not_stated(store: PostgresStore) -> None:
    source = await a_source(store, A)
    serial = a_delivery("s", "Tạp chí Toán học")
    await deliver(store, source, [replace(serial, raw=serial.raw.replace(b"nam a", b"nas a"))])
    await deliver(store, source, [a_delivery("b", "Lịch sử kiến trúc thế giới")])
    await match_pending(store)
    found = (await large_clusters(store, 0, 10)).listed
    assert {one.years for cluster in found for one in cluster.statements} == {(), (2012,)}


def test_a_suspicious_cluster_says_in_what_its_members_differ() -> None:
    statements = (
        Statement("kinh tế học", (1,), members=5),
        Statement("đất rừng phương nam", (2,), members=4),
    )
    one = LargeCluster("x", 9, 2, (A,), statements, None, None, ("isbn:1",), None)
    line = next(cluster_lines(Listing([one], 1), 5, "vi"))
    assert line.endswith("năm ?: đáng ngờ: nhan đề không liên quan, nhiều tập khác nhau")
