"""What belongs to a record in the API and on its page: editions, volumes, formats, translations, titles of serials."""

from collections.abc import AsyncIterator

import pytest
from books import a_record
from fake_catalogue import (
    KIEU,
    NATIONAL,
    PROVINCIAL,
    SERIAL,
    FakeCatalogue,
    a_small_catalogue,
    served,
    stated,
)
from httpx import AsyncClient

from unioncat.core.identifiers import MasterId, mint_master_id
from unioncat.core.match.relation import Relation
from unioncat.core.merge.holding import Holding

OLD, OLDEST, AUDIO, ENGLISH, FIRST, SECOND, FORMER = map(mint_master_id, range(101, 108))
_RECORDS = {
    OLD: {"title": "Truyện Kiều", "year": "1995", "edition": "Tái bản lần thứ 2"},
    OLDEST: {"title": "Truyện Kiều", "year": "1972"},
    AUDIO: {"title": "Truyện Kiều", "year": "2016"},
    ENGLISH: {"title": "The tale of Kieu", "year": "1983", "language": "eng"},
    FIRST: {"title": "Truyện Kiều", "number": "T.1", "year": "1960"},
    SECOND: {"title": "Truyện Kiều", "number": "T.2", "year": "1960"},
    FORMER: {"title": "Tập san Thư viện"},
}


def a_related_catalogue() -> FakeCatalogue:
    """Truyện Kiều with everything that can belong to it, and a serial with its earlier title."""
    catalogue = a_small_catalogue(4)
    for number, (master_id, values) in enumerate(_RECORDS.items()):
        leader = "00000nas a2200000 a 4500" if master_id == FORMER else "00000nam a2200000 a 4500"
        isil = PROVINCIAL if number % 2 else NATIONAL
        held = Holding("Kho đọc", f"K{number}", 1)
        catalogue.masters[master_id] = (stated(isil, f"R{number}", a_record(leader, **values), held),)
    catalogue.relations = [
        (KIEU, OLD, Relation.OTHER_EDITION),
        (OLD, OLDEST, Relation.OTHER_EDITION),
        (KIEU, AUDIO, Relation.OTHER_FORMAT),
        (KIEU, ENGLISH, Relation.TRANSLATION),
        (KIEU, SECOND, Relation.PART),
        (KIEU, FIRST, Relation.PART),
        (FIRST, SECOND, Relation.OTHER_VOLUME),
        (SERIAL, FORMER, Relation.EARLIER),
    ]
    return catalogue


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with served(a_related_catalogue()) as opened:
        yield opened


async def groups(client: AsyncClient, master_id: MasterId) -> dict[str, list[str]]:
    answer = (await client.get(f"/api/v1/records/{master_id}/related")).json()
    return {group["kind"]: [record["id"] for record in group["records"]] for group in answer["groups"]}


async def test_what_belongs_to_a_record_stands_in_groups_in_order(client: AsyncClient) -> None:
    found = await groups(client, KIEU)
    assert found == {
        "other-edition": [OLD, OLDEST],
        "part": [FIRST, SECOND],
        "other-format": [AUDIO],
        "translation": [ENGLISH],
    }
    assert list(found) == ["other-edition", "part", "other-format", "translation"]


async def test_an_edition_that_only_a_third_leads_to_is_in_the_group_of_all(client: AsyncClient) -> None:
    assert (await groups(client, OLDEST))["other-edition"] == [KIEU, OLD]


async def test_a_relation_is_told_from_both_sides(client: AsyncClient) -> None:
    assert await groups(client, FIRST) == {"other-volume": [SECOND], "set": [KIEU]}
    assert (await groups(client, SERIAL), await groups(client, FORMER)) == (
        {"earlier": [FORMER]},
        {"later": [SERIAL]},
    )


async def test_a_related_record_is_told_in_short(client: AsyncClient) -> None:
    answer = (await client.get(f"/api/v1/records/{KIEU}/related")).json()
    assert (answer["id"], answer["title"]) == (KIEU, "Truyện Kiều")
    old, volume = answer["groups"][0]["records"][0], answer["groups"][1]["records"][1]
    assert (old["year"], old["edition"], old["libraries"]) == (1995, "Tái bản lần thứ 2", 1)
    assert (old["url"], old["page"]) == (f"/api/v1/records/{OLD}", f"/records/{OLD}")
    assert volume["volume"] == [2]


async def test_a_record_that_nothing_belongs_to_has_no_groups(client: AsyncClient) -> None:
    assert (await client.get(f"/api/v1/records/{mint_master_id(3)}/related")).json()["groups"] == []


async def test_a_record_leads_to_what_belongs_to_it(client: AsyncClient) -> None:
    record = (await client.get(f"/api/v1/records/{KIEU}")).json()
    assert (await client.get(record["related"])).json()["id"] == KIEU


async def test_what_belongs_to_a_merged_withdrawn_or_unknown_record_is_answered_like_the_record() -> None:
    catalogue = a_related_catalogue()
    catalogue.merge_away(OLD, KIEU)
    catalogue.withdraw(OLDEST)
    async with served(catalogue) as client:
        moved = await client.get(f"/api/v1/records/{OLD}/related")
        assert (moved.status_code, moved.headers["location"]) == (308, f"/api/v1/records/{KIEU}/related")
        assert (await client.get(f"/api/v1/records/{OLDEST}/related")).status_code == 410
        assert (await client.get(f"/api/v1/records/{mint_master_id(999)}/related")).status_code == 404
        assert OLDEST not in (await groups(client, KIEU)).get("other-edition", [])


async def test_any_edition_gives_the_holdings_of_the_group_each_marked(client: AsyncClient) -> None:
    answer = (await client.get(f"/api/v1/records/{KIEU}/holdings?editions=any")).json()
    marked = [(one["control_number"], one["edition"] and one["edition"]["id"]) for one in answer["holdings"]]
    assert sorted(marked[:2]) == [("DN1", None), ("QG1", None)]
    assert marked[2:] == [("R0", OLD), ("R1", OLDEST)]


async def test_without_asking_only_the_holdings_of_this_edition_are_given(client: AsyncClient) -> None:
    for query in ("", "?editions=this"):
        answer = (await client.get(f"/api/v1/records/{KIEU}/holdings{query}")).json()
        assert [one["edition"] for one in answer["holdings"]] == [None, None]


async def test_any_edition_can_be_asked_for_with_an_isbn(client: AsyncClient) -> None:
    answer = (await client.get("/api/v1/holdings?isbn=9786040100016&editions=any")).json()
    assert [len(record["holdings"]) for record in answer["records"]] == [4]


async def test_other_words_for_editions_are_a_problem_that_names_them(client: AsyncClient) -> None:
    assert (await client.get(f"/records/{KIEU}?editions=all")).status_code == 400
    answer = await client.get(f"/api/v1/records/{KIEU}/holdings?editions=all")
    assert answer.status_code == 400
    assert "editions" in answer.json()["detail"]


async def test_a_hit_tells_how_many_other_editions_there_are(client: AsyncClient) -> None:
    answer = (await client.get("/api/v1/search?q=kieu&size=50")).json()
    counts = {record["id"]: record["other_editions"] for record in answer["records"]}
    assert counts == {KIEU: 2, OLD: 2, OLDEST: 2, AUDIO: 0, ENGLISH: 0, FIRST: 0, SECOND: 0}


async def test_the_page_of_a_record_leads_to_what_belongs_to_it(client: AsyncClient) -> None:
    html = (await client.get(f"/records/{KIEU}")).text
    for name in ("Các bản in khác", "Các tập của bộ", "Dạng khác", "Bản dịch và nguyên bản"):
        assert f"<h3>{name}</h3>" in html
    for master_id in (OLD, OLDEST, AUDIO, ENGLISH, FIRST, SECOND):
        assert f'href="/records/{master_id}"' in html
    assert ">Truyện Kiều T.2</a>" in html
    assert "Tái bản lần thứ 2, 1995" in html


async def test_the_page_of_a_record_that_nothing_belongs_to_says_nothing_of_it(client: AsyncClient) -> None:
    html = (await client.get(f"/records/{mint_master_id(3)}")).text
    assert "related" not in html
    assert "editions" not in html


async def test_the_page_of_a_serial_names_its_earlier_title_in_english(client: AsyncClient) -> None:
    html = (await client.get(f"/records/{SERIAL}?lang=en")).text
    assert "<h3>Earlier title</h3>" in html
    assert f'href="/records/{FORMER}?lang=en"' in html


async def test_the_page_shows_the_holdings_of_any_edition_on_demand(client: AsyncClient) -> None:
    html = (await client.get(f"/records/{KIEU}")).text
    assert f'href="/records/{KIEU}?editions=any#holdings"' in html
    assert ">K0<" not in html
    demanded = (await client.get(f"/records/{KIEU}?editions=any")).text
    assert f'href="/records/{KIEU}#holdings"' in demanded
    for said in (">K0<", ">K1<", f'bản in khác: <a href="/records/{OLD}">Tái bản lần thứ 2, 1995</a>'):
        assert said in demanded


async def test_a_hit_on_the_page_leads_to_its_other_editions(client: AsyncClient) -> None:
    html = (await client.get("/search?q=kieu")).text
    assert f'href="/records/{KIEU}#related">2 bản in khác</a>' in html
    assert f'href="/records/{ENGLISH}#related"' not in html


async def test_many_volumes_are_shown_on_demand_with_the_number_that_no_title_tells() -> None:
    catalogue = a_related_catalogue()
    for number in range(3, 12):
        volume = mint_master_id(200 + number)
        record = a_record(title="Truyện Kiều", series_number=f"T.{number}")
        catalogue.masters[volume] = (stated(NATIONAL, f"V{number}", record),)
        catalogue.relations.append((KIEU, volume, Relation.PART))
    async with served(catalogue) as client:
        shown, _, more = (await client.get(f"/records/{KIEU}")).text.partition("<summary>Thêm 5</summary>")
    assert ">Tập 6 – Truyện Kiều</a>" in shown
    assert ">Tập 11 – Truyện Kiều</a>" in more
