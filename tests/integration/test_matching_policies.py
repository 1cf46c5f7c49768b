"""A catalogue changes its policy of matching: everything is judged anew, and nothing of the former policy is left."""

import asyncio
import random

import pytest
from deliveries import a_delivery, a_random_delivery, a_source, clusters_in, clusters_of, deliver

from unioncat.core.errors import Conflict
from unioncat.core.match.policy import DEFAULT, POLICIES, Policy, PublisherRule, Reprint
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.rematch import rematch_if_changed
from unioncat.store.engine import PostgresStore

GROUPED = Policy(reprint=Reprint.GROUPED)
LENIENT = Policy(publisher=PublisherRule.LENIENT)


async def matched(store: PostgresStore, policy: Policy, batch: int = 40) -> int:
    """What a process with this policy does when it begins; returns how many records it had to judge anew."""
    queued = await rematch_if_changed(store, policy.name)
    await match_pending(store, batch=batch, policy=policy)
    return queued


async def test_a_catalogue_that_changes_its_policy_is_as_one_that_always_had_it(store: PostgresStore) -> None:
    draw = random.Random(5)
    records = [a_random_delivery(draw, f"r{number}") for number in range(60)]
    await deliver(store, await a_source(store), records)
    found = {}
    for policy in (*POLICIES, *reversed(POLICIES)):
        await matched(store, policy, draw.randint(5, 40))
        expected = clusters_of((("VN-TEST1", one.identifier, one) for one in records), policy)
        assert await clusters_in(store) == found.setdefault(policy, expected) == expected
    assert found[DEFAULT] != found[GROUPED]


async def test_reprints_join_when_the_policy_groups_them_and_part_again(store: PostgresStore) -> None:
    first = a_delivery("first", edition="Tái bản lần thứ 2", year="2010")
    second = a_delivery("second", edition="Tái bản lần thứ 3", year="2014")
    await deliver(store, await a_source(store), [first, second])
    await matched(store, DEFAULT)
    apart = await clusters_in(store)
    await matched(store, GROUPED)
    assert len(apart) == 2
    assert len(await clusters_in(store)) == 1
    await matched(store, DEFAULT)
    assert await clusters_in(store) == apart


async def test_the_same_policy_again_judges_nothing_anew(store: PostgresStore) -> None:
    await deliver(store, await a_source(store), [a_delivery("one")])
    assert await matched(store, DEFAULT) == 1
    assert await matched(store, DEFAULT) == 0


async def test_of_two_processes_that_find_the_policy_changed_one_begins_anew(store: PostgresStore) -> None:
    records = [a_delivery("one"), a_delivery("two", year="2013")]
    await deliver(store, await a_source(store), records)
    await matched(store, DEFAULT)
    both = await asyncio.gather(matched(store, LENIENT), matched(store, LENIENT))
    assert sorted(both) == [0, len(records)]
    expected = clusters_of((("VN-TEST1", one.identifier, one) for one in records), LENIENT)
    assert await clusters_in(store) == expected


async def test_verdicts_of_two_policies_never_stand_beside_each_other(store: PostgresStore) -> None:
    await deliver(store, await a_source(store), [a_delivery("one")])
    await matched(store, GROUPED)
    with pytest.raises(Conflict, match="UNIONCAT_REPRINT"):
        await match_pending(store, policy=DEFAULT)
