from collections.abc import AsyncIterator

import pytest
from fake_catalogue import KIEU, SERIAL, a_small_catalogue, served
from httpx import AsyncClient


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_small_catalogue(4)) as opened:
        yield opened


async def test_holdings_name_library_place_call_number_copies_and_items(client: AsyncClient) -> None:
    answer = (await client.get(f"/api/v1/records/{KIEU}/holdings")).json()
    assert (answer["id"], answer["title"]) == (KIEU, "Truyện Kiều")
    national, provincial = answer["holdings"]
    assert national["library"]["name"] == "Thư viện Quốc gia Việt Nam"
    assert (national["location"], national["call_number"]) == ("Kho đọc", "895.92212 TR527K")
    assert national["items"] == [
        {"barcode": "VV15.01234", "call_number": None, "status": "sẵn sàng", "status_time": None}
    ]
    assert (provincial["control_number"], provincial["copies"]) == ("DN1", 2)


@pytest.mark.parametrize(
    "isbn", ["9786040100016", "978-604-01-0001-6", "604010001X", "604-01-0001-X", " 9786040100016 "]
)
async def test_an_isbn_is_found_in_any_form(client: AsyncClient, isbn: str) -> None:
    answer = (await client.get("/api/v1/holdings", params={"isbn": isbn})).json()
    assert [record["id"] for record in answer["records"]] == [KIEU]
    assert len(answer["records"][0]["holdings"]) == 2


async def test_an_issn_and_a_control_number_are_found(client: AsyncClient) -> None:
    by_issn = (await client.get("/api/v1/holdings?issn=08667373")).json()
    assert [record["id"] for record in by_issn["records"]] == [SERIAL]
    by_number = (await client.get("/api/v1/holdings?isil=VN-DN&control_number=DN1")).json()
    assert [record["id"] for record in by_number["records"]] == [KIEU]


@pytest.mark.parametrize("query", ["isbn=9780306406157", "isil=VN-DN&control_number=none"])
async def test_what_nobody_has_is_an_empty_list(client: AsyncClient, query: str) -> None:
    assert (await client.get(f"/api/v1/holdings?{query}")).json() == {"total": 0, "records": []}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("isbn=978604010001", "978604010001"),
        ("isbn=9786040100017", "9786040100017"),
        ("isbn=", "ISBN"),
        ("issn=0866-7374", "0866-7374"),
        ("isil=rubbish&control_number=1", "rubbish"),
        ("isil=VN-DN&control_number=a%00b", "control_number"),
        ("", "exactly one"),
        ("isil=VN-DN", "exactly one"),
        ("control_number=DN1", "exactly one"),
        ("isbn=9786040100016&issn=0866-7373", "exactly one"),
    ],
)
async def test_a_question_that_cannot_be_used_is_a_problem_that_names_it(
    client: AsyncClient, query: str, named: str
) -> None:
    answer = await client.get(f"/api/v1/holdings?{query}")
    assert answer.status_code == 400
    assert named in answer.json()["detail"]


async def test_an_unregistered_library_is_not_found(client: AsyncClient) -> None:
    answer = await client.get("/api/v1/holdings?isil=VN-NIX&control_number=1")
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs#not-registered")
