"""Large clusters are listed with what holds them together."""

from deliveries import a_delivery, a_source, deliver

from unioncat.cli.stats import cluster_lines
from unioncat.core.identifiers import Isil
from unioncat.core.match.large_cluster import ClusterVerdict, judge_cluster
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
    [one] = await large_clusters(store, 4, 10)
    assert (one.members, one.descriptions, one.libraries) == (5, 2, (A, B))
    assert (one.first_year, one.last_year) == (2012, 2012)
    assert list(one.titles.values()) == [5]
    assert f"isbn:{ISBN}" in one.keys
    assert one.weakest is not None
    assert next(cluster_lines([one], 4, "en")).endswith("2 libraries, years 2012: copies of one edition")
    assert "  5 × cơ sở văn hóa việt nam" in list(cluster_lines([one], 4, "vi"))
    assert list(await large_clusters(store, 5, 10)) == []


def test_a_cluster_of_unrelated_titles_is_suspicious() -> None:
    titles = {"đất rừng phương nam": 6, "kinh tế học vi mô": 2}
    assert judge_cluster(titles) is ClusterVerdict.SUSPICIOUS


def test_a_title_cut_short_goes_with_the_whole_one() -> None:
    titles = {"cơ sở văn hoá việt nam": 6, "co so van hoa": 2}
    assert judge_cluster(titles) is ClusterVerdict.COPIES
