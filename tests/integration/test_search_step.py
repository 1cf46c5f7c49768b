"""A search as people need it answered: what was typed, else some of the words, and what was perhaps meant."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from search_documents import a_document

from unioncat.core.index.request import FacetName, QueryLanguage, SearchRequest
from unioncat.pipeline.related_subjects import related_subjects
from unioncat.pipeline.search import search_catalogue
from unioncat.pipeline.suggest import suggest
from unioncat.search.embedded.reader import TantivyIndex
from unioncat.search.embedded.writer import TantivyWriter

DOCUMENTS = [
    a_document(1, "Truyện Kiều", contributors=("Nguyễn Du",), libraries=("VN-A",)),
    a_document(2, "Nghiên cứu Truyện Kiều", contributors=("Hoài Thanh",), libraries=("VN-A", "VN-B")),
    a_document(3, "Toán học cao cấp", contributors=("Nguyễn Đình Trí",), libraries=("VN-B",)),
    *(a_document(10 + n, f"Nguyễn Huệ, quyển {n}") for n in range(30)),
]


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[TantivyIndex]:
    async with await TantivyWriter.open(tmp_path) as writer:
        await writer.apply(DOCUMENTS, (), 1)
    index = TantivyIndex(tmp_path)
    yield index
    await index.close()


async def test_what_has_all_words_is_the_answer_and_nothing_is_proposed(index: TantivyIndex) -> None:
    found = await search_catalogue(index, SearchRequest("truyen kieu"))
    assert (found.page.total, found.page.notice, found.instead) == (2, None, None)


async def test_some_of_the_words_are_the_answer_when_nothing_has_all(index: TantivyIndex) -> None:
    found = await search_catalogue(
        index, SearchRequest("truyen kieu hoai thanh xyzxyzxyz", facets=(FacetName.LIBRARY,))
    )
    assert found.page.notice == "relaxed"
    assert [hit.title for hit in found.page.hits] == ["Nghiên cứu Truyện Kiều", "Truyện Kiều"]
    assert found.page.facets[FacetName.LIBRARY][0].count == 2


async def test_what_is_excluded_stays_excluded(index: TantivyIndex) -> None:
    found = await search_catalogue(index, SearchRequest("kieu xyzxyz -nghien"))
    assert [hit.title for hit in found.page.hits] == ["Truyện Kiều"]


async def test_the_pages_of_a_relaxed_answer_go_on(index: TantivyIndex) -> None:
    request, titles = SearchRequest("nguyen hue kieu xyzxyzxyz", size=7), []
    while True:
        page = (await search_catalogue(index, request)).page
        titles += [hit.title for hit in page.hits]
        if page.next_cursor is None:
            break
        request = SearchRequest("nguyen hue kieu xyzxyzxyz", size=7, cursor=page.next_cursor)
    assert len(titles) == len({*titles}) == len(DOCUMENTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("truyen kiue", "truyen kieu"),
        ("truyeenj kieeuf", "truyện kiều"),
        ("toan hcoc cao cap", "toan hoc cao cap"),
        ("xyzxyzxyz", None),
    ],
)
async def test_what_was_perhaps_meant_is_searched_instead(
    index: TantivyIndex, typed: str, meant: str | None
) -> None:
    found = await search_catalogue(index, SearchRequest(typed))
    assert found.instead == meant
    if meant:
        direct = await search_catalogue(index, SearchRequest(meant))
        assert found.page.hits == direct.page.hits
        assert found.page.notice == "corrected"


async def test_words_that_were_bound_to_a_field_may_stand_anywhere(index: TantivyIndex) -> None:
    found = await search_catalogue(index, SearchRequest("tác giả: Hoài Thanh nghiên cứu"))
    assert [hit.title for hit in found.page.hits] == ["Nghiên cứu Truyện Kiều"]
    assert found.page.notice == "relaxed"


async def test_the_pages_of_a_corrected_answer_go_on(index: TantivyIndex) -> None:
    request, titles = SearchRequest("nguyenn hue", size=7), []
    while True:
        page = (await search_catalogue(index, request)).page
        titles += [hit.title for hit in page.hits]
        if page.next_cursor is None:
            break
        request = SearchRequest("nguyenn hue", size=7, cursor=page.next_cursor)
    assert len(titles) == len({*titles}) == 30


async def test_cql_finds_what_words_find(index: TantivyIndex) -> None:
    found = await search_catalogue(
        index, SearchRequest('title all "truyen kieu" not author = "hoai"', language=QueryLanguage.CQL)
    )
    assert [hit.title for hit in found.page.hits] == ["Truyện Kiều"]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("truyen ki", [("title", "Truyện Kiều"), ("title", "Nghiên cứu Truyện Kiều")]),
        ("Hoài Th", [("author", "Hoài Thanh")]),
        ("nguyễn d", [("author", "Nguyễn Du"), ("author", "Nguyễn Đình Trí")]),
        ("toan ", [("title", "Toán học cao cấp")]),
        ("toan hoc ca", [("title", "Toán học cao cấp")]),
        ("xyz", []),
        ("", []),
        ("!!", []),
    ],
)
async def test_suggestions_have_the_words_so_far(
    index: TantivyIndex, typed: str, suggested: list[tuple[str, str]]
) -> None:
    assert {(one.kind.value, one.text) for one in await suggest(index, typed)} == {*suggested}


async def test_each_suggestion_is_a_query_that_finds_it(index: TantivyIndex) -> None:
    for one in await suggest(index, "nguy"):
        assert (await search_catalogue(index, SearchRequest(one.query))).page.notice is None


async def test_subjects_that_are_shared_in_proportion_are_near(tmp_path: Path) -> None:
    common = [a_document(n, "A", subjects=("Việt Nam",)) for n in range(40)]
    shared = [
        a_document(100 + n, "B", subjects=("Thơ Nôm", "Văn học trung đại", "Việt Nam")) for n in range(3)
    ]
    single = [a_document(200, "C", subjects=("Thơ Nôm", "Ẩm thực"))]
    async with await TantivyWriter.open(tmp_path) as writer:
        await writer.apply([*common, *shared, *single], (), 1)
    index = TantivyIndex(tmp_path)
    assert await related_subjects(index, ["Thơ Nôm"]) == ["Văn học trung đại", "Việt Nam"]
    assert await related_subjects(index, []) == await related_subjects(index, ["không có"]) == []
