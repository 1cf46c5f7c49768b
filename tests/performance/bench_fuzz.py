"""Read 50,000 garbled files of records, made of rendered and of real ones: crashes, the slowest input, memory.

Usage: python tests/performance/bench_fuzz.py [count]
"""

import gzip
import os
import random
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fuzz_records import fuzz_records, rendered_seeds

DATA = Path(os.environ.get("UNIONCAT_TEST_DATA", Path(__file__).parents[3] / "shared/data"))
_LONGEST_SEED = 6_000


def real_seeds(count: int) -> list[bytes]:
    """Pieces of real files, each some records long."""
    rng = random.Random(0)
    files = sorted(
        path for part in ("marc", "enc", "vn") for path in (DATA / part).rglob("*") if path.is_file()
    )
    seeds = []
    for path in rng.choices(files, k=count) if files else ():
        data = path.read_bytes()[:4_000_000]
        whole = gzip.decompress(path.read_bytes()) if data.startswith(b"\x1f\x8b") else data
        begin = rng.choice([0, 0, rng.randint(0, len(whole))])
        seeds.append(whole[begin : begin + rng.randint(300, _LONGEST_SEED)])
    return seeds


def bench(count: int) -> None:
    """Run and print; what breaks a rule is an AssertionError with the number of the input."""
    seeds = rendered_seeds() + real_seeds(400)
    begin_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin, crashes, slowest, done = time.perf_counter(), 0, 0.0, 0
    while done < count:
        try:
            report = fuzz_records(seeds, min(1_000, count - done), seed=2, first=done)
            slowest = max(slowest, report.slowest)
        except AssertionError as error:
            crashes += 1
            print(error)
        done += 1_000
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count:,} inputs in {time.perf_counter() - begin:.0f} s, {crashes} crashes")
    print(
        f"slowest input {slowest * 1000:.0f} ms, memory {begin_memory // 1024} MiB before, {memory // 1024} MiB at most"
    )


if __name__ == "__main__":
    bench(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
