"""Mixed searches at a steady rate against the real server: how many are answered, how many fail, how long they take.

Requests are sent when their time has come, however long the earlier ones take (open loop): words with and without accents,
authors, ISBN, facets, next pages, suggestions, result pages and records. The catalogue is that of `bench_search.py`.

Usage: python tests/performance/bench_load.py [MASTERS [RATE [SECONDS]]]
"""

import asyncio
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvloop
from bench_import import DATA
from bench_locate import fill
from bench_search import mixed, real_documents, some_records

from unioncat.bootstrap import open_application
from unioncat.core.index.document import SearchDocument
from unioncat.core.normalise.vietnamese import plain
from unioncat.settings import Settings

UNIONCAT = Path(sys.executable).with_name("unioncat")
FACETS = {"facet": ["library", "format", "language", "decade", "subject"]}

Parameters = dict[str, Any]


def requests_of(
    records: list[SearchDocument],
) -> dict[str, tuple[int, Callable[[random.Random], tuple[str, Parameters]]]]:
    """Kinds of requests: how many of a hundred, and one of them."""

    def title(draw: random.Random) -> str:
        return draw.choice(records).title

    return {
        "title": (20, lambda draw: ("/api/v1/search", {"q": title(draw)})),
        "title without accents": (20, lambda draw: ("/api/v1/search", {"q": plain(title(draw))})),
        "two words, five facets": (
            15,
            lambda draw: ("/api/v1/search", {"q": " ".join(plain(title(draw)).split()[:2]), **FACETS}),
        ),
        "author": (
            8,
            lambda draw: ("/api/v1/search", {"q": f"tác giả: {draw.choice(records).contributors[0]}"}),
        ),
        "ISBN": (8, lambda draw: ("/api/v1/search", {"q": draw.choice(records).isbns[0]})),
        "suggestions": (10, lambda draw: ("/api/v1/suggest", {"q": title(draw)[:8]})),
        "result page": (9, lambda draw: ("/search", {"q": plain(title(draw))})),
        "record": (10, lambda draw: (f"/api/v1/records/{draw.choice(records).master_id}", {})),
    }


class Client:
    """HTTP/1.1 on kept connections in turn, as of many readers, and no more: it shares the processors with the server."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("http://").partition(":")
        self._host, self._port = host, int(port)
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def get(self, target: str) -> str:
        """The status of the answer, which is read to its end; raises OSError, EOFError."""
        connection = (
            self._idle.popleft() if self._idle else await asyncio.open_connection(self._host, self._port)
        )
        reader, writer = connection
        request = f"GET {target} HTTP/1.1\r\nHost: {self._host}\r\nAccept-Encoding: gzip\r\n\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
        self._idle.append(connection)
        return head.split()[1]


async def load(address: str, records: list[SearchDocument], rate: int, seconds: int) -> None:
    """Send and print."""
    draw, kinds = random.Random(3), requests_of(records)
    names, weights = list(kinds), [share for share, _ in kinds.values()]
    times: dict[str, list[float]] = {name: [] for name in names}
    statuses: Counter[str] = Counter()
    client = Client(address)

    async def one(name: str, due: float) -> None:
        path, parameters = kinds[name][1](draw)
        try:
            statuses[await client.get(f"{path}?{urlencode(parameters, doseq=True)}")] += 1
        except (OSError, EOFError) as error:
            statuses[type(error).__name__] += 1
        times[name].append((time.perf_counter() - due) * 1000)

    begin = time.perf_counter()
    sent: list[asyncio.Task[None]] = []
    for number in range(rate * seconds):
        due = begin + number / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        sent.append(asyncio.create_task(one(draw.choices(names, weights)[0], due)))
    await asyncio.gather(*sent)
    took = time.perf_counter() - begin
    print(
        f"{len(sent):,} requests at {rate}/s: answered in {took:.1f} s ({len(sent) / took:.0f}/s), {dict(statuses)}"
    )
    for name, found in [*times.items(), ("all", [one for each in times.values() for one in each])]:
        marks = statistics.quantiles(found, n=100)
        print(f"{name:<24} p50 {marks[49]:7.1f} ms   p95 {marks[94]:7.1f} ms   p99 {marks[98]:7.1f} ms")


async def prepare(home: Path, masters: int) -> list[SearchDocument]:
    """Fill a home and index it; some of its records."""
    async with open_application(Settings(home=home)) as application:
        await fill(application, masters, mixed(real_documents(DATA / "vn" / "hcmut_bk.mrc.gz")))
        await application.reindex()
        return await some_records(application)


def main(masters: int = 300_000, rate: int = 200, seconds: int = 60) -> None:
    """Fill, serve, load."""
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as name:
        Path(name).chmod(0o755)
        records = asyncio.run(prepare(Path(name), masters))
        server = subprocess.Popen(
            [UNIONCAT, "serve", "--port", "0"],
            env={**os.environ, "UNIONCAT_HOME": name},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout
            address = re.search(r"http://[0-9.:]+", server.stdout.readline())
            assert address
            uvloop.run(load(address[0], records, rate // 4, 10))  # until all processes are there
            uvloop.run(load(address[0], records, rate, seconds))
            [peak] = re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())
            print(f"the server's peak memory: {int(peak) / 1024:,.0f} MiB")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
