"""Law 7 with real harvests: twenty OAI-PMH feeds on the queue, five of them hostile, each on a server of its own."""

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from deliveries import a_source
from offices import feeds_of
from running_worker import QUICK, eventually, working
from scripted_provider import Script, Scripted, listing, marc, paged, scripted_provider

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import NEW_SOURCE, HarvestSource, HarvestStatus, Protocol
from unioncat.feeds import Feeds
from unioncat.pipeline.jobs import Job, Limits
from unioncat.store.engine import PostgresStore

LIBRARY = Isil("VN-TEST1")
TURNS = Limits(turn=2.0, patience=0.5, turns=2, whole=4.0)
GOOD = 15
RECORDS = 40


def endless(arguments: dict[str, str]) -> Scripted:
    """Always another page with new records and a new token."""
    number = int(arguments.get("resumptionToken", "0")) + 1
    return listing([marc(f"e{number}")], token=str(number))


def never(arguments: dict[str, str]) -> Scripted:
    """Takes the request and does not answer."""
    time.sleep(60)
    return Scripted()


HOSTILE: dict[str, Script] = {
    "never answers": never,
    "endless": endless,
    "drips": lambda arguments: Scripted(b"<OAI-PMH" * 1000, drip=0.2),
    "always busy": lambda arguments: Scripted(status=503, headers={"Retry-After": "3600"}),
    "no provider": lambda arguments: Scripted(b"<html>Welcome to our OPAC</html>"),
}


async def test_five_hostile_feeds_delay_none_of_the_fifteen_others(
    store: PostgresStore, tmp_path: Path
) -> None:
    feeds = feeds_of(store, tmp_path)
    await a_source(store)
    good = paged([[marc(f"r{page}-{number}") for number in range(RECORDS // 4)] for page in range(4)])
    scripts = [*HOSTILE.values(), *[good] * GOOD]
    with ExitStack() as stack:
        hosts = [f"127.0.0.{number}" for number in range(2, 2 + len(scripts))]
        servers = [
            stack.enter_context(scripted_provider(s, host)) for s, host in zip(scripts, hosts, strict=True)
        ]
        ids = [await _registered(feeds, server.address) for server in servers]

        async def run(job: Job) -> None:
            await feeds.harvest(job.source)

        async with working(store, run, slots=4, limits=TURNS, pace=replace(QUICK, silence=60)) as worker:
            for source in ids:  # the hostile ones come first
                await worker.control.start(source, "a test")

            async def good_ones_are_complete() -> bool:
                return all([await _is_whole(store, source) for source in ids[len(HOSTILE) :]])

            await eventually(good_ones_are_complete, seconds=60)
    async with store.work() as work:
        provider = await work.harvests.newest(ids[4])
    assert provider is not None
    assert "does not speak OAI-PMH" in (provider[0].message or "")


async def _registered(feeds: Feeds, address: str) -> SourceId:
    return (await feeds.save(HarvestSource(NEW_SOURCE, LIBRARY, Protocol.OAI_PMH, address))).id


async def _is_whole(store: PostgresStore, source: SourceId) -> bool:
    async with store.work() as work:
        newest = await work.harvests.newest(source)
    return bool(newest) and (newest[0].status, newest[0].counts.created) == (HarvestStatus.COMPLETE, RECORDS)
