"""Read 50,000 garbled lists (CSV, XLSX): any crash is an AssertionError; the slowest list, memory.

Usage: python tests/performance/bench_fuzz_lists.py [count]
"""

import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fuzz_lists import fuzz_lists

if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    begin = time.perf_counter()
    report = fuzz_lists(wanted, seed=2)
    print(f"{report.inputs:,} lists in {time.perf_counter() - begin:.0f} s, 0 crashes")
    print(f"{report.records:,} rows read, {report.refused:,} lists refused with a sentence")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"slowest list {report.slowest * 1000:.0f} ms, memory {memory} MiB at most")
