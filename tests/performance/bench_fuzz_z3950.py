"""Read 50,000 garbled Z39.50 messages and queries: what is read, what is refused by name, the slowest, memory.

Usage: python tests/performance/bench_fuzz_z3950.py [count]
"""

import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from fuzz_z3950 import fuzz_messages

if __name__ == "__main__":
    report = fuzz_messages(int(sys.argv[1]) if sys.argv[1:] else 50_000, seed=1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{report.inputs:,} garbled inputs: {report.read:,} read, {report.refused:,} refused by name; "
        f"slowest {report.slowest * 1000:.1f} ms; memory {memory} MiB"
    )
