"""Print what the labelled pairs say about the points of `unioncat/core/match/weights.py`.

    UNIONCAT_TEST_DATA=... python tests/quality/tune.py

One line for every outcome of every feature: its points, how often it is seen among pairs that are the same (m) and among those that
are not (u), and log2(m/u): by the labels of goldfinch, the cases and the silver pairs; and, without labels, by estimation over the
candidate pairs of goldfinch (EM). The Vietnamese records are too brief for that: what an estimate without labels finds in them is which
library wrote them. Points are steps of a policy, bits are what was seen; where the two depart, the line says why.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from fellegi_sunter import Model, Pattern, count_labelled, estimate_unlabelled
from labelled_data import cases, describe_all, goldfinch, hcmut, libol, silver_pairs

from unioncat.core.identifiers import Fingerprint
from unioncat.core.match import weights
from unioncat.core.match.clusters import candidate_pairs
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Evidence, MatchDecision, Outcome, Verdict
from unioncat.core.match.keys import match_keys
from unioncat.core.match.weights import HOLD, REVIEW
from unioncat.core.normalise.description import Description, describe

_FEW = 20
_FAR = 3.0
_OF_MANY = ("VETO", "NEEDS_A_PERSON", "IDENTIFIER_SHARED")
_DECIDED = {"match": True, "match-toneplacement": True, "nonmatch-author": False, "nonmatch-volume": False}

WHY_BY_FEATURE = {
    "title": "candidates share letters of the title already; without a common title nothing is joined at all",
    "author": "the silver pairs were labelled by their authors, so that the labels exaggerate",
    "pages": "libraries count pages differently; numbers that are close only tip what else agrees",
    "edition": "other books have a second edition, too: the same number confirms, and only another one parts",
    "language": "cataloguers code languages carelessly; a person must look",
    "rare": "early books are judged by people, however alike their records are",
    "system number": "numbers of other agencies are rare in these sets",
    "isbn": "identifiers are blanked or rare in these sets",
    "size": "heights are measured carelessly; the difference only tips what is doubtful",
}
WHY_BY_VERDICT = {
    Verdict.VETO: "policy: a veto is never outvoted, and keeps whole clusters apart",
    Verdict.SILENT: "policy: what is missing is neutral",
    Verdict.DISAGREE: "policy: a false merge costs more than a missed one, so that doubt weighs more than it is seen",
    Verdict.AGREE: "policy: no feature but an identifier decides alone, so that agreement is capped",
}


class Seen:
    """Patterns of pairs, and the points that each outcome has in the table."""

    def __init__(self) -> None:
        self.features: tuple[str, ...] = ()
        self.points: dict[tuple[str, str], Evidence] = {}

    def pattern(self, decision: MatchDecision) -> Pattern:
        """The outcome of every feature on a pair."""
        self.features = tuple(one.feature for one in decision.evidence)
        named = [(one, outcome_of(one)) for one in decision.evidence]
        for one, outcome in named:
            self.points[one.feature, outcome] = one
        return tuple(outcome for _, outcome in named)


def outcome_of(evidence: Evidence) -> str:
    """An outcome by name: its verdict, the code of the rule, and the points."""
    return f"{evidence.verdict} {evidence.code} {evidence.weight:+g}"


def main() -> None:
    """Estimate and print."""
    data = Path(os.environ.get("UNIONCAT_TEST_DATA") or Path(__file__).parents[3] / "shared/data")
    seen = Seen()
    same: Counter[Pattern] = Counter()
    different: Counter[Pattern] = Counter()
    names, descriptions, truth = goldfinch(data)
    clusters: dict[Fingerprint, set[str]] = {}
    for record, name in names.items():
        clusters.setdefault(name, set()).add(truth[record])
    foreign = _candidates(seen, descriptions)
    for (left, right), pattern in foreign.items():
        (same if clusters[left] & clusters[right] else different)[pattern] += 1
    for is_same, pattern in (*_of_cases(seen, data), *_of_silver(seen, data)):
        (same if is_same else different)[pattern] += 1
    by_label = count_labelled(same, different)
    by_estimate = estimate_unlabelled(Counter(foreign.values()), _first_guess)
    print(f"{same.total()} pairs that are the same and {different.total()} that are not, by label;")
    print(f"{len(foreign)} candidate pairs for the estimate without labels.\n")
    sys.stdout.writelines(f"{line}\n" for line in render(seen, same + different, by_label, by_estimate))


def _candidates(
    seen: Seen, descriptions: Mapping[Fingerprint, Description]
) -> dict[tuple[Fingerprint, Fingerprint], Pattern]:
    """The pattern of every candidate pair of a collection."""
    keys = {name: match_keys(description) for name, description in descriptions.items()}
    return {
        (left, right): seen.pattern(decide(descriptions[left], descriptions[right]))
        for left, right in candidate_pairs(keys)
    }


def _of_cases(seen: Seen, data: Path) -> Iterator[tuple[bool, Pattern]]:
    for pair in cases(data):
        if pair.expected is not Outcome.REVIEW:
            decision = decide(describe(pair.left), describe(pair.right))
            yield pair.expected is Outcome.SAME, seen.pattern(decision)


def _of_silver(seen: Seen, data: Path) -> Iterator[tuple[bool, Pattern]]:
    names, descriptions = describe_all([*hcmut(data), *libol(data).items()])
    for pair in silver_pairs(data):
        left, right = (descriptions[names[pair[side]]] for side in ("id1", "id2"))
        if pair["silver_label"] in _DECIDED and left != right:
            yield _DECIDED[pair["silver_label"]], seen.pattern(decide(left, right))


def _first_guess(pattern: Pattern) -> float:
    """Where the estimate begins: a veto parts for certain; what agrees in three features is probably the same."""
    if any(outcome.startswith(Verdict.VETO) for outcome in pattern):
        return 0.0
    agree = sum(outcome.startswith(Verdict.AGREE) for outcome in pattern)
    against = sum(outcome.startswith(Verdict.DISAGREE) for outcome in pattern)
    return 0.9 if agree > 2 and not against else 0.1


def render(seen: Seen, counts: Mapping[Pattern, int], by_label: Model, by_estimate: Model) -> Iterator[str]:
    """The lines of the table, by feature and by points."""
    head = f"{'feature':<17}{'rule':<29}{'points':>6}  {'in the table as':<31}{'pairs':>6}{'m':>8}{'u':>8}"
    yield f"{head}{'bits':>7}{'EM':>7}  why they depart"
    for place, feature in enumerate(seen.features):
        outcomes = sorted(
            by_label.m[place], key=lambda outcome: (-seen.points[feature, outcome].weight, outcome)
        )
        for outcome in outcomes if len(outcomes) > 1 else ():
            one = seen.points[feature, outcome]
            pairs = sum(count for pattern, count in counts.items() if pattern[place] == outcome)
            points = "" if one.verdict is Verdict.VETO else f"{one.weight:+g}"
            line = f"{feature:<17}{one.code:<29}{points:>6}  {name_of(one):<31}{pairs:>6}"
            line += f"{by_label.m[place][outcome]:>8.4f}{by_label.u[place][outcome]:>8.4f}"
            bits = by_label.bits(place, outcome)
            line += f"{bits:>+7.1f}{by_estimate.bits(place, outcome):>+7.1f}  {why(one, pairs, bits)}"
            yield line.rstrip()


def name_of(evidence: Evidence) -> str:
    """The names in weights.py that may stand for these points."""
    if not evidence.weight:
        return ""
    prefix = evidence.feature.upper().replace(" ", "_")
    named = sorted(
        name for name, points in vars(weights).items() if name.isupper() and points == evidence.weight
    )
    own = [name for name in named if name.startswith(prefix)]
    return ", ".join(own or [name for name in named if name in _OF_MANY])


def why(evidence: Evidence, pairs: int, bits: float) -> str:
    """Why the points depart from the bits; empty when they do not."""
    if pairs < _FEW:
        return "few pairs: set by rule"
    if evidence.verdict is Verdict.VETO:
        return "" if bits < -_FAR else WHY_BY_VERDICT[Verdict.VETO]
    if abs(evidence.weight - bits) <= _FAR and (evidence.weight * bits >= 0 or abs(bits) < 1):
        return ""
    if evidence.weight <= HOLD and bits > evidence.weight:
        return WHY_BY_FEATURE.get(evidence.feature, WHY_BY_VERDICT[Verdict.DISAGREE])
    if evidence.weight >= REVIEW and evidence.feature not in WHY_BY_FEATURE:
        return "an identifier stands for a whole record"
    return WHY_BY_FEATURE.get(evidence.feature, WHY_BY_VERDICT[evidence.verdict])


if __name__ == "__main__":
    main()
