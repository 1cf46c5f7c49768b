"""Harvest 100,000 MARCXML records from a local OAI-PMH provider into the store: records per second, memory over time.

Each record is a real one (HCMUT) with a number of its own in 001 and in its title, so that no description is shared.
The provider is a process of its own that sends prepared answers of 500 records.

Usage: python tests/performance/bench_oai.py [COUNT]
"""

import asyncio
import gzip
import http.server
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, cycle, islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from harvesters.access import FeedAccess
from harvesters.guard import AddressGuard
from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.identifiers import Isil
from unioncat.core.library import MemberLibrary
from unioncat.core.marc import ControlField, DataField, MarcField, MarcRecord
from unioncat.core.parse.framing import split_iso2709
from unioncat.core.parse.marcxml import render_marcxml
from unioncat.core.parse.read import ParsedRecord, read_record
from unioncat.core.registry import NEW_SOURCE, HarvestCounts, HarvestSource, Protocol
from unioncat.embedded.postgres import database_url, embedded_postgres
from unioncat.pipeline.ingest import run_harvest
from unioncat.reading_pool import ReadingPool
from unioncat.store.database import ensure_database
from unioncat.store.engine import PostgresStore

LOOPBACK = FeedAccess(AddressGuard.of("127.0.0.0/8"))
DATA = Path(os.environ.get("UNIONCAT_TEST_DATA", Path(__file__).parents[3] / "shared/data"))
PAGE = 500


def originals() -> list[MarcRecord]:
    """The real records."""
    content = gzip.decompress((DATA / "vn" / "hcmut_bk.mrc.gz").read_bytes())
    read = (read_record(DeliveredRecord(raw, RecordFormat.ISO2709, "")) for raw in split_iso2709([content]))
    return [record.marc for record in read if isinstance(record, ParsedRecord)]


def numbered(record: MarcRecord, number: int) -> MarcRecord:
    """The record as another one."""
    return MarcRecord(record.leader, tuple(_numbered(field, number) for field in record.fields))


def _numbered(field: MarcField, number: int) -> MarcField:
    if isinstance(field, ControlField):
        return ControlField("001", f"b{number}") if field.tag == "001" else field
    if field.tag != "245":
        return field
    (code, title), *rest = field.subfields
    return DataField("245", field.indicators, ((code, f"{title} {number}"), *rest))


def content(record: MarcRecord) -> str:
    """The record as an element."""
    return render_marcxml(record).decode().partition("?>")[2]


def answers(total: int) -> Iterator[bytes]:
    """The answers of the provider."""
    records = (numbered(record, number) for number, record in zip(count(1), cycle(originals())))
    for start in range(0, total, PAGE):
        body = "".join(
            f"<record><header><identifier>oai:bench:{start + place}</identifier>"
            "<datestamp>2026-01-01T00:00:00Z</datestamp></header>"
            f"<metadata>{content(record)}</metadata></record>"
            for place, record in enumerate(islice(records, min(PAGE, total - start)))
        )
        token = str(start // PAGE + 1) if start + PAGE < total else ""
        yield (
            '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            "<responseDate>2026-01-02T00:00:00Z</responseDate><request>http://127.0.0.1/</request><ListRecords>"
            f'{body}<resumptionToken completeListSize="{total}">{token}</resumptionToken></ListRecords></OAI-PMH>'
        ).encode()


def serve(folder: Path) -> None:
    """The provider: answer number N is the file N."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("resumptionToken", ["0"])[0]
            body = (folder / token).read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


def resident() -> float:
    """Memory of this process now, MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def harvest(address: str, folder: Path, total: int) -> None:
    """One harvest into a new store."""
    with embedded_postgres(folder / "postgres") as server:
        await ensure_database(server, "bench")
        store = PostgresStore(database_url(server, "bench"))
        await store.migrate()
        async with store.work() as work:
            await work.registry.save_library(MemberLibrary(Isil("VN-BENCH"), "Benchmark"))
            source = await work.sources.save(
                HarvestSource(NEW_SOURCE, Isil("VN-BENCH"), Protocol.OAI_PMH, address, "marcxml")
            )
            await work.commit()
        memory: list[float] = []
        pool = ReadingPool()
        begin = time.perf_counter()

        def progress(counts: HarvestCounts, _: int | None) -> None:
            if counts.delivered % (total // 10) == 0:
                memory.append(resident())

        counts = await run_harvest(
            store,
            source,
            OaiPmhHarvester(address, "marcxml", access=LOOPBACK),
            progress=progress,
            read=pool.read,
        )
        seconds = time.perf_counter() - begin
        pool.close()
        await store.close()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{counts.created:,} created of {counts.delivered:,} delivered, {counts.rejected:,} rejected")
    print(f"into the store: {counts.delivered / seconds:,.0f} records/s ({seconds:.1f} s)")
    print("memory of the harvesting process, MiB, each tenth:", *(f"{m:,.0f}" for m in memory))
    print(f"peak memory of the largest other process: {peak:,.0f} MiB")


def main(total: int) -> None:
    """Prepare the answers, start the provider, harvest."""
    with tempfile.TemporaryDirectory(prefix="unioncat-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for number, body in enumerate(answers(total)):
            (folder / str(number)).write_bytes(body)
        with subprocess.Popen(
            [sys.executable, __file__, "--serve", name], stdout=subprocess.PIPE, text=True
        ) as provider:
            assert provider.stdout is not None
            port = int(provider.stdout.readline())
            try:
                asyncio.run(harvest(f"http://127.0.0.1:{port}/oai", folder, total))
            finally:
                provider.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
