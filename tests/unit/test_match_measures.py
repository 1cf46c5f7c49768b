"""How decisions are explained and counted."""

from books import a_book

from unioncat.core.match.decide import decide
from unioncat.core.match.evaluation import b_cubed, pairwise, tabulate
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.match.explain import explain


def decided(outcome: Outcome) -> MatchDecision:
    return MatchDecision(outcome, 0.0, False, ())


def test_an_explanation_begins_with_the_outcome_and_the_vetoes() -> None:
    lines = explain(decide(a_book(number="T.1"), a_book(number="T.2")), "en")
    assert lines[0] == "Two different publications (ruled out)"
    assert lines[1] == "Volume: volume 1 and volume 2 (rules it out)"
    assert "Title: the same title (speaks for it, +3 points)" in lines
    assert not any("says nothing" in line for line in lines)


def test_a_review_decided_as_same_is_a_false_merge() -> None:
    same, review, different = Outcome.SAME, Outcome.REVIEW, Outcome.DIFFERENT
    judged = [
        ("a", same, decided(same)),
        ("b", same, decided(review)),
        ("c", review, decided(same)),
        ("d", different, decided(same)),
        ("e", different, decided(different)),
    ]
    table = tabulate(judged)
    assert (table.pairs, table.same, table.same_found, table.same_reviewed) == (5, 2, 1, 1)
    assert (table.different_kept, table.false_merges) == (1, 2)


def test_agreement_of_clusterings() -> None:
    truth = {"a": 1, "b": 1, "c": 2, "d": 2}
    assert b_cubed(truth, truth).f1 == pairwise(truth, truth).f1 == 1.0
    together = dict.fromkeys(truth, 0)
    assert (b_cubed(together, truth).precision, b_cubed(together, truth).recall) == (0.5, 1.0)
    assert pairwise(together, truth).precision == 2 / 6
    apart = {name: name for name in truth}
    assert (b_cubed(apart, truth).precision, b_cubed(apart, truth).recall) == (1.0, 0.5)
    assert pairwise(apart, truth).recall == 0.0
