import asyncio

import pytest

from harvesters.pacing import Hosts


class Clock:
    """A clock that moves when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        wake = self.now + seconds
        while self.now < wake:
            await asyncio.sleep(0)
            self.now = max(self.now, min(wake, self.now + 1))


def hosts(clock: Clock, at_once: int = 2) -> Hosts:
    return Hosts(at_once, clock=clock, sleep=clock.sleep)


async def starts(registry: Hosts, clock: Clock, *asked: tuple[str, float]) -> list[float]:
    """When each of these requests (host, pause) starts, made one after the other."""
    found = []
    for host, pause in asked:
        async with registry.pace(pause).turn(host):
            found.append(clock.now)
    return found


async def test_between_two_starts_on_a_host_lies_the_pause() -> None:
    clock = Clock()
    assert await starts(hosts(clock), clock, ("a", 5), ("a", 5), ("a", 5)) == [0, 5, 10]


async def test_no_host_waits_for_another() -> None:
    clock = Clock()
    assert await starts(hosts(clock), clock, ("a", 5), ("b", 5), ("c", 5)) == [0, 0, 0]


@pytest.mark.parametrize(("first", "second", "expected"), [(5, 0, 5), (0, 5, 5), (2, 7, 7), (0, 0, 0)])
async def test_of_two_harvests_of_a_host_the_longer_pause_counts(
    first: float, second: float, expected: float
) -> None:
    clock = Clock()
    assert await starts(hosts(clock), clock, ("a", first), ("a", second)) == [0, expected]


async def test_time_that_passes_anyway_counts_for_the_pause() -> None:
    clock = Clock()
    registry = hosts(clock)
    await starts(registry, clock, ("a", 5))
    clock.now = 3
    assert await starts(registry, clock, ("a", 5), ("a", 1)) == [5, 10]


async def test_a_host_is_asked_twice_at_the_same_time_and_another_is_not_held_up() -> None:
    clock = Clock()
    registry = hosts(clock)
    inside: list[str] = []
    most = 0
    go = asyncio.Event()

    async def ask(host: str) -> None:
        nonlocal most
        async with registry.pace().turn(host):
            inside.append(host)
            most = max(most, inside.count("slow"))
            await go.wait()
            inside.remove(host)

    tasks = [asyncio.create_task(ask(host)) for host in ["slow"] * 6 + ["quick"]]
    for _ in range(10):
        await asyncio.sleep(0)
    assert sorted(inside) == ["quick", "slow", "slow"]
    go.set()
    await asyncio.gather(*tasks)
    assert most == 2


async def test_a_harvest_that_is_given_up_gives_its_place_back() -> None:
    clock = Clock()
    registry = hosts(clock, at_once=1)
    with pytest.raises(ValueError, match="broken"):
        async with registry.pace().turn("a"):
            raise ValueError("broken")
    holder = asyncio.create_task(starts(registry, clock, ("a", 1000), ("a", 1000)))
    await asyncio.sleep(0)
    holder.cancel()
    assert len(await starts(registry, clock, ("b", 0))) == 1
    async with asyncio.timeout(5), registry.pace().turn("a"):
        pass


async def test_ever_new_hosts_are_not_remembered_for_ever() -> None:
    clock = Clock()
    registry = hosts(clock)
    await starts(registry, clock, *((str(number), 0.0) for number in range(5000)))
    assert len(registry) <= 1001
