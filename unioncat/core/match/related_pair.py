"""Two descriptions that may belong together, what the features say about them, and the persons they share."""

from collections.abc import Iterator
from dataclasses import dataclass

from unioncat.core.match.evidence import Evidence, Verdict
from unioncat.core.match.features.author import is_same_name
from unioncat.core.normalise.description import Description

_LEAST_SHARED = 0.5
_NO = frozenset((Verdict.DISAGREE, Verdict.VETO))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two descriptions and what each feature says about them."""

    left: Description
    right: Description
    said: dict[str, Evidence]
    doubtful: bool
    """Whether a person must look at the pair: it may be one publication."""

    def agrees(self, feature: str) -> bool:
        """Whether the feature speaks for the pair."""
        return self.said[feature].verdict is Verdict.AGREE

    def differs(self, feature: str) -> bool:
        """Whether the feature speaks against the pair."""
        return self.said[feature].verdict in _NO

    def vetoes(self, feature: str) -> bool:
        """Whether the feature forbids that the two are the same."""
        return self.said[feature].verdict is Verdict.VETO


def share_person(pair: Pair) -> bool:
    """Whether they share a person who is no translator of either."""
    return next(_shared(pair), None) is not None


def share_most_persons(pair: Pair) -> bool:
    """Whether half of the persons of the side that has fewer are shared."""
    return len(list(_shared(pair))) >= _LEAST_SHARED * len(_fewer(pair))


def share_most_of_all_persons(pair: Pair) -> bool:
    """Whether half of the persons of the side that has more are shared."""
    shared = len(list(_shared(pair)))
    return shared > 0 and shared >= _LEAST_SHARED * len(_more(pair))


def _shared(pair: Pair) -> Iterator[str]:
    """The persons of the smaller side, without translators, whom the other side names too."""
    toned = pair.left.accented and pair.right.accented
    for one in sorted(_fewer(pair)):
        if any(is_same_name(*sorted((one, other)), toned) for other in _more(pair)):
            yield one


def _fewer(pair: Pair) -> frozenset[str]:
    return min(_authors(pair.left), _authors(pair.right), key=lambda names: (len(names), sorted(names)))


def _more(pair: Pair) -> frozenset[str]:
    return max(_authors(pair.left), _authors(pair.right), key=lambda names: (len(names), sorted(names)))


def _authors(side: Description) -> frozenset[str]:
    return side.persons - side.translators
