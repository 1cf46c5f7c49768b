"""Write the synthetic catalogue: one ISO 2709 file, or a folder with a file for each library in its own form.

Usage: python tests/performance/make_synthetic.py COUNT FILE.mrc|FOLDER [DUPLICATES] [SEED]
"""

import sys
import time
from pathlib import Path

from bench_import import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from synthetic import synthetic_records
from synthetic_files import write_files, write_one_file


def make(count: int, target: Path, duplicates: float, seed: int) -> None:
    """Write them, and say how fast."""
    begin = time.perf_counter()
    records = synthetic_records(count, duplicates, seed, DATA)
    if target.suffix == ".mrc":
        write_one_file(records, target)
    else:
        target.mkdir(parents=True, exist_ok=True)
        print(f"{len(write_files(records, target)):,} libraries")
    seconds = time.perf_counter() - begin
    print(f"{count:,} records into {target}: {count / seconds:,.0f} records/s")


if __name__ == "__main__":
    _, number, path, *rest = sys.argv
    make(int(number), Path(path), float(rest[0]) if rest else 0.4, int(rest[1]) if len(rest) > 1 else 1)
