"""What the lines of a list mean: numbers by one question for each kind, citations through the search index."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.index.analysis import analyse
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.request import SearchRequest
from unioncat.core.locate.citation import Fit, best_fits
from unioncat.core.locate.lines import (
    AskedControlNumber,
    AskedIsbn,
    AskedIssn,
    AskedLine,
    AskedMaster,
    Citation,
    Unreadable,
)
from unioncat.core.locate.wording import Reason
from unioncat.pipeline.locate_port import KnownMaster, Lookup
from unioncat.pipeline.ports import SearchIndex
from unioncat.pipeline.search import meant

MOST_CANDIDATES = 5
_HITS = 20
_AT_ONCE = 4

Line = TypeVar("Line", bound=AskedLine)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The master records that a line means, and the reason for its answer; none when nothing was found."""

    masters: tuple[MasterId, ...]
    reason: Reason


async def meanings(
    lines: Sequence[AskedLine], lookup: Lookup, cited: Mapping[Citation, Meaning]
) -> Sequence[Meaning]:
    """What each line means, in their order, its citations being answered already; raises StoreUnavailable."""
    numbers = await _ask_numbers(lines, lookup)
    return [cited[line] if isinstance(line, Citation) else numbers.meaning(line) for line in lines]


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The answers of the store, by number."""

    isbns: Mapping[str, Sequence[MasterId]]
    issns: Mapping[str, Sequence[MasterId]]
    control_numbers: Mapping[tuple[str, ControlNumber], MasterId]
    masters: Mapping[MasterId, KnownMaster]
    libraries: Collection[str]

    def meaning(self, line: AskedLine) -> Meaning:
        match line:
            case AskedIsbn(isbn13):
                return _with_number(self.isbns.get(isbn13, ()), isbn13)
            case AskedIssn(issn):
                return _with_number(self.issns.get(issn, ()), issn)
            case AskedControlNumber(isil, number):
                return self._of_library(isil, number)
            case AskedMaster(master_id):
                return self._identified(master_id)
            case Unreadable(why):
                return Meaning((), Reason(why))
        raise TypeError(f"a citation is not looked up by number: {line}")

    def _of_library(self, isil: Isil, number: ControlNumber) -> Meaning:
        if isil.lower() not in self.libraries:
            return Meaning((), Reason("unknown-library", (isil,)))
        found = self.control_numbers.get((isil.lower(), number))
        return _with_number((found,) if found else (), number)

    def _identified(self, master_id: MasterId) -> Meaning:
        known = self.masters.get(master_id)
        if known is None or known.now is None:
            return Meaning((), Reason("ended" if known else "unknown-master", (master_id,)))
        if known.now != master_id:
            return Meaning((known.now,), Reason("moved", (master_id, known.now)))
        return Meaning((master_id,), Reason("exact"))


async def _ask_numbers(lines: Sequence[AskedLine], lookup: Lookup) -> _Numbers:
    stated = _of_kind(lines, AskedControlNumber)
    pairs = {(line.isil, line.number) for line in stated}
    return _Numbers(
        await lookup.by_isbn({line.isbn13 for line in _of_kind(lines, AskedIsbn)}),
        await lookup.by_issn({line.issn for line in _of_kind(lines, AskedIssn)}),
        await lookup.by_control_number(pairs),
        await lookup.by_identifier({line.master_id for line in _of_kind(lines, AskedMaster)}),
        await lookup.registered({isil for isil, _ in pairs}),
    )


def _with_number(found: Sequence[MasterId], number: str) -> Meaning:
    if not found:
        return Meaning((), Reason("unknown-number", (number,)))
    if len(found) == 1:
        return Meaning(tuple(found), Reason("exact"))
    return Meaning(tuple(found[:MOST_CANDIDATES]), Reason("several-number", (str(len(found)),)))


async def ask_citations(lines: Iterable[AskedLine], search: SearchIndex) -> Mapping[Citation, Meaning]:
    """What the citations among the lines mean; raises IndexUnavailable.

    The engine answers one request at a time, so several are on their way together; each citation is asked once.
    """
    turn = asyncio.Semaphore(_AT_ONCE)

    async def ask(citation: Citation) -> Meaning:
        async with turn:
            return await _cited(citation, search)

    asked = list(dict.fromkeys(_of_kind(lines, Citation)))
    return dict(zip(asked, await asyncio.gather(*map(ask, asked)), strict=True))


async def _cited(citation: Citation, search: SearchIndex) -> Meaning:
    """The records that fit best of the first questions that find some; a fit that is exact ends the search.

    Where no question finds any, what was perhaps meant is asked.
    """
    near: Sequence[SearchDocument] = ()
    for request in _requests(citation):
        hits = (await search.search(request)).hits
        fit, fitting = best_fits(citation, hits)
        if fit is Fit.EXACT:
            return _fitting(fitting)
        near = near or fitting
    if not near:
        return await _misspelt(citation, search)
    shown = _first(near)
    return Meaning(shown, Reason("near", (str(len(shown)),)))


async def _misspelt(citation: Citation, search: SearchIndex) -> Meaning:
    """What was perhaps meant where nothing has these words; whether it was, a person is to say."""
    text = await meant(search, " ".join(citation.typed))
    if text is None:
        return Meaning((), Reason("unknown-citation"))
    hits = (await search.search(SearchRequest(text, size=_HITS))).hits
    _, fitting = best_fits(replace(citation, words=analyse(text)), hits)
    return Meaning(_first(fitting or hits), Reason("meant", (text,)))


def _first(documents: Sequence[SearchDocument]) -> tuple[MasterId, ...]:
    return tuple(document.master_id for document in documents[:MOST_CANDIDATES])


def _fitting(documents: Sequence[SearchDocument]) -> Meaning:
    if len(documents) == 1:
        return Meaning(_first(documents), Reason("exact"))
    return Meaning(_first(documents), Reason("several-citation", (str(len(documents)),)))


def _requests(citation: Citation) -> Iterable[SearchRequest]:
    """All words and the year; all words; the longest part as a title, where signs part the citation."""
    plain = SearchRequest(" ".join(word.lower() for word in citation.typed), size=_HITS)
    if citation.year is not None:
        yield replace(plain, year_from=citation.year, year_to=citation.year)
    yield plain
    if citation.parts:
        longest = max(citation.parts, key=len)
        yield replace(plain, text=f'title:"{longest.replace(chr(34), " ")}"')


def _of_kind(lines: Iterable[AskedLine], kind: type[Line]) -> list[Line]:
    return [line for line in lines if isinstance(line, kind)]
