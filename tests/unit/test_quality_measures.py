"""How the labelled sets are measured: gates, the page, volumes as written, clusters of unrelated titles, policies."""

from collections import Counter
from dataclasses import replace

import pytest
from books import a_book
from fellegi_sunter import count_labelled
from quality_page import Gate, Section, Table, at_least, at_most, render_page, render_section
from set_melinda import POLICIES, Case, is_agreed, policy_of
from set_vietnamese import do_fork, is_chained
from silver_labels import share_a_person, volume_of
from tune import Seen, name_of, render, why

from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Evidence, MatchDecision, Outcome, Verdict
from unioncat.core.match.weights import VETO, YEAR_DIFFERS


def test_a_figure_just_below_its_bar_is_missed_and_does_not_look_as_if_it_reached_it() -> None:
    gate = at_least("F1", 0.96999, 0.97)
    assert not gate.is_met
    assert gate.row() == ("F1", "at least 0.9700", "0.9699", "**no**")


def test_no_fault_is_allowed_where_the_bar_is_none() -> None:
    assert at_most("false merges", 0, 0).row() == ("false merges", "none", "0", "yes")
    assert not at_most("false merges", 1, 0).is_met
    assert Gate("found", 8, 9, True, out_of=9, remark="(of 11)").row()[1:] == (
        "at least 8 of 9",
        "9 (of 11)",
        "yes",
    )


def test_the_page_names_what_is_missed_first_and_shows_numbers_to_the_right() -> None:
    table = Table("All:", ("name", "pairs"), [("a|b", 1)])
    section = Section(
        "A set", "What it is.", (at_most("false merges", 2, 0), at_least("found", 1.0, 0.9)), (table,)
    )
    page = render_page("# Head", [section])
    assert page.startswith("# Head\n\n**1 of 2 gates are met.** Missed: false merges.\n\n## A set\n")
    assert "| --- | ---: |\n| a\\|b | 1 |" in page
    assert render_section(section) in page


@pytest.mark.parametrize(
    ("written", "volume"),
    [
        ("T.01", (1,)),
        ("T. 1", (1,)),
        ("Tập I", (1,)),
        ("T.IV", (4,)),
        ("T.3 - Q.1", (3, 1)),
        ("Tập 3, Quyển 1", (3, 1)),
        ("T.I, Hệ tĩnh định ", (1,)),
        ("V.03 - P.A", (3, "a")),
        ("V.04B", (4, "b")),
        ("Toàn tập", ()),
        ("", ()),
    ],
)
def test_a_volume_is_its_numbers_and_letters_however_it_is_written(
    written: str, volume: tuple[int | str, ...]
) -> None:
    assert volume_of(written) == volume


def test_a_misspelt_author_is_one_person_and_another_one_is_not() -> None:
    assert share_a_person("Jacon Solinger", "Jacob Solinge")
    assert share_a_person("Bùi Ngọc Thư", "Lưu Văn Hy; Bùi Ngọc Thư, Nguyễn Đăng Dậu b.t")
    assert not share_a_person("Nguyễn Văn An", "Lê Thị Bình; Trần Minh")
    assert not share_a_person("", "")


def test_titles_that_share_no_words_are_chained_and_differently_written_ones_are_not() -> None:
    assert is_chained({"co so van hoa viet nam", "dien tu cong suat"})
    assert not is_chained({"matlab giai trinh do hoa", "matlabgiai trinh do hoa", "do hoa matlab giai trinh"})


def test_titles_fork_where_each_has_words_of_its_own() -> None:
    assert do_fork("training programme air cargo rating", "training programme dangerous goods regulations")
    assert not do_fork("ground water hydrology", "groundwater hydrology")
    assert not do_fork("statistical mechanics", "statistical mechanics a guide for students")


def decided(outcome: Outcome, *against: str) -> MatchDecision:
    return MatchDecision(
        outcome, 0.0, False, tuple(Evidence(name, Verdict.DISAGREE, -1, "") for name in against)
    )


def test_what_may_not_be_merged_and_is_left_to_a_person_is_agreed() -> None:
    case = Case("a", may_merge=False, failed="field 245", decision=decided(Outcome.REVIEW))
    assert is_agreed(case)
    assert not is_agreed(replace(case, may_merge=True))
    assert not is_agreed(replace(case, decision=decided(Outcome.SAME)))


def test_a_disagreement_without_a_policy_is_unexplained() -> None:
    joined = Case("a", may_merge=False, failed="field 245 (title) failed", decision=decided(Outcome.SAME))
    assert policy_of(joined) == "unexplained"
    assert policy_of(replace(joined, failed="SID test failed")) == "copies-of-one-library-are-joined"
    apart = Case("b", may_merge=True, failed="", decision=decided(Outcome.DIFFERENT, "title", "year"))
    assert policy_of(apart) == "unexplained"
    assert policy_of(replace(apart, decision=decided(Outcome.REVIEW, "year"))) == "reprint-strict"
    assert policy_of(replace(apart, decision=decided(Outcome.REVIEW, "volume"))) == "volume-on-one-side"
    assert policy_of(replace(apart, decision=decided(Outcome.REVIEW))) == "incomplete-is-review"


def test_every_policy_has_a_name_of_its_own_and_a_reason_that_ends() -> None:
    assert len({policy.name for policy in POLICIES}) == len(POLICIES)
    assert all(policy.reason.endswith(".") for policy in POLICIES)


def test_every_outcome_that_was_seen_stands_beside_its_points_with_m_and_u() -> None:
    seen = Seen()
    same = Counter({seen.pattern(decide(a_book(number="T.1"), a_book(number="Tập 1"))): 30})
    different = Counter({seen.pattern(decide(a_book(number="T.1"), a_book(number="T.2"))): 30})
    model = count_labelled(same, different)
    lines = list(render(seen, same + different, model, model))
    agree, veto = (line.split() for line in lines[1:])
    assert agree[:1] + agree[2:8] == ["volume", "+0", "30", "0.9839", "0.0161", "+5.9", "+5.9"]
    assert veto[:1] + veto[2:] == ["volume", "VETO", "30", "0.0161", "0.9839", "-5.9", "-5.9"]


def test_points_that_depart_from_what_is_seen_say_why() -> None:
    year = Evidence("year", Verdict.DISAGREE, YEAR_DIFFERS, "")
    assert name_of(year) == "YEAR_DIFFERS"
    assert name_of(Evidence("volume", Verdict.VETO, VETO, "")) == "VETO"
    assert not why(year, pairs=100, bits=-5.5)
    assert "false merge" in why(year, pairs=100, bits=0.5)
    assert "few pairs" in why(year, pairs=3, bits=0.5)
    assert "never outvoted" in why(Evidence("carrier", Verdict.VETO, VETO, ""), pairs=100, bits=-1.0)
