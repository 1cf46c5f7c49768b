"""Search with five facets, and with those of the result page: milliseconds a question; documents a second into a new
index; seconds until a change can be found.

Usage: python tests/performance/bench_search.py [MASTERS | FILE.mrc.gz]

With a number, 300,000 unless told otherwise: masters put together from real ones of a university, one's beginning of
the title with another's end, subjects and notes of a third; held by one to five of 200 libraries. With a file: a real
catalogue, imported.
"""

import asyncio
import gzip
import random
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench_import import DATA, run
from bench_locate import Publication, fill, holders, isbn_of, isil_of
from sqlalchemy import text

from unioncat.bootstrap import Application, open_application
from unioncat.core.identifiers import ControlNumber, Isil, mint_master_id
from unioncat.core.index.build_document import build_document
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.document_json import document_to_json
from unioncat.core.index.request import FacetName, SearchRequest, Sort
from unioncat.core.merge.master import SourceRecord
from unioncat.core.merge.merge import merge_records
from unioncat.core.normalise.vietnamese import plain
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.iso2709 import parse_iso2709
from unioncat.core.parse.reading import Readable
from unioncat.pipeline.index import index_pending
from unioncat.settings import Settings

QUESTIONS = 200
REBUILDS = 3
FIVE = (FacetName.LIBRARY, FacetName.FORMAT, FacetName.LANGUAGE, FacetName.DECADE, FacetName.SUBJECT)
PAGE = tuple(name for name in FacetName if name is not FacetName.YEAR)


async def bench(application: Application) -> None:
    """Rebuild the index, then ask questions made of titles that are there."""
    for _ in range(REBUILDS):
        begin = time.perf_counter()
        count = await application.reindex()
        rate = count / (time.perf_counter() - begin)
        print(f"index build: {rate:,.0f} documents/s ({count:,} documents)", flush=True)
    hits = await some_records(application)
    draw = random.Random(7)
    for facets in (FIVE, PAGE):
        print(f"with {len(facets)} facets")
        for name, question in {
            "whole title": lambda: draw.choice(hits).title,
            "title without diacritics": lambda: plain(draw.choice(hits).title),
            "two words of a title": lambda: " ".join(plain(draw.choice(hits).title).split()[:2]),
            "title and author": lambda: f"{draw.choice(hits).title} {draw.choice(hits).contributors[0]}",
            "author": lambda: f"tác giả: {draw.choice(hits).contributors[0]}",
            "ISBN": lambda: draw.choice(hits).isbns[0],
            "one common word": lambda: draw.choice(("giao trinh", "ky thuat", "học", "lịch")),
            "everything": lambda: "",
        }.items():
            await ask(application, name, [question() for _ in range(QUESTIONS)], facets)
    await change(application, hits[0])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def real_documents(file: Path) -> list[SearchDocument]:
    """The search documents of the records of a file, each as a master of its own."""
    found = []
    with gzip.open(file) as stream:
        for number, raw in enumerate(split_iso2709(iter(lambda: stream.read(1 << 16), b"")), 1):
            if isinstance(read := parse_iso2709(raw), Readable):
                source = SourceRecord(Isil("VN-BENCH"), ControlNumber(str(number)), read.marc, "2026-01-01")
                found.append(build_document(mint_master_id(number), 1, merge_records([source]), ()))
    return found


def mixed(real: list[SearchDocument]) -> Publication:
    """Publications with the words, persons and subjects of real ones, as often as these have them."""

    def publication(serial: int) -> dict[str, Any]:
        draw = random.Random(serial)
        first, second, third = draw.choices(real, k=3)
        begin, end = first.title.split(), second.title.split()
        title = " ".join(begin[: len(begin) // 2 + 1] + end[len(end) // 2 :])
        made = replace(
            third,
            master_id=mint_master_id(serial),
            title=title,
            responsibility=second.responsibility,
            contributors=second.contributors,
            persons=second.persons,
            year=first.year,
            publisher=first.publisher,
            isbns=(isbn_of(serial),),
            libraries=tuple(Isil(isil_of(number)) for number in sorted(holders(serial))),
        )
        return document_to_json(made)

    return publication


async def some_records(application: Application) -> list[SearchDocument]:
    """Records with a person and an ISBN."""
    search = application.services.search
    request = SearchRequest(sort=Sort.TITLE, size=100)
    page = await search.search(request)
    found = list(page.hits)
    while page.next_cursor and len(found) < 2_000:
        page = await search.search(SearchRequest(sort=Sort.TITLE, size=100, cursor=page.next_cursor))
        found += page.hits
    return [hit for hit in found if hit.contributors and hit.isbns]


async def ask(
    application: Application, name: str, questions: list[str], facets: tuple[FacetName, ...]
) -> None:
    """Print median and 95th percentile."""
    times = []
    for question in questions:
        begin = time.perf_counter()
        await application.services.search.search(SearchRequest(question, facets=facets))
        times.append((time.perf_counter() - begin) * 1000)
    print(
        f"{name:<26} p50 {statistics.median(times):6.1f} ms   p95 {statistics.quantiles(times, n=20)[-1]:6.1f} ms",
        flush=True,
    )


async def change(application: Application, record: SearchDocument) -> None:
    """Print how long after a change in the store a search finds it: the indexer's own work."""
    store = application.store
    async with store.connect() as connection:
        await connection.execute(
            text(
                "UPDATE master_record SET version = version + 1, "
                'document = (document::jsonb || \'{"title": "Khác hẳn zzz"}\')::json WHERE master_id = :id'
            ),
            {"id": record.master_id},
        )
        await connection.execute(
            text("INSERT INTO change (serial) SELECT serial FROM master_record WHERE master_id = :id"),
            {"id": record.master_id},
        )
        await connection.commit()
    begin = time.perf_counter()
    await index_pending(store, application.engine.open_writer)
    found = await application.services.search.search(SearchRequest("zzz"))
    assert [hit.master_id for hit in found.hits] == [record.master_id]
    print(f"a change is found {(time.perf_counter() - begin):.2f} s after the indexer looks")


async def main(home: Path, given: str) -> None:
    """Fill a home and measure."""
    async with open_application(Settings(home=home)) as application:
        if given.isdigit():
            await fill(application, int(given), mixed(real_documents(DATA / "vn" / "hcmut_bk.mrc.gz")))
        await bench(application)


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "300000"
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as folder:
        Path(folder).chmod(0o755)
        if not asked.isdigit():
            run(Path(folder), "library", "add", "VN-BENCH", "Benchmark")
            run(Path(folder), "import", asked, "--library", "VN-BENCH")
        asyncio.run(main(Path(folder), asked))
