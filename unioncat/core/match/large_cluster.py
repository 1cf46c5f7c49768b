"""Whether a large cluster holds copies of one edition, or was chained together.

1. Titles with the same plain letters are one wording.
2. A wording goes with the most frequent one when one of the two begins with the first ten letters of the other.
3. More than one member in ten with a wording that does not go with it: suspicious.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from unioncat.core.match.title_letters import title_letters

_OPENING = 10
_MOST_UNRELATED = 0.1


class ClusterVerdict(StrEnum):
    """What the titles of a large cluster say of it."""

    COPIES = "copies"
    SUSPICIOUS = "suspicious"


def judge_cluster(titles: Mapping[str, int]) -> ClusterVerdict:
    """Judge a cluster by the normalised titles of its descriptions, each with how many members have it."""
    wordings: Counter[str] = Counter()
    for title, count in titles.items():
        wordings[title_letters(title)] += count
    main = min(wordings, key=lambda letters: (-wordings[letters], letters), default="")
    unrelated = sum(count for letters, count in wordings.items() if not _go_together(letters, main))
    most = _MOST_UNRELATED * wordings.total()
    return ClusterVerdict.SUSPICIOUS if unrelated > most else ClusterVerdict.COPIES


def _go_together(one: str, other: str) -> bool:
    if not one or not other:
        return one == other
    return one.startswith(other[:_OPENING]) or other.startswith(one[:_OPENING])
