"""A decision in lines for people."""

from unioncat.core.match.evidence import Evidence, MatchDecision, Verdict
from unioncat.core.normalise.vietnamese import write_tones


def explain(decision: MatchDecision) -> list[str]:
    """The outcome, then one line for each feature that said something, vetoes first, then the heaviest."""
    spoken = [one for one in decision.evidence if one.verdict is not Verdict.SILENT]
    lines = sorted(spoken, key=lambda one: (one.verdict is not Verdict.VETO, -abs(one.weight), one.feature))
    vetoed = any(one.verdict is Verdict.VETO for one in spoken)
    score = "vetoed" if vetoed else f"score {decision.score:g}"
    return [f"{decision.outcome} ({score})", *map(_line, lines)]


def sentence(evidence: Evidence, language: str) -> str:
    """What a feature says, in Vietnamese (`vi`) or English; names and titles as people write them."""
    return write_tones(evidence.reason)


def spoken_reason(evidence: Evidence) -> str:
    """The reason of a feature, with names and titles as people write them instead of as syllable keys."""
    return write_tones(evidence.reason)


def _line(evidence: Evidence) -> str:
    points = "" if evidence.verdict is Verdict.VETO else f" ({evidence.weight:+g})"
    return f"{evidence.feature}: {evidence.verdict}{points}: {spoken_reason(evidence)}"
