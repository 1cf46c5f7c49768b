"""Identifiers of masters through merges by people, splits, and their undoing (law 4, law 6)."""

import random

from deliveries import a_deletion, a_delivery, a_source, deliver
from histories import History
from sqlalchemy import text

from unioncat.core.match.curation import DecisionKind
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.match import match_pending
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore

TITLES = ("Kinh tế học vi mô", "Đất rừng phương Nam", "Giáo trình giải tích", "Cơ sở văn hoá Việt Nam")


async def _books(store: PostgresStore, count: int) -> tuple[History, HarvestSource, list[int]]:
    """That many different books of one library, matched."""
    source = await a_source(store)
    await deliver(store, source, [a_delivery(f"b{n}", title=TITLES[n]) for n in range(count)])
    await match_pending(store)
    history = History(store, {source.isil: source}, random.Random(0))
    await history.read_numbers()
    return history, source, [history.numbers[source.isil, f"b{n}"] for n in range(count)]


async def _masters(store: PostgresStore, source: HarvestSource, count: int) -> list[str | None]:
    catalogue = PostgresCatalogue(store)
    return [await catalogue.master_of(source.isil, f"b{n}") for n in range(count)]


async def test_a_merge_that_is_undone_gives_both_identifiers_back(store: PostgresStore) -> None:
    history, source, (one, other) = await _books(store, 2)
    first, second = await _masters(store, source, 2)
    number = await history.decide(DecisionKind.SAME, frozenset({one}), frozenset({other}))
    await match_pending(store)
    assert await _masters(store, source, 2) == [first, first]
    assert (await PostgresCatalogue(store).master(second)).redirect == first
    await history.withdraw(number)
    await match_pending(store)
    assert await _masters(store, source, 2) == [first, second]
    assert (await PostgresCatalogue(store).master(second)).redirect is None


async def test_a_redirect_follows_its_records_when_what_took_them_in_is_parted(store: PostgresStore) -> None:
    history, source, (one, two, three) = await _books(store, 3)
    first, second, third = await _masters(store, source, 3)
    joined = await history.decide(DecisionKind.SAME, frozenset({two}), frozenset({three}))
    await match_pending(store)  # the third leads to the second
    all_of_them = await history.decide(DecisionKind.SAME, frozenset({one}), frozenset({two, three}))
    await match_pending(store)  # both lead to the first
    assert (await PostgresCatalogue(store).master(third)).redirect == first
    await history.withdraw(all_of_them)
    await match_pending(store)
    assert await _masters(store, source, 3) == [first, second, second]
    assert (await PostgresCatalogue(store).master(third)).redirect == second
    await history.withdraw(joined)
    await match_pending(store)
    assert await _masters(store, source, 3) == [first, second, third]


async def test_a_decision_survives_a_new_harvest_and_a_deleted_record(store: PostgresStore) -> None:
    history, source, (one, other) = await _books(store, 2)
    await history.decide(DecisionKind.SAME, frozenset({one}), frozenset({other}))
    await match_pending(store)
    await deliver(store, source, [a_delivery("b1", title=TITLES[1], year="1999", pages="300 tr.")])
    await match_pending(store)
    together = await _masters(store, source, 2)
    assert together[0] == together[1]
    await deliver(store, source, [a_deletion("b0")])
    await match_pending(store)
    await deliver(store, source, [a_delivery("b0", title=TITLES[0])])
    await match_pending(store)
    assert len(set(await _masters(store, source, 2))) == 1, "the decision speaks again with its records"


async def test_copies_of_one_description_are_parted_by_a_person(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery(f"b{n}") for n in range(3)])
    await match_pending(store)
    history = History(store, {source.isil: source}, random.Random(0))
    await history.read_numbers()
    numbers = [history.numbers[source.isil, f"b{n}"] for n in range(3)]
    await history.decide(DecisionKind.DIFFERENT, frozenset(numbers[:2]), frozenset(numbers[2:]))
    await match_pending(store)
    masters = await _masters(store, source, 3)
    assert masters[0] == masters[1] != masters[2]
    await deliver(store, source, [a_delivery("b3")])
    await match_pending(store)
    assert (await _masters(store, source, 4))[3] == masters[0], "a new copy goes to those that stayed"


async def test_former_versions_are_kept_with_their_records(store: PostgresStore) -> None:
    history, _, (one, other) = await _books(store, 2)
    number = await history.decide(DecisionKind.SAME, frozenset({one}), frozenset({other}))
    await match_pending(store)
    await history.withdraw(number)
    await match_pending(store)
    async with store.connect() as connection:
        rows = (
            await connection.execute(
                text("SELECT serial, version, members FROM master_version ORDER BY serial, version")
            )
        ).all()
    assert [row.members for row in rows] == [[one], [one, other], [other]]
