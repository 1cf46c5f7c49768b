from collections.abc import AsyncIterator

import pytest
from fake_catalogue import KIEU, NATIONAL, PROVINCIAL, SERIAL, a_small_catalogue, served, stated
from httpx import AsyncClient

from unioncat.core.identifiers import mint_master_id
from unioncat.core.marc import ControlField, DataField, MarcRecord
from unioncat.core.parse.iso2709 import parse_iso2709
from unioncat.core.parse.marcjson import marc_from_json
from unioncat.core.parse.marcxml import parse_marcxml
from unioncat.core.parse.reading import Readable

RECORD = f"/api/v1/records/{KIEU}"
MISSPELT = KIEU[:-1] + ("0" if KIEU[-1] != "0" else "1")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_small_catalogue(4)) as opened:
        yield opened


async def test_each_field_says_where_it_came_from(client: AsyncClient) -> None:
    answer = (await client.get(RECORD)).json()
    fields, sources = answer["marc"]["fields"], answer["provenance"]
    assert sources[0]["tag"] == "leader"
    assert [source["position"] for source in sources[1:]] == list(range(1, len(fields)))
    assert [source["tag"] for source in sources[1:]] == [next(iter(field)) for field in fields[1:]]
    (title,) = (source for source in sources if source["tag"] == "245")
    assert title["rule"] == "best record"
    assert {entry["control_number"] for entry in title["contributors"]} == {"QG1", "DN1"}
    assert {entry["library"] for entry in title["contributors"]} == {
        "Thư viện Quốc gia Việt Nam",
        "Thư viện tỉnh Đồng Nai",
    }


async def test_the_three_formats_carry_the_same_record(client: AsyncClient) -> None:
    as_json = marc_from_json((await client.get(RECORD)).json()["marc"])
    as_xml = parse_marcxml((await client.get(f"{RECORD}?format=marcxml")).content)
    as_marc = parse_iso2709((await client.get(f"{RECORD}?format=marc")).content)
    for reading in (as_json, as_xml, as_marc):
        assert isinstance(reading, Readable)
        assert reading.marc.control("001") == KIEU
        assert reading.marc.fields == as_json.marc.fields


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/json"),
        ("application/marcxml+xml", "application/marcxml+xml"),
        ("application/marc", "application/marc"),
        ("application/json;q=0.5, application/marc", "application/marc"),
        ("application/*;q=0.5, application/marcxml+xml;q=0.9", "application/marcxml+xml"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("APPLICATION/MARC", "application/marc"),
        ("application/marc;q=x, */*;q=0.1", "application/json"),
        ("", "application/json"),
    ],
)
async def test_the_accept_header_chooses_the_format(
    client: AsyncClient, accept: str, media_type: str
) -> None:
    answer = await client.get(RECORD, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in answer.headers["vary"]


async def test_a_named_format_beats_the_accept_header(client: AsyncClient) -> None:
    answer = await client.get(f"{RECORD}?format=marc", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/marc"


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0"])
async def test_a_format_that_does_not_exist_is_not_acceptable(client: AsyncClient, accept: str) -> None:
    answer = await client.get(RECORD, headers={"Accept": accept})
    assert (answer.status_code, answer.json()["type"]) == (406, "/docs#not-acceptable")


async def test_a_record_too_long_for_iso_2709_is_to_be_had_as_marcxml() -> None:
    catalogue = a_small_catalogue(2)
    note = DataField("500", "  ", (("a", "ô" * 6_000),))
    catalogue.masters[SERIAL] = (stated(NATIONAL, "QG2", MarcRecord("00000nas a2200000 a 4500", (note,))),)
    async with served(catalogue) as client:
        assert (await client.get(f"/api/v1/records/{SERIAL}?format=marc")).status_code == 406
        assert (await client.get(f"/api/v1/records/{SERIAL}?format=marcxml")).status_code == 200


@pytest.mark.parametrize("prefix", ["/api/v1/records/", "/records/"])
async def test_a_merged_identifier_leads_to_the_new_one_and_keeps_the_query(prefix: str) -> None:
    catalogue = a_small_catalogue(4)
    old = mint_master_id(3)
    catalogue.merge_away(old, KIEU)
    async with served(catalogue) as client:
        for typed in (old, old.upper(), f"%20{old}"):
            answer = await client.get(f"{prefix}{typed}?format=marcxml&lang=en")
            assert answer.status_code == 308
            assert answer.headers["location"] == f"{prefix}{KIEU}?format=marcxml&lang=en"
        answer = await client.get(f"/api/v1/records/{old}/holdings")
        assert answer.headers["location"] == f"/api/v1/records/{KIEU}/holdings"


@pytest.mark.parametrize("path", ["/api/v1/records/{}", "/api/v1/records/{}/holdings", "/records/{}"])
async def test_withdrawn_unknown_and_misspelt_identifiers_differ(path: str) -> None:
    catalogue = a_small_catalogue(4)
    catalogue.withdraw(SERIAL)
    async with served(catalogue) as client:
        gone = await client.get(path.format(SERIAL))
        unknown = await client.get(path.format(mint_master_id(99)))
        misspelt = await client.get(path.format(MISSPELT))
        assert [answer.status_code for answer in (gone, unknown, misspelt)] == [410, 404, 404]
        if path.startswith("/api"):
            assert "typing error" in misspelt.json()["detail"]
            assert "typing error" not in unknown.json()["detail"]


async def test_a_typed_identifier_may_have_capitals_and_blanks(client: AsyncClient) -> None:
    assert (await client.get(f"/api/v1/records/%20{KIEU.upper()}%20")).json()["id"] == KIEU


async def test_text_of_records_cannot_become_markup() -> None:
    catalogue = a_small_catalogue(2)
    evil = '<script>alert("1")</script>'
    marc = MarcRecord(
        "00000nam a2200000 a 4500",
        (
            ControlField("008", evil),
            DataField("100", "1 ", (("a", evil),)),
            DataField("245", "10", (("a", evil),)),
            DataField("650", " 7", (("a", evil),)),
            DataField("856", "40", (("u", "javascript:alert(1)"),)),
        ),
    )
    catalogue.masters[SERIAL] = (stated(PROVINCIAL, evil, marc),)
    async with served(catalogue) as client:
        for path in (f"/records/{SERIAL}", "/search?q=script", f"/search?q={evil}"):
            page = (await client.get(path)).text
            assert "<script" not in page
            assert 'href="javascript:' not in page
        answer = (await client.get(f"/api/v1/records/{SERIAL}")).json()
        assert answer["title"] == evil
