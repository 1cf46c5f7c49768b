"""Match and merge: changed source records move through the graph of descriptions into master records.

One batch is one transaction under the matcher's lock. What comes out depends only on which records are live
(law 2): verdicts on every changed description are made anew, and every component of the graph that was
touched is clustered anew.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from unioncat.core.match.merge_limits import ALLOWED, MergeLimits
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.merge.succession import Succession, succeed
from unioncat.pipeline.graph import Graph
from unioncat.pipeline.hold import Hold, JoinGuard, Joining, Rewriting, hold
from unioncat.pipeline.merging import Merge, MergeTask, corrections_for, merge_here
from unioncat.pipeline.rematch import require_policy
from unioncat.pipeline.suspected import note_crossed
from unioncat.pipeline.unit_of_work import (
    Dormant,
    MasterChanges,
    MasterWrite,
    Member,
    PendingBatch,
    Store,
    StoredDescription,
    UnitOfWork,
)

BATCH = 5_000
"""Source records in one transaction: enough to write in bulk, small enough to stay in memory."""

_CACHED = 20_000


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What the matcher did: source records worked off, pairs judged, master records changed."""

    records: int = 0
    pairs: int = 0
    masters: int = 0

    def __add__(self, other: "MatchReport") -> "MatchReport":
        return MatchReport(
            self.records + other.records, self.pairs + other.pairs, self.masters + other.masters
        )


async def match_pending(
    store: Store,
    progress: Callable[[MatchReport], None] = lambda report: None,
    batch: int = BATCH,
    merge: Merge = merge_here,
    policy: Policy = DEFAULT,
    limits: MergeLimits = ALLOWED,
) -> MatchReport:
    """Work off the queue of changed source records; raises Conflict when another policy holds in the store."""
    total, guard = MatchReport(), JoinGuard(limits)
    cache: dict[int, StoredDescription] = {}
    while True:
        async with store.work() as work:
            report = await match_batch(work, cache, batch, merge, policy, guard)
            if isinstance(report, MatchReport):
                await work.commit()
        if isinstance(report, Hold):
            await hold(store, report, policy)
            continue
        if not report.records:
            return total
        total += report
        progress(total)


async def match_batch(
    work: UnitOfWork,
    cache: dict[int, StoredDescription],
    limit: int,
    merge: Merge,
    policy: Policy,
    guard: JoinGuard,
) -> MatchReport | Hold:
    """Match and merge the oldest changed records of the queue; a batch that returns a `Hold` must not be kept."""
    await work.matching.lock()
    await require_policy(work, policy)
    pending = await work.matching.take_pending(limit)
    if pending.waiting:
        return Hold(waiting=pending.waiting)
    if not pending.records:
        return MatchReport()
    if len(cache) > _CACHED:
        cache.clear()
    graph = Graph(work.matching, cache, policy)
    seeds: set[int] = set()
    looked: set[int] = set()
    touched, pairs = pending.descriptions, 0
    while True:
        seeds, judged = await graph.update(touched, seeds)
        pairs += judged
        found = await graph.components_around(seeds)
        members = await work.masters.members({n for one in found for n in one.descriptions}, pending.records)
        looked |= touched
        late, descriptions = await _late(work, members, pending)
        touched = descriptions - looked
        if late.waiting:
            return Hold(waiting=late.waiting)
        if not late.records and not touched:
            break
        pending |= late
    groups = await graph.group(found, members)
    done = await rewrite_masters(work, groups, members, pending, merge)
    await note_crossed(work, graph.crossed)
    if over := await guard.check(work, pending, done.joined):
        return over
    return MatchReport(len(pending.records), pairs, done.changed)


async def _late(
    work: UnitOfWork, members: Sequence[Member], batch: PendingBatch
) -> tuple[PendingBatch, frozenset[int]]:
    """What must join the batch, so that every master it touches is seen with all its members.

    These are members of the same masters which the clusters do not show, and members that changed again and
    wait in the queue. Returns them with the descriptions to look at.
    """
    claimed = {member.former for member in members if member.former is not None}
    known = {member.id for member in members}
    others = await work.masters.others(claimed, known)
    late = await work.matching.take_pending_of((known - batch.records) | others.keys())
    return late, late.descriptions | frozenset(others.values())


async def rewrite_masters(
    work: UnitOfWork,
    groups: Sequence[Sequence[Member]],
    members: Sequence[Member],
    batch: PendingBatch,
    merge: Merge,
) -> Rewriting:
    """Give every cluster its master record."""
    succession, dormant = await _succeed(work, groups, members)
    serials = await _serials(work, succession)
    present = await work.masters.member_ids(set(serials))
    rewritten = {
        serial: tuple(member.id for member in group)
        for serial, group in zip(serials, groups, strict=True)
        if any(member.id in batch.records for member in group)
        or present.get(serial, frozenset()) != {member.id for member in group}
    }
    texts = await merge(await _tasks(work, rewritten))
    changed = await work.masters.save(
        MasterChanges(
            written=[MasterWrite(text, rewritten[text.serial]) for text in texts],
            redirects={
                old: serials[index]
                for old, index in succession.redirects.items()
                if old not in dormant or dormant[old].target != serials[index]
            },
            ended=succession.ended,
            removed_members=[member.id for member in members if member.deleted],
        )
    )
    joined = [
        Joining(old, serials[index], groups[index])
        for old, index in succession.redirects.items()
        if old not in dormant
    ]
    return Rewriting(changed, tuple(joined))


async def _succeed(
    work: UnitOfWork, groups: Sequence[Sequence[Member]], members: Sequence[Member]
) -> tuple[Succession, Mapping[int, Dormant]]:
    """Who keeps which identifier. Masters that redirect matter only where one is parted."""
    clusters = [frozenset(map(_key, group)) for group in groups]
    former = {_key(member): member.former for member in members if member.former is not None}
    homes = {
        (former[key], index) for index, cluster in enumerate(clusters) for key in cluster if key in former
    }
    parted = {serial for serial, count in Counter(serial for serial, _ in homes).items() if count > 1}
    dormant = await work.masters.dormant(parted) if parted else {}
    key_of = {member.id: _key(member) for member in members}
    last = {
        serial: [key_of[record] for record in one.members if record in key_of]
        for serial, one in dormant.items()
    }
    return succeed(clusters, former, last), dormant


def _key(member: Member) -> tuple[str, str, int]:
    return (member.isil, member.control_number, member.id)


async def _serials(work: UnitOfWork, succession: Succession) -> list[int]:
    minted = iter(await work.masters.mint(sum(kept is None for kept in succession.kept)))
    return [next(minted) if kept is None else kept for kept in succession.kept]


async def _tasks(work: UnitOfWork, rewritten: Mapping[int, Sequence[int]]) -> list[MergeTask]:
    records = [record for group in rewritten.values() for record in group]
    contents = await work.masters.contents(records)
    corrections = await work.corrections.of_records(records)
    return [
        MergeTask(serial, tuple(contents[n] for n in group), corrections_for(group, corrections))
        for serial, group in rewritten.items()
    ]
