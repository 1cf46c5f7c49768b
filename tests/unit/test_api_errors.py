from collections.abc import AsyncIterator

import pytest
from fake_catalogue import KIEU, FakeCatalogue, a_small_catalogue, served
from httpx import AsyncClient


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_small_catalogue(3)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/records/rubbish", 404),
        ("POST", "/api/v1/search", 405),
        ("GET", "/api/v1/search?size=x", 400),
        ("GET", "/api/v1/holdings", 400),
        ("GET", f"/api/v1/records/{KIEU}?format=pdf", 400),
        ("GET", f"/api/v1/harvests?before={2**63}", 400),
    ],
)
async def test_every_error_of_the_api_is_a_problem(
    client: AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert answer.status_code == problem["status"] == status
    assert problem["instance"] == path


async def test_every_kind_of_problem_is_described_where_its_type_says(client: AsyncClient) -> None:
    problem = (await client.get("/api/v1/search?size=x")).json()
    page, _, anchor = problem["type"].partition("#")
    assert f'id="{anchor}"' in (await client.get(page)).text


async def test_what_was_sent_is_cut_where_it_is_echoed(client: AsyncClient) -> None:
    answer = await client.get(f"/api/v1/search?size={'9' * 20_000}")
    assert answer.status_code == 400
    assert len(answer.content) < 2_000


async def test_a_method_that_is_not_allowed_says_which_are(client: AsyncClient) -> None:
    assert (await client.post("/api/v1/search")).headers["allow"] == "GET"


PATHS = ["/libraries", "/sources", "/harvests", "/rejected", "/health", f"/records/{KIEU}"]


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_database_the_api_says_try_again(path: str) -> None:
    catalogue = a_small_catalogue(3)
    async with served(catalogue) as client:
        catalogue.down = True
        answer = await client.get(f"/api/v1{path}")
    assert (answer.status_code, answer.json()["type"]) == (503, "/docs#unavailable")
    assert answer.headers["retry-after"] == "60"


async def test_without_a_database_people_see_a_page() -> None:
    catalogue = a_small_catalogue(3)
    async with served(catalogue) as client:
        catalogue.down = True
        for path in ("/", "/search?q=a", f"/records/{KIEU}", "/libraries", "/harvests"):
            answer = await client.get(path)
            assert answer.status_code == 503
            assert "Mục lục tạm thời không dùng được" in answer.text


class _FaultyCatalogue(FakeCatalogue):
    async def ping(self) -> None:
        raise ZeroDivisionError("a fault of ours")


async def test_a_fault_of_the_server_tells_nothing_about_it() -> None:
    async with served(_FaultyCatalogue()) as client:
        answer = await client.get("/api/v1/health")
    assert (answer.status_code, answer.json()["type"]) == (500, "about:blank")
    assert "fault of ours" not in answer.text
