"""Match and merge: changed source records move through the graph of descriptions into master records.

One batch is one transaction under the matcher's lock. What comes out depends only on which records are live
(law 2): verdicts on every changed description are made anew, and every component of the graph that was
touched is clustered anew.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from unioncat.core.identifiers import mint_master_id
from unioncat.core.index.build_document import build_document
from unioncat.core.match.candidates import pairs_to_judge
from unioncat.core.match.clusters import cluster_component, components
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome
from unioncat.core.merge.merge import merge_records
from unioncat.core.merge.succession import Succession, succeed
from unioncat.pipeline.unit_of_work import (
    MasterChanges,
    MasterWrite,
    Matching,
    Member,
    PairVerdict,
    PendingBatch,
    Store,
    StoredDescription,
    UnitOfWork,
)

BATCH = 2_000
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


Cluster = frozenset[int]
"""Numbers of descriptions."""


async def match_pending(
    store: Store, progress: Callable[[MatchReport], None] = lambda report: None, batch: int = BATCH
) -> MatchReport:
    """Work off the queue of changed source records."""
    total = MatchReport()
    cache: dict[int, StoredDescription] = {}
    while True:
        async with store.work() as work:
            report = await match_batch(work, cache, batch)
            await work.commit()
        if not report.records:
            return total
        total += report
        progress(total)


async def match_batch(work: UnitOfWork, cache: dict[int, StoredDescription], limit: int) -> MatchReport:
    """Match and merge the oldest changed records of the queue."""
    await work.matching.lock()
    pending = await work.matching.take_pending(limit)
    if not pending.records:
        return MatchReport()
    if len(cache) > _CACHED:
        cache.clear()
    graph = Graph(work.matching, cache)
    seeds: set[int] = set()
    looked: set[int] = set()
    touched, pairs = pending.descriptions, 0
    while True:
        seeds, judged = await graph.update(touched, seeds)
        pairs += judged
        clusters = await graph.clusters_around(seeds)
        members = await work.masters.members({n for c in clusters for n in c}, pending.records)
        looked |= touched
        late, descriptions = await _late(work, members, pending)
        touched = descriptions - looked
        if not late.records and not touched:
            break
        pending |= late
    masters = await rewrite_masters(work, clusters, members, pending)
    return MatchReport(len(pending.records), pairs, masters)


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


@dataclass(frozen=True, slots=True)
class Graph:
    """The live descriptions, their keys, and the verdicts between them."""

    matching: Matching
    cache: dict[int, StoredDescription]

    async def update(self, touched: Collection[int], seeds: Collection[int]) -> tuple[set[int], int]:
        """Let descriptions enter or leave; returns where clusters may have changed, and the pairs judged.

        `seeds` are the places known from earlier updates of the same batch.
        """
        live, added, removed = await self.matching.liveness(touched)
        moved = await self._load(added | removed)
        keys = {key for description in moved.values() for key in description.keys}
        before = await self.matching.crowded(keys)
        await self.matching.enter(moved[number] for number in added)
        await self.matching.leave(removed)
        crossed = before ^ await self.matching.crowded(keys)
        regrouped = {n for group in (await self.matching.sharing(crossed)).values() for n in group}
        changed = set(added) | regrouped
        neighbours = await self.matching.forget_verdicts(changed | removed)
        pairs = await self._judge(changed)
        # A live description that did not move still leads to its cluster: its record may have new holdings.
        return (changed | neighbours | live | set(seeds)) - removed, pairs

    async def clusters_around(self, seeds: Collection[int]) -> list[Cluster]:
        """Cluster every component that holds one of `seeds`."""
        verdicts = await self._reach(seeds)
        pairs = [(verdict.left, verdict.right) for verdict in verdicts]
        clusters: list[Cluster] = []
        for component in components(seeds, pairs):
            clusters += await self._cluster(component, verdicts)
        return clusters

    async def _judge(self, changed: Collection[int]) -> int:
        loaded = await self._load(changed)
        keys_of = {number: loaded[number].keys for number in changed}
        keys = {key for own in keys_of.values() for key in own}
        crowded = await self.matching.crowded(keys)
        pairs = list(pairs_to_judge(keys_of, await self.matching.sharing(keys), crowded))
        sides = await self._load({number for pair in pairs for number in pair})
        await self.matching.save_verdicts(_verdicts(pairs, sides))
        return len(pairs)

    async def _reach(self, seeds: Collection[int]) -> list[PairVerdict]:
        """All SAME verdicts of the components around the seeds."""
        reached, frontier = set(seeds), set(seeds)
        found: dict[tuple[int, int], PairVerdict] = {}
        while frontier:
            verdicts = await self.matching.same_pairs(frontier)
            found |= {(v.left, v.right): v for v in verdicts}
            frontier = {number for v in verdicts for number in (v.left, v.right)} - reached
            reached |= frontier
        return list(found.values())

    async def _cluster(self, component: Cluster, verdicts: Iterable[PairVerdict]) -> list[Cluster]:
        if len(component) < 3:  # one description, or two that were judged the same
            return [component]
        loaded = await self._load(component)
        number_of = {loaded[number].fingerprint: number for number in component}
        edges = [
            (loaded[v.left].fingerprint, loaded[v.right].fingerprint, v.score)
            for v in verdicts
            if v.left in component
        ]
        clusters = cluster_component(
            number_of.keys(),
            edges,
            lambda one, other: (
                decide(loaded[number_of[one]].description, loaded[number_of[other]].description).vetoed
            ),
        )
        return [frozenset(number_of[name] for name in cluster) for cluster in clusters]

    async def _load(self, numbers: Collection[int]) -> Mapping[int, StoredDescription]:
        missing = [number for number in numbers if number not in self.cache]
        if missing:
            self.cache.update(await self.matching.load(missing))
        return {number: self.cache[number] for number in numbers}


def _verdicts(
    pairs: Iterable[tuple[int, int]], sides: Mapping[int, StoredDescription]
) -> Iterable[PairVerdict]:
    for left, right in pairs:
        decision = decide(sides[left].description, sides[right].description)
        if decision.outcome is not Outcome.DIFFERENT:
            yield PairVerdict(left, right, decision.outcome, decision.score)


async def rewrite_masters(
    work: UnitOfWork, clusters: Collection[Cluster], members: Sequence[Member], batch: PendingBatch
) -> int:
    """Give every cluster its master record; returns how many masters changed."""
    groups = group_members(clusters, members)
    former = {_key(member): member.former for member in members if member.former is not None}
    succession = succeed([frozenset(map(_key, group)) for group in groups], former)
    serials = await _serials(work, succession)
    present = await work.masters.member_ids(set(serials))
    rewritten = [
        (serial, group)
        for serial, group in zip(serials, groups, strict=True)
        if any(member.id in batch.records for member in group)
        or present.get(serial, frozenset()) != {member.id for member in group}
    ]
    return await work.masters.save(
        MasterChanges(
            written=await _merge(work, rewritten),
            redirects={old: serials[index] for old, index in succession.redirects.items()},
            ended=succession.ended,
            removed_members=[member.id for member in members if member.deleted],
        )
    )


def group_members(clusters: Collection[Cluster], members: Iterable[Member]) -> list[list[Member]]:
    """The live members of each cluster, in a stable order; clusters without any are left out."""
    place = {number: index for index, cluster in enumerate(clusters) for number in cluster}
    groups: list[list[Member]] = [[] for _ in clusters]
    for member in members:
        if not member.deleted and member.description_id is not None:
            groups[place[member.description_id]].append(member)
    filled = [sorted(group, key=_key) for group in groups if group]
    return sorted(filled, key=lambda group: _key(group[0]))


def _key(member: Member) -> tuple[str, str, int]:
    return (member.isil, member.control_number, member.id)


async def _serials(work: UnitOfWork, succession: Succession) -> list[int]:
    minted = iter(await work.masters.mint(sum(kept is None for kept in succession.kept)))
    return [next(minted) if kept is None else kept for kept in succession.kept]


async def _merge(work: UnitOfWork, groups: Collection[tuple[int, list[Member]]]) -> list[MasterWrite]:
    contents = await work.masters.contents([member.id for _, group in groups for member in group])
    writes = []
    for serial, group in groups:
        given = [contents[member.id] for member in group]
        merged = merge_records([content.record for content in given])
        held = [(c.record.isil, c.province, holding) for c in given for holding in c.holdings]
        master_id = mint_master_id(serial)
        document = build_document(master_id, 1, merged, held)  # the store counts versions
        writes.append(MasterWrite(serial, master_id, merged, document, tuple(member.id for member in group)))
    return writes
