"""Records in memory behind a target: bib-1 indexes, queries and scans, for the demo and for tests.

1. Indexes: Local number (12, 001), Title (4, 245 $a $b), Date of publication (31, 008/07-10), Language (54,
   008/35-37), Date/time last modified (1012, 005), Any (1016). An operand without a Use attribute asks for Any.
2. Numbers, years and languages are whole values, titles are words, in both without accents and case.
3. Dates are as `dates` says: `range` compares the day; `words` has it as a word only, which right truncation finds,
   as Koha's default indexes do; `none` has none. Years and numbers compare as text of one length.
4. Anything else is the diagnostic of bib-1 that Zebra gives for it: 114 for a Use attribute, 117 for a relation,
   120 for a truncation.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.messages import ScanRequest, ScanResponse, TermCount
from harvesters.z3950.query import Clause, Operator, Query, Relation, ResultSet, Use
from unioncat.core.marc import MarcRecord
from unioncat.core.normalise.vietnamese import plain, words

_RELATION, _TRUNCATION = 2, 5
_NOT_TRUNCATED = 100


class Dates(StrEnum):
    """How the date of modification is indexed."""

    RANGE = "range"
    WORDS = "words"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Held:
    """A record on the shelf: its number, its bytes in ISO 2709, and what it says."""

    number: str
    raw: bytes
    marc: MarcRecord


class Refusal(Exception):
    """The query cannot be answered."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


_INDEXES: Mapping[Use, Callable[[MarcRecord], Iterable[str]]] = {
    Use.LOCAL_NUMBER: lambda marc: [marc.control("001") or ""],
    Use.TITLE: lambda marc: _words(marc.values("245", "ab")),
    Use.DATE_OF_PUBLICATION: lambda marc: [(marc.control("008") or "")[7:11].strip()],
    Use.LANGUAGE: lambda marc: [(marc.control("008") or "")[35:38].strip()],
    Use.DATE_MODIFIED: lambda marc: [(marc.control("005") or "")[:8]],
    Use.ANY: lambda marc: _words(
        value for tag in sorted({field.tag for field in marc.fields}) for value in marc.values(tag, _CODES)
    ),
}
_CODES = "abcdefghijklmnopqrstuvwxyz"


def _words(values: Iterable[str]) -> set[str]:
    return {plain(word) for value in values for word in words(value)}


class Shelf:
    """Records that can be searched. `replace` changes them; result sets that were made before stay as they are."""

    def __init__(self, records: Iterable[Held], dates: Dates = Dates.RANGE) -> None:
        self._dates = dates
        self.replace(records)

    def replace(self, records: Iterable[Held]) -> None:
        """Hold these records instead."""
        self._held = {record.number: record for record in records}
        self._postings: dict[Use, dict[str, set[str]]] = {use: {} for use in _INDEXES}
        for number, record in self._held.items():
            for use, values_of in _INDEXES.items():
                for value in values_of(record.marc):
                    if value:
                        self._postings[use].setdefault(value, set()).add(number)

    def __len__(self) -> int:
        return len(self._held)

    def get(self, number: str) -> Held | None:
        """A record by its number."""
        return self._held.get(number)

    def search(self, query: Query, sets: Mapping[str, Sequence[str]]) -> list[str]:
        """The numbers of the records that are found, in their order; raises Refusal."""
        return sorted(self._find(query, sets))

    def _find(self, query: Query, sets: Mapping[str, Sequence[str]]) -> set[str]:
        if isinstance(query, ResultSet):
            if query.name not in sets:
                raise Refusal(Diagnostic(30, query.name))
            return set(sets[query.name])
        if isinstance(query, Clause):
            return self._found(query)
        left, right = self._find(query.left, sets), self._find(query.right, sets)
        if query.operator is Operator.AND:
            return left & right
        return left | right if query.operator is Operator.OR else left - right

    def _found(self, clause: Clause) -> set[str]:
        use, attributes = self._use(clause.attributes)
        relation, truncation = attributes.get(_RELATION, Relation.EQUAL), attributes.get(_TRUNCATION)
        postings = self._postings[use]
        if truncation == 1:
            return {n for value, found in postings.items() if value.startswith(clause.term) for n in found}
        if truncation not in (None, _NOT_TRUNCATED):
            raise Refusal(Diagnostic(120, str(truncation)))
        if relation == Relation.ALWAYS:
            return set().union(*postings.values())
        if relation == Relation.EQUAL:
            terms = _words([clause.term]) if use in (Use.TITLE, Use.ANY) else {clause.term}
            return set.intersection(*(postings.get(term, set()) for term in terms)) if terms else set()
        compare = _COMPARED.get(relation) if use in self._compared() else None
        if compare is None:
            raise Refusal(Diagnostic(117, str(relation)))
        return {n for value, found in postings.items() if compare(value, clause.term) for n in found}

    def _compared(self) -> set[Use]:
        dates = {Use.DATE_MODIFIED} if self._dates is Dates.RANGE else set()
        return dates | {Use.DATE_OF_PUBLICATION, Use.LOCAL_NUMBER}

    def _use(self, stated: Iterable[tuple[int, int | str]]) -> tuple[Use, dict[int, int | str]]:
        attributes = dict(stated)
        use = attributes.get(1, Use.ANY)
        known = [one for one in _INDEXES if one == use]
        if not known or (known[0] is Use.DATE_MODIFIED and self._dates is Dates.NONE):
            raise Refusal(Diagnostic(114, str(use)))
        return known[0], attributes

    def scan(self, request: ScanRequest) -> ScanResponse:
        """Terms of an index from one on, each with its number of records; raises Refusal."""
        use, _ = self._use(request.start.attributes)
        terms = sorted(self._postings[use])
        first = max(0, bisect_left(terms, request.start.term) - (request.position - 1))
        listed = terms[first : first + request.count]
        counted = tuple(TermCount(term, len(self._postings[use][term])) for term in listed)
        return ScanResponse(counted, 0 if len(counted) == request.count else 5, min(request.position, 1))


_COMPARED: Mapping[int | str, Callable[[str, str], bool]] = {
    Relation.LESS: lambda value, term: value < term,
    Relation.LESS_OR_EQUAL: lambda value, term: value <= term,
    Relation.GREATER_OR_EQUAL: lambda value, term: value >= term,
    Relation.GREATER: lambda value, term: value > term,
}
