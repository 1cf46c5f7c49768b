"""Import a list of libraries: each row is added, changed, unchanged or refused.

Reading and deciding take seconds for a whole country and are done beside the event loop.

1. A row with an ISIL is the library of this ISIL; a row without gets its provisional code (`mint_provisional`), which is
   the same for the same name and place in the next list.
2. What a row does not state stays. A new library is LISTED: it contributes nothing yet.
3. A library stands in a list once; a second row is refused and names the first.
4. The list is one transaction; a refused row does not hold back the others.
"""

from asyncio import to_thread
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from unioncat.core.errors import UnioncatError
from unioncat.core.identifiers import Isil
from unioncat.core.library import LibraryStatus, MemberLibrary
from unioncat.core.membership.library_list import ListedLibrary, RefusedRow, RowOutcome, read_library_list
from unioncat.core.membership.provisional import PREFIX, mint_provisional
from unioncat.core.membership.statement import apply_statement
from unioncat.pipeline.unit_of_work import Store

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class RowReport:
    """One row: the line it begins on, the library, what became of it, and why it was refused."""

    line: int
    outcome: RowOutcome
    isil: Isil | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ListReport:
    """What became of a list, row by row."""

    rows: Sequence[RowReport]

    def count(self, outcome: RowOutcome) -> int:
        """How many rows ended so."""
        return Counter(row.outcome for row in self.rows)[outcome]


async def import_library_list(store: Store, content: bytes) -> ListReport:
    """Add and change the libraries of a list; raises InvalidLibrary when it is no list."""
    rows = await to_thread(_read, content)
    async with store.work() as work:
        known = await work.libraries.known([row.isil for row in rows if isinstance(row, _Row)])
        decided = await to_thread(_decide, rows, known)
        saved = [library for _, library in decided if library is not None]
        for start in range(0, len(saved), _BATCH):
            await work.libraries.save(saved[start : start + _BATCH])
        await work.commit()
    return ListReport([report for report, _ in decided])


@dataclass(frozen=True, slots=True)
class _Row:
    isil: Isil
    listed: ListedLibrary


def _read(content: bytes) -> Sequence["_Row | RefusedRow"]:
    return [_named(row) for row in read_library_list(content)]


def _named(row: ListedLibrary | RefusedRow) -> _Row | RefusedRow:
    """The row with its ISIL, minted if it states none."""
    if isinstance(row, RefusedRow):
        return row
    if row.isil is not None:
        return _Row(row.isil, row)
    try:
        return _Row(mint_provisional(apply_statement(MemberLibrary(Isil(PREFIX), ""), row.statement)), row)
    except UnioncatError as error:
        return RefusedRow(row.line, str(error))


def _decide(
    rows: Iterable[_Row | RefusedRow], known: Mapping[str, MemberLibrary]
) -> Sequence[tuple[RowReport, MemberLibrary | None]]:
    """The report of each row, with the library that is to be saved."""
    lines: dict[str, int] = {}
    decided: list[tuple[RowReport, MemberLibrary | None]] = []
    for row in rows:
        if isinstance(row, RefusedRow):
            decided.append((_refused(row.line, row.reason), None))
        elif (first := lines.setdefault(row.isil.lower(), row.listed.line)) != row.listed.line:
            again = f"it is the library of line {first}, {row.isil}, again"
            decided.append((_refused(row.listed.line, again), None))
        else:
            decided.append(_outcome(row, known.get(row.isil.lower())))
    return decided


def _outcome(row: _Row, known: MemberLibrary | None) -> tuple[RowReport, MemberLibrary | None]:
    base = known or MemberLibrary(row.isil, "", status=LibraryStatus.LISTED)
    try:
        library = apply_statement(base, row.listed.statement)
    except UnioncatError as error:
        return _refused(row.listed.line, str(error)), None
    if library == known:
        return RowReport(row.listed.line, RowOutcome.UNCHANGED, library.isil), None
    outcome = RowOutcome.CHANGED if known else RowOutcome.ADDED
    return RowReport(row.listed.line, outcome, library.isil), library


def _refused(line: int, reason: str) -> RowReport:
    return RowReport(line, RowOutcome.REFUSED, None, reason)
