"""From delivered bytes to all that is stored of a record: processor microseconds a stage, and peak memory.

One process reads a catalogue page by page, as a harvest does. The records of an ISO 2709 file are delivered once more
as MARCXML; the sum is that of a MARCXML harvest.

Usage: python tests/performance/bench_read.py [FILE.mrc.gz]
"""

import gzip
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from bench_import import DATA

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.match.keys import match_keys
from unioncat.core.merge.holdings import load_profiles, read_holdings
from unioncat.core.normalise.description import describe, description_to_json, fingerprint
from unioncat.core.parse.compact import to_compact
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.core.parse.read import read_record
from unioncat.pipeline.packing import holdings_to_json, pack, to_json

PAGE = 500
PROFILE = load_profiles()["default"]
FROM_ISO2709 = "parse ISO 2709"

Given = TypeVar("Given")
Made = TypeVar("Made")


class Stages:
    """The processor seconds that each stage took: others may work on the same machine."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def run(self, stage: str, rule: Callable[[Given], Made], given: list[Given]) -> list[Made]:
        """Apply the rule of a stage to a page."""
        begin = time.process_time()
        made = [rule(one) for one in given]
        self.seconds[stage] += time.process_time() - begin
        return made


def pages(path: Path) -> Iterator[list[DeliveredRecord]]:
    """The records of an ISO 2709 file, so many at a time."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        page: list[DeliveredRecord] = []
        for raw in split_iso2709(iter(lambda: file.read(1 << 16), b"")):
            page.append(DeliveredRecord(raw, RecordFormat.ISO2709, path.name))
            if len(page) == PAGE:
                yield page
                page = []
        yield page


def as_marcxml(parsed: ParsedRecord) -> DeliveredRecord:
    """The record as an OAI-PMH provider would deliver it."""
    return DeliveredRecord(render_marcxml(parsed.marc), RecordFormat.MARCXML, parsed.control_number)


def read_page(stages: Stages, page: list[DeliveredRecord]) -> int:
    """All that `pipeline/reading.py` does with a page, one stage after the other; how many records it had."""
    sound = [one for one in stages.run(FROM_ISO2709, read_record, page) if isinstance(one, ParsedRecord)]
    delivered = [as_marcxml(parsed) for parsed in sound]
    read = stages.run("parse MARCXML", read_record, delivered)
    records = [one.marc for one in read if isinstance(one, ParsedRecord)]
    descriptions = stages.run("describe", describe, records)
    stages.run("fingerprint", fingerprint, descriptions)
    stages.run("match keys", match_keys, descriptions)
    holdings = stages.run("holdings", lambda record: read_holdings(record, PROFILE), records)
    compact = stages.run("to compact", to_compact, records)
    stages.run("record as JSON", to_json, compact)
    stages.run("description as JSON", lambda one: to_json(description_to_json(one)), descriptions)
    stages.run("holdings as JSON", lambda one: to_json(holdings_to_json(one)), holdings)
    stages.run("compress", lambda one: pack(one.raw), delivered)
    return len(records)


def bench(path: Path) -> None:
    """Read the file and print what each stage cost."""
    stages = Stages()
    count = sum(read_page(stages, page) for page in pages(path))
    print(f"{path.name}: {count:,} records")
    total = sum(seconds for stage, seconds in stages.seconds.items() if stage != FROM_ISO2709)
    for stage, seconds in (*stages.seconds.items(), ("from MARCXML to all of it", total)):
        print(f"{stage:<26} {seconds / count * 1e6:7.1f} µs   {count / seconds:9,.0f} records/s")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    bench(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "vn" / "hcmut_bk.mrc.gz")
