"""Source records in clusters: the graph of their descriptions, and what people decided.

1. Records of one description that stand in the same decisions are one node.
2. Nodes of one description are joined before all others; nodes of two descriptions by the score of these.
3. What a decision `different` parts is never joined; a decision `same` unites whole clusters, see `clusters.py`.

So the result is a function of the live records and the decisions, and of nothing else (law 2).
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match.clusters import Edge, Sortable, candidate_pairs, cluster_component, components
from unioncat.core.match.curation import CuratorDecision, DecisionKind, Node, are_parted, sides_of
from unioncat.core.match.keys import match_keys
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.match.shortcuts import is_vetoed, same_score
from unioncat.core.normalise.description import Description

Vetoed = Callable[[Fingerprint, Fingerprint], bool]


def group_records(
    records: Mapping[int, Fingerprint],
    edges: Iterable[Edge],
    decisions: Collection[CuratorDecision],
    vetoed: Vetoed,
) -> list[frozenset[int]]:
    """The clusters of the live records of one connected component, in the order of their smallest nodes.

    `records` gives the description of each record, `edges` the SAME pairs of descriptions.
    """
    nodes = _nodes(records, decisions)
    if len(nodes) == 1:
        return [frozenset(records)]
    different = {decision.id for decision in decisions if decision.kind is DecisionKind.DIFFERENT}
    clusters = cluster_component(
        nodes,
        _edges_of_nodes(nodes, edges),
        lambda one, other: one[0] != other[0] and vetoed(one[0], other[0]),
        joins=_joins(nodes, decisions),
        parted=lambda one, other: are_parted(one, other, different),
    )
    return [frozenset(record for node in cluster for record in nodes[node]) for cluster in clusters]


def group_all(
    records: Mapping[int, Fingerprint],
    descriptions: Mapping[Fingerprint, Description],
    decisions: Collection[CuratorDecision] = (),
    policy: Policy = DEFAULT,
) -> list[frozenset[int]]:
    """The clusters of all records, made in memory from nothing: the reference for everything incremental."""
    live = {name: descriptions[name] for name in set(records.values())}
    keys = {name: match_keys(description) for name, description in live.items()}
    edges = [
        (left, right, score)
        for left, right in candidate_pairs(keys)
        if (score := same_score(live[left], live[right], policy)) is not None
    ]
    links = [(left, right) for left, right, _ in edges]
    for decision in decisions:
        links += linked_by(decision, records)
    found: list[frozenset[int]] = []
    for component in components(live, links):
        inside = {record: name for record, name in records.items() if name in component}
        found += group_records(
            inside,
            [edge for edge in edges if edge[0] in component],
            [decision for decision in decisions if (decision.left | decision.right) & inside.keys()],
            lambda one, other: is_vetoed(live[one], live[other], policy),
        )
    return sorted(found, key=min)


def linked_by(decision: CuratorDecision, records: Mapping[int, Sortable]) -> list[tuple[Sortable, Sortable]]:
    """The descriptions, by any name, that a decision `same` brings into one component."""
    if decision.kind is not DecisionKind.SAME:
        return []
    names = sorted({records[record] for record in decision.left | decision.right if record in records})
    return [(names[0], name) for name in names[1:]]


def _nodes(
    records: Mapping[int, Fingerprint], decisions: Collection[CuratorDecision]
) -> Mapping[Node, Sequence[int]]:
    sides = sides_of(decisions)
    nodes: defaultdict[Node, list[int]] = defaultdict(list)
    for record, name in records.items():
        nodes[name, sides.get(record, ())].append(record)
    return nodes


def _edges_of_nodes(nodes: Collection[Node], edges: Iterable[Edge]) -> Iterator[tuple[Node, Node, float]]:
    of_description: defaultdict[Fingerprint, list[Node]] = defaultdict(list)
    for node in nodes:
        of_description[node[0]].append(node)
    for alike in of_description.values():
        for one, other in combinations(alike, 2):
            yield one, other, math.inf
    for left, right, score in edges:
        for one in of_description[left]:
            for other in of_description[right]:
                yield one, other, score


def _joins(nodes: Collection[Node], decisions: Collection[CuratorDecision]) -> Iterator[Collection[Node]]:
    """The nodes of each decision `same`, oldest first."""
    members: defaultdict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        for number, _ in node[1]:
            members[number].append(node)
    for decision in sorted(decisions, key=lambda one: one.id):
        if decision.kind is DecisionKind.SAME and decision.id in members:
            yield members[decision.id]
