"""What readers type, and where the record that they want stands in the answer."""

import asyncio
import tempfile
import tomllib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from labelled_data import hcmut, libol
from quality_page import Section, Table, at_least

from unioncat.core.identifiers import ControlNumber, Isil, mint_master_id
from unioncat.core.index.build_document import build_document
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import SearchRequest
from unioncat.core.merge.holdings import load_profiles, read_holdings
from unioncat.core.merge.master import SourceRecord
from unioncat.core.merge.merge import merge_records
from unioncat.core.normalise.vietnamese import plain, words
from unioncat.pipeline.search import search_catalogue
from unioncat.search.embedded.reader import TantivyIndex
from unioncat.search.embedded.writer import TantivyWriter

QUERIES = Path(__file__).with_name("search_queries.toml")
_SHOWN = 20
_BAR = 0.95
_TEXT = (
    "`tests/quality/search_queries.toml`: sixty queries as readers type them, over the catalogues of HCMUT and Libol, each record by "
    "itself, and the title that each reader wants. The reciprocal rank is 1 for the first place, 1/2 for the second, and "
    "0 beyond the twentieth."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the kind of it, the wanted title, its place in the answer (None: not shown), and what was searched instead."""

    kind: str
    query: str
    wanted: str
    place: int | None
    searched: str | None

    @property
    def reciprocal(self) -> float:
        """The reciprocal rank."""
        return 1 / self.place if self.place else 0.0


def measure(data: Path) -> Section:
    """Ask every query; the gate is the mean reciprocal rank."""
    asked = asyncio.run(_ask_all(data))
    kinds = list(dict.fromkeys(one.kind for one in asked))
    rows = [_row(kind, [one for one in asked if one.kind == kind]) for kind in kinds]
    tables = [Table("By kind:", ("kind", "queries", "in the first place", "mean reciprocal rank"), rows)]
    if astray := [one for one in asked if one.place != 1]:
        lines = [(one.query, one.wanted, one.place or "–", one.searched or "–") for one in astray]
        tables.append(
            Table("Not in the first place:", ("query", "wanted", "place", "searched instead"), lines)
        )
    gate = at_least("search: mean reciprocal rank", fmean(one.reciprocal for one in asked), _BAR)
    return Section("Searching", _TEXT, (gate,), tuple(tables))


def _row(kind: str, asked: Sequence[Asked]) -> tuple[object, ...]:
    first = sum(one.place == 1 for one in asked)
    return kind, len(asked), first, fmean(one.reciprocal for one in asked)


async def _ask_all(data: Path) -> list[Asked]:
    async with search_index(data) as index:
        return [
            await _ask(index, kind, query, wanted)
            for kind, queries in tomllib.loads(QUERIES.read_text("utf-8")).items()
            for query, wanted in queries.items()
        ]


async def _ask(index: TantivyIndex, kind: str, query: str, wanted: str) -> Asked:
    found = await search_catalogue(index, SearchRequest(query, size=_SHOWN))
    places = [place for place, hit in enumerate(found.page.hits, 1) if _title(hit).startswith(wanted)]
    return Asked(kind, query, wanted, places[0] if places else None, found.instead)


def _title(hit: SearchDocument) -> str:
    text = " ".join(filter(None, (hit.title, hit.subtitle)))
    return " ".join(plain(word) for word in words(text))


@asynccontextmanager
async def search_index(data: Path) -> AsyncIterator[TantivyIndex]:
    """An index of both catalogues."""
    with tempfile.TemporaryDirectory() as folder:
        async with await TantivyWriter.open(Path(folder)) as writer:
            await writer.apply(_documents(data), (), 1)
        index = TantivyIndex(Path(folder))
        yield index
        await index.close()


def _documents(data: Path) -> Iterator[SearchDocument]:
    profiles = load_profiles()
    for serial, (name, marc) in enumerate((*hcmut(data), *libol(data).items())):
        source = name.split(":")[1] if name.startswith("LIBOL") else "HCMUT"
        isil = Isil(f"VN-{source}")
        merged = merge_records([SourceRecord(isil, ControlNumber(name), marc, "2026-01-01")])
        holdings = read_holdings(marc, profiles["koha" if source == "HCMUT" else "default"])
        yield build_document(mint_master_id(serial), 1, merged, [(isil, one) for one in holdings])
