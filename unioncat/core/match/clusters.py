"""Clusters: connected SAME pairs, agglomerated so that no cluster holds a vetoed pair.

The best pair is joined first; ties go by fingerprints. So the result is a function of the set of descriptions and
does not depend on the order in which they came.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import TypeVar

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.keys import MAX_SHARE, key_type, match_keys
from unioncat.core.normalise.description import Description

Node = TypeVar("Node", bound=Hashable)
Edge = tuple[Fingerprint, Fingerprint, float]
Cluster = frozenset[Fingerprint]


def cluster_all(descriptions: Mapping[Fingerprint, Description]) -> tuple[Cluster, ...]:
    """The clusters of a set of descriptions, made in memory from nothing."""
    keys = {name: match_keys(description) for name, description in descriptions.items()}
    edges = [
        (left, right, decision.score)
        for left, right in candidate_pairs(keys)
        if (decision := decide(descriptions[left], descriptions[right])).outcome is Outcome.SAME
    ]
    found: list[Cluster] = []
    touching: dict[Fingerprint, list[Edge]] = defaultdict(list)
    for edge in edges:
        touching[edge[0]].append(edge)
    for component in components(descriptions, [(left, right) for left, right, _ in edges]):
        inside = [edge for name in component for edge in touching[name]]
        found += cluster_component(
            component, inside, lambda one, other: decide(descriptions[one], descriptions[other]).vetoed
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
    fingerprints: Collection[Fingerprint],
    edges: Iterable[Edge],
    vetoed: Callable[[Fingerprint, Fingerprint], bool],
) -> tuple[Cluster, ...]:
    """Agglomerate one connected component; the clusters come sorted by their smallest member.

    Two clusters are joined along an edge unless a member of one is vetoed against a member of the other. What
    was refused once stays refused, so that every pair is asked once.
    """
    home = {name: name for name in fingerprints}
    members = {name: [name] for name in fingerprints}
    refused: dict[Fingerprint, set[Fingerprint]] = {name: set() for name in fingerprints}
    for _, left, right in sorted((-score, min(a, b), max(a, b)) for a, b, score in edges):
        one, other = home[left], home[right]
        if one == other or one in refused[other]:
            continue
        if any(vetoed(a, b) for a in members[one] for b in members[other]):
            refused[one].add(other)
            refused[other].add(one)
        else:
            _join(one, other, home, members, refused)
    return tuple(sorted((frozenset(group) for group in members.values()), key=min))


def _join(
    one: Fingerprint,
    other: Fingerprint,
    home: dict[Fingerprint, Fingerprint],
    members: dict[Fingerprint, list[Fingerprint]],
    refused: dict[Fingerprint, set[Fingerprint]],
) -> None:
    """Move the smaller group into the larger one."""
    small, large = sorted((one, other), key=lambda name: len(members[name]))
    for name in members[small]:
        home[name] = large
    members[large] += members.pop(small)
    for enemy in refused.pop(small):
        refused[enemy].remove(small)
        refused[enemy].add(large)
        refused[large].add(enemy)
