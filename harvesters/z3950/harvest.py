"""A whole catalogue, or what changed in it, slice by slice; a `Harvester` of `unioncat.pipeline.ports`.

1. Each slice is searched. One with more hits than `most` is split as far as it can be; what is read is a leaf.
2. A leaf whose result set shifts is read again from its first record, three times at most.
3. A record that the target cannot give is asked for once more, alone. Then it is delivered as a position without a
   record, which is rejected with that reason, and counted.
4. The total is the target's own count at the beginning, and once more at the end.
5. The checkpoint names the last leaf that was done, and the place in the one after it.
6. A target that tells no more than `hit_cap` hits may have more: a leaf with so many makes the harvest fail at its
   end, naming the leaf, because nothing then proves that all records came.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from harvesters.z3950.delivery import delivered
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.divisions import Division, Slice
from harvesters.z3950.errors import meaning
from harvesters.z3950.partition import (
    Form,
    Line,
    Place,
    Positioned,
    Shifted,
    count_hits,
    read_partition,
)
from harvesters.z3950.query import Query, to_pqf
from harvesters.z3950.records import Record
from harvesters.z3950.several import in_order
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FeedError
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage, PageOfPart

_SHIFTS = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is harvested: the division, the form of records, how many hits a leaf may have, what the target caps.

    `everything` finds the target's own count. `began` is kept as the day from which the next window counts; a harvest
    that is resumed keeps that of its beginning. A checkpoint of another `key` is of no use. `written` shows a query to
    people.
    """

    division: Division
    form: Form
    everything: Query | None = None
    most: int = 10_000
    hit_cap: int | None = None
    began: str = ""
    key: str = ""
    written: Callable[[Query], str] = to_pqf


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A slice that is read as it is, how many hits it had, and where reading begins."""

    slice: Slice
    hits: int
    place: Place


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of a leaf, and the place behind it. `begins`: what came of the leaf before does not count."""

    records: tuple[DeliveredRecord, ...]
    place: Place
    begins: bool


class Z3950Harvester:
    """One feed over Z39.50. `more` lines read other leaves meanwhile; the pages come in the same order."""

    def __init__(self, name: str, line: Line, order: Order, more: Sequence[Line] = ()) -> None:
        self._name = name
        self._lines = (line, *more)
        self._order = order
        self._began = order.began

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """The pages behind `resume`; raises FeedError."""
        state = resume.state if resume and resume.state.get("key", "") == self._order.key else {}
        self._began = state.get("response_date", self._order.began)
        capped: list[str] = []
        try:
            total, done = await self._total(), state.get("done", "")
            pages = in_order(self._lines, self._taking(state), self._read_leaf, self._waiting)
            async with aclosing(pages) as in_turn:
                async for leaf, read in in_turn:
                    if read is not None:
                        yield self._page(leaf, read, done, total)
                        continue
                    done = leaf.slice.name
                    if self._is_capped(leaf.hits):
                        capped.append(f"{done} ({leaf.hits})")
            yield HarvestPage((), Checkpoint(self._state(done=done)), await self._total())
        finally:
            for line in self._lines:
                await line.close()
        if capped:
            raise FeedError(
                f"{self._name} tells no more than {self._order.hit_cap} hits, and these parts of the catalogue have as "
                f"many and cannot be divided: {', '.join(capped[:5])}; records may be missing"
            )

    @property
    def _waiting(self) -> int:
        """Pages that may wait for their turn: a leaf where several lines read, or one that is read ahead."""
        return max(1, self._order.most // self._order.form.chunk) if len(self._lines) > 1 else 1

    async def _total(self) -> int | None:
        everything = self._order.everything
        if everything is None:
            return None
        hits = await count_hits(self._lines[0], everything, self._order.form.tries)
        return None if self._is_capped(hits) else hits

    def _is_capped(self, hits: int) -> bool:
        return self._order.hit_cap is not None and hits >= self._order.hit_cap

    def _taking(self, state: Mapping[str, str]) -> Callable[[Line], Awaitable[_Leaf | None]]:
        """Finds the next leaf behind those that are done; each slice is counted on the line that will read it."""
        waiting, done = [*reversed(self._order.division.slices())], state.get("done", "")

        async def take(line: Line) -> _Leaf | None:
            while waiting:
                one = waiting.pop()
                hits = await count_hits(line, one.query, self._order.form.tries)
                if not hits:
                    continue
                parts = self._order.division.split(one) if self._is_too_large(hits) else ()
                waiting.extend(reversed(parts))
                if not parts and one.name > done:
                    return _Leaf(one, hits, _place_in(state, one, hits))
            return None

        return take

    def _is_too_large(self, hits: int) -> bool:
        return hits > self._order.most or self._is_capped(hits)

    async def _read_leaf(self, line: Line, leaf: _Leaf) -> AsyncGenerator[_Read, None]:
        """A leaf from its place on; from its first record again when it shifts (rule 2)."""
        place, shifts = leaf.place, 0
        begins = place == Place()
        asked = f"{self._order.written(leaf.slice.query)} at {self._name}"
        while True:
            try:
                async with aclosing(read_partition(line, leaf.slice.query, self._order.form, place)) as pages:
                    async for page in pages:
                        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
                        records = [await self._record(line, asked, one, now) for one in page.entries]
                        yield _Read(tuple(records), page.place, begins)
                        begins = False
                return
            except Shifted:
                shifts, place, begins = shifts + 1, Place(), True
                if shifts >= _SHIFTS:
                    raise

    def _page(self, leaf: _Leaf, read: _Read, done: str, total: int | None) -> HarvestPage:
        name, place = leaf.slice.name, read.place
        state = self._state(
            done=done,
            slice=name,
            position=str(place.position),
            hits=str(place.hits),
            mark=place.mark or "",
        )
        part = PageOfPart(name, place.hits or leaf.hits, read.begins)
        return HarvestPage(read.records, Checkpoint(state), total, part=part)

    async def _record(self, line: Line, asked: str, one: Positioned, now: str) -> DeliveredRecord:
        entry = one.entry
        where = f"position {one.position} of {asked}"
        if isinstance(entry, Diagnostic):
            entry = await self._alone(line, one.position, entry)
        if isinstance(entry, Diagnostic):
            said = f"{entry.code} {meaning(entry.code)} {entry.detail}".strip()
            return DeliveredRecord(b"", RecordFormat.ISO2709, f"{where}: the target answers {said}")
        return delivered(entry, where, now)

    async def _alone(self, line: Line, position: int, instead: Diagnostic) -> Record | Diagnostic:
        """The record at a position, asked for alone; the diagnostic when it does not come."""
        form = self._order.form
        try:
            session = await line.session()
            response = await session.present(position, 1, form.syntax, form.element_set)
        except FeedError:
            return instead
        (entry, *_) = response.entries or (instead,)
        return entry if isinstance(entry, Record) else instead

    def _state(self, **stated: str) -> dict[str, str]:
        return {
            "response_date": self._began,
            "key": self._order.key,
            **{name: value for name, value in stated.items() if value},
        }


def _place_in(state: Mapping[str, str], leaf: Slice, hits: int) -> Place:
    if state.get("slice") != leaf.name or state.get("hits") != str(hits):
        return Place()
    return Place(int(state["position"]), hits, state.get("mark"))
