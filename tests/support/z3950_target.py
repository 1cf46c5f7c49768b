"""A shelf of small records, a target on it, and a line to the target."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from harvesters.guard import AddressGuard
from harvesters.z3950.client import Session, Target, connect
from harvesters.z3950.partition import Line
from harvesters.z3950.shelf import Held
from harvesters.z3950.target import Target as Server
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import render_iso2709

LOOPBACK = AddressGuard.of("127.0.0.0/8")


def a_held(number: int, title: str = "Truyện Kiều", date: str = "20260101", year: str = "1999") -> Held:
    """A record whose number, title, date of change and year are told."""
    name = f"vn{number:06d}"
    marc = MarcRecord(
        "00000nam a2200000 a 4500",
        (
            ControlField("001", name),
            ControlField("005", f"{date}120000.0"),
            ControlField("008", f"260101s{year}    vm            000 0 vie d"),
            DataField("245", "10", (("a", f"{title} {number}"),)),
        ),
    )
    return Held(name, render_iso2709(marc), marc)


def held(numbers: Iterable[int]) -> list[Held]:
    """Records of these numbers."""
    return [a_held(number) for number in numbers]


@asynccontextmanager
async def a_line(server: Server, patience: float = 2.0, message_size: int = 1 << 20) -> AsyncIterator[Line]:
    """A line to a target that listens while inside."""
    async with server.listening() as port:
        target = Target("127.0.0.1", port, (server.database,), timeout=patience, message_size=message_size)

        async def open_one() -> Session:
            return await connect(target, LOOPBACK)

        async def at_once(seconds: float) -> None:
            return None

        line = Line(open_one, sleep=at_once)
        try:
            yield line
        finally:
            await line.close()
