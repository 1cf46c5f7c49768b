"""Answers of `decide` that do not need all of its evidence.

1. Whether two descriptions may never stand in one cluster is known as soon as one feature rules it out, or forbids
   `same` and neither yields to an identifier nor can be outvoted. Features that only compare numbers come first.
2. Two descriptions whose titles differ are different where no identifier is shared: all else together does not reach
   REVIEW. Nothing but a link can relate them.
"""

from collections.abc import Mapping

from unioncat.core.match.decide import VETOED, YIELD_TO_IDENTIFIER, Feature, conclude, features_of
from unioncat.core.match.evidence import Evidence, MatchDecision, Outcome
from unioncat.core.match.features.title import compare_title
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.outvoted import NEEDED
from unioncat.core.match.policy import DEFAULT, POLICIES, Policy
from unioncat.core.match.weights import HOLD, TITLE_DIFFERS
from unioncat.core.normalise.description import Description

_QUICK = (
    "volume",
    "year",
    "pages",
    "edition",
    "textbook",
    "carrier",
    "level",
    "work",
    "issn",
    "size",
    "author",
)
"""Features that cost little and often part two descriptions: they are asked before the title."""


def is_vetoed(left: Description, right: Description, policy: Policy = DEFAULT) -> bool:
    """`decide(left, right, policy).vetoed`."""
    evidence = _unless_vetoed(left, right, policy)
    if evidence is None:
        return True
    forbidden = any(one.weight <= HOLD for one in evidence)
    return forbidden and conclude(tuple(evidence), left, right).vetoed


def same_score(left: Description, right: Description, policy: Policy = DEFAULT) -> float | None:
    """The score of `decide(left, right, policy)` where the two are the same, else none."""
    evidence = _unless_vetoed(left, right, policy)
    if evidence is None:
        return None
    decision = conclude(tuple(evidence), left, right)
    return decision.score if decision.outcome is Outcome.SAME else None


def _unless_vetoed(left: Description, right: Description, policy: Policy) -> list[Evidence] | None:
    """All evidence, in no order that matters; none as soon as it is known that the two are vetoed."""
    outvotable = NEEDED if are_foreign(left, right) else ()
    evidence: list[Evidence] = []
    for compare in _QUICK_FIRST[policy]:
        one = compare(left, right)
        if one.weight <= HOLD and (
            one.weight <= VETOED or (one.feature not in YIELD_TO_IDENTIFIER and one.feature not in outvotable)
        ):
            return None
        evidence.append(one)
    return evidence


def judge(left: Description, right: Description, policy: Policy = DEFAULT) -> MatchDecision | None:
    """`decide(left, right, policy)`; None where the two are different and cannot be related."""
    title = compare_title(left, right)
    if title.weight <= TITLE_DIFFERS and not _share_identifier(left, right) and not _name_others(left, right):
        return None
    others = [compare(left, right) for compare in features_of(policy)[1:]]  # the title is the first
    return conclude((title, *others), left, right)


def _share_identifier(left: Description, right: Description) -> bool:
    return not (
        left.isbns.isdisjoint(right.isbns)
        and left.issns.isdisjoint(right.issns)
        and left.system_numbers.isdisjoint(right.system_numbers)
        and left.standards.isdisjoint(right.standards)
        and left.publisher_numbers.isdisjoint(right.publisher_numbers)
    )


def _name_others(left: Description, right: Description) -> bool:
    """Whether one of the two names other publications, so that a relation is possible."""
    return bool(left.originals or left.linked or right.originals or right.linked)


def _place(compare: Feature) -> int:
    name = compare.__name__.removeprefix("compare_").partition("_of_")[0]
    return _QUICK.index(name) if name in _QUICK else len(_QUICK)


_QUICK_FIRST: Mapping[Policy, tuple[Feature, ...]] = {
    policy: tuple(sorted(features_of(policy), key=_place)) for policy in POLICIES
}
