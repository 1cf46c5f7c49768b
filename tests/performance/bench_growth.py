"""What 1,000 changed records cost in a small and in a large synthetic catalogue, until clusters and masters are right.

Of the changed records a third has new holdings, a third a new note, and a third another number of pages, so that it
is described, judged and clustered anew. The median of three rounds counts.

Usage: python tests/performance/bench_growth.py [SMALL LARGE]
"""

import asyncio
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from bench_import import DATA
from measured_store import a_library, bench_store, import_file, peak_memory
from synthetic import synthetic_records
from synthetic_files import write_one_file

from unioncat.core.identifiers import Isil
from unioncat.core.marc import DataField, MarcRecord
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.match import match_pending
from unioncat.reading_pool import ReadingPool
from unioncat.store.engine import PostgresStore

DUPLICATES = 0.4
CHANGED = 1_000
ROUNDS = 3

Records = list[tuple[Isil, str, MarcRecord]]


def changed(marc: MarcRecord, turn: int, how: int) -> MarcRecord:
    """The record with another holding, note or number of pages."""
    if how == 2:
        kept = [field for field in marc.fields if field.tag != "300"]
        return replace(marc, fields=(*kept, _field("300", f"{100 + turn} tr.")))
    return replace(marc, fields=(*marc.fields, _field("852" if how else "500", f"{turn}")))


def _field(tag: str, value: str) -> DataField:
    return DataField(tag, "  ", (("a", value),))


async def measured(
    store: PostgresStore, source: HarvestSource, seen: Records, folder: Path, pool: ReadingPool
) -> float:
    """Seconds for 1,000 of these records, delivered changed."""
    draw, seconds = random.Random(len(seen)), []
    for turn in range(ROUNDS):
        some = draw.sample(seen, CHANGED)
        file = folder / f"changed{turn}.mrc"
        write_one_file(
            ((isil, name, changed(marc, turn, place % 3)) for place, (isil, name, marc) in enumerate(some)),
            file,
        )
        begin = time.perf_counter()
        counts = await import_file(store, source, file, pool)
        stored = time.perf_counter() - begin
        report = await match_pending(store, merge=pool.merge)
        seconds.append(time.perf_counter() - begin)
        print(
            f"  {counts.updated:,} updated in {stored:.2f} s; with {report.pairs:,} pairs judged and "
            f"{report.masters:,} masters written {seconds[-1]:.2f} s"
        )
    return statistics.median(seconds)


async def bench(sizes: tuple[int, int], folder: Path) -> None:
    """Grow the catalogue to each size and measure."""
    stream: Iterator[tuple[Isil, str, MarcRecord]] = synthetic_records(max(sizes), DUPLICATES, data=DATA)
    seen: Records = []
    known = 0
    medians: list[float] = []
    pool = ReadingPool()
    async with bench_store(folder) as store:
        source = await a_library(store)
        for size in sizes:
            while more := list(itertools.islice(stream, min(50_000, size - known))):
                file = folder / "more.mrc"
                write_one_file(more, file)
                known += len(more)
                seen += more[::10]  # enough to draw from
                await import_file(store, source, file, pool)
                await match_pending(store, merge=pool.merge)
            print(f"{size:,} records")
            medians.append(await measured(store, source, seen, folder, pool))
    pool.close()
    print(
        f"{CHANGED:,} changed records: {medians[0]:.2f} s at {sizes[0]:,}, {medians[1]:.2f} s at {sizes[1]:,}: "
        f"{medians[1] / medians[0] - 1:+.0%}; peak memory of the largest process {peak_memory():,.0f} MiB"
    )


if __name__ == "__main__":
    small, large = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (50_000, 500_000)
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as name:
        Path(name).chmod(0o755)
        asyncio.run(bench((small, large), Path(name)))
