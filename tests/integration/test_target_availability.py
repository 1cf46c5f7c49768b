"""Live availability through a Z39.50 target: what its circulation tells of each record, and what goes wrong."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from z3950_target import LOOPBACK, a_held

from harvesters.availability import adapters
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.opac import Circulation, OpacHolding
from harvesters.z3950.query import Query
from harvesters.z3950.records import Entry, Record, Syntax
from harvesters.z3950.shelf import Held, Shelf
from harvesters.z3950.target import Behaviour, Target
from unioncat.core.errors import FeedError, InvalidLibrary
from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.locate.live import AvailabilityProtocol, AvailabilityService, check_service
from unioncat.core.merge.statuses import Availability
from unioncat.pipeline.availability import LiveAvailability

A = Isil("VN-A")
HERE, GONE, UNKNOWN = Availability.AVAILABLE, Availability.UNAVAILABLE, Availability.UNKNOWN
SHELVED = OpacHolding(local_location="Kho đọc", circulation=(Circulation(True, item_id="1"),))
LENT = OpacHolding(circulation=(Circulation(False, availability_date="20261224", item_id="2"),))
LENT_LONGER = OpacHolding(circulation=(Circulation(False, availability_date="2026-12-31"),))
Z3950 = AvailabilityProtocol.Z3950


def shelf(**pieces: tuple[OpacHolding, ...]) -> Target:
    """A target with a record of each number and its pieces."""
    told = {f"vn{int(name[1:]):06d}": holdings for name, holdings in pieces.items()}

    def render(record: Held, syntax: str, element_set: str | None) -> Entry:
        if syntax != Syntax.OPAC:
            return Diagnostic(239, syntax)
        inside = Syntax.USMARC
        return Record(Syntax.OPAC, record.raw, inner_syntax=inside, holdings=told[record.number])

    return Target(Shelf([a_held(int(number[2:])) for number in told]), render=render)


async def told_by(target: Target, *numbers: str) -> dict[str, tuple[Availability, date | None]]:
    async with target.listening() as port:
        address = f"z3950://127.0.0.1:{port}/{target.database}"
        adapter = adapters(LOOPBACK)(AvailabilityService(A, Z3950, address))
        found = await adapter.status([ControlNumber(number) for number in numbers])
    return {number: (status.availability, status.back) for number, status in found.items()}


async def test_a_target_tells_of_each_record_by_its_circulation() -> None:
    target = shelf(n1=(LENT, SHELVED), n2=(LENT_LONGER, LENT), n3=(OpacHolding("Kho"),), n4=())
    assert await told_by(target, "vn000001", "vn000002", "vn000003", "vn000004", "vn000009") == {
        "vn000001": (HERE, None),
        "vn000002": (GONE, date(2026, 12, 24)),
        "vn000003": (UNKNOWN, None),
        "vn000004": (UNKNOWN, None),
    }


async def test_a_record_of_another_number_lends_its_status_to_nobody() -> None:
    class Generous(Shelf):
        def search(self, query: Query, sets: Mapping[str, Sequence[str]]) -> list[str]:
            return ["vn000001"]

    target = shelf(n1=(SHELVED,))
    target.shelf = Generous([a_held(1)])
    assert await told_by(target, "vn000002") == {}


async def test_a_target_without_circulation_says_so() -> None:
    plain = Target(Shelf([a_held(1)]))
    with pytest.raises(FeedError, match="tells nothing of its pieces"):
        await told_by(plain, "vn000001")


@pytest.mark.parametrize(
    "behaviour",
    [Behaviour(close_after=1), Behaviour(cut_after=250), Behaviour(garbage_after=250)],
    ids=["closes", "cuts", "sends garbage"],
)
async def test_a_target_that_fails_is_an_error(behaviour: Behaviour) -> None:
    target = shelf(n1=(SHELVED,))
    target.behaviour = behaviour
    with pytest.raises(FeedError):
        await told_by(target, "vn000001")


async def test_a_target_that_stalls_holds_nobody_up_and_its_session_is_left() -> None:
    target = shelf(n1=(SHELVED,))
    target.behaviour = Behaviour(stall_after=100)
    async with target.listening() as port:
        service = AvailabilityService(A, Z3950, f"z3950://127.0.0.1:{port}/{target.database}")
        live = LiveAvailability(adapters(LOOPBACK), limit=0.2)
        assert await live.ask({A: service}, {A: [ControlNumber("vn000001")]}) == {}
        await live.close()


@pytest.mark.parametrize(
    "address", ["http://library.example.org/", "z3950://library.example.org", "z3950:///db"]
)
def test_the_address_of_a_target_has_a_database(address: str) -> None:
    with pytest.raises(InvalidLibrary, match="z3950://host:port/database"):
        check_service(AvailabilityService(A, Z3950, address))
