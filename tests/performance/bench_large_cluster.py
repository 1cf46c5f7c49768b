"""One record of a publication with 5,000 copies changes: seconds until the search index shows it.

The copies are those of 50 libraries, which catalogue the publication as each is used to. One delivery changes the
title of one record, a second one its number of pages, a third one its shelf.

Usage: python tests/performance/bench_large_cluster.py [COPIES]
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from measured_store import a_library, import_file, peak_memory
from synthetic_copies import catalogued, habits_of, with_holdings
from synthetic_files import write_one_file

from unioncat.bootstrap import Application, open_application
from unioncat.core.identifiers import Isil
from unioncat.core.marc import MarcRecord
from unioncat.core.registry import HarvestSource
from unioncat.settings import Settings

LIBRARIES = 50
PUBLICATION = {
    "title": "Cơ sở văn hoá Việt Nam",
    "rest": "giáo trình dùng cho các trường đại học",
    "author": "Trần Quốc Vượng",
    "statement": "Trần Quốc Vượng chủ biên; Tô Ngọc Thanh, Nguyễn Chí Bền",
    "edition": "Tái bản lần thứ 10",
    "place": "Hà Nội",
    "publisher": "Giáo dục",
    "year": "2008",
    "pages": "288 tr.",
    "size": "21 cm",
    "class": "306.09597",
    "topic": "Văn hoá",
    "topic 2": "Việt Nam",
    "isbn": "9786045701126",
    "language": "vie",
}
CHANGES = (("title", "Cơ sở văn hóa Việt nam"), ("pages", "288 trang"), ("shelf", ""))


def a_copy(library: int, number: int, seed: int = 0, **changed: str) -> tuple[Isil, str, MarcRecord]:
    """A record of a library; another seed draws other holdings."""
    habits = replace(habits_of(library), text=None)
    identifier = f"{number:07d}"
    fields = catalogued({**PUBLICATION, **changed}, habits, number)
    marc = with_holdings(fields, identifier, habits, random.Random(number + seed))
    return Isil(habits.isil), identifier, marc


async def deliver(
    application: Application, source: HarvestSource, records: Iterable[tuple[Isil, str, MarcRecord]]
) -> None:
    """Harvest a file of these records."""
    file = application.settings.home / "copies.mrc"
    write_one_file(records, file)
    await import_file(application.store, source, file, application.pool)


async def bench(home: Path, copies: int) -> None:
    """Import the copies, then change one, three times."""
    share = copies // LIBRARIES
    async with open_application(Settings(home=home)) as application:
        for library in range(LIBRARIES):
            source = await a_library(application.store, f"VN-S{library:04d}")
            await deliver(
                application, source, (a_copy(library, library * share + place) for place in range(share))
            )
        begin = time.perf_counter()
        await application.catch_up()
        seconds = time.perf_counter() - begin
        async with application.store.work() as work:
            sizes = Counter([master async for _, _, master in work.audit.clusters()])
        print(f"{copies:,} copies: {max(sizes.values()):,} in the largest cluster; {seconds:.2f} s")
        for turn, (part, value) in enumerate(CHANGES):
            library = LIBRARIES - 1
            number = library * share
            changed = a_copy(library, number, turn + 1, **({part: value} if value else {}))
            begin = time.perf_counter()
            await deliver(application, source, [changed])
            report, indexed = await application.catch_up()
            print(
                f"{part} changed: {time.perf_counter() - begin:.2f} s until it can be found; "
                f"{report.masters} masters written, {indexed} indexed"
            )
    print(f"peak memory of the largest process {peak_memory():,.0f} MiB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(bench(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
