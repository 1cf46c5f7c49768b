"""What every harvester promises, whatever it reads: run against each of them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted_provider import HERE, deletion, marc, paged, scripted_provider

from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import Harvester, HarvestPage
from unioncat.samples import sample_providers

Feed = Callable[[], Harvester]
"""A feed that can be opened again and again, as by processes that are killed."""


@pytest.fixture
def oai_pmh() -> Iterator[Feed]:
    pages = [[marc("1"), marc("2")], [marc("3")], [], [deletion("4"), marc("5")]]
    with scripted_provider(paged(pages)) as provider:
        yield lambda: OaiPmhHarvester(provider.address, "marc21", access=HERE)


@pytest.fixture
def oai_pmh_of_another_implementation(tmp_path: Path) -> Iterator[Feed]:
    with sample_providers(tmp_path) as feeds:
        yield lambda: OaiPmhHarvester(
            feeds[0].address, feeds[0].metadata_prefix, "books", "2024-01-05", access=HERE
        )


@pytest.fixture(params=["oai_pmh", "oai_pmh_of_another_implementation"])
def feed(request: pytest.FixtureRequest) -> Feed:
    opened: Feed = request.getfixturevalue(request.param)
    return opened


async def read(feed: Feed, resume: Checkpoint | None = None) -> list[HarvestPage]:
    return [page async for page in feed().pages(resume)]


async def test_after_a_kill_at_any_page_the_rest_is_delivered_and_nothing_else(feed: Feed) -> None:
    whole = await read(feed)
    assert len(whole) > 1
    for number, page in enumerate(whole, start=1):
        rest = await read(feed, page.checkpoint)
        assert [p.records for p in rest] == [p.records for p in whole[number:]]


async def test_a_checkpoint_survives_being_stored(feed: Feed) -> None:
    whole = await read(feed)
    stored = Checkpoint(json.loads(json.dumps(whole[0].checkpoint.state)))
    assert await read(feed, stored) == whole[1:]
    assert all(isinstance(value, str) for value in stored.state.values())


async def test_a_harvest_that_is_abandoned_leaves_no_trace_in_the_next(feed: Feed) -> None:
    async for _ in feed().pages(None):
        break
    whole = await read(feed)
    assert [page.records for page in whole] == [page.records for page in await read(feed)]


async def test_every_record_has_bytes_and_a_place_or_is_a_deletion_with_an_identifier(feed: Feed) -> None:
    for page in await read(feed):
        for record in page.records:
            assert record.place
            assert bool(record.raw) != record.deleted
            assert record.identifier or not record.deleted
