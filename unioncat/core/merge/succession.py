"""Succession: which cluster keeps which master identifier (law 4: identifiers are for ever).

1. A former master goes to the cluster that holds most of its former members; among equals to the cluster
   with the smallest member.
2. A cluster to which several former masters go keeps the oldest (smallest serial number); the others
   redirect to it.
3. A cluster to which none goes gets a new identifier.
4. A former master none of whose members is left has ended.
5. Before a new identifier is given, one that redirected to a former master comes back, if the cluster holds most of
   the members it had: a merge that is undone gives both identifiers back. So what it brought into the former
   master does not count in rule 1, unless nothing else is left. One that stays a redirect follows its members.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar


class _Key(Hashable, Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


K = TypeVar("K", bound=_Key)


@dataclass(frozen=True, slots=True)
class Succession:
    """What becomes of the former masters.

    `kept[i]` is the serial number that cluster i keeps, None where one must be minted; `redirects` leads
    from a serial number to the index of the cluster that took it in; `ended` are those with no members left.
    """

    kept: tuple[int | None, ...]
    redirects: Mapping[int, int]
    ended: frozenset[int]


def succeed(
    clusters: Sequence[Set[K]], former: Mapping[K, int], dormant: Mapping[int, Collection[K]] | None = None
) -> Succession:
    """Give each former master to the cluster that continues it.

    `clusters` are the new ones: disjoint, not empty, without deleted members. `former` leads from a member,
    deleted or not, to the serial number of its former master; it must name all members of every
    master it names, or the larger part cannot be known. `dormant` gives the last members of masters that redirect
    to a former one.
    """
    dormant = dormant or {}
    brought = {member for members in dormant.values() for member in members}
    own: defaultdict[int, Counter[int]] = defaultdict(Counter)
    parts: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for index, cluster in enumerate(clusters):
        for member in cluster:
            if member in former:
                parts[former[member]][index] += 1
                if member not in brought:
                    own[former[member]][index] += 1
    smallest = [min(cluster) for cluster in clusters]
    heirs = {serial: _largest_part(own.get(serial) or parts[serial], smallest) for serial in sorted(parts)}
    kept = _oldest(heirs, len(clusters))
    for serial, heir in _heirs_of_dormant(clusters, dormant, smallest).items():
        heirs[serial] = heir
        if kept[heir] is None:
            kept[heir] = serial
    return Succession(
        kept=tuple(kept),
        redirects={serial: index for serial, index in heirs.items() if kept[index] != serial},
        ended=frozenset(former.values()) - heirs.keys(),
    )


def _heirs_of_dormant(
    clusters: Sequence[Set[K]], dormant: Mapping[int, Collection[K]], smallest: Sequence[K]
) -> Mapping[int, int]:
    """The cluster with most of the members of each, oldest master first; those without living members are left out."""
    home = {member: index for index, cluster in enumerate(clusters) for member in cluster} if dormant else {}
    parts = {serial: Counter(home[m] for m in dormant[serial] if m in home) for serial in sorted(dormant)}
    return {serial: _largest_part(part, smallest) for serial, part in parts.items() if part}


def _largest_part(part: Counter[int], smallest: Sequence[K]) -> int:
    most = max(part.values())
    return min((index for index, count in part.items() if count == most), key=lambda index: smallest[index])


def _oldest(heirs: Mapping[int, int], clusters: int) -> list[int | None]:
    kept: list[int | None] = [None] * clusters
    for serial in sorted(heirs, reverse=True):
        kept[heirs[serial]] = serial
    return kept
