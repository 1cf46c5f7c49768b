"""The control numbers that a target has, to find out what is gone.

1. Where a scan of their index lists each one, the index is read; it is in the order of its terms, so that nothing
   shifts. Otherwise the records are read again, whole.
2. A list may lack what still exists, so each record is looked up before it is deleted: it is gone when its number
   finds nothing, or finds records of other numbers only.
3. A look-up is believed only after it has found a record that the list has just named: an index that is down finds
   nothing either.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from harvesters.z3950.delivery import delivered
from harvesters.z3950.messages import ScanRequest, TermCount
from harvesters.z3950.partition import Line, count_hits
from harvesters.z3950.profile import TargetProfile, finding
from harvesters.z3950.query import Clause
from harvesters.z3950.records import Record
from harvesters.z3950.strategy import form_of
from unioncat.core.delivery import DeliveredRecord, ParsedRecord
from unioncat.core.errors import FeedError
from unioncat.core.parse.read import read_record
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import Harvester

_TERMS = 200
_COMPARED = 20
"""Records that one number finds and that are compared; more of them are no answer."""


@dataclass(frozen=True, slots=True)
class NumberPage:
    """Some control numbers; an `IdentifierPage` of `unioncat.pipeline.audit_identifiers`."""

    identifiers: tuple[str, ...]
    checkpoint: Checkpoint
    total: int | None = None


class NumberLister(Protocol):
    """An `IdentifierLister` of `unioncat.pipeline.audit_identifiers`."""

    def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[NumberPage]:
        """The control numbers of all records; raises FeedError."""
        ...

    async def confirm_gone(self, identifier: str) -> bool:
        """Whether the target no longer has this record; raises FeedError."""
        ...


class ScannedNumbers:
    """The control numbers as their index lists them."""

    def __init__(
        self, name: str, line: Line, databases: tuple[str, ...], profile: TargetProfile, lookup: "Lookup"
    ) -> None:
        self._name = name
        self._line = line
        self._databases = databases
        self._profile = profile
        self.confirm_gone = lookup.is_gone

    async def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[NumberPage]:
        """All of them, in the order of the index; raises FeedError."""
        total = await self._total()
        last: str | None = None
        while terms := await self._terms(last):
            if last in terms:
                raise FeedError(f"{self._name} lists the term {terms[-1][:80]} of its index again and again")
            last = terms[-1]
            yield NumberPage(tuple(terms), Checkpoint({"term": last}), total)

    async def _terms(self, last: str | None) -> list[str]:
        """The next terms of the index, without the last one before."""
        if self._profile.id is None:
            raise FeedError(f"{self._name} has no index of control numbers that can be read")
        session = await self._line.session()
        start = Clause(last or "0", self._profile.id)
        response = await session.scan(ScanRequest(self._databases, start, _TERMS))
        terms = [one.term for one in response.terms if isinstance(one, TermCount)]
        return terms[1:] if last is not None and terms[:1] == [last] else terms

    async def _total(self) -> int | None:
        everything = self._profile.everything
        return await count_hits(self._line, everything) if everything and not self._profile.hit_cap else None


class RecordNumbers:
    """The control numbers in all records, which are read for them."""

    def __init__(self, open_all: Callable[[], Awaitable[Harvester]], lookup: "Lookup") -> None:
        self._open_all = open_all
        self.confirm_gone = lookup.is_gone

    async def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[NumberPage]:
        """All of them; raises FeedError."""
        harvester = await self._open_all()
        async for page in harvester.pages(None):
            if page.rest:
                raise FeedError(f"The numbers of all records were not read: {page.rest}")
            numbers = await asyncio.to_thread(lambda records: [*map(_number, records)], page.records)
            yield NumberPage(tuple(filter(None, numbers)), page.checkpoint, page.total)


class Lookup:
    """Asks for single records by their control numbers. `seen` tells some that the target has just given (rule 3)."""

    def __init__(
        self,
        name: str,
        line: Line,
        profile: TargetProfile,
        seen: Callable[[], Awaitable[Sequence[str]]],
    ) -> None:
        self._name = name
        self._line = line
        self._profile = profile
        self._seen = seen
        self._believed = False

    async def is_gone(self, number: str) -> bool:
        """Whether the target no longer has the record of this number; raises FeedError."""
        if not self._believed:
            self._believed = await self._finds_what_it_gave()
        return not await self._has(number)

    async def _finds_what_it_gave(self) -> bool:
        for number in await self._seen():
            if await self._has(number):
                return True
        raise FeedError(
            f"{self._name} does not find by its number a record that it has just given: "
            "nothing is deleted while its index does not answer"
        )

    async def _has(self, number: str) -> bool:
        if self._profile.id is None:
            raise FeedError(f"{self._name} cannot be asked for single records")
        hits = await count_hits(self._line, finding(self._profile.id, number))
        if not hits or hits > _COMPARED:
            return bool(hits)
        form = form_of(self._profile)
        response = await (await self._line.session()).present(1, hits, form.syntax, form.element_set)
        numbers = [_number_of(entry) for entry in response.entries if isinstance(entry, Record)]
        return len(numbers) < hits or None in numbers or number in numbers


def _number(one: DeliveredRecord) -> str | None:
    read = read_record(one)
    return read.control_number if isinstance(read, ParsedRecord) else None


def _number_of(record: Record) -> str | None:
    return _number(delivered(record, "look-up"))
