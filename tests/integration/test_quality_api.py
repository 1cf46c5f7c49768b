"""The quality report on the wire and as a page, over a real store."""

import csv
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from brute_force_index import BruteForceIndex
from deliveries import a_delivery, a_source, deliver
from fake_catalogue import with_libraries
from httpx import ASGITransport, AsyncClient

from api.app import create_app
from api.v1 import quality
from harvesters.probes import probe_of
from schemas.quality import QualityEntry
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.findings import FindingKind
from unioncat.core.registry import HarvestSource
from unioncat.pipeline.check_source import Probe
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.quality_report import snapshot
from unioncat.pipeline.services import Services
from unioncat.store.engine import PostgresStore

BROKEN = [
    DeliveredRecord(b"{broken %d" % number, RecordFormat.MARC_JSON, f"=record {number}")
    for number in range(1, 4)
]


async def no_files(source: HarvestSource) -> Probe:
    return probe_of(source)


@asynccontextmanager
async def client_of(store: PostgresStore) -> AsyncIterator[AsyncClient]:
    app = create_app(Services(with_libraries([]), BruteForceIndex(), "vi", store))
    if not any("rejected.csv" in getattr(route, "path", "") for route in app.routes):
        app.include_router(quality.router, prefix="/api/v1")
    app.state.quality_desk = QualityDesk(store, no_files)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://catalogue.example") as client:
        yield client


async def a_poor_source(store: PostgresStore) -> HarvestSource:
    source = await a_source(store)
    await deliver(store, source, [*(a_delivery(f"r{n}") for n in range(30)), *BROKEN])
    async with store.work() as work:
        run = (await work.harvests.of(source.id, 1))[0].id
    await snapshot(store, source, run)
    return source


async def test_the_report_has_the_shape_that_is_promised(store: PostgresStore) -> None:
    source = await a_poor_source(store)
    async with client_of(store) as client:
        answer = await client.get(f"/api/v1/sources/{source.id}/quality?lang=en")
    value = QualityEntry.model_validate_json(answer.content)
    assert value.model_dump(mode="json") == answer.json()
    assert (value.live, value.rejected, value.language) == (30, 3, "en")
    assert value.faults[0].title == "The JSON is broken, or is no MARC-in-JSON"


async def test_rejected_records_are_a_table_that_no_spreadsheet_runs(store: PostgresStore) -> None:
    source = await a_poor_source(store)
    async with client_of(store) as client:
        answer = await client.get(f"/api/v1/sources/{source.id}/rejected.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "rejected-" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header[1] == "Loại lỗi"
    assert len(rows) == 3
    assert rows[0][4] == "'=record 1"
    assert rows[0][6] == "{broken 1"


async def test_rejected_records_come_back_byte_for_byte(store: PostgresStore) -> None:
    source = await a_poor_source(store)
    async with client_of(store) as client:
        answer = await client.get(f"/api/v1/sources/{source.id}/rejected.bin")
    assert answer.content == b"".join(one.raw for one in BROKEN)


@pytest.mark.parametrize("path", ["quality", "rejected.csv", "rejected.bin"])
async def test_an_unknown_source_is_a_problem(store: PostgresStore, path: str) -> None:
    async with client_of(store) as client:
        answer = await client.get(f"/api/v1/sources/4711/{path}")
        assert (await client.get("/sources/4711")).status_code == 404
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_page_is_small_and_whole(store: PostgresStore, language: str) -> None:
    source = await a_poor_source(store)
    desk = QualityDesk(store, no_files)
    await desk.check(source.id)
    async with client_of(store) as client:
        answer = await client.get(f"/sources/{source.id}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert len(answer.content) < 17_000
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    assert not re.search(r"<script|style=|src=|\bon\w+=", answer.text)
    assert f"/api/v1/sources/{source.id}/rejected.csv?lang={language}" in answer.text
    assert ("Cách sửa:" if language == "vi" else "How to mend it:") in answer.text
    assert ("Không đọc được nguồn" if language == "vi" else "cannot be read") in answer.text


async def test_a_page_with_every_fault_stays_small(store: PostgresStore) -> None:
    source = await a_source(store)
    rejected = [
        DeliveredRecord(b"x%d" % number, RecordFormat.MARC_JSON, f"record {number} of a long file name.mrc")
        for number in range(60)
    ]
    await deliver(store, source, rejected)
    async with store.work() as work:
        for place, kind in enumerate(FindingKind):
            await work.connection.exec_driver_sql(
                f"UPDATE rejected_record SET kind = '{kind}', reason = repeat('a very long reason ', 20) "
                f"WHERE id %% {len(FindingKind)} = {place}".replace("%%", "%")
            )
        await work.commit()
    async with client_of(store) as client:
        answer = await client.get(f"/sources/{source.id}")
    assert len(answer.content) < 17_000
