"""Live availability against real servers of loopback: right, slow, wrong and hostile ones."""

import itertools
import json
from datetime import UTC, date, datetime
from threading import Event
from typing import Any

import pytest
from scripted_provider import LOOPBACK, Script, Scripted, scripted_provider

from harvesters.availability import adapters
from harvesters.guard import PUBLIC_ONLY
from unioncat.core.errors import FeedError
from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.locate.live import AvailabilityProtocol, AvailabilityService, LiveStatus
from unioncat.core.merge.statuses import Availability
from unioncat.pipeline.availability import MOST_ASKED, LiveAvailability

A, B = Isil("VN-A"), Isil("VN-B")
ONE, TWO = ControlNumber("1"), ControlNumber("2")
DAIA, KOHA = AvailabilityProtocol.DAIA, AvailabilityProtocol.KOHA
HERE, GONE, UNKNOWN = Availability.AVAILABLE, Availability.UNAVAILABLE, Availability.UNKNOWN


def said(value: Any) -> Scripted:
    return Scripted(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


def documents(**items: list[dict[str, Any]]) -> Scripted:
    """A DAIA answer with the items of each document."""
    return said(
        {
            "document": [
                {"id": f"urn:{name}", "requested": f"ppn:{name[1:]}", "item": its}
                for name, its in items.items()
            ]
        }
    )


LOAN = {"available": [{"service": "loan"}]}
OUT = {"unavailable": [{"service": "loan", "expected": "2026-12-01T10:00:00+07:00"}]}
IN_HOUSE = {"available": [{"service": "presentation"}], "unavailable": [{"service": "loan"}]}


async def told(
    script: Script, protocol: AvailabilityProtocol, *numbers: str, prefix: str = "ppn:"
) -> dict[str, tuple[Availability, date | None]]:
    with scripted_provider(script) as server:
        adapter = adapters(LOOPBACK)(AvailabilityService(A, protocol, server.address, prefix))
        found = await adapter.status([ControlNumber(number) for number in numbers])
    return {number: (status.availability, status.back) for number, status in found.items()}


async def test_daia_answers_for_all_records_in_one_request() -> None:
    asked: list[dict[str, str]] = []

    def script(arguments: dict[str, str]) -> Scripted:
        asked.append(arguments)
        return documents(d1=[LOAN, OUT], d2=[OUT], d3=[IN_HOUSE], d4=[{}], d5=[])

    found = await told(script, DAIA, "1", "2", "3", "4", "5", "6")
    assert asked == [{"id": "ppn:1|ppn:2|ppn:3|ppn:4|ppn:5|ppn:6", "format": "json"}]
    assert found == {
        "1": (HERE, None),
        "2": (GONE, date(2026, 12, 1)),
        "3": (GONE, None),
        "4": (UNKNOWN, None),
        "5": (UNKNOWN, None),
    }


async def test_daia_tells_nothing_of_records_that_were_not_asked_for() -> None:
    assert await told(lambda _: documents(d9=[LOAN]), DAIA, "1") == {}


@pytest.mark.parametrize(
    ("items", "means"),
    [
        ([{"item_id": 1, "checked_out_date": None, "lost_status": 0, "not_for_loan_status": 0}], HERE),
        ([{"item_id": 1, "checked_out_date": "2026-11-01"}, {"item_id": 2}], HERE),
        ([{"item_id": 1, "checked_out_date": "2026-11-01"}], GONE),
        ([{"item_id": 1, "effective_not_for_loan_status": 1}], GONE),
        ([{"item_id": 1, "withdrawn": 1}, {"item_id": 2, "lost_status": 4}], GONE),
        ([], UNKNOWN),
    ],
)
async def test_koha_tells_of_pieces(items: list[dict[str, Any]], means: Availability) -> None:
    assert await told(lambda _: said(items), KOHA, "7") == {"7": (means, None)}


async def test_koha_is_asked_by_its_own_numbers_only() -> None:
    with scripted_provider(lambda _: said([{"item_id": 1}])) as server:
        adapter = adapters(LOOPBACK)(AvailabilityService(A, KOHA, server.address))
        found = await adapter.status([ControlNumber("7"), ControlNumber("../../admin"), ControlNumber("QG1")])
        assert server.paths == ["/oai/api/v1/public/biblios/7/items"]
    assert found.keys() == {"7"}


async def test_a_record_that_koha_does_not_know_is_left_out() -> None:
    assert await told(lambda _: Scripted(b"{}", status=404), KOHA, "7") == {}


WRONG: dict[str, Scripted] = {
    "a fault of the server": Scripted(b"oops", status=500),
    "a page": Scripted(b"<html>Login</html>"),
    "another JSON": said([1, 2]),
    "JSON without end": Scripted(b"[" * 200_000),
    "bytes that are no text": Scripted(b"\xff\xfe\x00"),
    "cut off": Scripted(b'{"document": []}', cut=4),
    "reset": Scripted(b'{"document": []}', reset=True, cut=2),
    "no HTTP": Scripted(raw=b"SSH-2.0-OpenSSH_9.6\r\n"),
    "too much": Scripted(pieces=itertools.repeat(b"[" * 65_536)),
    "a redirect to a private address": Scripted(
        status=302, headers={"Location": "http://169.254.169.254/latest/"}
    ),
    "a redirect to a file": Scripted(status=302, headers={"Location": "file:///etc/passwd"}),
    "a redirect to itself": Scripted(status=302, headers={"Location": "/oai"}),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_whatever_is_wrong_is_a_fault_of_the_feed(wrong: str) -> None:
    with pytest.raises(FeedError):
        await told(lambda _: WRONG[wrong], DAIA, "1")


@pytest.mark.parametrize(
    "odd",
    [
        {"document": None},
        {"document": "x"},
        {
            "document": [
                None,
                1,
                [],
                {"id": 5},
                {"id": "ppn:1", "item": [None, {"available": "loan"}, {"unavailable": [{"expected": 5}]}]},
            ]
        },
        {"document": [{"id": "ppn:1", "item": {"available": [{"service": ["loan"]}]}}]},
    ],
)
async def test_odd_shapes_are_no_fault_and_make_nothing_available(odd: dict[str, Any]) -> None:
    found = await told(lambda _: said(odd), DAIA, "1")
    assert HERE not in {availability for availability, _ in found.values()}


async def test_a_service_may_not_lead_to_a_private_address() -> None:
    with scripted_provider(lambda _: documents(d1=[LOAN])) as server:
        adapter = adapters(PUBLIC_ONLY)(AvailabilityService(A, DAIA, server.address, "ppn:"))
        with pytest.raises(FeedError, match="UNIONCAT_ALLOWED_NETWORKS"):
            await adapter.status([ONE])
        assert server.requests == []


# --- many services, one limit -----------------------------------------------------------------------


class Clock:
    """A clock that a test turns."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def services(**addresses: str) -> dict[Isil, AvailabilityService]:
    return {
        Isil(f"VN-{name}"): AvailabilityService(Isil(f"VN-{name}"), DAIA, address, "ppn:")
        for name, address in addresses.items()
    }


async def test_one_that_is_late_is_not_waited_for_and_is_there_the_next_time() -> None:
    may_answer = Event()

    def late(arguments: dict[str, str]) -> Scripted:
        may_answer.wait(30)
        return documents(d1=[OUT])

    with scripted_provider(lambda _: documents(d1=[LOAN])) as quick, scripted_provider(late) as slow:
        live = LiveAvailability(adapters(LOOPBACK), limit=0.5)
        both, wanted = services(A=quick.address, B=slow.address), {A: [ONE], B: [ONE]}
        first = await live.ask(both, wanted)
        may_answer.set()
        second = await live.ask(both, wanted)
        await live.close()
        assert len(slow.requests) == 1
    assert first.keys() == {(A, ONE)}
    assert {key: status.availability for key, status in second.items()} == {(A, ONE): HERE, (B, ONE): GONE}


async def test_what_was_told_is_asked_again_when_it_is_old_and_stands_when_that_fails() -> None:
    answers = [documents(d1=[LOAN]), Scripted(status=500), documents(d1=[OUT])]
    clock = Clock()
    with scripted_provider(lambda _: answers.pop(0)) as server:
        live = LiveAvailability(adapters(LOOPBACK), clock=clock)
        ask = services(A=server.address)
        first = await live.ask(ask, {A: [ONE]})
        assert await live.ask(ask, {A: [ONE]}) == first
        assert len(server.requests) == 1
        clock.now += 61
        assert await live.ask(ask, {A: [ONE]}) == first
        assert await live.ask(ask, {A: [ONE]}) == first
        assert len(server.requests) == 2
        clock.now += 31
        last = await live.ask(ask, {A: [ONE]})
    assert last[A, ONE].availability is GONE
    assert last[A, ONE].at > first[A, ONE].at


async def test_a_library_that_fails_harms_no_other() -> None:
    with (
        scripted_provider(lambda _: documents(d1=[LOAN])) as good,
        scripted_provider(lambda _: WRONG["no HTTP"]) as bad,
    ):
        live = LiveAvailability(adapters(LOOPBACK))
        found = await live.ask(services(A=good.address, B=bad.address), {A: [ONE], B: [ONE]})
    assert found.keys() == {(A, ONE)}


async def test_an_adapter_that_breaks_is_left_alone_for_a_while() -> None:
    asked: list[int] = []

    class Broken:
        async def status(self, holdings: Any) -> dict[ControlNumber, LiveStatus]:
            asked.append(len(holdings))
            raise RuntimeError("a fault of ours")

    clock = Clock()
    live = LiveAvailability(lambda service: Broken(), clock=clock)
    for seconds in (0, 0, 31):
        clock.now += seconds
        assert await live.ask(services(A="https://a.example"), {A: [ONE]}) == {}
    assert asked == [1, 1]


async def test_a_library_is_asked_for_so_many_records_at_most() -> None:
    asked: list[int] = []

    class Counting:
        async def status(self, holdings: Any) -> dict[ControlNumber, LiveStatus]:
            asked.append(len(holdings))
            return {number: LiveStatus(HERE, datetime.now(UTC)) for number in holdings}

    live = LiveAvailability(lambda service: Counting())
    await live.ask(services(A="https://a.example"), {A: [ControlNumber(str(n)) for n in range(500)]})
    assert asked == [MOST_ASKED]


async def test_with_a_limit_of_nothing_nobody_is_waited_for() -> None:
    with scripted_provider(lambda _: documents(d1=[LOAN], d2=[OUT])) as server:
        live = LiveAvailability(adapters(LOOPBACK), limit=0)
        assert await live.ask(services(A=server.address), {A: [ONE, TWO]}) == {}
        await live.close()
