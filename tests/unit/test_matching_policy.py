"""What each choice of the policy of matching does to pairs."""

import pytest
from books import a_book

from unioncat.core.errors import UnioncatError
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.policy import DEFAULT, POLICIES, Policy, PublisherRule, Reprint, policy_named
from unioncat.core.normalise.description import Description
from unioncat.settings import load_settings

GROUPED = Policy(reprint=Reprint.GROUPED)
LENIENT = Policy(publisher=PublisherRule.LENIENT)
SECOND = {"edition": "Tái bản lần thứ 2", "year": "1970"}
THIRD = {"edition": "Tái bản lần thứ 3", "year": "1975"}


def decided(policy: Policy, left: Description, right: Description) -> Outcome:
    return decide(left, right, policy).outcome


def test_reprints_are_one_publication_only_where_the_policy_groups_them() -> None:
    second, third = a_book(**SECOND), a_book(**THIRD)
    assert decided(DEFAULT, second, third) is Outcome.DIFFERENT
    assert decided(GROUPED, second, third) is Outcome.SAME
    assert decided(LENIENT, second, third) is Outcome.DIFFERENT


def test_a_book_and_its_reprint_of_another_year_are_one_where_reprints_are_grouped() -> None:
    assert decided(DEFAULT, a_book(), a_book(**SECOND)) is not Outcome.SAME
    assert decided(GROUPED, a_book(), a_book(**SECOND)) is Outcome.SAME


@pytest.mark.parametrize(
    "change",
    [
        {"pages": "260 tr."},
        {"pages": None},
        {"publisher": "Giáo dục"},
        {"publisher": None},
        {"edition": "Tái bản lần thứ 3, có sửa chữa, bổ sung"},
        {"title": "Đất nước Việt Nam qua các thời"},
        {"number": "T.2"},
    ],
    ids=str,
)
def test_what_may_be_more_than_a_reprint_is_not_grouped(change: dict[str, str | None]) -> None:
    assert decided(GROUPED, a_book(**SECOND), a_book(**{**THIRD, **change})) is not Outcome.SAME


def test_foreign_editions_stay_apart_where_reprints_are_grouped() -> None:
    book = {
        "title": "Principles of modern irrigation",
        "author": "Hagan, Robert M.",
        "publisher": "Wiley",
        "language": "eng",
    }
    left, right = a_book(**book, edition="2nd ed."), a_book(**book, edition="3rd ed.")
    assert decided(GROUPED, left, right) is Outcome.DIFFERENT


def test_a_generic_title_of_another_year_is_not_grouped() -> None:
    left, right = (
        a_book(title="Kỷ yếu hội nghị khoa học", author=None, year=year) for year in ("2001", "2005")
    )
    assert decided(GROUPED, left, right) is not Outcome.SAME


def test_another_publisher_parts_books_unless_the_policy_is_lenient() -> None:
    left, right = a_book(), a_book(publisher="Giáo dục")
    assert decided(DEFAULT, left, right) is not Outcome.SAME
    assert decided(GROUPED, left, right) is not Outcome.SAME
    assert decided(LENIENT, left, right) is Outcome.SAME


@pytest.mark.parametrize(
    "change", [{"year": None}, {"pages": None}, {"author": None}, {"year": "1965"}], ids=str
)
def test_a_lenient_policy_wants_all_else_to_agree(change: dict[str, str | None]) -> None:
    right = a_book(**{"publisher": "Giáo dục", **change})
    assert decided(LENIENT, a_book(), right) is not Outcome.SAME


def test_every_policy_has_a_name_of_its_own_which_the_store_keeps() -> None:
    assert len({policy.name for policy in POLICIES}) == len(POLICIES)
    assert [policy_named(policy.name) for policy in POLICIES] == list(POLICIES)
    assert policy_named(None) == policy_named("rules=0 reprint=grouped publisher=strict") == DEFAULT


def test_the_policy_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().matching == DEFAULT
    monkeypatch.setenv("UNIONCAT_REPRINT", "grouped")
    monkeypatch.setenv("UNIONCAT_PUBLISHER", "lenient")
    assert load_settings().matching == Policy(Reprint.GROUPED, PublisherRule.LENIENT)


def test_an_unknown_policy_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIONCAT_PUBLISHER", "kind")
    with pytest.raises(UnioncatError, match=r"UNIONCAT_PUBLISHER .*'strict' or 'lenient'"):
        load_settings()
