"""Which pairs of descriptions are worth judging.

1. A pair is judged when it shares a match key that is not crowded.
2. A crowded key needs a second one of another type.
"""

from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping

from unioncat.core.match.keys import is_candidate


def pairs_to_judge(
    changed: Mapping[int, Collection[str]],
    sharing: Mapping[str, Collection[int]],
    crowded: Container[str],
) -> Iterator[tuple[int, int]]:
    """The pairs (smaller, larger) in which one side is `changed`.

    `changed` gives the keys of each changed description; `sharing` all descriptions under each of these
    keys.
    """
    seen: set[tuple[int, int]] = set()
    for one, keys in changed.items():
        plain = {other for key in keys if key not in crowded for other in sharing[key]}
        for other in (plain | _sharing_two(keys, sharing, crowded)) - {one}:
            pair = (min(one, other), max(one, other))
            if pair not in seen:
                seen.add(pair)
                yield pair


def _sharing_two(
    keys: Collection[str], sharing: Mapping[str, Collection[int]], crowded: Container[str]
) -> set[int]:
    packed = [key for key in keys if key in crowded]
    if len(packed) < 2:
        return set()
    times = Counter(other for key in packed for other in sharing[key])
    return {
        other
        for other, count in times.items()
        if count > 1 and is_candidate([key for key in packed if other in sharing[key]], crowded)
    }
