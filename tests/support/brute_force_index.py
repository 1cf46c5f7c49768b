"""A search index that looks at every document: the referee of the real ones. It shares their analysis only."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from unioncat.core.errors import InvalidQuery
from unioncat.core.identifiers import MasterId
from unioncat.core.index.analysis import Token, analyse
from unioncat.core.index.collation import vietnamese_sort_key
from unioncat.core.index.document import SearchDocument
from unioncat.core.index.query import (
    All,
    And,
    Isbn,
    Issn,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    QueryField,
    Term,
)
from unioncat.core.index.reading import read_query
from unioncat.core.index.request import FacetName, FacetValue, SearchPage, SearchRequest, Sort

_words = lru_cache(maxsize=10_000)(analyse)

Field = tuple[int, QueryField | None, tuple[str, ...]]


class BruteForceIndex:
    """Reader and writer in one; nothing is kept but the documents."""

    def __init__(self) -> None:
        self._documents: dict[MasterId, SearchDocument] = {}
        self._position = 0

    async def apply(
        self, documents: Iterable[SearchDocument], deleted: Iterable[MasterId], position: int
    ) -> None:
        self._documents |= {document.master_id: document for document in documents}
        for master_id in deleted:
            self._documents.pop(master_id, None)
        self._position = position

    async def position(self) -> int:
        return self._position

    async def count(self) -> int:
        return len(self._documents)

    async def close(self) -> None:
        pass

    async def search(self, request: SearchRequest) -> SearchPage:
        if not 1 <= request.size <= 100:
            raise InvalidQuery("size")
        query = read_query(request)
        matched = {
            document.master_id: points + _bonus(query.whole, document)
            for document in self._documents.values()
            if (points := _points(query.tree, document)) is not None
        }
        hits = [self._documents[i] for i in matched if _passes(self._documents[i], request)]
        hits.sort(key=lambda document: _order(document, request.sort, matched[document.master_id]))
        start = self._start(hits, request)
        page = tuple(hits[start : start + request.size])
        more = len(hits) > start + request.size
        facets = {name: self._facet(name, matched, request) for name in request.facets}
        cut = tuple(name for name, values in facets.items() if len(values) > 100)
        told = {name: values[:100] for name, values in facets.items()}
        return SearchPage(len(hits), page, told, page[-1].master_id if more else None, query.notice, cut)

    async def walk(self, request: SearchRequest) -> AsyncIterator[SearchDocument]:
        page = await self.search(replace(request, size=100, facets=()))
        while True:
            for hit in page.hits:
                yield hit
            if page.next_cursor is None:
                return
            page = await self.search(replace(request, size=100, facets=(), cursor=page.next_cursor))

    @staticmethod
    def _start(hits: Sequence[SearchDocument], request: SearchRequest) -> int:
        if request.cursor is None:
            return 0
        places = [place for place, hit in enumerate(hits, 1) if hit.master_id == request.cursor]
        if not places:
            raise InvalidQuery("cursor")
        return places[0]

    def _facet(
        self, name: FacetName, matched: Iterable[MasterId], request: SearchRequest
    ) -> tuple[FacetValue, ...]:
        counts = Counter(
            value
            for master_id in matched
            if _passes(self._documents[master_id], request, but=name)
            for value in set(_values(self._documents[master_id], name))
        )
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(FacetValue(*pair) for pair in ordered)


def _fields(document: SearchDocument) -> Iterator[Field]:
    title = " ".join(filter(None, (document.title, document.subtitle)))
    people = (*document.contributors, document.responsibility or "")
    yield 80_000, QueryField.TITLE, (title,)
    yield 50_000, QueryField.AUTHOR, people
    yield 40_000, QueryField.TITLE, (*document.other_titles, *document.series)
    yield 20_000, QueryField.SUBJECT, document.subjects
    yield 10_000, QueryField.PUBLISHER, (document.publisher or "", document.place or "")
    yield 5_000, None, (*document.notes, *document.call_numbers, document.edition or "")


def _points(node: Node, document: SearchDocument) -> int | None:
    match node:
        case All():
            return 0
        case Isbn(number):
            return 80_000 if number in document.isbns else None
        case Issn(number):
            return 80_000 if number in document.issns else None
        case Not(part):
            return 0 if _points(part, document) is None else None
        case And(parts):
            found = [_points(part, document) for part in parts]
            return None if None in found else sum(filter(None, found))
        case Or(parts):
            found = [points for part in parts if (points := _points(part, document)) is not None]
            return sum(found) if found else None
        case Term(token, field, prefix):
            return _best_field((token,), field, document, prefix)
        case Phrase(tokens, field):
            return _best_field(tokens, field, document, prefix=False)
        case Near(token, field):
            right = _best_field((token,), field, document, prefix=False)
            near = [
                weight // 5
                for weight, name, values in _fields(document)
                if field in (None, name)
                for value in map(_words, values)
                for word in value
                if _distance(token.folded, word.folded) <= (1 if len(token.folded) <= 5 else 2)
            ]
            return max(([] if right is None else [right]) + near, default=None)


@lru_cache(maxsize=100_000)
def _distance(left: str, right: str) -> int:
    """Slips between two words, by recursion: a letter more, less, another, or two swapped."""
    if not left or not right:
        return len(left) + len(right)
    if left[0] == right[0]:
        return _distance(left[1:], right[1:])
    if abs(len(left) - len(right)) > 2:
        return 3
    ways = [_distance(left[1:], right), _distance(left, right[1:]), _distance(left[1:], right[1:])]
    if left[:2] == right[1::-1] and len(left) > 1:
        ways.append(_distance(left[2:], right[2:]))
    return 1 + min(ways)


def _best_field(
    tokens: tuple[Token, ...], field: QueryField | None, document: SearchDocument, prefix: bool
) -> int | None:
    best: list[int] = []
    for weight, name, values in _fields(document):
        if field in (None, name):
            for value in map(_words, values):
                best += _begins(tokens[0], value, weight) if prefix else _stands(tokens, value, weight)
    return max(best, default=None)


def _begins(token: Token, value: tuple[Token, ...], weight: int) -> list[int]:
    starts = {token.folded, token.folded[:-1] + token.folded[-1:].replace("i", "y")}
    return [weight for word in value if word.folded.startswith(tuple(starts))]


def _stands(tokens: tuple[Token, ...], value: tuple[Token, ...], weight: int) -> list[int]:
    found = []
    exact = sum(weight if token.accented else weight + 1 for token in tokens)
    folded = sum(weight // 5 if token.accented else weight for token in tokens)
    for at in range(len(value) - len(tokens) + 1):
        window = value[at : at + len(tokens)]
        if [word.exact for word in window] == [token.exact for token in tokens]:
            found.append(exact)
        if [word.folded for word in window] == [token.folded for token in tokens]:
            found.append(folded)
    return found


def _bonus(whole: tuple[Token, ...], document: SearchDocument) -> int:
    libraries = len(document.libraries)
    points = sum(100 for step in range(1, 10) if libraries >= 2**step)
    if not whole:
        return points
    share = 5 if any(token.accented for token in whole) else 1
    title = _words(document.title)
    full = _words(" ".join(filter(None, (document.title, document.subtitle))))
    exact, folded = [token.exact for token in whole], [token.folded for token in whole]
    if exact in ([token.exact for token in title], [token.exact for token in full]):
        points += 40_000
    elif folded in ([token.folded for token in title], [token.folded for token in full]):
        points += 40_000 // share
    windows = [full[at : at + len(whole)] for at in range(len(full) - len(whole) + 1)]
    if len(whole) > 1 and exact in ([token.exact for token in window] for window in windows):
        points += 20_000
    elif len(whole) > 1 and folded in ([token.folded for token in window] for window in windows):
        points += 20_000 // share
    return points


def _order(document: SearchDocument, sort: Sort, points: int) -> tuple[object, ...]:
    year = document.year
    match sort:
        case Sort.RELEVANCE:
            return -points, document.master_id
        case Sort.TITLE:
            return vietnamese_sort_key(document.title), document.master_id
        case Sort.YEAR_OLDEST:
            return year is None, year or 0, document.master_id
        case Sort.YEAR_NEWEST:
            return year is None, -(year or 0), document.master_id


def _passes(document: SearchDocument, request: SearchRequest, but: FacetName | None = None) -> bool:
    if request.year_from is not None and (document.year is None or document.year < request.year_from):
        return False
    if request.year_to is not None and (document.year is None or document.year > request.year_to):
        return False
    return all(
        set(wanted) & set(_values(document, name))
        for name, wanted in request.filters.items()
        if wanted and name is not but
    )


def _values(document: SearchDocument, name: FacetName) -> tuple[str, ...]:
    return {
        FacetName.LIBRARY: document.libraries,
        FacetName.PROVINCE: document.provinces,
        FacetName.KIND: document.kinds,
        FacetName.GROUP: document.groups,
        FacetName.FORMAT: (document.format,),
        FacetName.LANGUAGE: document.languages,
        FacetName.DECADE: () if document.year is None else (f"{document.year // 10}0",),
        FacetName.YEAR: () if document.year is None else (str(document.year),),
        FacetName.SUBJECT: document.subjects,
        FacetName.PERSON: document.persons,
        FacetName.DIGITAL: ("yes",) if document.is_digital else (),
        FacetName.LOAN: ("yes",) if document.is_for_loan else (),
    }[name]
