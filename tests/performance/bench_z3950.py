"""Z39.50: 100,000 records from Zebra by yaz-client, by unioncat with one connection and with two; memory; the same bytes.

Zebra, yaz-client and unioncat share the machine; each way is run twice in turn, and the better run counts. The first
5,000 records are compared byte by byte.
"""

import asyncio
import hashlib
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from synthetic import synthetic_records
from z3950_target import LOOPBACK

from harvesters.z3950.client import Session, Target, connect
from harvesters.z3950.divisions import ByDigits, Whole
from harvesters.z3950.harvest import Order, Z3950Harvester
from harvesters.z3950.partition import Form, Line
from harvesters.z3950.query import Clause
from unioncat.core.parse.iso2709 import render_iso2709
from unioncat.samples.zebra import DATABASE, Zebra

RECORDS = 100_000
COMPARED = 5_000
CHUNK = 200
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


def by_unioncat(
    port: int, connections: int, answers: "multiprocessing.Queue[tuple[float, int, int, str]]"
) -> None:
    """Harvest everything; answers seconds, records, the peak of memory (MiB), and the digest of the first records."""
    answers.put(asyncio.run(_harvested(port, connections)))


async def _harvested(port: int, connections: int) -> tuple[float, int, int, str]:
    target = Target("127.0.0.1", port, (DATABASE,))

    async def open_one() -> Session:
        return await connect(target, LOOPBACK)

    line, *more = [Line(open_one) for _ in range(connections)]
    division = Whole(EVERYTHING) if connections == 1 else ByDigits(YEARS, 4, everything=EVERYTHING)
    order = Order(division, Form(chunk=CHUNK), EVERYTHING, most=10_000)
    records, digest = 0, hashlib.sha256()
    began = time.perf_counter()
    async for page in Z3950Harvester("Zebra", line, order, more).pages(None):
        for one in page.records[: max(0, COMPARED - records)]:
            digest.update(one.raw)
        records += len(page.records)
    seconds = time.perf_counter() - began
    return seconds, records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, digest.hexdigest()


def in_a_process(port: int, connections: int) -> tuple[float, int, int, str]:
    """The harvest in a process of its own, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=by_unioncat, args=(port, connections, answers))
    process.start()
    answer = answers.get()
    process.join()
    return answer


def main() -> None:
    """Print the rates."""
    with tempfile.TemporaryDirectory() as folder:
        zebra = Zebra(Path(folder))
        zebra.prepare()
        began = time.perf_counter()
        zebra.update(render_iso2709(marc) for _, _, marc in synthetic_records(RECORDS))
        print(f"Zebra has indexed {RECORDS:,} records in {time.perf_counter() - began:.0f} s", flush=True)
        with zebra.serving() as port:
            kept = Path(folder) / "first.mrc"
            by_yaz_client(port, COMPARED, kept)
            theirs = hashlib.sha256(kept.read_bytes()).hexdigest()
            yaz, one, two = [], [], []
            for _ in range(2):
                yaz.append(RECORDS / by_yaz_client(port, RECORDS))
                one.append(in_a_process(port, 1))
                two.append(in_a_process(port, 2))
    same = "the same bytes" if one[0][3] == theirs else "OTHER BYTES"
    print(f"yaz-client: {max(yaz):,.0f} records/s")
    for name, runs in (("one connection", one), ("two connections", two)):
        seconds, records, memory, _ = min(runs)
        rate = records / seconds
        print(
            f"{name}: {rate:,.0f} records/s ({rate / max(yaz):.2f} of yaz-client), {records:,} records, {memory} MiB"
        )
    print(f"first {COMPARED:,} records: {same}")


if __name__ == "__main__":
    main()
