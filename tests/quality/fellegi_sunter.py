"""The Fellegi–Sunter estimate: what the outcome of a feature says about two descriptions, in bits.

1. m is how often an outcome is seen among pairs that are the same, u among those that are not; its weight is
   log2(m / u): with +3 the outcome is eight times as frequent among the same.
2. With labels both are counted; half a pair is added to every outcome, so that nothing is certain.
3. Without labels they are found by expectation and maximisation: every pair is the same with a probability that follows
   from the weights, and is counted with that probability on both sides, until the probabilities stay. What is known
   from the start (a pair with a veto is not the same) stays as it is.
4. The features of a pair are taken as independent of each other. They are not quite (pages and year of a new edition
   change together), which is why people set the points and only read these figures.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log, log2

Pattern = tuple[str, ...]
"""The outcome of every feature for one pair, in the order of the features."""

_HALF = 0.5
_ROUNDS = 200
_STILL = 1e-5
_FARTHEST = 500.0


@dataclass(frozen=True, slots=True)
class Model:
    """The share of pairs that are the same, and m and u of every outcome of every feature."""

    share: float
    m: tuple[Mapping[str, float], ...]
    u: tuple[Mapping[str, float], ...]

    def bits(self, feature: int, outcome: str) -> float:
        """The weight of an outcome; 0 for one that was never seen."""
        if outcome not in self.m[feature]:
            return 0.0
        return log2(self.m[feature][outcome] / self.u[feature][outcome])

    def probability(self, pattern: Pattern) -> float:
        """How probable it is that a pair with these outcomes is the same."""
        odds = log(self.share / (1 - self.share))
        for feature, outcome in enumerate(pattern):
            odds += log(self.m[feature][outcome] / self.u[feature][outcome])
        return 1 / (1 + exp(-max(-_FARTHEST, min(_FARTHEST, odds))))


def count_labelled(same: Mapping[Pattern, float], different: Mapping[Pattern, float]) -> Model:
    """The model of labelled pairs, given as how many pairs show each pattern (rule 2)."""
    width = len(next(iter((*same, *different))))
    m, u = [], []
    for feature in range(width):
        counted = [_tally(patterns, feature) for patterns in (same, different)]
        outcomes = sorted({outcome for tally in counted for outcome in tally})
        for side, tally in zip((m, u), counted, strict=True):
            total = sum(tally.values()) + _HALF * len(outcomes)
            side.append({outcome: (tally.get(outcome, 0.0) + _HALF) / total for outcome in outcomes})
    counts = [sum(patterns.values()) + _HALF for patterns in (same, different)]
    return Model(counts[0] / sum(counts), tuple(m), tuple(u))


def _tally(patterns: Mapping[Pattern, float], feature: int) -> Mapping[str, float]:
    found: dict[str, float] = defaultdict(float)
    for pattern, count in patterns.items():
        found[pattern[feature]] += count
    return found


def estimate_unlabelled(pairs: Mapping[Pattern, float], first: Callable[[Pattern], float]) -> Model:
    """The model of pairs without labels (rule 3).

    `first` guesses how probable it is that a pair with a pattern is the same; a guess of 0 or 1 is knowledge and stays.
    """
    probable = {pattern: first(pattern) for pattern in pairs}
    model = _weigh(pairs, probable)
    for _ in range(_ROUNDS):
        following = {
            pattern: model.probability(pattern) if 0 < guess < 1 else guess
            for pattern, guess in probable.items()
        }
        change = max(abs(following[pattern] - probable[pattern]) for pattern in pairs)
        probable, model = following, _weigh(pairs, following)
        if change < _STILL:
            break
    return model


def _weigh(pairs: Mapping[Pattern, float], probable: Mapping[Pattern, float]) -> Model:
    return count_labelled(
        {pattern: count * probable[pattern] for pattern, count in pairs.items()},
        {pattern: count * (1 - probable[pattern]) for pattern, count in pairs.items()},
    )
