"""Keys that too many descriptions share are listed for the operator."""

from deliveries import a_delivery, a_source, deliver

from unioncat.cli.stats import key_lines
from unioncat.core.identifiers import Isil
from unioncat.core.match.keys import MAX_SHARE
from unioncat.pipeline.alarms_port import Listing
from unioncat.pipeline.crowded_keys import SAMPLES, crowded_keys
from unioncat.pipeline.match import match_pending
from unioncat.store.engine import PostgresStore

ISBN = "9786045701126"
A, B = Isil("VN-TEST1"), Isil("VN-TEST2")


async def _share_one_isbn(store: PostgresStore, count: int) -> None:
    for isil, places in ((A, range(count // 2)), (B, range(count // 2, count))):
        records = [
            a_delivery(f"r{n}", f"Sách số {n} {chr(97 + n % 26) * 5}", f"Người {n}", isbn=ISBN)
            for n in places
        ]
        await deliver(store, await a_source(store, isil), records)
    await match_pending(store)


async def test_a_key_of_more_than_max_share_descriptions_is_listed_with_libraries_and_titles(
    store: PostgresStore,
) -> None:
    await _share_one_isbn(store, MAX_SHARE + 1)
    [listed] = [one for one in (await crowded_keys(store, 50)).listed if one.key.startswith("isbn:")]
    assert (listed.key, listed.descriptions) == (f"isbn:{ISBN}", MAX_SHARE + 1)
    assert listed.libraries == (A, B)
    assert len(set(listed.titles)) == SAMPLES
    lines = list(key_lines(Listing([listed], 3), "vi"))
    assert lines[:2] == [
        f"{MAX_SHARE + 1} mô tả dùng chung ISBN: {ISBN}",
        f"  thư viện: {A}, {B}",
    ]
    assert lines[-1] == "… và còn 2; --limit liệt kê thêm"


async def test_a_key_of_max_share_descriptions_is_not_listed(store: PostgresStore) -> None:
    await _share_one_isbn(store, MAX_SHARE)
    assert not [one for one in (await crowded_keys(store, 50)).listed if one.key.startswith("isbn:")]


def test_no_crowded_key_is_said_so() -> None:
    assert list(key_lines(Listing([], 0), "en")) == [
        f"no key is shared by more than {MAX_SHARE} descriptions"
    ]
