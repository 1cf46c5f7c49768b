"""What the features say about two descriptions, and what follows from it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What one feature says about two descriptions."""

    AGREE = "agree"
    SILENT = "silent"
    DISAGREE = "disagree"
    VETO = "veto"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature's verdict, its weight in points (negative when it speaks against), and the reason.

    `code` names the rule that spoke and `values` what it saw; `sentences.toml` says both in words. A code may be kept
    by others, so it does not change when the words do.
    """

    feature: str
    verdict: Verdict
    weight: float
    code: str
    values: tuple[str, ...] = ()


class Outcome(StrEnum):
    """The decision on a pair of descriptions."""

    SAME = "same"
    REVIEW = "review"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """The decision on a pair, its score (sum of weights) and all evidence.

    `vetoed` is true when the two may never stand in one cluster, whatever lies between them.
    """

    outcome: Outcome
    score: float
    vetoed: bool
    evidence: tuple[Evidence, ...]

    @property
    def pattern(self) -> str:
        """What kept the pair from being the same: the features that speak against it, or `weak` when none does."""
        against = sorted(one.feature for one in self.evidence if one.weight < 0)
        return "+".join(against) or "weak"
