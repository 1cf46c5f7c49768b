"""Z39.50: 100,000 records from Zebra by yaz-client, by unioncat with one connection and with two; memory; the same bytes.

Zebra, yaz-client and unioncat share the machine; each way is run three times in turn, and the better run counts. The first
5,000 records are compared byte by byte.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from contextlib import aclosing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from synthetic import synthetic_records

from harvesters.guard import AddressGuard
from harvesters.z3950.client import Target, connect
from harvesters.z3950.divisions import ByDigits, Whole
from harvesters.z3950.harvest import Order, Z3950Harvester
from harvesters.z3950.partition import Form, Line
from harvesters.z3950.query import Clause
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.samples.zebra import DATABASE, Zebra

RECORDS = 100_000
COMPARED = 5_000
CHUNK = 200
LOOPBACK = AddressGuard.of("127.0.0.0/8")
EVERYTHING = Clause("x", ((1, "_ALLRECORDS"), (2, 103)))
YEARS = ((1, 31), (4, 4))


def by_yaz_client(port: int, records: int, kept: Path | None = None) -> float:
    """Seconds in which yaz-client shows so many records."""
    shown = "\n".join(
        f"show {start}+{min(CHUNK, records - start + 1)}" for start in range(1, records + 1, CHUNK)
    )
    script = (
        f"open 127.0.0.1:{port}/{DATABASE}\nformat usmarc\nelements F\n"
        f"find @attr 1=_ALLRECORDS @attr 2=103 x\n{shown}\nquit\n"
    )
    began = time.perf_counter()
    subprocess.run(
        ["yaz-client", *(["-m", str(kept)] if kept else [])],
        input=script.encode(),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


async def _harvested(port: int, connections: int) -> tuple[float, int, int, int]:
    """Seconds, records, peak of memory (MiB) after a tenth and at the end."""
    target = Target("127.0.0.1", port, (DATABASE,))

    line, *more = [Line(lambda: connect(target, LOOPBACK)) for _ in range(connections)]
    order = Order(ByDigits(YEARS, 4, everything=EVERYTHING), Form(chunk=CHUNK), EVERYTHING)
    records, first = 0, 0
    began = time.perf_counter()
    async for page in Z3950Harvester("Zebra", line, order, more).pages(None):
        records += len(page.records)
        first = first or (_peak() if records >= RECORDS // 10 else 0)
    seconds = time.perf_counter() - began
    return seconds, records, first, _peak()


async def first_records(port: int) -> bytes:
    """The first records of the catalogue in one piece."""
    target = Target("127.0.0.1", port, (DATABASE,))
    line = Line(lambda: connect(target, LOOPBACK))
    records: list[bytes] = []
    async with aclosing(
        Z3950Harvester("Zebra", line, Order(Whole(EVERYTHING), Form(chunk=CHUNK), EVERYTHING)).pages(None)
    ) as pages:
        async for page in pages:
            records += [one.raw for one in page.records]
            if len(records) >= COMPARED:
                break
    return b"".join(records[:COMPARED])


def by_unioncat(port: int, connections: int) -> tuple[float, int, int, int]:
    """The same in a process of its own, so that its memory is its own."""
    ran = subprocess.run(
        [sys.executable, __file__, str(port), str(connections)], stdout=subprocess.PIPE, check=True
    )
    seconds, records, first, peak = json.loads(ran.stdout)
    return seconds, records, first, peak


def _peak() -> int:
    """The peak of this program, MiB; that of `getrusage` counts the program that started it."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def main() -> None:
    """Print the rates."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

    with tempfile.TemporaryDirectory() as folder:
        zebra = Zebra(Path(folder))
        zebra.prepare()
        began = time.perf_counter()
        zebra.update(render_iso2709(marc) for _, _, marc in synthetic_records(RECORDS))
        print(f"Zebra has indexed {RECORDS:,} records in {time.perf_counter() - began:.0f} s", flush=True)
        with zebra.serving() as port:
            kept = Path(folder) / "first.mrc"
            by_yaz_client(port, COMPARED, kept)
            same = asyncio.run(first_records(port)) == kept.read_bytes()
            yaz, one, two = [], [], []
            for _ in range(3):
                yaz.append(RECORDS / by_yaz_client(port, RECORDS))
                one.append(by_unioncat(port, 1))
                two.append(by_unioncat(port, 2))
    print(f"yaz-client: {max(yaz):,.0f} records/s")
    for name, runs in (("one connection", one), ("two connections", two)):
        seconds, records, first, peak = min(runs)
        rate = records / seconds
        print(
            f"{name}: {rate:,.0f} records/s ({rate / max(yaz):.2f} of yaz-client), {records:,} records, "
            f"memory {first} MiB after a tenth, {peak} at the end"
        )
    print(f"first {COMPARED:,} records: {'the same bytes' if same else 'OTHER BYTES'}")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(asyncio.run(_harvested(int(sys.argv[1]), int(sys.argv[2])))))
    else:
        main()
