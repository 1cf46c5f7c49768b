"""Which pairs of descriptions are worth judging.

1. A pair is judged when it shares a match key that is not crowded.
2. A crowded key needs a second one of another type.
"""

from collections.abc import Collection, Iterator, Mapping

from unioncat.core.match.keys import MAX_SHARE, key_type


def pairs_to_judge(
    changed: Mapping[int, Collection[str]],
    sharing: Mapping[str, Collection[int]],
    meeting: Mapping[int, Collection[int]],
) -> Iterator[tuple[int, int]]:
    """The pairs (smaller, larger) in which one side is `changed`.

    `changed` gives the keys of each changed description; `sharing` all descriptions under each of these
    keys that is not crowded; `meeting` those that share two crowded keys of different types with a changed one.
    """
    seen: set[tuple[int, int]] = set()
    for one, keys in changed.items():
        others = {other for key in keys if key in sharing for other in sharing[key]}
        for other in others.union(meeting.get(one, ())) - {one}:
            pair = (min(one, other), max(one, other))
            if pair not in seen:
                seen.add(pair)
                yield pair


def is_crowded(sharing: Collection[int]) -> bool:
    """Whether so many descriptions share a key that it needs a second one."""
    return len(sharing) > MAX_SHARE


def needing_a_second(
    changed: Mapping[int, Collection[str]], crowded: Collection[str]
) -> Mapping[int, Collection[str]]:
    """The crowded keys of each changed description that has some of different types."""
    found = {one: [key for key in keys if key in crowded] for one, keys in changed.items()}
    return {one: keys for one, keys in found.items() if len(set(map(key_type, keys))) > 1}
