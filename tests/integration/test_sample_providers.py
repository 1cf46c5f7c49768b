"""Harvesting from a provider that is not ours: the sample libraries."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from scripted_provider import HERE

from harvesters.oai_pmh import OaiPmhHarvester
from harvesters.oai_provider import identify as identify_provider
from harvesters.z3950.address import read_address
from harvesters.z3950.client import Target, connect
from harvesters.z3950.errors import Objection
from harvesters.z3950.query import Clause
from unioncat.core.errors import ProtocolFault
from unioncat.samples import SampleFeed, sample_providers, sample_target
from unioncat.samples.target import shelf_records
from unioncat.samples.zebra import Zebra

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, SampleFeed]]:
    with sample_providers(tmp_path_factory.mktemp("samples")) as feeds:
        yield {feed.isil: feed for feed in feeds}


async def test_every_sample_library_is_harvested_to_its_end(samples: dict[str, SampleFeed]) -> None:
    delivered: dict[str, int] = {}
    for feed in samples.values():
        pages = [
            page
            async for page in OaiPmhHarvester(feed.address, feed.metadata_prefix, access=HERE).pages(None)
        ]
        assert len(pages) > 1
        assert pages[-1].checkpoint.state["done"] == "true"
        records = [record for page in pages for record in page.records]
        assert len({record.identifier for record in records}) == len(records)
        delivered[feed.isil] = len(records)
    assert len(delivered) == 5
    assert 250 <= sum(delivered.values()) <= 350


async def test_the_first_sample_library_has_a_deletion(samples: dict[str, SampleFeed]) -> None:
    harvester = OaiPmhHarvester(samples["VN-MAU01"].address, "marc21", access=HERE)
    records = [record async for page in harvester.pages(None) for record in page.records]
    assert [record.raw for record in records if record.deleted] == [b""]


async def test_a_set_and_a_window_choose_from_a_sample_library(samples: dict[str, SampleFeed]) -> None:
    address = samples["VN-MAU01"].address
    serials = [p async for p in OaiPmhHarvester(address, "marc21", "serials", access=HERE).pages(None)]
    assert len(serials[0].records) == 2
    late = OaiPmhHarvester(
        address, "marc21", None, "2024-01-05T09:00:00Z", "2024-01-05T09:03:00Z", access=HERE
    )
    assert [len(page.records) async for page in late.pages(None)] == [4]
    later = OaiPmhHarvester(address, "marc21", None, "2090-01-01T00:00:00Z", access=HERE)
    assert [page.records async for page in later.pages(None)] == [()]


async def test_a_sample_library_names_unknown_prefixes_and_sets(samples: dict[str, SampleFeed]) -> None:
    address = samples["VN-MAU02"].address
    with pytest.raises(ProtocolFault, match="it offers marcxml, oai_dc"):
        await anext(OaiPmhHarvester(address, "marc21", access=HERE).pages(None))
    with pytest.raises(ProtocolFault, match="it has books, serials, other"):
        await anext(OaiPmhHarvester(address, "marcxml", "novels", access=HERE).pages(None))


async def test_a_sample_library_says_who_it_is(samples: dict[str, SampleFeed]) -> None:
    found = await identify_provider(samples["VN-MAU04"].address, access=HERE)
    assert (found.name, found.deleted_record) == ("Thư viện Mẫu Cần Thơ", "persistent")


def test_the_sample_libraries_are_gone_when_the_block_ends(tmp_path: Path) -> None:
    with sample_providers(tmp_path) as feeds:
        addresses = [feed.address for feed in feeds]
    with pytest.raises(OSError, match="refused"):
        urlopen(addresses[0])


@pytest.mark.parametrize("with_zebra", [True, False])
async def test_the_sample_target_has_the_same_records_by_whichever_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_zebra: bool
) -> None:
    if with_zebra and not Zebra.is_here():
        pytest.skip(
            "Zebra is not installed; tests/integration/test_real_targets.py says when that is a failure"
        )
    monkeypatch.setattr(Zebra, "is_here", staticmethod(lambda: with_zebra))
    with sample_target(tmp_path) as feed:
        address = read_address(feed.address)
        target = Target(address.host, address.port, address.databases)
        session = await connect(target, HERE.guard)
        try:
            hits = await session.search(Clause("x", ((1, "_ALLRECORDS"), (2, 103))))
        except Objection:
            hits = await session.search(Clause("x", ((1, 1016), (2, 103))))
        assert hits == len(shelf_records())
        assert feed.server == ("Zebra" if with_zebra else "unioncat")
        await session.close()
