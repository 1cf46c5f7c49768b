"""Hold: a harvest that would join too many master records waits for a person (`core/match/merge_limits.py`).

1. The batch of the matcher that crosses the limit of a harvest is not written. What the source of that harvest delivered
   waits from then on, an alarm says why, and both are written at once. The matcher goes on with all other sources.
2. To the matcher a held record is what it was before; what its source delivers later waits with it.
3. When a person releases the source, its records are matched. All its runs that had begun by then have no limit.
4. What waits for the matcher because of a decision, a correction or a rematch is not of a harvest, and never held.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice

from unioncat.core.alarms import AlarmKind, say_alarm
from unioncat.core.errors import Conflict
from unioncat.core.identifiers import SourceId
from unioncat.core.marc import MarcRecord
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Verdict
from unioncat.core.match.explain import sentence
from unioncat.core.match.merge_limits import MergeLimits, joined_by
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.match.wording import written_names
from unioncat.pipeline.alarms_port import Alarm, NewAlarm
from unioncat.pipeline.curation_port import Signed
from unioncat.pipeline.held_port import HarvestJoins
from unioncat.pipeline.unit_of_work import Member, PendingBatch, Store, StoredDescription, UnitOfWork

_EXAMPLES = 3
_REASONS = 3
_TRIED = 20
"""Pairs of descriptions that are compared for the reasons of an example."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a batch does to the masters: how many change, and which of those there were are joined with which."""

    changed: int
    joined: tuple["Joining", ...]


@dataclass(frozen=True, slots=True)
class Joining:
    """A master record that was there before and leads to another from now on, with the cluster that takes it in."""

    master: int
    into: int
    group: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Example:
    """A master record that would be joined, a record that does it, and pairs of descriptions that met."""

    master: int
    into: int
    record: int
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Excess:
    """A harvest that would join more master records than it may."""

    harvest: HarvestJoins
    most: int
    masters: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a batch is not written: harvests over their limit, or harvests of sources that wait already."""

    excesses: tuple[Excess, ...] = ()
    waiting: frozenset[int] = frozenset()


@dataclass(slots=True)
class JoinGuard:
    """Counts what harvests join. The catalogue is counted only where a harvest may be over its limit."""

    limits: MergeLimits = field(default_factory=MergeLimits)
    masters: int = 0

    async def check(self, work: UnitOfWork, batch: PendingBatch, joined: Sequence[Joining]) -> Hold | None:
        """Add what a batch joins to its harvests; the reason why it must not be written, if there is one."""
        waiting = {
            one.into: [batch.harvests.get(m.id) for m in one.group if m.id in batch.records] for one in joined
        }
        by_harvest = joined_by({one.master: one.into for one in joined}, waiting)
        if not by_harvest:
            return None
        counted = await work.held.add_joined(by_harvest)
        over = await self._over(work, counted, len(joined))
        found = {one.master: one for one in joined}
        excesses = [
            Excess(
                one,
                self.limits.most(self.masters),
                self.masters,
                tuple(_example(found[n], batch, one.harvest) for n in by_harvest[one.harvest][:_EXAMPLES]),
            )
            for one in over
        ]
        return Hold(tuple(excesses)) if excesses else None

    async def _over(
        self, work: UnitOfWork, counted: Sequence[HarvestJoins], gone: int
    ) -> Sequence[HarvestJoins]:
        """The harvests over their limit which no person has released; `gone` masters are no longer counted."""
        if max((one.masters for one in counted), default=0) > self.limits.most(self.masters):
            self.masters = await work.held.count_masters() + gone
        over = [one for one in counted if one.masters > self.limits.most(self.masters)]
        released = await work.held.released([one.harvest for one in over]) if over else frozenset()
        return [one for one in over if one.harvest not in released]


async def hold(store: Store, found: Hold, policy: Policy = DEFAULT) -> None:
    """Let the sources of these harvests wait for a person, and raise the alarms that say why."""
    harvests = {*found.waiting, *(one.harvest.harvest for one in found.excesses)}
    async with store.work() as work:
        await work.matching.lock()
        raised = [await work.alarms.keep(await _alarm_about(work, one, policy)) for one in found.excesses]
        for source in await work.held.sources_of(harvests):
            await work.held.hold(source)
            await work.held.recount(source)
        told = [await work.alarms.alarm(one.id) for one in raised if one]
        await work.commit()
    for alarm in told:
        _log.warning("Alarm %d: %s", alarm.id, say_alarm(alarm.kind, alarm.detail, "en"))


async def release_alarm(store: Store, number: int, signed: Signed) -> Alarm:
    """A person says that what a source delivered is to be matched; raises UnknownEntry, Conflict."""
    async with store.work() as work:
        await work.matching.lock()
        alarm = await work.alarms.alarm(number)
        if alarm.kind is not AlarmKind.MERGES_HELD:
            raise Conflict(
                f"Alarm {number} holds nothing; close it with: unioncat alarms close {number} --why …"
            )
        require_open(alarm)
        await work.held.release(SourceId(int(alarm.subject)))
        await work.alarms.close([number], signed)
        released = await work.alarms.alarm(number)
        await work.commit()
    return released


def require_open(alarm: Alarm) -> None:
    """Nothing is done twice; raises Conflict."""
    if alarm.closed is not None:
        raise Conflict(
            f"Alarm {alarm.id} was closed on {alarm.closed:%Y-%m-%d} by {alarm.closed_by or 'unioncat'}"
        )


def _example(joining: Joining, batch: PendingBatch, harvest: int) -> Example:
    """A record of the harvest, and how its description meets those of the master that the record was not in."""
    first = next(m for m in joining.group if m.id in batch.records and batch.harvests.get(m.id) == harvest)
    far = joining.into if first.former == joining.master else joining.master
    others = [m for m in joining.group if m.former == far and m.id != first.id]
    pairs = {
        (first.description_id, other.description_id)
        for other in others
        if first.description_id is not None and other.description_id is not None
    }
    return Example(joining.master, joining.into, first.id, tuple(islice(sorted(pairs), _TRIED)))


async def _alarm_about(work: UnitOfWork, excess: Excess, policy: Policy) -> NewAlarm:
    harvest = excess.harvest
    joins = [(one.master, one.into, one.record) for one in excess.examples]
    called = await work.held.joined_masters(joins)
    numbers = {n for one in excess.examples for pair in one.pairs for n in pair}
    loaded = await work.matching.load(numbers)
    contents = await work.masters.contents([one.record for one in excess.examples])
    examples = [
        asdict(named) | {"why": _why(one, contents[one.record].record().marc, loaded, policy)}
        for named, one in zip(called, excess.examples, strict=True)
    ]
    detail = {
        "source": harvest.source,
        "isil": harvest.isil,
        "harvest": harvest.harvest,
        "merged": harvest.masters,
        "most": excess.most,
        "masters": excess.masters,
        "records": 0,
        "examples": examples,
    }
    return NewAlarm(AlarmKind.MERGES_HELD, str(harvest.source), str(harvest.harvest), detail, harvest.harvest)


def _why(
    example: Example, marc: MarcRecord, loaded: Mapping[int, StoredDescription], policy: Policy
) -> Mapping[str, Sequence[str]]:
    """What speaks for the pair that agrees best, the heaviest first, in both languages."""
    sides = ((loaded[left].description, loaded[right].description) for left, right in example.pairs)
    decisions = [decide(left, right, policy) for left, right in sides]
    if not decisions:
        return {"vi": [], "en": []}
    best = max(decisions, key=lambda decision: decision.score)
    agreeing = [one for one in best.evidence if one.verdict is Verdict.AGREE]
    heaviest = sorted(agreeing, key=lambda one: (-one.weight, one.feature))[:_REASONS]
    written = written_names(marc)
    return {language: [sentence(one, language, written) for one in heaviest] for language in ("vi", "en")}
