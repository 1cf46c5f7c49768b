"""Search a real catalogue with six facets: milliseconds a question, and documents a second into a new index.

Usage: python tests/performance/bench_search.py [FILE.mrc.gz]
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench_import import DATA, run

from unioncat.bootstrap import Application, open_application
from unioncat.core.index.request import FacetName, SearchRequest, Sort
from unioncat.core.normalise.vietnamese import plain
from unioncat.settings import Settings

QUESTIONS = 200


async def bench(home: Path) -> None:
    """Rebuild the index, then ask questions made of titles that are there."""
    async with open_application(Settings(home=home)) as application:
        begin = time.perf_counter()
        documents = await application.reindex()
        print(
            f"index build: {documents / (time.perf_counter() - begin):,.0f} documents/s ({documents:,} documents)"
        )
        draw = random.Random(7)
        page = await application.services.search.search(SearchRequest(sort=Sort.TITLE, size=100))
        titles = [hit.title for hit in page.hits]
        while page.next_cursor and len(titles) < 2_000:
            following = SearchRequest(sort=Sort.TITLE, size=100, cursor=page.next_cursor)
            page = await application.services.search.search(following)
            titles += [hit.title for hit in page.hits]
        for name, question in {
            "whole title": lambda: draw.choice(titles),
            "title without diacritics": lambda: plain(draw.choice(titles)),
            "two words of a title": lambda: " ".join(plain(draw.choice(titles)).split()[:2]),
            "one common word": lambda: draw.choice(("giao trinh", "ky thuat", "the", "xay dung")),
            "everything": lambda: "",
        }.items():
            await ask(application, name, [question() for _ in range(QUESTIONS)])


async def ask(application: Application, name: str, questions: list[str]) -> None:
    """Print median and 95th percentile."""
    times = []
    for text in questions:
        begin = time.perf_counter()
        await application.services.search.search(SearchRequest(text, facets=tuple(FacetName)))
        times.append((time.perf_counter() - begin) * 1000)
    print(
        f"{name:<26} p50 {statistics.median(times):6.1f} ms   p95 {statistics.quantiles(times, n=20)[-1]:6.1f} ms"
    )


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "vn" / "hcmut_bk.mrc.gz"
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        run(Path(folder), "library", "add", "VN-BENCH", "Benchmark")
        run(Path(folder), "import", str(file), "--library", "VN-BENCH")
        asyncio.run(bench(Path(folder)))
