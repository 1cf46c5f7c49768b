"""Law 8 for Z39.50: killed anywhere, cut off, reindexed meanwhile; in the end exactly the target's records are here."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from killable import KILLS, kill_again_and_again, titles_in
from target_sources import TODAY, Member, a_member
from z3950_target import a_held

from harvesters.z3950.shelf import Dates, Held
from harvesters.z3950.target import Behaviour
from unioncat.store.engine import PostgresStore

RECORDS = 300


class Catalogue:
    """What the target has; it changes over time."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._held: dict[int, Held] = {n: a_held(n, date="20250101") for n in range(1, RECORDS + 1)}

    def change(self) -> None:
        """Some records change, a few go, a few come."""
        for number in self._random.sample(sorted(self._held), min(40, len(self._held))):
            self._held[number] = a_held(number, f"Truyện {self._random.randrange(10**6)}", date=TODAY)
        for number in self._random.sample(sorted(self._held), min(8, len(self._held) - RECORDS // 2)):
            del self._held[number]
        for number in self._random.sample(range(1, 2 * RECORDS), 6):
            self._held[number] = a_held(number, "Nhật ký", date=TODAY)

    @property
    def records(self) -> list[Held]:
        return [*self._held.values()]

    @property
    def titles(self) -> dict[str, str]:
        return {one.number: one.marc.values("245", "a")[0] for one in self.records}


async def _killed(member: Member, catalogue: Catalogue, change: Callable[[], None], kills: int) -> None:
    await member.allow_many_deletions()
    database = member.store.engine.url.render_as_string(hide_password=False)
    assert await kill_again_and_again(database, member.source, "", change, 5, kills) == kills
    for _ in range(3):  # what went between two runs is known after the next
        if await titles_in(member.store, member.source) == catalogue.titles:
            break
        await member.harvest()
    assert await titles_in(member.store, member.source) == catalogue.titles
    async with member.store.work() as work:
        assert await work.audit.unbalanced_harvests() == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("dates", "kills"), [(Dates.RANGE, KILLS), (Dates.NONE, 15)])
async def test_a_z3950_harvest_that_is_killed_again_and_again(
    store: PostgresStore, tmp_path: Path, dates: Dates, kills: int
) -> None:
    catalogue = Catalogue(3)
    async with a_member(
        store, tmp_path, catalogue.records, dates, behaviour=Behaviour(present_cap=20)
    ) as member:

        def change() -> None:
            catalogue.change()
            member.shelf.replace(catalogue.records)

        await _killed(member, catalogue, change, kills)


async def test_a_target_that_is_cut_off_and_reindexed_again_and_again(
    store: PostgresStore, tmp_path: Path
) -> None:
    catalogue = Catalogue(4)
    answered = 0

    def before(message: object) -> None:
        nonlocal answered
        answered += 1
        if answered % 17 == 0:
            catalogue.change()
            member.shelf.replace(catalogue.records)
        behaviour.close_after = 5 if answered % 40 < 20 else None

    behaviour = Behaviour(present_cap=20, shifts=True)
    async with a_member(store, tmp_path, catalogue.records, behaviour=behaviour) as member:
        await member.allow_many_deletions()
        behaviour.before = before
        for _ in range(6):
            await member.harvest_or_fail()
        behaviour.before = lambda message: None
        behaviour.close_after = None
        for _ in range(3):
            await member.harvest_or_fail()
        assert await titles_in(store, member.source) == catalogue.titles
