"""How good the matcher is: decisions against labelled pairs, clusters against labelled clusters."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from unioncat.core.match.evidence import MatchDecision, Outcome

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Decisions against labels. A false merge is `different` or `review` that was decided `same`."""

    pairs: int
    same: int
    same_found: int
    same_reviewed: int
    different: int
    different_kept: int
    different_reviewed: int
    different_merged: int
    review: int
    review_found: int
    review_merged: int
    false_merges: int

    @property
    def reviews(self) -> int:
        """How many pairs are left to a person."""
        return self.same_reviewed + self.different_reviewed + self.review_found

    @property
    def precision(self) -> float | None:
        """The share of what was joined that is the same; none when nothing was joined."""
        joined = self.same_found + self.false_merges
        return self.same_found / joined if joined else None

    @property
    def recall(self) -> float | None:
        """The share of what is the same that was joined; none when nothing is the same."""
        return self.same_found / self.same if self.same else None


def tabulate(judged: Iterable[tuple[str, Outcome, MatchDecision]]) -> DecisionTable:
    """Count (name, expected outcome, decision)."""
    counts = Counter((expected, decision.outcome) for _, expected, decision in judged)
    labels: Counter[Outcome] = Counter()
    for (expected, _), count in counts.items():
        labels[expected] += count
    same, review, different = Outcome.SAME, Outcome.REVIEW, Outcome.DIFFERENT
    return DecisionTable(
        pairs=counts.total(),
        same=labels[same],
        same_found=counts[same, same],
        same_reviewed=counts[same, review],
        different=labels[different],
        different_kept=counts[different, different],
        different_reviewed=counts[different, review],
        different_merged=counts[different, same],
        review=labels[review],
        review_found=counts[review, review],
        review_merged=counts[review, same],
        false_merges=counts[different, same] + counts[review, same],
    )


def tabulate_categories(
    judged: Iterable[tuple[str, Outcome, MatchDecision]],
) -> Mapping[str, DecisionTable]:
    """The table of each category of (category, expected outcome, decision), by name."""
    grouped: dict[str, list[tuple[str, Outcome, MatchDecision]]] = defaultdict(list)
    for one in judged:
        grouped[one[0]].append(one)
    return {category: tabulate(grouped[category]) for category in sorted(grouped)}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def b_cubed(found: Mapping[Name, Hashable], truth: Mapping[Name, Hashable]) -> Agreement:
    """Agreement of two clusterings of the same names, each given as the cluster of each name, by B-cubed.

    Every name counts alike: how much of its found cluster belongs to it, how much of its true cluster was found.
    """
    found_sizes, true_sizes, both_sizes = _sizes(found, truth)
    if not truth:
        return Agreement(1.0, 1.0)
    precision = sum(n * n / found_sizes[cluster] for (cluster, _), n in both_sizes.items())
    recall = sum(n * n / true_sizes[label] for (_, label), n in both_sizes.items())
    return Agreement(precision / len(truth), recall / len(truth))


def pairwise(found: Mapping[Name, Hashable], truth: Mapping[Name, Hashable]) -> Agreement:
    """Agreement of two clusterings by the pairs that stand in one cluster."""
    sizes = [sum(n * (n - 1) // 2 for n in counts.values()) for counts in _sizes(found, truth)]
    found_pairs, true_pairs, both_pairs = sizes
    return Agreement(
        both_pairs / found_pairs if found_pairs else 1.0, both_pairs / true_pairs if true_pairs else 1.0
    )


def _sizes(
    found: Mapping[Name, Hashable], truth: Mapping[Name, Hashable]
) -> tuple[Counter[Hashable], Counter[Hashable], Counter[tuple[Hashable, Hashable]]]:
    return (
        Counter(found[name] for name in truth),
        Counter(truth.values()),
        Counter((found[name], label) for name, label in truth.items()),
    )
