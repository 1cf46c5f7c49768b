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

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from harvesters.z3950.delivery import delivered
from harvesters.z3950.diagnostics import Diagnostic
from harvesters.z3950.divisions import Division, Slice
from harvesters.z3950.errors import meaning
from harvesters.z3950.partition import (
    Form,
    Line,
    PartitionPage,
    Place,
    Positioned,
    Shifted,
    count_hits,
    read_partition,
)
from harvesters.z3950.query import Query, to_pqf
from harvesters.z3950.records import Record
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


class Z3950Harvester:
    """One feed over Z39.50."""

    def __init__(self, name: str, line: Line, order: Order) -> None:
        self._name = name
        self._line = line
        self._order = order
        self._began = order.began

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """The pages behind `resume`; raises FeedError."""
        state = resume.state if resume and resume.state.get("key", "") == self._order.key else {}
        self._began = state.get("response_date", self._order.began)
        capped: list[str] = []
        try:
            total = await self._total()
            async with aclosing(self._leaves(state.get("done", ""))) as leaves:
                async for leaf, hits in leaves:
                    if self._is_capped(hits):
                        capped.append(f"{leaf.name} ({hits})")
                    async with aclosing(self._pages_of(leaf, hits, state)) as pages:
                        async for page in pages:
                            yield replace(page, total=total)
                    state = self._state(done=leaf.name)
            yield HarvestPage((), Checkpoint(state or self._state()), await self._total())
        finally:
            await self._line.close()
        if capped:
            raise FeedError(
                f"{self._name} tells no more than {self._order.hit_cap} hits, and these parts of the catalogue have as "
                f"many and cannot be divided: {', '.join(capped[:5])}; records may be missing"
            )

    async def _total(self) -> int | None:
        everything = self._order.everything
        if everything is None:
            return None
        hits = await count_hits(self._line, everything, self._order.form.tries)
        return None if self._is_capped(hits) else hits

    def _is_capped(self, hits: int) -> bool:
        return self._order.hit_cap is not None and hits >= self._order.hit_cap

    async def _leaves(self, done: str) -> AsyncGenerator[tuple[Slice, int], None]:
        waiting = [*reversed(self._order.division.slices())]
        while waiting:
            one = waiting.pop()
            hits = await count_hits(self._line, one.query, self._order.form.tries)
            if not hits:
                continue
            parts = self._order.division.split(one) if self._is_too_large(hits) else ()
            if parts:
                waiting += reversed(parts)
            elif one.name > done:
                yield one, hits

    def _is_too_large(self, hits: int) -> bool:
        return hits > self._order.most or self._is_capped(hits)

    async def _pages_of(
        self, leaf: Slice, hits: int, state: dict[str, str]
    ) -> AsyncGenerator[HarvestPage, None]:
        """The pages of a leaf from the place in `state` on, when that is of this leaf and as large."""
        place, shifts = _place_in(state, leaf, hits), 0
        begins = place == Place()
        while True:
            try:
                async with aclosing(read_partition(self._line, leaf.query, self._order.form, place)) as pages:
                    async for page in pages:
                        part = PageOfPart(leaf.name, page.place.hits or hits, begins)
                        begins = False
                        yield replace(await self._delivered(leaf, page, state.get("done", "")), part=part)
                return
            except Shifted:
                shifts, place, begins = shifts + 1, Place(), True
                if shifts >= _SHIFTS:
                    raise

    async def _delivered(self, leaf: Slice, page: PartitionPage, done: str) -> HarvestPage:
        records = [await self._record(leaf, one) for one in page.entries]
        place = page.place
        state = self._state(
            done=done,
            slice=leaf.name,
            position=str(place.position),
            hits=str(place.hits),
            mark=place.mark or "",
        )
        return HarvestPage(tuple(records), Checkpoint(state))

    async def _record(self, leaf: Slice, one: Positioned) -> DeliveredRecord:
        entry = one.entry
        where = f"position {one.position} of {self._order.written(leaf.query)} at {self._name}"
        if isinstance(entry, Diagnostic):
            entry = await self._alone(one.position, entry)
        if isinstance(entry, Diagnostic):
            said = f"{entry.code} {meaning(entry.code)} {entry.detail}".strip()
            return DeliveredRecord(b"", RecordFormat.ISO2709, f"{where}: the target answers {said}")
        return delivered(entry, where, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")

    async def _alone(self, position: int, instead: Diagnostic) -> Record | Diagnostic:
        """The record at a position, asked for alone; the diagnostic when it does not come."""
        form = self._order.form
        try:
            session = await self._line.session()
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


def _place_in(state: dict[str, str], leaf: Slice, hits: int) -> Place:
    if state.get("slice") != leaf.name or state.get("hits") != str(hits):
        return Place()
    return Place(int(state["position"]), hits, state.get("mark"))
