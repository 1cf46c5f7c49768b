"""Whatever is typed is read, and can be asked of an engine."""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_documents import random_documents

from unioncat.core.index.query import MAX_TERMS, And, Node, Not, Or, Phrase, Term, parse_query
from unioncat.core.index.request import FacetName, SearchRequest, Sort
from unioncat.search.embedded import TantivyIndex, TantivyWriter

SIGNS = re.findall(
    r"[^,]+",
    'hoà,kiều*,OR,HOẶC,AND,",-,(,),nhan đề:,title :,isbn:,issn:,*,0306406152,978-,x,X,:,“, ,中,~,\\,/',
)
typed = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(), max_size=50),
    st.lists(st.sampled_from([*SIGNS, "\x00", "\u0301", "\ud800"]), max_size=30).map(" ".join),
)


@pytest.fixture(scope="module")
def index() -> Iterator[TantivyIndex]:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_write(Path(folder)))
        yield TantivyIndex(Path(folder))


async def _write(folder: Path) -> None:
    async with await TantivyWriter.open(folder) as writer:
        await writer.apply(random_documents(9, 40), (), 1)


def words(node: Node) -> int:
    match node:
        case Term():
            return 1
        case Phrase(tokens):
            return len(tokens)
        case Not(part):
            return words(part)
        case And(parts) | Or(parts):
            return sum(map(words, parts))
        case _:
            return 0


@given(typed)
def test_every_text_has_one_reading_of_bounded_size(text: str) -> None:
    query = parse_query(text)
    assert query == parse_query(text)
    assert words(query.tree) <= MAX_TERMS


@given(typed, st.sampled_from(Sort))
def test_every_text_has_an_answer(index: TantivyIndex, text: str, sort: Sort) -> None:
    asked = SearchRequest(text, sort=sort, facets=(FacetName.FORMAT,))
    page = asyncio.run(index.search(asked))
    assert page.total == sum(value.count for value in page.facets[FacetName.FORMAT])
    assert len(page.hits) == min(page.total, 20)
