"""Answers of `decide` that do not need all of its evidence.

1. Whether two descriptions may never stand in one cluster is known as soon as one feature rules it out, or forbids
   `same` and neither yields to an identifier nor can be outvoted.
2. Two descriptions whose titles differ are different where no identifier is shared: all else together does not reach
   REVIEW. Nothing but a link can relate them.
"""

from collections.abc import Mapping

from unioncat.core.match.decide import (
    VETOED,
    YIELD_TO_IDENTIFIER,
    Feature,
    conclude,
    features_of,
)
from unioncat.core.match.evidence import Evidence, MatchDecision
from unioncat.core.match.features.carrier import compare_carrier
from unioncat.core.match.features.level import compare_level
from unioncat.core.match.features.textbook import compare_textbook
from unioncat.core.match.features.title import compare_title
from unioncat.core.match.features.volume import compare_volume
from unioncat.core.match.features.work import compare_work
from unioncat.core.match.foreign import are_foreign
from unioncat.core.match.outvoted import NEEDED
from unioncat.core.match.policy import DEFAULT, POLICIES, Policy
from unioncat.core.match.weights import HOLD, TITLE_DIFFERS
from unioncat.core.normalise.description import Description

_CHEAP = (compare_level, compare_carrier, compare_volume, compare_textbook, compare_work)
"""Features that only compare values and often rule a pair out: they are asked first."""


def is_vetoed(left: Description, right: Description, policy: Policy = DEFAULT) -> bool:
    """`decide(left, right, policy).vetoed`."""
    foreign = are_foreign(left, right)
    evidence: list[Evidence] = []
    forbidden = False
    for compare in _CHEAP_FIRST[policy]:
        one = compare(left, right)
        if one.weight <= HOLD:
            if one.weight <= VETOED or not _may_be_overlooked(one.feature, foreign):
                return True
            forbidden = True
        evidence.append(one)
    return forbidden and conclude(tuple(evidence), left, right).vetoed


def judge(left: Description, right: Description, policy: Policy = DEFAULT) -> MatchDecision | None:
    """`decide(left, right, policy)`; None where the two are different and cannot be related."""
    title = compare_title(left, right)
    if title.weight <= TITLE_DIFFERS and not _share_identifier(left, right) and not _name_others(left, right):
        return None
    others = [compare(left, right) for compare in features_of(policy)[1:]]  # the title is the first
    return conclude((title, *others), left, right)


def _may_be_overlooked(feature: str, foreign: bool) -> bool:
    return feature in YIELD_TO_IDENTIFIER or (foreign and feature in NEEDED)


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


def _cheap_first(features: tuple[Feature, ...]) -> tuple[Feature, ...]:
    yielding = [one for one in features if one not in _CHEAP and one is not compare_title]
    return (*_CHEAP, compare_title, *yielding)


_CHEAP_FIRST: Mapping[Policy, tuple[Feature, ...]] = {
    policy: _cheap_first(features_of(policy)) for policy in POLICIES
}
