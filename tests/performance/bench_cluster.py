"""From an ISO 2709 file to clusters, in memory and in one process: records per second, each phase's share, peak memory.

Without a file: the catalogue of a Vietnamese university, then a larger one of made-up records. The bar is 5,000
records a second.

Usage: python tests/performance/bench_cluster.py [FILE.mrc[.gz] …]
"""

import gc
import gzip
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench_import import DATA

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.clusters import candidate_pairs, cluster_all
from unioncat.core.match.decide import decide
from unioncat.core.match.keys import match_keys
from unioncat.core.match.shortcuts import is_vetoed, judge, same_score
from unioncat.core.normalise.description import Description, describe, fingerprint
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.read import read_record

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from synthetic import synthetic_records
from synthetic_files import write_one_file

PAGE = 500
SYNTHETIC = 50_000
JUDGING = (decide, judge, same_score, is_vetoed)


class Clock:
    """Processor seconds by phase: others may work on the same machine."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what is done inside under this name."""
        begin = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - begin


def pages(path: Path) -> Iterator[list[bytes]]:
    """The records of a file, so many at a time."""
    with path.open("rb") as file:
        page: list[bytes] = []
        for raw in split_iso2709(iter(lambda: file.read(1 << 16), b"")):
            page.append(raw)
            if len(page) == PAGE:
                yield page
                page = []
        yield page


def read(path: Path, clock: Clock) -> tuple[int, dict[Fingerprint, Description]]:
    """How many records the file has, and their distinct descriptions."""
    count, found = 0, {}
    source = pages(path)
    while True:
        with clock.phase("split"):
            page = next(source, None)
        if page is None:
            return count, found
        with clock.phase("parse"):
            delivered = [DeliveredRecord(raw, RecordFormat.ISO2709, path.name) for raw in page]
            parsed = [one.marc for one in map(read_record, delivered) if isinstance(one, ParsedRecord)]
        with clock.phase("describe"):
            descriptions = list(map(describe, parsed))
        with clock.phase("fingerprint"):
            found.update((fingerprint(one), one) for one in descriptions)
        count += len(parsed)


def bench(path: Path) -> None:
    """Cluster the file, and print what each phase cost.

    `cluster_all` is measured as a whole; its keys, pairs and decisions are made once more to know their shares.
    """
    gc.collect()
    gc.freeze()
    gc.disable()  # as in the processes that read: nothing here is garbage before the end
    clock = Clock()
    count, descriptions = read(path, clock)
    with clock.phase("clusters"):
        clusters = cluster_all(descriptions)
    gc.enable()
    total = sum(clock.seconds.values())
    with clock.phase("  of these: keys"):
        keys = {name: match_keys(one) for name, one in descriptions.items()}
    with clock.phase("  of these: pairs"):
        pairs = list(candidate_pairs(keys))
    with clock.phase("  of these: decisions"):
        for left, right in pairs:
            decide(descriptions[left], descriptions[right])
    rates = [(judging.__name__, _rate(judging, descriptions, pairs)) for judging in JUDGING]
    print(f"{path.name}: {count:,} records, {len(descriptions):,} descriptions, {len(pairs):,} pairs")
    print(f"{len(clusters):,} clusters, {max(map(len, clusters)):,} descriptions in the largest")
    for name, seconds in (*clock.seconds.items(), ("all", total)):
        share = f"{seconds / total:4.0%}"
        print(f"{name:<22} {seconds / count * 1e6:7.1f} µs {share}   {count / seconds:9,.0f} records/s")
    print("pairs a second: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in rates))
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def _rate(
    judging: Callable[[Description, Description], object],
    descriptions: Mapping[Fingerprint, Description],
    pairs: Collection[tuple[Fingerprint, Fingerprint]],
) -> float:
    """Pairs that a function judges in a second of processor time."""
    begin = time.process_time()
    for left, right in pairs:
        judging(descriptions[left], descriptions[right])
    return len(pairs) / (time.process_time() - begin)


def unpacked(path: Path, folder: Path) -> Path:
    """The file as it is, or unpacked into the folder."""
    if path.suffix != ".gz":
        return path
    target = folder / path.stem
    with gzip.open(path) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)
    return target


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as name:
        folder = Path(name)
        given = [Path(argument) for argument in sys.argv[1:]]
        for path in given or [DATA / "vn" / "hcmut_bk.mrc.gz"]:
            bench(unpacked(path, folder))
        if not given:
            write_one_file(synthetic_records(SYNTHETIC, data=DATA), folder / "synthetic.mrc")
            bench(folder / "synthetic.mrc")
