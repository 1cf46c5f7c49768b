"""Laws of matching under every policy, and of the shortcuts past `decide`."""

from drawn_records import any_record, books
from hypothesis import given, settings
from hypothesis import strategies as st

from unioncat.core.marc import MarcRecord
from unioncat.core.match.decide import decide, features_of
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.features.title import compare_title
from unioncat.core.match.policy import POLICIES, Policy
from unioncat.core.match.shortcuts import is_vetoed, judge, same_score
from unioncat.core.normalise.description import Description, describe

policies = st.sampled_from(POLICIES)


def answers_agree(left: Description, right: Description, policy: Policy) -> None:
    decision = decide(left, right, policy)
    assert decision == decide(right, left, policy)
    assert is_vetoed(left, right, policy) is decision.vetoed
    same = decision.outcome is Outcome.SAME
    assert same_score(left, right, policy) == (decision.score if same else None)
    light = judge(left, right, policy)
    if light is None:
        assert decision.outcome is Outcome.DIFFERENT
    else:
        assert light == decision


@given(books(), books(), policies)
@settings(max_examples=300, deadline=None)
def test_shortcuts_answer_as_decide_does_and_every_policy_is_symmetric(
    left: Description, right: Description, policy: Policy
) -> None:
    answers_agree(left, right, policy)


@given(any_record, any_record, policies)
@settings(max_examples=150, deadline=None)
def test_shortcuts_answer_as_decide_does_for_odd_records(
    left: MarcRecord, right: MarcRecord, policy: Policy
) -> None:
    answers_agree(describe(left), describe(right), policy)


@given(books(), policies)
@settings(max_examples=100, deadline=None)
def test_no_policy_rules_a_book_out_against_itself(book: Description, policy: Policy) -> None:
    assert not is_vetoed(book, book, policy)


def test_the_title_is_asked_first_under_every_policy() -> None:
    assert all(features_of(policy)[0] is compare_title for policy in POLICIES)
