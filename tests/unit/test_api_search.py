from collections.abc import AsyncIterator

import pytest
from brute_force_index import BruteForceIndex
from fake_catalogue import KIEU, NATIONAL, PROVINCIAL, a_small_catalogue, served
from httpx import AsyncClient

from unioncat.core.errors import CursorExpired, IndexUnavailable
from unioncat.core.index.request import SearchPage, SearchRequest

ODD_TEXTS = (
    'AND ( " *',
    "((((",
    '"',
    "-",
    "title:",
    "a" * 10_000,
    "OR OR OR",
    "\\",
    "{!}[* TO *]",
    "🙂",
    "\ufdfa" * 500,
)
ODD_QUERIES = ("q=%00", "q=a%00b", "q=%ED%A0%80", "q=%FF%FE", "q=%", "q=%zz", "q", "&&&", "library=%00&q=x")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_small_catalogue()) as opened:
        yield opened


async def test_a_result_names_title_and_holding_libraries(client: AsyncClient) -> None:
    answer = (await client.get("/api/v1/search", params={"q": "truyen kieu"})).json()
    assert answer["total"] == 1
    record = answer["records"][0]
    assert (record["id"], record["title"]) == (KIEU, "Truyện Kiều")
    assert record["isbns"] == ["9786040100016"]
    assert [library["name"] for library in record["libraries"]] == [
        "Thư viện tỉnh Đồng Nai",
        "Thư viện Quốc gia Việt Nam",
    ]
    assert (await client.get(record["url"])).json()["title"] == "Truyện Kiều"
    assert (await client.get(record["page"])).status_code == 200


async def test_values_of_one_filter_are_alternatives_and_filters_narrow(client: AsyncClient) -> None:
    async def total(*filters: tuple[str, str]) -> int:
        return int((await client.get("/api/v1/search", params=filters)).json()["total"])

    assert await total(("year", "1985"), ("year", "1986")) == 2
    assert await total(("year", "1985"), ("library", PROVINCIAL)) == 0
    assert await total(("library", PROVINCIAL)) == 1
    assert await total(("year_from", "2000"), ("year_to", "2002")) == 3
    assert await total(("year_from", ""), ("year_to", "1983")) == 1
    assert await total(("format", "serial")) == 1


async def test_library_facets_carry_names(client: AsyncClient) -> None:
    answer = (await client.get("/api/v1/search?facet=library&facet=format")).json()
    assert answer["facets"]["library"][0] == {
        "value": NATIONAL,
        "label": "Thư viện Quốc gia Việt Nam",
        "count": 30,
    }
    assert {entry["value"] for entry in answer["facets"]["format"]} == {"book", "serial"}


async def test_cursors_lead_through_the_whole_result_once(client: AsyncClient) -> None:
    found: list[str] = []
    parameters: dict[str, str] = {"size": "7", "sort": "title"}
    while True:
        answer = (await client.get("/api/v1/search", params=parameters)).json()
        found += [record["id"] for record in answer["records"]]
        if answer["next_cursor"] is None:
            break
        parameters["cursor"] = answer["next_cursor"]
    assert len(found) == len(set(found)) == answer["total"] == 30


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("path", ["/api/v1/search", "/search"])
async def test_every_text_is_answered(client: AsyncClient, path: str, text: str) -> None:
    assert (await client.get(path, params={"q": text})).status_code == 200


@pytest.mark.parametrize("query", ODD_QUERIES)
@pytest.mark.parametrize("path", ["/api/v1/search", "/search"])
async def test_every_address_is_answered(client: AsyncClient, path: str, query: str) -> None:
    assert (await client.get(f"{path}?{query}")).status_code == 200


async def test_a_cut_query_says_so(client: AsyncClient) -> None:
    answer = await client.get("/api/v1/search", params={"q": "a " * 5_000})
    assert answer.json()["notice"] == "truncated"


@pytest.mark.parametrize(
    "query",
    [
        "size=0",
        "size=101",
        "size=x",
        "year=abc",
        "year=99999999999999999999",
        "year_from=-1",
        "sort=best",
        "facet=colour",
        "cursor=%00",
        "cursor=nonsense",
        "&".join(f"library=VN-{number}" for number in range(51)),
    ],
)
async def test_an_unusable_parameter_is_a_problem_that_names_it(client: AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/v1/search?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["detail"]


class _BrokenIndex(BruteForceIndex):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def search(self, request: SearchRequest) -> SearchPage:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status"), [(CursorExpired("ask again"), 410), (IndexUnavailable("the index is locked"), 503)]
)
async def test_errors_of_the_index_have_their_status(error: Exception, status: int) -> None:
    async with served(a_small_catalogue(2), search=_BrokenIndex(error)) as client:
        answer = await client.get("/api/v1/search")
        assert (answer.status_code, answer.json()["detail"]) == (status, str(error))
        assert (await client.get("/search")).status_code == status


async def test_what_was_found_is_told_with_its_places(client: AsyncClient) -> None:
    answer = (await client.get("/api/v1/search", params={"q": "kieu"})).json()
    [title, *_] = answer["records"][0]["highlights"]
    [[start, end]] = title["marks"]
    assert (title["field"], title["text"][start:end]) == ("title", "Kiều")


@pytest.mark.parametrize("typed", ["Đồng Nai", "dong nai", "Bình Phước"])  # which went into Đồng Nai
async def test_a_province_is_found_under_any_name_and_called_by_all(client: AsyncClient, typed: str) -> None:
    asked = {"province": typed, "facet": "province"}
    answer = (await client.get("/api/v1/search", params=asked)).json()
    assert answer["total"] == 1
    assert {"value": "Đồng Nai", "label": "Đồng Nai (Bình Phước)", "count": 1} in answer["facets"]["province"]


@pytest.mark.parametrize("parameter", ["digital=no", "loan=1", "decade=x"])
async def test_a_filter_that_knows_other_values_says_so(client: AsyncClient, parameter: str) -> None:
    assert (await client.get(f"/api/v1/search?{parameter}")).status_code == 400
