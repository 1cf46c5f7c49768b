"""The laws on a real PostgreSQL: random histories of deliveries, in any order and any batch size."""

import asyncio
import random
from datetime import date

import pytest
from deliveries import (
    ListHarvester,
    a_deletion,
    a_delivery,
    a_random_delivery,
    a_source,
    clusters_in,
    clusters_of,
    deliver,
)

from unioncat.core.errors import UnioncatError
from unioncat.core.library import MemberLibrary
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.registry import HarvestStatus
from unioncat.pipeline.index import LibraryWatch
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore

ISILS = ("VN-TEST1", "VN-TEST2", "VN-TEST3")


@pytest.mark.parametrize("seed", range(8))
async def test_law_2_any_history_gives_the_clusters_of_what_is_live(store: PostgresStore, seed: int) -> None:
    draw = random.Random(seed)
    sources = {isil: await a_source(store, isil) for isil in ISILS}
    live: dict[tuple[str, str], object] = {}
    for _ in range(6):
        for isil, source in sources.items():
            delivered = []
            for _ in range(draw.randint(1, 12)):
                identifier = f"r{draw.randint(1, 15)}"
                if draw.random() < 0.25:
                    delivered.append(a_deletion(identifier))
                    live.pop((isil, identifier), None)
                else:
                    delivered.append(a_random_delivery(draw, identifier))
                    live[isil, identifier] = delivered[-1]
            await deliver(store, source, delivered, size=draw.randint(1, 8))
        if draw.random() < 0.7:
            await match_pending(store, batch=draw.randint(1, 20))
    await match_pending(store, batch=draw.randint(1, 20))
    expected = clusters_of((isil, identifier, record) for (isil, identifier), record in live.items())
    assert await clusters_in(store) == expected


async def test_law_2_two_matchers_at_once_give_the_same_clusters(store: PostgresStore) -> None:
    draw = random.Random(99)
    source = await a_source(store)
    records = [a_random_delivery(draw, f"r{number}") for number in range(120)]
    await deliver(store, source, records)
    await asyncio.gather(match_pending(store, batch=7), match_pending(store, batch=11))
    assert await clusters_in(store) == clusters_of(
        ("VN-TEST1", record.identifier, record) for record in records
    )


async def test_law_1_every_delivered_record_has_one_outcome(store: PostgresStore) -> None:
    source = await a_source(store)
    first = await deliver(store, source, [a_delivery("a"), a_delivery("b"), a_deletion("c")])
    assert (first.delivered, first.created, first.deleted) == (3, 2, 1)
    broken = a_delivery("x").__class__(b"{broken", a_delivery("x").format, "record x", "x")
    second = await deliver(
        store,
        source,
        [a_delivery("a"), a_delivery("b", year="1999"), a_deletion("b"), a_deletion("c"), broken],
    )
    assert second.add_up
    assert (second.unchanged, second.updated, second.deleted, second.rejected) == (2, 1, 1, 1)
    rejected = await PostgresCatalogue(store).rejected(None, 10, None)
    assert [(r.raw, r.place) for r in rejected] == [(b"{broken", "record x")]
    assert rejected[0].reason


async def test_law_4_merged_identifiers_redirect_and_ended_ones_stay_known(store: PostgresStore) -> None:
    catalogue = PostgresCatalogue(store)
    source = await a_source(store)
    await deliver(store, source, [a_delivery("a"), a_delivery("b", title="Đất rừng phương Nam")])
    await match_pending(store)
    first = await catalogue.master_of(source.isil, "a")
    second = await catalogue.master_of(source.isil, "b")
    await deliver(store, source, [a_delivery("b", pages="293 tr.")])
    await match_pending(store)
    assert await catalogue.master_of(source.isil, "b") == first
    merged = await catalogue.master(second)
    assert merged.redirect == first
    await deliver(store, source, [a_deletion("a"), a_deletion("b")])
    await match_pending(store)
    assert (await catalogue.master(first)).deleted
    await deliver(store, source, [a_delivery("a")])
    await match_pending(store)
    assert await catalogue.master_of(source.isil, "a") == first, (
        "a record that comes back finds its identifier"
    )


async def test_law_3_removing_a_source_removes_exactly_its_contribution(store: PostgresStore) -> None:
    catalogue = PostgresCatalogue(store)
    one, two = await a_source(store, "VN-TEST1"), await a_source(store, "VN-TEST2")
    await deliver(store, one, [a_delivery("a")])
    await match_pending(store)
    master_id = await catalogue.master_of(one.isil, "a")
    before = await catalogue.master(master_id)
    await deliver(store, two, [a_delivery("b", isbn="978-604-57-0112-6")])
    await match_pending(store)
    joined = await catalogue.master(master_id)
    assert {c.isil for f in joined.record.fields for c in f.provenance.contributors} == {one.isil, two.isil}
    assert len(await catalogue.holdings(master_id)) == 2
    await deliver(store, two, [a_deletion("b")])
    await match_pending(store)
    after = await catalogue.master(master_id)
    assert after.record == before.record


async def test_law_8_a_harvest_that_was_cut_off_goes_on_at_its_checkpoint(store: PostgresStore) -> None:
    source = await a_source(store)
    records = [a_delivery(f"r{number}") for number in range(10)]

    class Killed(BaseException):
        """Nothing in the harvest catches it, as nothing catches a kill."""

    class Cut(ListHarvester):
        async def pages(self, resume):
            async for page in super().pages(resume):
                if page.checkpoint.state["records"] == "8":
                    raise Killed
                yield page

    with pytest.raises(Killed):
        await run_harvest(store, source, Cut(records, size=2))
    plan = await plan_harvest(store, source)
    assert plan.resume is not None
    counts = await run_harvest(store, source, ListHarvester(records, size=2), resume=plan.resume)
    assert counts.created == 4
    async with store.work() as work:
        run, _ = await work.harvests.newest(source.id)
    assert (run.status, run.counts.delivered, run.counts.created) == (HarvestStatus.COMPLETE, 10, 10)


async def test_a_source_is_harvested_once_at_a_time(store: PostgresStore) -> None:
    source = await a_source(store)
    async with store.harvest_lock(source.id):
        with pytest.raises(Exception, match="being harvested already"):
            await deliver(store, source, [a_delivery("a")])


async def test_a_library_that_moves_to_another_province_takes_its_records_along(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery("a")])
    await match_pending(store)
    async with store.work() as work:
        await work.registry.save_library(MemberLibrary(source.isil, "Thư viện", None, "Đà Nẵng"))
        await work.commit()
    assert await _indexed_anew(store, LibraryWatch()) == [("Đà Nẵng",)]
    async with store.work() as work:  # nothing changes: nothing is indexed
        await work.registry.save_library(MemberLibrary(source.isil, "Thư viện", None, "Đà Nẵng"))
        await work.commit()
    assert await _indexed_anew(store, LibraryWatch()) == []
    assert (await match_pending(store)).records == 0


async def test_a_membership_is_in_the_index_on_its_days(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery("a")])
    await match_pending(store)
    watch = LibraryWatch()
    async with store.work() as work:
        await work.libraries.save_group(LibraryGroup("y-te", GroupType.FIELD, "Y tế", ends=date(2026, 6, 30)))
        await work.libraries.save_member("y-te", GroupMember(source.isil, date(2026, 6, 1)))
        await work.commit()
    seen = []
    for day in (date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)):
        await _indexed_anew(store, watch, day)
        async with store.work() as work:
            found = await work.changes.everything(0, 10)
        seen.append([document.groups for document in found[0].read()])
    assert seen == [[()], [("y-te",)], [("y-te",)], [()]]


async def _indexed_anew(
    store: PostgresStore, watch: LibraryWatch, today: date = date(2026, 1, 1)
) -> list[tuple[str, ...]]:
    """The provinces of the masters that the indexer is told of because the registry changed."""
    async with store.work() as work:
        before = await work.changes.last()
    await watch.look(store, today)
    async with store.work() as work:
        batch = await work.changes.after(before, 10)
    return [document.provinces for document in batch.documents] if batch else []


async def test_a_run_that_was_cut_off_is_not_left_running(store: PostgresStore) -> None:
    source = await a_source(store)
    async with store.work() as work:
        first = await work.harvests.start(source.id, None, None)
        await work.commit()
    await deliver(store, source, [a_delivery("a")])
    runs = await PostgresCatalogue(store).harvests(None, 10, None)
    assert [(run.status, run.id == first) for run in runs] == [("complete", False), ("failed", True)]


async def test_a_source_whose_holdings_profile_is_gone_is_refused_with_a_sentence(
    store: PostgresStore,
) -> None:
    source = await a_source(store, profile="gone")
    with pytest.raises(UnioncatError, match="no holdings profile 'gone'; choose one of"):
        await deliver(store, source, [a_delivery("a")])
    assert await PostgresCatalogue(store).harvests(None, 10, None) == []
