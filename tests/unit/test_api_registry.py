from base64 import b64decode
from datetime import UTC, datetime

from fake_catalogue import NATIONAL, PROVINCIAL, FakeCatalogue, a_small_catalogue, served

from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.registry import Harvest, HarvestCounts, HarvestSource, HarvestStatus, Protocol
from unioncat.pipeline.ports import RejectedView, SourceView

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RAW = b"\x00\xffnot a record"


def a_harvested_catalogue(runs: int = 25) -> FakeCatalogue:
    catalogue = a_small_catalogue(4)
    feeds = {isil: _feed(number, isil) for number, isil in enumerate((NATIONAL, PROVINCIAL), start=1)}
    for number in range(1, runs + 1):
        isil = NATIONAL if number % 2 else PROVINCIAL
        catalogue.runs.append(
            Harvest(
                number,
                feeds[isil].id,
                isil,
                HarvestStatus.COMPLETE,
                NOON,
                NOON,
                HarvestCounts(4, 3, 0, 0, 0, 1),
            )
        )
        catalogue.unreadable.append(
            RejectedView(number, feeds[isil], f"record {number}", "it is broken", RAW)
        )
    catalogue.feeds = [SourceView(feeds[NATIONAL], 3, 1, catalogue.runs[0] if runs else None)]
    return catalogue


def _feed(number: int, isil: Isil) -> HarvestSource:
    return HarvestSource(SourceId(number), isil, Protocol.OAI_PMH, "https://library.example.org/oai")


async def test_libraries_come_by_name_with_their_records() -> None:
    async with served(a_small_catalogue(4)) as client:
        libraries = (await client.get("/api/v1/libraries")).json()["libraries"]
    assert [(library["isil"], library["live_records"]) for library in libraries] == [
        (NATIONAL, 4),
        (PROVINCIAL, 1),
    ]


async def test_a_feed_shows_its_newest_run() -> None:
    async with served(a_harvested_catalogue()) as client:
        (source,) = (await client.get("/api/v1/sources")).json()["sources"]
    assert source["protocol"] == "oai-pmh"
    assert source["last_harvest"]["counts"]["delivered"] == 4


async def test_runs_are_paged_newest_first() -> None:
    async with served(a_harvested_catalogue()) as client:
        first = (await client.get("/api/v1/harvests?limit=20")).json()
        rest = (await client.get(f"/api/v1/harvests?limit=20&before={first['next_before']}")).json()
    ids = [run["id"] for answer in (first, rest) for run in answer["harvests"]]
    assert ids == list(range(25, 0, -1))
    assert rest["next_before"] is None


async def test_runs_and_rejected_records_are_narrowed_to_a_library() -> None:
    async with served(a_harvested_catalogue()) as client:
        runs = (await client.get("/api/v1/harvests?isil=VN-DN")).json()["harvests"]
        rejected = (await client.get("/api/v1/rejected?isil=VN-DN")).json()["rejected"]
        assert (await client.get("/api/v1/rejected?isil=VN-NIX")).status_code == 404
        assert (await client.get("/api/v1/harvests?isil=%00")).status_code == 400
    assert {run["isil"] for run in runs} == {entry["isil"] for entry in rejected} == {PROVINCIAL}


async def test_a_rejected_record_keeps_its_bytes_and_the_reason() -> None:
    async with served(a_harvested_catalogue(1)) as client:
        (entry,) = (await client.get("/api/v1/rejected")).json()["rejected"]
    assert b64decode(entry["raw_base64"]) == RAW
    assert (entry["place"], entry["reason"]) == ("record 1", "it is broken")


async def test_the_pages_of_feeds_link_their_rejected_records() -> None:
    async with served(a_harvested_catalogue()) as client:
        feeds = (await client.get("/harvests")).text
        rejected = (await client.get(f"/rejected?isil={NATIONAL}")).text
        assert (await client.get("/harvests?before=6")).status_code == 200
        assert (await client.get("/rejected?isil=VN-NIX")).status_code == 404
    assert 'href="/rejected?isil=VN-TVQG"' in feeds
    assert 'href="/harvests?before=6"' in feeds
    assert "it is broken" in rejected


async def test_health_tells_how_far_the_index_is() -> None:
    async with served(a_small_catalogue(4)) as client:
        answer = await client.get("/api/v1/health")
    assert answer.json() == {
        "status": "ok",
        "index_position": 1,
        "index_waiting": 0,
        "index_lag": 0.0,
        "indexed_records": 4,
    }
