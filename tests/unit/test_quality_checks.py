"""The reasons of a preflight and the proof of completeness, as rules."""

import tomllib
from importlib.resources import files
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncat.core.quality.completeness import Stock, prove_completeness
from unioncat.core.quality.feed import ColumnSeen, FeedIdentity, Terms
from unioncat.core.quality.verdict import (
    Reason,
    Verdict,
    judge_identity,
    proposed_deletions,
    verdict_of,
)
from unioncat.core.registry import Deletions

REASONS = tomllib.loads(files("unioncat.core.quality").joinpath("reasons.toml").read_text("utf-8"))


def codes(identity: FeedIdentity, terms: Terms) -> list[str]:
    return [reason.code for reason in judge_identity(identity, terms)]


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_fills_in_the_same_values_in_both_languages(code: str) -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    entry = REASONS[code]
    assert places(entry["vi"]) == places(entry["en"])
    assert entry["weight"] in ("bad", "look", "note")


@pytest.mark.parametrize(
    ("weights", "verdict"),
    [
        ([], Verdict.GOOD),
        (["note"], Verdict.GOOD),
        (["note", "look"], Verdict.LOOK),
        (["look", "bad", "note"], Verdict.BAD),
    ],
)
def test_the_heaviest_reason_decides(weights: list[str], verdict: Verdict) -> None:
    assert verdict_of(tuple(Reason("x", weight, "", "") for weight in weights)) is verdict


@pytest.mark.parametrize(
    ("policy", "proposal"),
    [
        ("persistent", Deletions.REPORTED),
        ("transient", Deletions.AUDIT),
        ("no", Deletions.AUDIT),
        (None, Deletions.AUDIT),
    ],
)
def test_only_persistent_deletions_need_no_audit(policy: str | None, proposal: Deletions) -> None:
    identity = FeedIdentity(formats=("marc21",), deleted_record=policy)
    assert proposed_deletions(identity) is proposal
    assert ("deletions" in codes(identity, Terms())) is (proposal is Deletions.AUDIT)
    assert codes(identity, Terms(deletions=Deletions.AUDIT)) == []


def test_a_file_has_no_policy_of_deletions() -> None:
    assert proposed_deletions(FeedIdentity("books.mrc", "ISO 2709")) is None


def test_a_provider_without_sets_has_not_the_set_that_is_asked_for() -> None:
    identity = FeedIdentity(formats=("marc21",), sets=(), deleted_record="persistent")
    assert codes(identity, Terms("marc21", "books")) == ["no-set"]
    assert codes(identity, Terms("marc21")) == []


def test_columns_wait_for_a_person_until_they_are_confirmed() -> None:
    identity = FeedIdentity(columns=(ColumnSeen("Tên sách", "title", "the name"),))
    assert codes(identity, Terms()) == ["columns"]
    assert codes(identity, Terms(columns_confirmed=True)) == []


@given(*[st.integers(0, 1000)] * 4)
def test_completeness_is_the_feeds_count_against_ours(
    total: int, live: int, rejected: int, tombstones: int
) -> None:
    found = prove_completeness(total, Stock(live, rejected, tombstones), "vi")
    ours = live + rejected
    assert (found.outcome == "complete") is (total in (ours, ours + tombstones))
    assert (found.outcome == "complete") is (found.difference == 0)
    if found.outcome != "complete":
        assert found.outcome == ("missing" if total > ours else "surplus")
        assert str(abs(total - ours)) in found.said


def test_nothing_is_proven_without_a_count() -> None:
    assert prove_completeness(None, Stock(1, 0), "en").outcome == "unproven"
    assert prove_completeness(5, None, "en").outcome == "unproven"
