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
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
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


async def load(address: str, records: list[SearchDocument], rate: int, seconds: int) -> None:
    """Send and print."""
    draw, kinds = random.Random(3), requests_of(records)
    names, weights = list(kinds), [share for share, _ in kinds.values()]
    times: dict[str, list[float]] = {name: [] for name in names}
    statuses: Counter[str] = Counter()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=limits) as client:

        async def one(name: str, due: float) -> None:
            path, parameters = kinds[name][1](draw)
            try:
                answer = await client.get(path, params=parameters)
                statuses[str(answer.status_code)] += 1
            except httpx.HTTPError as error:
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
            asyncio.run(load(address[0], records, rate // 4, 5))  # to warm it up
            asyncio.run(load(address[0], records, rate, seconds))
            [peak] = re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())
            print(f"the server's peak memory: {int(peak) / 1024:,.0f} MiB")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(60)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
