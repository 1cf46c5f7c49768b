"""How much one harvest may join: a feed gone wrong (one placeholder everywhere) would chain half the catalogue.

1. A master record is joined when it leads to another from now on. What counts is that it was there before the harvest
   began: of a first delivery nothing does.
2. It counts for a harvest when a record of that harvest stands in the new cluster and waits for the matcher; for several
   harvests, if they all have one there.
3. Where a record of the cluster waits for another reason (a decision, a correction, a rematch) it counts for none:
   what people and new rules join is never held.
4. A harvest may join so many per cent of the master records there are, and always `always`, so that small catalogues
   and first deliveries are never held.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MergeLimits:
    """What a harvest may join without a person: per cent of the catalogue, and a number that is always few."""

    per_cent: int = 5
    always: int = 1_000

    def most(self, masters: int) -> int:
        """How many master records a harvest may join in a catalogue of so many (rule 4)."""
        return max(self.always, masters * self.per_cent // 100)


ALLOWED = MergeLimits()


def joined_by(
    joined: Mapping[int, int], waiting: Mapping[int, Sequence[int | None]]
) -> Mapping[int, Sequence[int]]:
    """The master records that each harvest joins with others (rules 1 to 3).

    `joined` leads from a master that was there before to the cluster that takes it in; `waiting` has, for a cluster, the
    harvest of each of its records that wait for the matcher, None where one waits for another reason.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    for master, cluster in sorted(joined.items()):
        reasons = set(waiting.get(cluster, ()))
        harvests = [harvest for harvest in reasons if harvest is not None]
        if len(harvests) == len(reasons):
            for harvest in harvests:
                found[harvest].append(master)
    return found
