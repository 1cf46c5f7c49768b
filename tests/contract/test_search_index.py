"""What every search index promises; each promise is kept by the referee too."""

import random
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from brute_force_index import BruteForceIndex
from elastic_clusters import a_cluster
from search_documents import a_document, random_documents, random_words

from unioncat.core.errors import InvalidQuery
from unioncat.core.identifiers import MasterId, mint_master_id
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import FacetName, FacetValue, Reading, SearchPage, SearchRequest, Sort
from unioncat.pipeline.ports import IndexWriter, SearchIndex
from unioncat.search.elasticsearch import ElasticIndex, ElasticWriter
from unioncat.search.embedded import TantivyIndex, TantivyWriter

REFEREE, ENGINES = "referee", ["embedded", "elasticsearch"]


@dataclass
class Index:
    """A reader and the writer it sees the commits of."""

    reader: SearchIndex
    writer: IndexWriter

    async def put(self, *documents: SearchDocument, position: int = 1) -> None:
        await self.writer.apply(documents, (), position)

    async def find(self, text: str, **asked: object) -> list[str]:
        return titles(await self.ask(text, **asked))

    async def ask(self, text: str, **asked: object) -> SearchPage:
        return await self.reader.search(SearchRequest(text, **asked))  # type: ignore[arg-type]


def titles(page: SearchPage) -> list[str]:
    return [hit.title for hit in page.hits]


@asynccontextmanager
async def an_index(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Index]:
    if request.param == REFEREE:
        both = BruteForceIndex()
        yield Index(both, both)
    elif request.param == "embedded":
        async with await TantivyWriter.open(folder) as writer:
            reader = TantivyIndex(folder)
            yield Index(reader, writer)
            await reader.close()
    else:
        async with (
            a_cluster(request.getfixturevalue("elasticsearch_url")) as cluster,
            await ElasticWriter.open(cluster) as writer,
        ):
            yield Index(ElasticIndex(cluster), writer)


@pytest.fixture(params=[REFEREE, *ENGINES])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    async with an_index(request, tmp_path) as opened:
        yield opened


@pytest.fixture(params=ENGINES)
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    async with an_index(request, tmp_path) as opened:
        yield opened


async def walk(index: Index, request: SearchRequest) -> list[MasterId]:
    found: list[MasterId] = []
    while True:
        page = await index.reader.search(request)
        found += [hit.master_id for hit in page.hits]
        if page.next_cursor is None:
            return found
        request = replace(request, cursor=page.next_cursor)


# --- words ------------------------------------------------------------------------------------------


async def test_exact_accents_come_before_folded_ones(index: Index) -> None:
    await index.put(a_document(1, "Cây dứa"), a_document(2, "Cây dừa"), a_document(3, "Cay dua"))
    assert (await index.find("dừa"))[0] == "Cây dừa"
    assert len(await index.find("dừa")) == 3


async def test_a_query_without_accents_finds_all_spellings(index: Index) -> None:
    await index.put(a_document(1, "Đất nước"), a_document(2, "Dat nuoc"), a_document(3, "Đắt nước"))
    assert len(await index.find("dat nuoc")) == 3


async def test_without_accents_more_libraries_count_more_than_the_spelling(index: Index) -> None:
    libraries = tuple(f"VN-{n}" for n in range(8))
    await index.put(a_document(1, "Truyen Kieu"), a_document(2, "Truyện Kiều", libraries=libraries))
    assert await index.find("truyen kieu") == ["Truyện Kiều", "Truyen Kieu"]


@pytest.mark.parametrize(("typed", "catalogued"), [("hoà", "Hòa"), ("kĩ", "Kỹ"), ("ki", "Kỹ"), ("ky", "kĩ")])
async def test_tone_placement_and_i_or_y_do_not_matter(index: Index, typed: str, catalogued: str) -> None:
    await index.put(a_document(1, catalogued))
    assert await index.find(typed) == [catalogued]


@pytest.mark.parametrize("typed", ["tp hcm", "TP.HCM", "hội thảo", "o'brien", "o brien", "中", "ភាសាខ្មែរ"])
async def test_words_are_parted_alike_in_queries_and_documents(index: Index, typed: str) -> None:
    await index.put(a_document(1, "Hội-thảo O'Brien TP.HCM 中国 ភាសាខ្មែរ"))
    assert len(await index.find(typed)) == 1


async def test_all_words_are_required_in_any_field(index: Index) -> None:
    await index.put(
        a_document(1, "Truyện Kiều", contributors=("Nguyễn Du",)),
        a_document(2, "Truyện Kiều", publisher="Du"),
    )
    assert len(await index.find("kiều nguyễn")) == 1
    assert len(await index.find("kiều du")) == 2


async def test_title_before_contributor_before_subject_before_publisher_before_note(index: Index) -> None:
    await index.put(
        a_document(1, "e", notes=("toán",)),
        a_document(2, "d", publisher="toán"),
        a_document(3, "c", subjects=("toán",)),
        a_document(4, "b", contributors=("toán",)),
        a_document(5, "a toán"),
    )
    assert await index.find("toán") == ["a toán", "b", "c", "d", "e"]


async def test_the_whole_title_comes_first_then_words_side_by_side(index: Index) -> None:
    libraries = tuple(f"VN-{n}" for n in range(99))
    await index.put(
        a_document(1, "Học hóa và toán", libraries=libraries),
        a_document(2, "Sách hóa học lớp 8"),
        a_document(3, "Hóa học"),
    )
    assert await index.find("hóa học") == ["Hóa học", "Sách hóa học lớp 8", "Học hóa và toán"]


async def test_equal_words_are_ordered_by_libraries_then_identifier(index: Index) -> None:
    await index.put(
        a_document(3, "toán"),
        a_document(2, "toán"),
        a_document(1, "toán", libraries=("VN-1",)),
        a_document(9, "toán", libraries=("VN-1", "VN-2")),
    )
    page = await index.ask("toán")
    assert [hit.master_id for hit in page.hits] == [mint_master_id(n) for n in (9, 1, 2, 3)]


async def test_a_phrase_is_side_by_side_and_never_reaches_across_values(index: Index) -> None:
    await index.put(
        a_document(1, "truyện dài Kiều"),
        a_document(2, "x", subjects=("truyện", "Kiều")),
        a_document(3, "truyện", contributors=("Kiều",)),
        a_document(4, "Truyện Kiều"),
    )
    assert await index.find('"truyện kiều"') == ["Truyện Kiều"]


async def test_a_prefix_finds_more_than_fifty_endings(index: Index) -> None:
    await index.put(
        *(a_document(n, f"toan{n}") for n in range(80)), a_document(99, "Kyoto"), a_document(98, "kỹ")
    )
    assert (await index.ask("toa*")).total == 80
    assert (await index.ask("ky*")).total == 2


async def test_field_names_bind_words(index: Index) -> None:
    await index.put(
        a_document(1, "Nguyễn Du", subjects=("Kiều",)), a_document(2, "Kiều", contributors=("Nguyễn Du",))
    )
    assert await index.find("tác giả: nguyễn du") == ["Kiều"]
    assert await index.find("nhan de: kieu") == ["Kiều"]
    assert await index.find("chủ đề: kiều") == ["Nguyễn Du"]


@pytest.mark.parametrize(
    "typed", ["Truyện Kiều", "truyen kieu", "TRUYỆN KIỀU", unicodedata.normalize("NFD", "Truyện Kiều")]
)
async def test_the_same_text_in_any_unicode_form_or_case_finds_the_same(index: Index, typed: str) -> None:
    await index.put(
        a_document(1, "Truyện Kiều"),
        a_document(2, unicodedata.normalize("NFD", "Truyện Kiều")),
        a_document(3, "x"),
    )
    assert (await index.ask(typed)).total == 2


async def test_excluded_words_and_alternatives(index: Index) -> None:
    await index.put(a_document(1, "Hóa học"), a_document(2, "Vật lý"), a_document(3, "Hóa dầu"))
    assert sorted(await index.find("hóa học OR vật lý")) == ["Hóa học", "Vật lý"]
    assert await index.find("hóa -dầu") == ["Hóa học"]
    assert await index.find("-hóa") == ["Vật lý"]


@pytest.mark.parametrize("typed", ["0306406152", "0-306-40615-2", "978 0 306 40615 7", "isbn:9780306406157"])
async def test_an_isbn_is_found_in_every_form(index: Index, typed: str) -> None:
    await index.put(a_document(1, "Found", isbns=("9780306406157",)), a_document(2, "Not"))
    assert await index.find(typed) == ["Found"]


async def test_an_issn_is_found_with_and_without_hyphen(index: Index) -> None:
    await index.put(a_document(1, "Found", issns=("0378-5955",)), a_document(2, "Not"))
    assert await index.find("0378-5955") == await index.find("issn:03785955") == ["Found"]


# --- filters, facets, orders -------------------------------------------------------------------------


async def test_filters_are_or_inside_and_and_between(index: Index) -> None:
    await index.put(
        a_document(1, "a", languages=("vie",), format="book", year=2001),
        a_document(2, "b", languages=("eng",), format="book", year=2002),
        a_document(3, "c", languages=("eng",), format="map", year=2003),
        a_document(4, "d", languages=("fre",), format="book"),
    )
    both = {FacetName.LANGUAGE: ("vie", "eng"), FacetName.FORMAT: ("book",)}
    assert sorted(await index.find("", filters=both)) == ["a", "b"]
    assert await index.find("", year_from=2002, year_to=2002) == ["b"]
    assert sorted(await index.find("", year_from=2002)) == ["b", "c"]
    assert await index.find("", filters={FacetName.YEAR: ("2001",)}) == ["a"]
    assert await index.find("", year_from=2003, year_to=2001) == []
    assert await index.find("", filters={FacetName.LIBRARY: ("nowhere",)}) == []
    assert len(await index.find("", filters={FacetName.LIBRARY: ()})) == 4


async def test_a_facet_counts_all_hits_once_without_its_own_filter(index: Index) -> None:
    await index.put(
        *(a_document(n, "x", languages=("vie", "vie"), format="book") for n in range(30)),
        *(a_document(n, "x", languages=("eng",), format="map") for n in range(50, 55)),
    )
    asked = {"filters": {FacetName.LANGUAGE: ("eng",)}, "facets": (FacetName.LANGUAGE, FacetName.FORMAT)}
    page = await index.ask("x", size=1, **asked)
    assert page.facets[FacetName.LANGUAGE] == (FacetValue("vie", 30), FacetValue("eng", 5))
    assert page.facets[FacetName.FORMAT] == (FacetValue("map", 5),)


async def test_a_facet_finds_the_most_frequent_values_among_many_and_says_that_there_are_more(
    index: Index,
) -> None:
    for start in range(0, 400, 100):
        await index.put(
            *(
                a_document(n, "x", subjects=(f"t{n % 100:02}", *(f"s{n}.{k}" for k in range(12))))
                for n in range(start, start + 100)
            )
        )
    page = await index.ask("x", facets=(FacetName.SUBJECT, FacetName.FORMAT))
    assert page.facets[FacetName.SUBJECT] == tuple(FacetValue(f"t{n:02}", 4) for n in range(100))
    assert page.cut_facets == (FacetName.SUBJECT,)


@pytest.mark.parametrize(("sort", "expected"), [(Sort.YEAR_NEWEST, "badce"), (Sort.YEAR_OLDEST, "dabce")])
async def test_records_without_a_year_are_last_both_ways(index: Index, sort: Sort, expected: str) -> None:
    years = {"a": 2001, "b": 2001, "c": None, "d": 1990, "e": None}
    order = {"b": 1, "a": 2, "d": 3, "c": 4, "e": 5} if sort is Sort.YEAR_NEWEST else {}
    await index.put(
        *(a_document(order.get(title, n), title, year=year) for n, (title, year) in enumerate(years.items()))
    )
    assert "".join(await index.find("", sort=sort)) == expected


async def test_titles_are_in_vietnamese_order(index: Index) -> None:
    expected = ["An", "Ăn", "Ân", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Ba con", "Dê", "Đá", "..."]
    await index.put(*(a_document(n * 37 % 101, title) for n, title in enumerate(expected)))
    assert await index.find("", sort=Sort.TITLE) == expected


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("text", ["", "hoa", "-hoa"])
async def test_a_walk_gives_every_record_once(index: Index, sort: Sort, text: str) -> None:
    for part in (random_documents(1, 150)[:70], random_documents(1, 150)[70:]):
        await index.put(*part)
    request = SearchRequest(text, sort=sort, size=7)
    found = await walk(index, request)
    assert len(found) == len(set(found)) == (await index.reader.search(request)).total
    assert found[:100] == [hit.master_id for hit in (await index.ask(text, sort=sort, size=100)).hits]


@pytest.mark.parametrize("sort", Sort)
async def test_a_walk_misses_and_repeats_nothing_while_others_are_written(index: Index, sort: Sort) -> None:
    documents = random_documents(2, 60)
    staying, going = documents[:50], documents[50:]
    await index.put(*documents)
    request, found = SearchRequest("", sort=sort, size=9), []
    for step in range(100):
        page = await index.reader.search(request)
        found += [hit.master_id for hit in page.hits]
        if page.next_cursor is None:
            break
        gone = [d.master_id for d in going[:2] if d.master_id != page.hits[-1].master_id]
        await index.writer.apply([a_document(2000 + step, "hoa học", year=2001)], gone, 2 + step)
        request = replace(request, cursor=page.next_cursor)
    assert len(found) == len(set(found))
    assert {document.master_id for document in staying} <= set(found)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("text", ["", "hoa", "-hoa"])
async def test_a_walk_through_everything_gives_the_pages_in_one(engine: Index, sort: Sort, text: str) -> None:
    await engine.put(*random_documents(1, 150))
    request = SearchRequest(text, sort=sort, size=100, filters={FacetName.FORMAT: ("book", "map")})
    whole = [document.master_id async for document in engine.reader.walk(request)]
    assert whole == await walk(engine, request)
    first = await engine.reader.search(replace(request, size=9))
    rest = [d.master_id async for d in engine.reader.walk(replace(request, cursor=first.next_cursor))]
    assert whole == [hit.master_id for hit in first.hits] + rest


async def test_a_walk_through_everything_is_of_one_point_in_time(engine: Index) -> None:
    documents = [a_document(n, f"x {n}") for n in range(2_500)]
    await engine.put(*documents)
    found = []
    async for document in engine.reader.walk(SearchRequest("x")):
        if not found:
            await engine.writer.apply([a_document(9_000, "x")], [d.master_id for d in documents[-500:]], 2)
        found.append(document.master_id)
    assert found == [document.master_id for document in documents]


# --- writing ----------------------------------------------------------------------------------------


async def test_a_hit_is_the_document_that_was_written(index: Index) -> None:
    document = replace(
        random_documents(3, 1)[0], edition="In lần 2", extent="200 tr.", place="Huế", issns=("1",)
    )
    await index.put(document)
    assert (await index.ask("")).hits == (document,)


async def test_what_is_applied_is_seen_by_the_next_search(index: Index) -> None:
    for number in range(1, 4):
        await index.put(a_document(number, "x"), position=number)
        assert (await index.reader.count(), await index.reader.position()) == (number, number)
        assert (await index.ask("x")).total == number


async def test_upserts_and_deletes_can_be_repeated(index: Index) -> None:
    old, new = a_document(1, "old"), a_document(1, "new")
    for _ in range(2):
        await index.writer.apply([old, new, a_document(2, "gone")], [mint_master_id(2)], 5)
    assert await index.find("") == ["new"]
    assert await index.find("old") == []
    assert (await index.reader.count(), await index.reader.position(), await index.writer.position()) == (
        1,
        5,
        5,
    )


async def test_a_late_message_changes_nothing(engine: Index) -> None:
    await engine.writer.apply([a_document(1, "new")], (), 5)
    await engine.writer.apply((), [mint_master_id(2)], 6)
    await engine.writer.apply([a_document(1, "old"), a_document(2, "gone")], (), 3)
    assert await engine.find("") == ["new"]
    assert (await engine.reader.position(), await engine.writer.position()) == (6, 6)


async def test_a_deleted_record_comes_back_with_a_later_change(engine: Index) -> None:
    await engine.writer.apply([], [mint_master_id(1)], 5)
    await engine.writer.apply([a_document(1, "back")], [], 6)
    assert await engine.find("back") == ["back"]


async def test_a_new_index_is_empty(index: Index) -> None:
    assert (await index.reader.count(), await index.reader.position()) == (0, 0)
    page = await index.ask("toán", facets=tuple(FacetName))
    assert (page.total, page.hits, page.next_cursor) == (0, (), None)
    assert page.facets == dict.fromkeys(FacetName, ())


async def test_a_new_index_has_nothing_to_walk(engine: Index) -> None:
    assert [hit async for hit in engine.reader.walk(SearchRequest())] == []


async def test_over_long_and_odd_values_are_taken(index: Index) -> None:
    odd = a_document(
        1, "toán " * 20_000, subjects=("s" * 70_000, "\ud800\x00"), notes=("x" * 70_000,), year=-1
    )
    await index.put(odd)
    page = await index.ask("toán", facets=(FacetName.SUBJECT,))
    assert page.hits == (odd,)
    value = page.facets[FacetName.SUBJECT][0].value
    assert (await index.ask("", filters={FacetName.SUBJECT: (value,)})).total == 1


# --- bad questions -----------------------------------------------------------------------------------

HOSTILE = ['AND ( " *', "OR", "-", '"', "a" * 10_000, "\x00", "\u0301", "title:", "isbn:", "\ud800", ":" * 50]
HOSTILE += ["*", "[a TO b]", "a~2", "\\", "/a.*/", "(((((", "-" * 500, "a* " * 100, "x:y", "🙂", "-a -b"]


async def test_no_text_is_an_error(index: Index) -> None:
    await index.put(a_document(1, "and then"))
    totals = {text: (await index.ask(text, facets=tuple(FacetName))).total for text in HOSTILE}
    assert set(totals.values()) == {0, 1}


async def test_a_cut_query_says_so(index: Index) -> None:
    assert (await index.ask("a " * 600)).notice == "truncated"
    assert (await index.ask("a")).notice is None


@pytest.mark.parametrize("size", [0, -1, 101])
async def test_a_page_has_1_to_100_records(index: Index, size: int) -> None:
    with pytest.raises(InvalidQuery):
        await index.ask("", size=size)


async def test_a_foreign_cursor_is_refused(index: Index) -> None:
    await index.put(a_document(1, "a"))
    for cursor in ("x", "", "!!!", "\u0301", "W10", "bnVsbA", "W1tbW1tbW1tb" * 50):
        with pytest.raises(InvalidQuery):
            await index.ask("", cursor=cursor)


async def test_years_beyond_all_bounds_are_no_error(index: Index) -> None:
    await index.put(a_document(1, "a", year=2000))
    assert len(await index.find("", year_from=-(10**30), year_to=10**30)) == 1


# --- against the referee -----------------------------------------------------------------------------


async def test_an_engine_agrees_with_the_referee_on_random_questions(engine: Index) -> None:
    rnd, referee = random.Random(5), BruteForceIndex()
    documents = random_documents(5, 160)
    for start in range(0, 160, 40):
        batch, gone = documents[start : start + 40], [d.master_id for d in rnd.sample(documents, 3)]
        for writer in (engine.writer, referee):
            await writer.apply(batch, gone, start)
    for _ in range(400):
        request = _random_request(rnd)
        answer, expected = await engine.reader.search(request), await referee.search(request)
        assert replace(answer, next_cursor=None) == replace(expected, next_cursor=None), request


async def test_an_engine_agrees_with_the_referee_on_many_hits_of_few_ranks(engine: Index) -> None:
    referee = BruteForceIndex()
    libraries = tuple(f"VN-{n}" for n in range(5))
    documents = [
        a_document(n * 7 % 1_300, "toán" if n % 3 else "toan học", libraries=libraries[: 1 + n % 5])
        for n in range(1_300)
    ]
    for writer in (engine.writer, referee):
        await writer.apply(documents, (), 1)
    for text, size in (("toán", 100), ("toan", 100), ("toán OR học", 70), ("toan học", 30)):
        request = SearchRequest(text, size=size)
        assert await walk(engine, request) == await walk(Index(referee, referee), request)


_OTHER_SPELLING = {"hoà": "hòa", "lý": "lí", "kỹ": "kĩ"}
_OTHER_SPELLING |= {other: one for one, other in _OTHER_SPELLING.items()}


async def test_unicode_form_tone_placement_and_i_or_y_never_change_the_first_ten(engine: Index) -> None:
    rnd = random.Random(9)
    await engine.writer.apply(random_documents(9, 160), (), 1)
    changed = 0
    for _ in range(60):
        words = random_words(rnd, 3).split()
        other = [_OTHER_SPELLING.get(word, word) for word in words]
        changed += other != words
        typed = (words, other, [unicodedata.normalize("NFD", word) for word in words])
        pages = [await engine.ask(" ".join(variant), size=10) for variant in typed]
        assert pages[0].hits == pages[1].hits == pages[2].hits
    assert changed > 5


def _random_request(rnd: random.Random) -> SearchRequest:
    words = random_words(rnd, 2)
    other = random_words(rnd, 1)
    forms = ("{0}", "{0}", '"{0}"', "{0}*", "tác giả: {0}", "{0} OR {1}", "{0} -{1}", "title:{0}", "-{0}", "")
    text = rnd.choice((*forms, "isbn:0306406152")).format(words, other)
    filters = {
        name: tuple(rnd.sample(values, rnd.randint(1, min(2, len(values)))))
        for name, values in _VALUES.items()
        if rnd.random() < 0.2
    }
    return SearchRequest(
        text,
        filters,
        rnd.choice((None, None, 1999)),
        rnd.choice((None, None, 2003)),
        rnd.choice((Sort.RELEVANCE, *Sort)),
        rnd.choice((5, 20, 100)),
        facets=tuple(FacetName),
        reading=rnd.choice((Reading.TYPED, *Reading)),
    )


_VALUES = {
    FacetName.LIBRARY: ("VN-L1", "VN-L2", "VN-L5"),
    FacetName.PROVINCE: ("P5", "P6"),
    FacetName.FORMAT: ("book", "serial", "map"),
    FacetName.LANGUAGE: ("vie", "eng", "fre"),
    FacetName.YEAR: ("2000", "2001"),
    FacetName.KIND: ("national", "school"),
    FacetName.GROUP: ("dong-bac", "y-te"),
    FacetName.DECADE: ("1990", "2000"),
    FacetName.PERSON: ("Kiều", "toán", "Du", "học"),
    FacetName.DIGITAL: ("yes",),
    FacetName.LOAN: ("yes",),
}
