"""The graph of descriptions in the store: which are live, their keys, the verdicts between them, and its clusters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.candidates import is_crowded, needing_a_second, pairs_to_judge
from unioncat.core.match.clusters import Edge, components
from unioncat.core.match.curation import CuratorDecision
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.grouping import group_records, linked_by
from unioncat.core.match.keys import MAX_SHARE
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.match.relate import relate
from unioncat.core.match.relation import Relation
from unioncat.core.match.shortcuts import is_vetoed, judge
from unioncat.pipeline.unit_of_work import (
    Matching,
    Member,
    PairVerdict,
    StandingDecisions,
    StoredDescription,
)


@dataclass(frozen=True, slots=True)
class Component:
    """Descriptions that SAME verdicts or people's decisions connect, with these."""

    descriptions: frozenset[int]
    verdicts: tuple[PairVerdict, ...]
    decisions: tuple[CuratorDecision, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The live descriptions, their keys, and the verdicts between them."""

    matching: Matching
    cache: dict[int, StoredDescription]
    policy: Policy = DEFAULT
    crossed: set[str] = field(default_factory=set)
    """The keys that became crowded or free in any update."""

    async def update(self, touched: Collection[int], seeds: Collection[int]) -> tuple[set[int], int]:
        """Let descriptions enter or leave; returns where clusters may have changed, and the pairs judged.

        `seeds` are the places known from earlier updates of the same batch.
        """
        live, added, removed = await self.matching.liveness(touched)
        moved = await self._load(added | removed)
        sharing, crossed = await self._move(moved, added, removed)
        self.crossed.update(crossed)
        regrouped = {n for group in (await self.matching.sharing(crossed)).values() for n in group}
        changed = set(added) | regrouped
        neighbours = await self.matching.forget_verdicts(changed | removed)
        pairs = await self._judge(changed, sharing)
        # A live description that did not move still leads to its cluster: its record may have new holdings.
        return (changed | neighbours | live | set(seeds)) - removed, pairs

    async def _move(
        self, moved: Mapping[int, StoredDescription], added: Collection[int], removed: Collection[int]
    ) -> tuple[dict[str, set[int]], set[str]]:
        """Let descriptions in and out; returns who shares their keys now, and the keys that became crowded or free.

        What shares a crowded key is known in part only.
        """
        entering, leaving = _by_key(moved, added), _by_key(moved, removed)
        before = await self.matching.sharing(entering.keys() | leaving.keys(), MAX_SHARE + 1)
        await self.matching.enter(moved[number] for number in added)
        await self.matching.leave(removed)
        doubtful = [key for key in leaving if is_crowded(before.get(key, ()))]
        after = {key: set(before.get(key, ())) for key in entering.keys() | leaving.keys()}
        after |= {key: set() for key in doubtful}
        after |= {
            key: set(ids) for key, ids in (await self.matching.sharing(doubtful, MAX_SHARE + 1)).items()
        }
        for key, numbers in entering.items():
            after[key] |= numbers
        for key, numbers in leaving.items():
            after[key] -= numbers
        crossed = {key for key in after if is_crowded(before.get(key, ())) != is_crowded(after[key])}
        return after, crossed

    async def components_around(self, seeds: Collection[int]) -> list[Component]:
        """Every component that holds one of `seeds`."""
        verdicts, standing = await self._reach(seeds)
        links = [(verdict.left, verdict.right) for verdict in verdicts]
        for decision in standing.decisions:
            links += linked_by(decision, standing.described)
        found = components(seeds, links)
        home = {number: index for index, component in enumerate(found) for number in component}
        verdicts_of: defaultdict[int, list[PairVerdict]] = defaultdict(list)
        for verdict in verdicts:
            verdicts_of[home[verdict.left]].append(verdict)
        decisions_of: defaultdict[int, list[CuratorDecision]] = defaultdict(list)
        for decision in standing.decisions:
            described = {standing.described[record] for record in decision.left | decision.right}
            for index in {home[number] for number in described if number in home}:
                decisions_of[index].append(decision)
        return [
            Component(component, tuple(verdicts_of[index]), tuple(decisions_of[index]))
            for index, component in enumerate(found)
        ]

    async def group(self, found: Iterable[Component], members: Iterable[Member]) -> list[list[Member]]:
        """The live members of each cluster, in a stable order."""
        members_of: defaultdict[int, list[Member]] = defaultdict(list)
        for member in members:
            if not member.deleted and member.description_id is not None:
                members_of[member.description_id].append(member)
        groups: list[list[Member]] = []
        for component in found:
            inside = [member for number in component.descriptions for member in members_of[number]]
            groups += await self._group(component, inside)
        filled = [sorted(group, key=_key) for group in groups if group]
        return sorted(filled, key=lambda group: _key(group[0]))

    async def _group(self, component: Component, members: Sequence[Member]) -> list[list[Member]]:
        if (
            len(component.descriptions) < 3 and not component.decisions
        ):  # one, or two that were judged the same
            return [list(members)]
        loaded = await self._load(component.descriptions)
        number_of = {loaded[number].fingerprint: number for number in component.descriptions}
        edges: list[Edge] = [
            (loaded[verdict.left].fingerprint, loaded[verdict.right].fingerprint, verdict.score)
            for verdict in component.verdicts
        ]

        def vetoed(one: Fingerprint, other: Fingerprint) -> bool:
            left, right = (loaded[number_of[name]].description for name in (one, other))
            return is_vetoed(left, right, self.policy)

        described = {m.id: loaded[m.description_id].fingerprint for m in members if m.description_id}
        member_of = {member.id: member for member in members}
        clusters = group_records(described, edges, component.decisions, vetoed)
        return [[member_of[record] for record in cluster] for cluster in clusters]

    async def _judge(self, changed: Collection[int], sharing: dict[str, set[int]]) -> int:
        loaded = await self._load(changed)
        keys_of = {number: loaded[number].keys for number in changed}
        unknown = {key for own in keys_of.values() for key in own} - sharing.keys()
        known: dict[str, Collection[int]] = {**sharing, **await self.matching.sharing(unknown, MAX_SHARE + 1)}
        crowded = {key for key, numbers in known.items() if is_crowded(numbers)}
        free = {key: numbers for key, numbers in known.items() if key not in crowded}
        meeting = await self.matching.meeting(needing_a_second(keys_of, crowded))
        pairs = list(pairs_to_judge(keys_of, free, meeting))
        sides = await self._load({number for pair in pairs for number in pair})
        verdicts, relations = _judged(pairs, sides, self.policy)
        await self.matching.save_verdicts(verdicts)
        await self.matching.save_relations(relations)
        return len(pairs)

    async def _reach(self, seeds: Collection[int]) -> tuple[list[PairVerdict], StandingDecisions]:
        """All SAME verdicts and decisions of the components around the seeds."""
        reached, frontier = set(seeds), set(seeds)
        verdicts: dict[tuple[int, int], PairVerdict] = {}
        decisions: dict[int, CuratorDecision] = {}
        described: dict[int, int] = {}
        while frontier:
            found = await self.matching.same_pairs(frontier)
            verdicts |= {(v.left, v.right): v for v in found}
            standing = await self.matching.standing(frontier)
            decisions |= {decision.id: decision for decision in standing.decisions}
            described |= standing.described
            linked = {
                n for d in standing.decisions for link in linked_by(d, standing.described) for n in link
            }
            frontier = ({n for v in found for n in (v.left, v.right)} | linked) - reached
            reached |= frontier
        standing = StandingDecisions(tuple(decisions[number] for number in sorted(decisions)), described)
        return list(verdicts.values()), standing

    async def _load(self, numbers: Collection[int]) -> Mapping[int, StoredDescription]:
        missing = [number for number in numbers if number not in self.cache]
        if missing:
            self.cache.update(await self.matching.load(missing))
        return {number: self.cache[number] for number in numbers}


def _by_key(moved: Mapping[int, StoredDescription], numbers: Iterable[int]) -> Mapping[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number in numbers:
        for key in moved[number].keys:
            found[key].add(number)
    return found


def _key(member: Member) -> tuple[str, str, int]:
    return (member.isil, member.control_number, member.id)


def _judged(
    pairs: Iterable[tuple[int, int]], sides: Mapping[int, StoredDescription], policy: Policy
) -> tuple[list[PairVerdict], list[tuple[int, int, Relation]]]:
    """The verdicts that are kept, and how those belong together that are not the same."""
    verdicts: list[PairVerdict] = []
    relations: list[tuple[int, int, Relation]] = []
    for left, right in pairs:
        decision = judge(sides[left].description, sides[right].description, policy)
        if decision is None:
            continue
        if decision.outcome is not Outcome.DIFFERENT:
            pattern = decision.pattern if decision.outcome is Outcome.REVIEW else None
            verdicts.append(PairVerdict(left, right, decision.outcome, decision.score, pattern))
        if kind := relate(sides[left].description, sides[right].description, decision):
            relations.append((left, right, kind))
    return verdicts, relations
