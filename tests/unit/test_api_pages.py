import re
from collections.abc import AsyncIterator
from html import unescape

import pytest
from fake_catalogue import KIEU, SERIAL, a_small_catalogue, served
from httpx import AsyncClient

from unioncat.core.identifiers import mint_master_id

PAGES = (
    "/",
    "/search?q=sach",
    "/search",
    f"/records/{KIEU}",
    "/libraries",
    "/harvests",
    "/rejected",
    "/docs",
)
BROKEN = ("/nothing", "/records/rubbish", f"/records/{mint_master_id(999)}", "/search?size=x")
_LONGEST_PAGE = 30_000


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_small_catalogue()) as opened:
        yield opened


def links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', html)]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES + BROKEN)
async def test_a_page_is_whole_small_and_needs_nothing_from_elsewhere(
    client: AsyncClient, path: str, language: str
) -> None:
    answer = await client.get(path, headers={"Accept-Language": language})
    assert answer.status_code in ((200,) if path in PAGES else (400, 404))
    assert answer.headers["content-type"].startswith("text/html")
    assert len(answer.content) < _LONGEST_PAGE
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1
    assert answer.text.rstrip().endswith("</html>")
    assert not re.search(r"<script|style=|src=|\bon\w+=", answer.text)
    assert not any("://" in link for link in links(answer.text))


async def test_every_input_has_a_label(client: AsyncClient) -> None:
    for path in PAGES:
        html = (await client.get(path)).text
        for given in re.findall(r"<input(?![^>]*hidden)[^>]*>", html):
            found = re.search(r'id="(\w+)"', given)
            inside = re.search(rf"<label>[^<]*{re.escape(given)}", html)
            assert inside or (found and f'for="{found[1]}"' in html), given


async def test_every_link_of_the_pages_leads_somewhere(client: AsyncClient) -> None:
    found = {link for path in PAGES for link in links((await client.get(path)).text)}
    for link in sorted(found):
        if not link.startswith("#"):
            assert (await client.get(link)).status_code == 200, link


@pytest.mark.parametrize(
    ("address", "cookie", "accepted", "language"),
    [
        ("/?lang=en", "vi", "vi", "en"),
        ("/", "en", "vi", "en"),
        ("/", None, "en-GB,en;q=0.8", "en"),
        ("/", None, "de, vi;q=0.5, en;q=0.9", "en"),
        ("/", None, "en;q=0, vi", "vi"),
        ("/", None, "de", "vi"),
        ("/?lang=xx", "yy", "", "vi"),
        ("/", None, "en;q=nonsense,,;", "vi"),
    ],
)
async def test_the_language_is_that_of_address_then_cookie_then_browser(
    client: AsyncClient, address: str, cookie: str | None, accepted: str, language: str
) -> None:
    headers = {"Accept-Language": accepted} | ({"Cookie": f"lang={cookie}"} if cookie else {})
    assert f'<html lang="{language}">' in (await client.get(address, headers=headers)).text


async def test_the_default_language_is_that_of_the_service() -> None:
    async with served(a_small_catalogue(3), language="en") as client:
        assert '<html lang="en">' in (await client.get("/")).text


async def test_a_language_in_the_address_stays_in_the_links_and_is_remembered(client: AsyncClient) -> None:
    answer = await client.get("/search?q=kieu&lang=en")
    inner = [link for link in links(answer.text) if link.startswith(("/search", "/records", "/libraries"))]
    assert inner
    assert all("lang=en" in link or "lang=vi" in link for link in inner)
    assert "lang=en" in answer.headers["set-cookie"]
    assert '<html lang="en">' in (await client.get("/")).text


async def test_the_link_to_the_other_language_keeps_the_search(client: AsyncClient) -> None:
    html = (await client.get("/search?q=kieu&library=VN-DN&library=VN-TVQG")).text
    assert "/search?q=kieu&library=VN-DN&library=VN-TVQG&lang=en" in links(html)


async def test_a_facet_value_is_a_link_that_chooses_and_takes_back(client: AsyncClient) -> None:
    chosen = "/search?q=truyen&library=VN-DN"
    assert chosen in links((await client.get("/search?q=truyen")).text)
    html = (await client.get(chosen)).text
    assert "/search?q=truyen" in links(html)
    assert 'aria-current="true"' in html


async def test_two_values_of_a_facet_can_be_chosen(client: AsyncClient) -> None:
    html = (await client.get("/search?library=VN-DN")).text
    assert "/search?library=VN-DN&library=VN-TVQG" in links(html)


async def test_the_next_page_goes_on_and_leads_back(client: AsyncClient) -> None:
    first = (await client.get("/search?sort=title")).text
    (following,) = (link for link in links(first) if "cursor=" in link)
    second = (await client.get(following)).text

    def hits(html: str) -> set[str]:
        return {link for link in links(html) if link.startswith("/records/")}

    assert len(hits(first) | hits(second)) == 30
    assert "/search?sort=title" in links(second)
    assert 'rel="next' in first
    assert 'rel="next' not in second


async def test_choosing_a_facet_begins_at_the_first_page(client: AsyncClient) -> None:
    html = (await client.get("/search?sort=title")).text
    (following,) = (link for link in links(html) if "cursor=" in link)
    html = (await client.get(following)).text
    assert not any("cursor=" in link for link in links(html) if "library=" in link)


async def test_the_form_for_years_keeps_the_search(client: AsyncClient) -> None:
    html = (await client.get("/search?q=sach&library=VN-TVQG&year_from=1990&lang=vi")).text
    form = html[html.index('class="years"') :]
    for name, value in (("q", "sach"), ("library", "VN-TVQG"), ("lang", "vi")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form
    assert 'value="1990"' in form


async def test_a_text_that_is_cut_is_cut_in_the_links_and_says_so(client: AsyncClient) -> None:
    answer = await client.get("/search", params={"q": "sach " * 2_000})
    assert "chỉ phần đầu được dùng" in answer.text
    assert all(len(link) < 2_000 for link in links(answer.text) if "lang=" not in link)


async def test_a_result_says_how_many_libraries_have_it(client: AsyncClient) -> None:
    assert "<b>2 thư viện</b>" in (await client.get("/search?q=kieu")).text
    assert "<b>2 libraries</b>" in (await client.get("/search?q=kieu&lang=en")).text


async def test_a_record_shows_who_has_it_and_where_its_fields_come_from(client: AsyncClient) -> None:
    html = (await client.get(f"/records/{KIEU}")).text
    for said in (
        "Truyện Kiều",
        "895.92212 TR527K",
        "Kho mượn",
        "VV15.01234",
        "Đồng Nai",
        "9786040100016",
        f"http://catalogue.example/records/{KIEU}",
        "Trường này từ Thư viện",
        "và 1 biểu ghi khác",
    ):
        assert said in html
    for form in ("marcxml", "marc", "json"):
        assert f"/api/v1/records/{KIEU}?format={form}" in links(html)


async def test_a_library_that_states_no_copies_has_at_least_one(client: AsyncClient) -> None:
    assert "≥ 1" in (await client.get(f"/records/{SERIAL}")).text


async def test_the_page_of_the_api_has_every_operation_once(client: AsyncClient) -> None:
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    html = (await client.get("/docs")).text
    for path, item in paths.items():
        for method in item:
            assert html.count(f"<code>{method.upper()} {path}</code>") == 1, (method, path)


async def test_a_parameter_of_several_operations_of_a_group_is_described_once(client: AsyncClient) -> None:
    html = (await client.get("/docs")).text
    groups = html.split("<details")[1:]
    assert len(groups) > 5
    for group in groups:
        described = re.findall(r"<dt>.*?</dd>", group.split("</details>")[0])
        assert len(described) == len(set(described))


async def test_pages_answer_head(client: AsyncClient) -> None:
    for path in PAGES:
        answer = await client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


async def test_a_withdrawn_record_has_a_friendly_page() -> None:
    catalogue = a_small_catalogue(3)
    catalogue.withdraw(SERIAL)
    async with served(catalogue) as client:
        answer = await client.get(f"/records/{SERIAL}?lang=en")
        said = await client.get(f"/api/v1/records/{SERIAL}")
    assert (answer.status_code, "This record is no more" in answer.text) == (410, True)
    assert re.search(r"<p>It was: \S.*\. Gone since 01 Mar 2026, 00:00\.</p>", answer.text)
    assert said.status_code == 410
    assert said.json()["detail"].endswith(", withdrew its record on 2026-03-01")


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/search", "/api/v1/nothing", "/static/style.css"])
async def test_every_answer_carries_the_security_headers(client: AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_static_files_are_kept_and_checked_by_their_tag(client: AsyncClient) -> None:
    (style,) = (link for link in links((await client.get("/")).text) if "style.css" in link)
    answer = await client.get(style)
    assert "max-age" in answer.headers["cache-control"]
    again = await client.get(style, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (await client.get("/")).headers["cache-control"] == "no-cache"
