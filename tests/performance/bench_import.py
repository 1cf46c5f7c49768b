"""Import a real catalogue into a new home with the command that people use: records per second, peak memory.

Usage: python tests/performance/bench_import.py [FILE.mrc.gz]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(os.environ.get("UNIONCAT_TEST_DATA", Path(__file__).parents[3] / "shared/data"))
UNIONCAT = Path(sys.executable).with_name("unioncat")


def run(home: Path, *arguments: str) -> str:
    """Run one command in this home."""
    environment = {**os.environ, "UNIONCAT_HOME": str(home)}
    return subprocess.run(
        [UNIONCAT, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def bench(path: Path, home: Path) -> None:
    """Import, then count."""
    run(home, "library", "add", "VN-BENCH", "Benchmark")
    begin = time.perf_counter()
    print(run(home, "import", str(path), "--library", "VN-BENCH").strip())
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    counts = json.loads(run(home, "stats", "--json"))
    print(f"{counts['masters']:,} master records, {counts['indexed_documents']:,} searchable")
    print(
        f"stored, matched, merged, indexed: {counts['delivered'] / seconds:,.0f} records/s ({seconds:.1f} s)"
    )
    print(f"peak memory of the largest unioncat process: {peak:,.0f} MiB")


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "vn" / "hcmut_bk.mrc.gz"
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        bench(file, Path(folder) / "home")
