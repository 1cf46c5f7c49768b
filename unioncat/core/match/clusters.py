"""Clusters: connected SAME pairs, agglomerated so that no cluster holds a vetoed pair.

The best pair is joined first; ties go by fingerprints. So the result is a function of the set of descriptions and
does not depend on the order in which they came.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Generic, Protocol, TypeVar

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.keys import MAX_SHARE, key_type, match_keys
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.match.shortcuts import is_vetoed, same_score
from unioncat.core.normalise.description import Description


class _Ordered(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Node = TypeVar("Node", bound=Hashable)
Sortable = TypeVar("Sortable", bound=_Ordered)
Edge = tuple[Fingerprint, Fingerprint, float]
Cluster = frozenset[Fingerprint]


def cluster_all(
    descriptions: Mapping[Fingerprint, Description], policy: Policy = DEFAULT
) -> tuple[Cluster, ...]:
    """The clusters of a set of descriptions, made in memory from nothing."""
    keys = {name: match_keys(description) for name, description in descriptions.items()}
    edges = [
        (left, right, score)
        for left, right in candidate_pairs(keys)
        if (score := same_score(descriptions[left], descriptions[right], policy)) is not None
    ]
    found: list[Cluster] = []
    touching: dict[Fingerprint, list[Edge]] = defaultdict(list)
    for edge in edges:
        touching[edge[0]].append(edge)
    for component in components(descriptions, [(left, right) for left, right, _ in edges]):
        inside = [edge for name in component for edge in touching[name]]
        found += cluster_component(
            component,
            inside,
            lambda one, other: is_vetoed(descriptions[one], descriptions[other], policy),
        )
    return tuple(sorted(found, key=min))


def candidate_pairs(
    keys: Mapping[Fingerprint, frozenset[str]],
) -> Iterator[tuple[Fingerprint, Fingerprint]]:
    """Every pair that is to be judged, once, the smaller fingerprint first."""
    sharing: dict[str, list[Fingerprint]] = defaultdict(list)
    for name in sorted(keys):
        for key in keys[name]:
            sharing[key].append(name)
    crowded = {key for key, names in sharing.items() if len(names) > MAX_SHARE}
    groups = [names for key, names in sharing.items() if key not in crowded]
    seen = set()
    for names in (*groups, *_sharing_two(keys, crowded)):
        for pair in combinations(names, 2):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _sharing_two(
    keys: Mapping[Fingerprint, frozenset[str]], crowded: Collection[str]
) -> Iterable[list[Fingerprint]]:
    """The descriptions that share two crowded keys of different types."""
    sharing: dict[tuple[str, str], list[Fingerprint]] = defaultdict(list)
    for name in sorted(keys):
        for one, other in combinations(sorted(key for key in keys[name] if key in crowded), 2):
            if key_type(one) != key_type(other):
                sharing[one, other].append(name)
    return sharing.values()


def components(nodes: Iterable[Node], pairs: Iterable[tuple[Node, Node]]) -> list[frozenset[Node]]:
    """The connected components of a graph."""
    neighbours: dict[Node, list[Node]] = {node: [] for node in nodes}
    for left, right in pairs:
        neighbours.setdefault(left, []).append(right)
        neighbours.setdefault(right, []).append(left)
    found: list[frozenset[Node]] = []
    reached: set[Node] = set()
    for node in neighbours:
        if node not in reached:
            component = _reach(node, neighbours)
            reached |= component
            found.append(component)
    return found


def _reach(start: Node, neighbours: Mapping[Node, Iterable[Node]]) -> frozenset[Node]:
    reached, frontier = {start}, [start]
    while frontier:
        for node in neighbours[frontier.pop()]:
            if node not in reached:
                reached.add(node)
                frontier.append(node)
    return frozenset(reached)


def cluster_component(
    nodes: Collection[Sortable],
    edges: Iterable[tuple[Sortable, Sortable, float]],
    vetoed: Callable[[Sortable, Sortable], bool],
    joins: Iterable[Collection[Sortable]] = (),
    parted: Callable[[Sortable, Sortable], bool] = lambda one, other: False,
) -> tuple[frozenset[Sortable], ...]:
    """Agglomerate one connected component; the clusters come sorted by their smallest member.

    1. Two clusters are joined along an edge unless a member of one is vetoed against a member of the other, or a
       person parted them. What was refused once stays refused, so that every pair is asked once.
    2. Then people's joins, in their order, unite the clusters of their nodes as they are, vetoes or not; but never
       what a person parted.
    """
    agreed = {(min(a, b), max(a, b)): score for a, b, score in edges}
    groups = _Groups(nodes)

    def forbids(one: Sortable, other: Sortable) -> bool:
        return parted(one, other) or ((min(one, other), max(one, other)) not in agreed and vetoed(one, other))

    for _, left, right in sorted((-score, left, right) for (left, right), score in agreed.items()):
        groups.join(left, right, forbids)
    for join in joins:
        groups.unite(join, parted)
    return groups.found()


class _Groups(Generic[Sortable]):
    """Nodes in groups that grow."""

    def __init__(self, nodes: Iterable[Sortable]) -> None:
        self._members = {node: [node] for node in nodes}
        self._home = {node: node for node in self._members}
        self._refused: dict[Sortable, set[Sortable]] = {node: set() for node in self._members}

    def join(self, left: Sortable, right: Sortable, forbids: Callable[[Sortable, Sortable], bool]) -> None:
        """Join the groups of two nodes, unless two members forbid it or it was refused before."""
        one, other = self._home[left], self._home[right]
        if one == other or one in self._refused[other]:
            return
        if any(forbids(a, b) for a in self._members[one] for b in self._members[other]):
            self._refused[one].add(other)
            self._refused[other].add(one)
        else:
            self._merge(one, other)

    def unite(self, nodes: Collection[Sortable], parted: Callable[[Sortable, Sortable], bool]) -> None:
        """Join all groups of these nodes that nobody parted; the one with the smallest node goes first."""
        homes = sorted({self._home[node] for node in nodes}, key=lambda home: min(self._members[home]))
        for left, right in combinations(homes, 2):
            one, other = self._home[left], self._home[right]
            if one != other and not any(
                parted(a, b) for a in self._members[one] for b in self._members[other]
            ):
                self._merge(one, other)

    def found(self) -> tuple[frozenset[Sortable], ...]:
        """The groups, sorted by their smallest member."""
        return tuple(sorted((frozenset(group) for group in self._members.values()), key=min))

    def _merge(self, one: Sortable, other: Sortable) -> None:
        """Move the smaller group into the larger one."""
        small, large = sorted((one, other), key=lambda name: len(self._members[name]))
        moved = self._members.pop(small)
        for node in moved:
            self._home[node] = large
        self._members[large] += moved
        for enemy in self._refused.pop(small):
            self._refused[enemy].remove(small)
            self._refused[enemy].add(large)
            self._refused[large].add(enemy)
