"""Deletions that no feed reports: found by comparing, confirmed, and held where there are many."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

import pytest
from deliveries import ListHarvester, a_delivery, a_source, deliver
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import SourceUnreachable, UnioncatError
from unioncat.core.registry import (
    Checkpoint,
    Deletions,
    HarvestKind,
    HarvestSource,
    HarvestStatus,
    SourceState,
)
from unioncat.pipeline.audit_identifiers import audit_identifiers
from unioncat.pipeline.deletions import apply_held, discard_held, is_too_many
from unioncat.pipeline.ingest import rehearse_harvest, run_harvest
from unioncat.pipeline.plan_harvest import plan_harvest
from unioncat.store.engine import PostgresStore

START = Checkpoint()
HUNDRED = [f"r{number:03}" for number in range(100)]


async def a_replacing_source(store: PostgresStore) -> HarvestSource:
    return await with_deletions(store, Deletions.REPLACE)


async def with_deletions(store: PostgresStore, deletions: Deletions) -> HarvestSource:
    source = await a_source(store)
    async with store.work() as work:
        saved = await work.sources.save(replace(source, terms=replace(source.terms, deletions=deletions)))
        await work.commit()
    return saved


def records(identifiers: Sequence[str]) -> list[DeliveredRecord]:
    return [a_delivery(identifier) for identifier in identifiers]


async def live(store: PostgresStore, source: HarvestSource) -> set[str]:
    async with store.work() as work:
        return set(await work.harvests.unseen(source.id, 0, "", 1000))


async def newest(store: PostgresStore, source: HarvestSource, kind: HarvestKind):
    async with store.work() as work:
        found = await work.harvests.newest(source.id, kind)
    return found and found[0]


@given(st.integers(1, 10_000), st.integers(1, 100), st.data())
def test_few_deletions_pass_and_all_of_them_never(live: int, per_cent: int, data: st.DataObject) -> None:
    gone = data.draw(st.integers(1, live))
    if gone == live:
        assert is_too_many(gone, live, per_cent)
    elif gone <= 5 or gone * 100 <= live * per_cent:
        assert not is_too_many(gone, live, per_cent)
    else:
        assert is_too_many(gone, live, per_cent)


async def test_a_record_that_a_complete_delivery_lacks_is_deleted(store: PostgresStore) -> None:
    source = await a_replacing_source(store)
    await deliver(store, source, records(HUNDRED))
    counts = await deliver(store, source, records(HUNDRED[3:]))
    assert (counts.delivered, counts.unchanged) == (97, 97)
    assert await live(store, source) == set(HUNDRED[3:])
    audit = await newest(store, source, HarvestKind.AUDIT)
    assert (audit.status, audit.counts.delivered, audit.counts.deleted) == (HarvestStatus.COMPLETE, 3, 3)


async def test_a_record_that_cannot_be_read_any_more_is_not_taken_for_deleted(store: PostgresStore) -> None:
    source = await a_replacing_source(store)
    await deliver(store, source, records(HUNDRED))
    broken = DeliveredRecord(b"{broken", RecordFormat.MARC_JSON, "record 1")
    await deliver(store, source, [broken, *records(HUNDRED[1:])])
    assert await live(store, source) == set(HUNDRED)
    assert (await newest(store, source, HarvestKind.AUDIT)).status is HarvestStatus.HELD


async def test_many_deletions_wait_for_a_person_who_says_yes(store: PostgresStore) -> None:
    source = await a_replacing_source(store)
    await deliver(store, source, records(HUNDRED))
    await deliver(store, source, records(HUNDRED[:50]))
    assert await live(store, source) == set(HUNDRED)
    held = await newest(store, source, HarvestKind.AUDIT)
    assert held.status is HarvestStatus.HELD
    assert "50 of 100 records are missing" in held.message
    assert (await apply_held(store, source)).deleted == 50
    assert await live(store, source) == set(HUNDRED[:50])
    with pytest.raises(UnioncatError, match="No deletion"):
        await apply_held(store, source)


async def test_many_deletions_wait_for_a_person_who_says_no(store: PostgresStore) -> None:
    source = await a_replacing_source(store)
    await deliver(store, source, records(HUNDRED))
    await deliver(store, source, records(HUNDRED[:50]))
    assert await discard_held(store, source) == 50
    assert await live(store, source) == set(HUNDRED)


async def test_a_later_whole_delivery_makes_the_question_go_away(store: PostgresStore) -> None:
    source = await a_replacing_source(store)
    await deliver(store, source, records(HUNDRED))
    await deliver(store, source, records(HUNDRED[:50]))
    await deliver(store, source, records(HUNDRED))
    with pytest.raises(UnioncatError, match="No deletion"):
        await discard_held(store, source)


async def test_a_delivery_that_was_cut_off_deletes_nothing_and_its_end_does(store: PostgresStore) -> None:
    source = await a_replacing_source(store)
    await deliver(store, source, records(HUNDRED))

    class Cut(ListHarvester):
        async def pages(self, resume: Checkpoint | None):
            async for page in super().pages(resume):
                if page.checkpoint.state["records"] == "60":
                    raise SourceUnreachable("gone away")
                yield page

    delivery = records(HUNDRED[2:])
    with pytest.raises(SourceUnreachable):
        await run_harvest(store, source, Cut(delivery, size=20))
    assert await live(store, source) == set(HUNDRED)
    plan = await plan_harvest(store, source)
    await run_harvest(store, source, ListHarvester(delivery, size=20), resume=plan.resume)
    assert await live(store, source) == set(HUNDRED[2:])


@dataclass(frozen=True)
class Page:
    identifiers: tuple[str, ...]
    checkpoint: Checkpoint = START
    total: int | None = None


class Lister:
    """A feed that lists identifiers; `still` are records that it gives although it does not list them."""

    def __init__(self, listed: Sequence[str], still: Sequence[str] = ()) -> None:
        self._listed, self._still = listed, still
        self.asked: list[str] = []

    async def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[Page]:
        for start in range(0, len(self._listed), 30):
            yield Page(tuple(self._listed[start : start + 30]), total=len(self._listed))

    async def confirm_gone(self, identifier: str) -> bool:
        self.asked.append(identifier)
        return identifier not in self._still


async def test_an_audit_deletes_what_the_feed_confirms(store: PostgresStore) -> None:
    source = await with_deletions(store, Deletions.AUDIT)
    await deliver(store, source, records(HUNDRED))
    lister = Lister(HUNDRED[4:], still=["r001"])
    counts = await audit_identifiers(store, source, lister)
    assert counts.deleted == 3
    assert lister.asked == HUNDRED[:4]
    assert await live(store, source) == {"r001", *HUNDRED[4:]}
    assert "1 that the list lacks stay" in (await newest(store, source, HarvestKind.AUDIT)).message


async def test_an_audit_says_how_many_listed_records_are_missing_here(store: PostgresStore) -> None:
    source = await with_deletions(store, Deletions.AUDIT)
    await deliver(store, source, records(HUNDRED[10:]))
    await audit_identifiers(store, source, Lister(HUNDRED))
    audit = await newest(store, source, HarvestKind.AUDIT)
    assert "10 of them are not here" in audit.message
    assert audit.total == 100


async def test_an_audit_that_fails_deletes_nothing(store: PostgresStore) -> None:
    source = await with_deletions(store, Deletions.AUDIT)
    await deliver(store, source, records(HUNDRED))

    class Failing(Lister):
        async def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[Page]:
            yield Page(tuple(HUNDRED[:10]))
            raise SourceUnreachable("gone away")

    with pytest.raises(SourceUnreachable):
        await audit_identifiers(store, source, Failing([]))
    assert await live(store, source) == set(HUNDRED)


async def test_a_person_stops_a_run_and_the_next_one_goes_on(store: PostgresStore) -> None:
    source = await a_source(store)

    class Stopped(ListHarvester):
        async def pages(self, resume: Checkpoint | None):
            async for page in super().pages(resume):
                yield page
                if page.checkpoint.state["records"] == "20":
                    async with store.work() as work:
                        assert await work.harvests.ask_to_stop(source.id)
                        await work.commit()

    first = await run_harvest(store, source, Stopped(records(HUNDRED), size=20))
    run = await newest(store, source, HarvestKind.HARVEST)
    assert run.status is HarvestStatus.STOPPED
    assert first.created < 100
    plan = await plan_harvest(store, source)
    rest = await run_harvest(store, source, ListHarvester(records(HUNDRED), size=20), resume=plan.resume)
    assert first.created + rest.created == 100
    assert (await newest(store, source, HarvestKind.HARVEST)).status is HarvestStatus.COMPLETE


async def test_nothing_of_a_source_is_stored_before_it_is_accepted(store: PostgresStore) -> None:
    source = await a_source(store)
    with pytest.raises(UnioncatError, match="is proposed"):
        await deliver(store, replace(source, state=SourceState.PROPOSED), records(HUNDRED))
    assert await live(store, source) == set()


async def test_a_rehearsal_counts_and_writes_nothing(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, records(HUNDRED[:10]))
    broken = DeliveredRecord(b"{broken", RecordFormat.MARC_JSON, "record 1")
    counts, rejected = await rehearse_harvest(store, source, ListHarvester([broken, *records(HUNDRED)]))
    assert (counts.created, counts.unchanged, counts.rejected) == (90, 10, 1)
    assert rejected[0].delivered == broken
    assert await live(store, source) == set(HUNDRED[:10])
