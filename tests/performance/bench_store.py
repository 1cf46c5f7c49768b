"""Import of a synthetic catalogue into PostgreSQL, with clusters and masters, at full durability: records per second.

Harvest and matchers run side by side, as in the product; the search index is left out. The same records are then
imported with four matchers: the clusters must be the same.

Usage: python tests/performance/bench_store.py [COUNT]
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from bench_import import DATA
from measured_store import a_library, bench_store, import_file, matchers, partition, peak_memory
from synthetic import synthetic_records
from synthetic_files import write_one_file

from unioncat.reading_pool import ReadingPool

DUPLICATES = 0.4


async def bench(path: Path, home: Path, count: int, workers: int) -> tuple[int, str]:
    """Import the file; returns the clusters."""
    async with bench_store(home, f"bench{workers}") as store:
        source, pool = await a_library(store), ReadingPool()
        begin = time.perf_counter()
        async with matchers(store, workers):
            counts = await import_file(store, source, path, pool)
            pool.close()
            stored = time.perf_counter() - begin
        seconds = time.perf_counter() - begin
        clusters, mark = await partition(store)
    print(
        f"{workers} matchers: {count / seconds:,.0f} records/s ({seconds:.1f} s, stored after {stored:.1f} s); "
        f"{counts.created:,} created, {counts.rejected:,} rejected, {clusters:,} clusters ({mark}); "
        f"peak memory of the largest process {peak_memory():,.0f} MiB"
    )
    return clusters, mark


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "catalogue.mrc"
        write_one_file(synthetic_records(number, DUPLICATES, data=DATA), file)
        found = {asyncio.run(bench(file, Path(folder), number, workers)) for workers in (1, 4)}
        if len(found) > 1:
            sys.exit("one and four matchers gave different clusters")
