"""A whole result is taken away as a file."""

import json
from collections.abc import AsyncIterator
from io import BytesIO

import pymarc
import pytest
from fake_catalogue import KIEU, a_small_catalogue, served
from httpx import AsyncClient

EXPORT = "/api/v1/search/export"


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_small_catalogue()) as opened:
        yield opened


async def test_the_lines_are_the_result_in_its_order(client: AsyncClient) -> None:
    answer = await client.get(EXPORT, params={"as": "jsonl", "sort": "title"})
    found = (await client.get("/api/v1/search", params={"sort": "title", "size": 100})).json()
    ids = [json.loads(line)["id"] for line in answer.text.splitlines()]
    assert ids == [record["id"] for record in found["records"]]
    assert answer.headers["content-disposition"] == 'attachment; filename="unioncat.jsonl"'


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("csv", "\ufeffid,title,"), ("ris", "TY  - BOOK\r\n"), ("bib", f"@book{{{KIEU},")],
)
async def test_forms(client: AsyncClient, form: str, beginning: str) -> None:
    answer = await client.get(EXPORT, params={"q": "truyen kieu", "as": form})
    assert answer.content.decode().startswith(beginning)
    assert "Truyện Kiều" in answer.text


async def test_marc_is_that_of_the_store(client: AsyncClient) -> None:
    answer = await client.get(EXPORT, params={"q": "truyen kieu", "as": "marcxml"})
    (record,) = pymarc.parse_xml_to_array(BytesIO(answer.content))
    assert record["001"].data == KIEU


async def test_what_is_wrong_is_said_before_anything_is_sent(client: AsyncClient) -> None:
    assert (await client.get(EXPORT, params={"q": "foo = x", "syntax": "cql"})).status_code == 400
    assert (await client.get(EXPORT, params={"as": "docx"})).status_code == 400
