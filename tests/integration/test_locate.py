"""The holdings lookup on a real PostgreSQL and a real search index, over HTTP."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from deliveries import a_deletion, a_delivery, a_source, deliver
from httpx import ASGITransport, AsyncClient
from scripted_provider import LOOPBACK, Scripted, scripted_provider

from api.app import create_app
from harvesters.availability import adapters
from schemas.locate import LocateAnswer
from unioncat.core.identifiers import Isil, MasterId, mint_master_id
from unioncat.core.membership.admission import Role
from unioncat.core.membership.groups import GroupMember, GroupType, LibraryGroup
from unioncat.core.membership.statement import Statement
from unioncat.pipeline.access_keys import add_key
from unioncat.pipeline.availability import LiveAvailability
from unioncat.pipeline.index import index_pending
from unioncat.pipeline.libraries import save_library
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.services import Services
from unioncat.search.embedded import TantivyIndex, TantivyWriter
from unioncat.store.catalogue import PostgresCatalogue
from unioncat.store.engine import PostgresStore

HANOI, HUE, SAIGON = Isil("VN-HN"), Isil("VN-HUE"), Isil("VN-SG")
CULTURE = "9786045701126"
FIRST = a_delivery("first", "Đất rừng phương Nam", "Đoàn Giỏi", year="1998")
THIRD = a_delivery("third", "Đất rừng phương Nam", "Đoàn Giỏi", year="2012", edition="Tái bản lần thứ 3")
ECONOMICS = a_delivery("eco", "Kinh tế học vi mô", "Lê Thị Bình", year="2013")


@pytest.fixture
async def client(store: PostgresStore, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """Three libraries: all have one book, each but Hanoi something else."""
    book = a_delivery("shared", isbn=CULTURE)
    delivered = {HANOI: [book], HUE: [book, FIRST], SAIGON: [book, THIRD, ECONOMICS]}
    for isil, records in delivered.items():
        await deliver(store, await a_source(store, isil), records)
    await save_library(store, HANOI, Statement(name="Hà Nội", province="Hà Nội"))
    await save_library(store, HUE, Statement(name="Huế", province="Thừa Thiên Huế"))
    await save_library(
        store, SAIGON, Statement(name="Sài Gòn", latitude=10.7769, longitude=106.7009, lends=True)
    )
    await catch_up(store, tmp_path)
    search = TantivyIndex(tmp_path)
    live = LiveAvailability(adapters(LOOPBACK))
    app = create_app(Services(PostgresCatalogue(store), search, "vi", store, live))
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://catalogue.example/api/v1") as client:
        yield client
    await search.close()


async def catch_up(store: PostgresStore, index: Path) -> None:
    await match_pending(store)
    await index_pending(store, lambda: TantivyWriter.open(index))


async def located(client: AsyncClient, *lines: str, **more: object) -> LocateAnswer:
    answer = await client.post("/locate", json={"lines": lines, **more})
    assert answer.status_code == 200, answer.text
    return LocateAnswer.model_validate_json(answer.content)


async def master_of(client: AsyncClient, line: str) -> MasterId:
    return MasterId((await located(client, line)).lines[0].records[0].id)


def asked_first(answer: LocateAnswer, line: int = 0) -> str:
    return answer.lines[line].records[0].libraries[0].library.isil


async def test_every_kind_of_line_is_answered_for_itself(client: AsyncClient) -> None:
    master = await master_of(client, CULTURE)
    answer = await located(
        client,
        "ISBN 978-604-57-0112-6",
        f"({HUE.lower()})shared",
        master,
        "Trần Quốc Vượng, Cơ sở văn hoá Việt Nam, 2012",
        "co so van hoa viet nam",
        "dat rung phuong nam",
        "9786045701127",
        "9780306406157",
        "(VN-XYZ)1",
        "u000001g",
        "không ai có cuốn này",
        "",
    )
    assert [(line.state, line.reason) for line in answer.lines] == [
        ("exact", "exact"),
        ("exact", "exact"),
        ("exact", "exact"),
        ("exact", "exact"),
        ("exact", "exact"),
        ("several", "several-citation"),
        ("unreadable", "isbn-wrong"),
        ("nothing", "unknown-number"),
        ("nothing", "unknown-library"),
        ("unreadable", "master-typo"),
        ("nothing", "unknown-citation"),
        ("unreadable", "empty"),
    ]
    assert {line.records[0].id for line in answer.lines[:5]} == {master}
    assert (answer.exact, answer.several, answer.nothing, answer.unreadable) == (5, 1, 3, 3)


async def test_a_misspelt_citation_is_answered_with_what_was_perhaps_meant(client: AsyncClient) -> None:
    answer = await located(client, "co so van hoas viet nam, 2012", "Cow sowr vawn hoas Vieetj Nam")
    master = await master_of(client, CULTURE)
    for line in answer.lines:
        assert (line.state, line.reason) == ("several", "meant")
        assert [record.id for record in line.records] == [master]
    assert "co so van hoa viet nam" in answer.lines[0].text
    assert "cơ sở văn hóa việt nam" in answer.lines[1].text.lower()


async def test_an_identifier_that_was_never_given_is_nothing_and_no_typing_error(client: AsyncClient) -> None:
    answer = await located(client, mint_master_id(999_999))
    assert (answer.lines[0].state, answer.lines[0].reason) == ("nothing", "unknown-master")


async def test_a_withdrawn_record_is_told_and_not_only_missing(
    client: AsyncClient, store: PostgresStore, tmp_path: Path
) -> None:
    master = await master_of(client, f"({SAIGON})eco")
    async with store.work() as work:
        source = next(one for one in await work.sources.all(SAIGON))
    await deliver(store, source, [a_deletion("eco")])
    await catch_up(store, tmp_path)
    answer = await located(client, master)
    assert (answer.lines[0].state, answer.lines[0].reason) == ("nothing", "ended")


async def test_other_editions_come_when_they_will_do_and_are_marked(client: AsyncClient) -> None:
    line = f"({HUE})first"
    only = (await located(client, line)).lines[0].records[0]
    assert [one.library.isil for one in only.libraries] == [HUE]
    both = (await located(client, line, any_edition=True)).lines[0].records[0]
    assert [one.library.isil for one in both.libraries] == [HUE, SAIGON]
    (other,) = both.libraries[1].holdings
    assert other.edition is not None
    assert other.edition.year == 2012
    assert "other-edition" in {reason.code for reason in both.libraries[1].reasons}


async def test_the_nearest_comes_first_from_a_point_or_a_province_of_any_name(client: AsyncClient) -> None:
    near_hanoi = {"latitude": 21.0, "longitude": 105.8}
    assert asked_first(await located(client, CULTURE, **near_hanoi)) == HANOI
    assert asked_first(await located(client, CULTURE, province="Huế")) == HUE
    old_name = await located(client, CULTURE, province="Bình Dương")
    assert asked_first(old_name) == SAIGON
    library = old_name.lines[0].records[0].libraries[0]
    assert library.distance_exact is False
    assert library.distance_km is not None
    assert library.distance_km < 100


async def an_agreement(store: PostgresStore, ends: date | None, *isils: Isil) -> None:
    async with store.work() as work:
        await work.libraries.save_group(
            LibraryGroup("pact", GroupType.AGREEMENT, "Liên thông", None, None, ends)
        )
        for isil in isils:
            await work.libraries.save_member("pact", GroupMember(isil))
        await work.commit()


async def test_an_agreement_counts_while_it_is_in_force(client: AsyncClient, store: PostgresStore) -> None:
    today = date.today()
    from_hanoi: dict[str, Any] = {"asking": HANOI.lower(), "load": {SAIGON: 2}}
    await an_agreement(store, today + timedelta(days=2), HANOI, SAIGON)
    libraries = (await located(client, CULTURE, **from_hanoi)).lines[0].records[0].libraries
    assert [one.library.isil for one in libraries] == [HANOI, SAIGON, HUE]
    assert {reason.code for reason in libraries[1].reasons} >= {
        "agreement",
        "lends",
        "load",
        "distance-about",
    }
    await an_agreement(store, today - timedelta(days=2), HANOI, SAIGON)
    libraries = (await located(client, CULTURE, **from_hanoi)).lines[0].records[0].libraries
    assert [one.library.isil for one in libraries] == [HANOI, HUE, SAIGON]


async def test_a_list_spreads_its_requests(client: AsyncClient) -> None:
    answer = await located(client, *[CULTURE] * 6)
    firsts = {asked_first(answer, line) for line in range(6)}
    assert asked_first(answer, 0) == SAIGON
    assert firsts == {HANOI, HUE, SAIGON}


async def test_the_table_keeps_every_line_and_disarms_formulas(client: AsyncClient) -> None:
    lines = [CULTURE, '=HYPERLINK("http://evil.example")', "không ai có"]
    answer = await client.post("/locate", json={"lines": lines}, params={"format": "csv", "lang": "en"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {len(row) for row in rows} == {23}
    assert [row[0] for row in rows] == ["Line", "1", "1", "1", "2", "3"]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert {row[10] for row in rows[1:4]} == {HANOI, HUE, SAIGON}
    assert {row[14] for row in rows[1:4]} == {"Kho A"}


async def test_one_record_is_located_like_a_list_of_it(client: AsyncClient) -> None:
    master = await master_of(client, CULTURE)
    one = await client.get(f"/records/{master}/locate", params={"asking": HANOI, "any_edition": "true"})
    many = await client.post("/locate", json={"lines": [master], "asking": HANOI, "any_edition": True})
    assert one.json() == many.json()
    assert (await client.get("/records/u0000kx/locate")).status_code == 404


PROBLEMS: list[tuple[dict[str, object], int]] = [
    ({"lines": []}, 400),
    ({"lines": ["x"] * 201}, 400),
    ({"lines": ["x"], "latitude": 21.0}, 400),
    ({"lines": ["x"], "province": "Xứ Lạng"}, 400),
    ({"lines": ["x"], "asking": "VN-NOBODY"}, 404),
    ({"lines": ["x"], "load": {"VN-HN": -1}}, 400),
]


async def test_a_question_that_cannot_be_answered_is_a_problem(client: AsyncClient) -> None:
    for body, status in PROBLEMS:
        answer = await client.post("/locate", json=body)
        assert (answer.status_code, body) == (status, body)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_two_hundred_odd_lines_are_two_hundred_answers(client: AsyncClient) -> None:
    odd = [
        "\x00",
        "a\x00b",
        "'; DROP TABLE",
        "%",
        "(VN-HN)\x00",
        "“”",
        "x" * 5000,
        "😀 OR -",
        "title:",
    ]
    answer = await located(client, *(odd[number % len(odd)] for number in range(200)))
    assert len(answer.lines) == 200


async def test_a_library_with_a_service_tells_what_can_be_had_now(
    client: AsyncClient, store: PostgresStore
) -> None:
    key = {"Authorization": f"Bearer {(await add_key(store, Role.LIBRARY, HUE))[1]}"}
    address = f"/libraries/{HUE}/availability"
    answer = b'{"document": [{"id": "x:shared", "item": [{"available": [{"service": "loan"}]}]}]}'
    with scripted_provider(lambda _: Scripted(answer)) as server:
        stated = {"protocol": "daia", "address": server.address, "prefix": "x:"}
        assert (await client.put(address, json=stated)).status_code == 401
        assert (
            await client.put(f"/libraries/{HANOI}/availability", json=stated, headers=key)
        ).status_code == 403
        assert (await client.put(address, json=stated, headers=key)).status_code == 200
        assert (await client.get(address, headers=key)).json() == {**stated, "isil": HUE}
        catalogued = (await located(client, CULTURE, province="Hà Nội", live=False)).lines[0].records[0]
        assert server.requests == []
        told = (await located(client, CULTURE, province="Hà Nội")).lines[0].records[0]
    assert {one.holdings[0].status.source for one in catalogued.libraries} == {"catalogue"}
    assert catalogued.libraries[0].library.isil == HANOI
    first = told.libraries[0]
    assert (first.library.isil, first.holdings[0].status.source) == (HUE, "daia")
    assert first.holdings[0].status.at > catalogued.libraries[0].holdings[0].status.at
    assert (await client.delete(address, headers=key)).status_code == 204
    assert (await client.get(address, headers=key)).status_code == 404
