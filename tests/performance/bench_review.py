"""The review queue with many pairs: seconds for a page, with and without filters, and for the counts of patterns.

Usage: python tests/performance/bench_review.py [PAIRS]
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from measured_store import a_library, bench_store
from sqlalchemy import text

from unioncat.core.identifiers import Isil
from unioncat.pipeline.curation_queue import Asked, patterns, queue_page
from unioncat.store.engine import PostgresStore

_FILL = (
    """INSERT INTO description (fingerprint, content, keys, matched)
       SELECT 'f' || n, '{"title": "t"}', '{}', true FROM generate_series(1, :records) AS n""",
    """INSERT INTO master_record (serial, master_id, status, version, content, document)
       SELECT n, 'u' || n, 'live', 1, '{}', json_build_object('title', 'Title ' || n)
       FROM generate_series(1, :records) AS n""",
    """INSERT INTO harvest (id, source_id, kind, status) OVERRIDING SYSTEM VALUE
       VALUES (1000, :source, 'harvest', 'complete')""",
    """INSERT INTO source_record (id, source_id, identifier, control_number, format, raw, content_hash, datestamp,
           deleted, marc, holdings, description_id, master_serial, member, harvest_id)
       SELECT n, :source, n, n, 'iso2709', '', '', '2026-01-01', false, '[]', '[]', n, n, true, 1000
       FROM generate_series(1, :records) AS n""",
    """INSERT INTO pair_verdict (low, high, outcome, score, pattern)
       SELECT n, n + 1, 'review', 4 + (n % 7), (ARRAY['weak', 'year', 'pages', 'author+year'])[1 + n % 4]
       FROM generate_series(1, :records - 1) AS n""",
    "ANALYZE",
)


async def timed(what: str, step: Callable[[], Awaitable[object]]) -> None:
    """Print how long the second call takes."""
    await step()
    begin = time.perf_counter()
    await step()
    print(f"{what}: {(time.perf_counter() - begin) * 1000:,.0f} ms")


async def fill(store: PostgresStore, pairs: int) -> None:
    """So many pairs of neighbours, each record in a master record of its own."""
    source = await a_library(store)
    async with store.connect() as connection:
        for statement in _FILL:
            await connection.execute(text(statement), {"records": pairs + 1, "source": source.id})
        await connection.commit()


async def bench(home: Path, pairs: int) -> None:
    """Fill and ask."""
    async with bench_store(home) as store:
        await fill(store, pairs)
        print(f"{pairs:,} pairs wait")
        first = await queue_page(store, Asked(), None, 50)
        await timed("the first page of 50", lambda: queue_page(store, Asked(), None, 50))
        await timed("the second page", lambda: queue_page(store, Asked(), first.next, 50))
        await timed("a page of one pattern", lambda: queue_page(store, Asked("year"), None, 50))
        await timed(
            "a page of one library", lambda: queue_page(store, Asked(isil=Isil("VN-BENCH")), None, 50)
        )
        await timed("the counts of all patterns", lambda: patterns(store, Asked()))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(bench(Path(folder), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
