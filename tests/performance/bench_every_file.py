"""Import every real file under marc and enc into one new home, then verify: the counts of what came of it.

Usage: python tests/performance/bench_every_file.py
"""

import asyncio
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from unioncat.bootstrap import open_application
from unioncat.core.errors import FileUnreadable
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.core.registry import HarvestCounts
from unioncat.pipeline.verify import verify_store
from unioncat.settings import Settings

DATA = Path(os.environ.get("UNIONCAT_TEST_DATA", Path(__file__).parents[3] / "shared/data"))
ISIL = Isil("VN-BENCH")


async def bench(home: Path) -> None:
    """Import, match, merge, index, verify."""
    outcomes: Counter[str] = Counter()
    total = HarvestCounts()
    async with open_application(Settings(home=home)) as application:
        async with application.store.work() as work:
            await work.registry.save_library(MemberLibrary(ISIL, "Benchmark"))
            await work.commit()
        begin = time.perf_counter()
        for path in sorted(p for part in ("marc", "enc") for p in (DATA / part).rglob("*") if p.is_file()):
            try:
                total += await application.import_file(path, ISIL, "auto")
                outcomes["files imported"] += 1
            except FileUnreadable:
                outcomes["files refused with a sentence, wholly or at their end"] += 1
        report, _ = await application.catch_up()
        seconds = time.perf_counter() - begin
        async with application.store.work() as work:
            counts = await work.audit.counts()
        rejected = await application.services.catalogue.rejected(ISIL, 1_000_000, None)
        findings = await verify_store(application.store, application.services.search)
    print(dict(outcomes), total, "add up:", total.add_up)
    print(
        f"{counts['delivered']:,} delivered in {seconds:.0f} s; {report}; {counts['masters']:,} master records"
    )
    print(f"{len(rejected):,} rejected records, {sum(not r.reason for r in rejected)} without a reason")
    print("laws broken:", [finding for finding in findings if finding.broken])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(bench(Path(folder)))
