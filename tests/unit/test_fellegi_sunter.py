"""The Fellegi–Sunter estimate finds the m and u by which pairs were made."""

from collections import Counter
from math import log2
from random import Random

import pytest
from fellegi_sunter import Pattern, count_labelled, estimate_unlabelled

M = (
    {"agree": 0.9, "silent": 0.05, "disagree": 0.05},
    {"agree": 0.8, "disagree": 0.2},
    {"agree": 0.7, "disagree": 0.3},
)
U = (
    {"agree": 0.1, "silent": 0.1, "disagree": 0.8},
    {"agree": 0.3, "disagree": 0.7},
    {"agree": 0.05, "disagree": 0.95},
)
SHARE = 0.3
OUTCOMES = [(feature, outcome) for feature, chances in enumerate(M) for outcome in chances]


def generated(pairs: int) -> tuple[Counter[Pattern], Counter[Pattern]]:
    """Patterns of pairs that are the same and of those that are not, drawn with M, U and SHARE."""
    random = Random(1969)
    drawn: tuple[Counter[Pattern], Counter[Pattern]] = (Counter(), Counter())
    for _ in range(pairs):
        is_same = random.random() < SHARE
        chances = M if is_same else U
        pattern = tuple(random.choices(list(one), list(one.values()))[0] for one in chances)
        drawn[0 if is_same else 1][pattern] += 1
    return drawn


def test_labels_give_the_weights_by_which_pairs_were_made() -> None:
    model = count_labelled(*generated(20_000))
    assert model.share == pytest.approx(SHARE, abs=0.01)
    for feature, outcome in OUTCOMES:
        assert model.bits(feature, outcome) == pytest.approx(
            log2(M[feature][outcome] / U[feature][outcome]), abs=0.2
        )


def test_without_labels_the_estimate_comes_to_the_same_weights() -> None:
    same, different = generated(20_000)
    model = estimate_unlabelled(same + different, lambda pattern: 0.8 if pattern.count("agree") > 1 else 0.2)
    assert model.share == pytest.approx(SHARE, abs=0.03)
    for feature, outcome in OUTCOMES:
        assert model.bits(feature, outcome) == pytest.approx(
            log2(M[feature][outcome] / U[feature][outcome]), abs=0.5
        )


def test_what_is_known_from_the_start_stays_known() -> None:
    same, different = generated(2_000)
    certain = estimate_unlabelled(same + different, lambda pattern: float(pattern[0] == "agree"))
    assert certain.m[0]["agree"] > 0.99
    assert certain.u[0]["agree"] < 0.01


def test_an_outcome_that_was_never_seen_on_one_side_is_not_certain() -> None:
    model = count_labelled({("agree",): 9}, {("disagree",): 9})
    assert model.m[0] == {"agree": 0.95, "disagree": 0.05}
    assert 0 < model.probability(("disagree",)) < 0.1 < 0.9 < model.probability(("agree",)) < 1
    assert model.bits(0, "of no pair") == 0
