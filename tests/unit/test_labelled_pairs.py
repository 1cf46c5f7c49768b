"""Labelled pairs: how they are read, counted and shown by `unioncat evaluate`."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from unioncat.cli import app
from unioncat.core.errors import FileUnreadable
from unioncat.core.match.evaluation import tabulate, tabulate_categories
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.match.labelled_pairs import read_labelled_pair


def a_side(title: str = "Cơ sở văn hóa Việt Nam", number: str = "") -> dict[str, Any]:
    subfields = [{"a": title}, *([{"n": number}] if number else [])]
    return {
        "leader": "00000nam a2200000 a 4500",
        "fields": [
            {"001": "1"},
            {"100": {"ind1": " ", "ind2": " ", "subfields": [{"a": "Trần Quốc Vượng"}]}},
            {"245": {"ind1": " ", "ind2": " ", "subfields": subfields}},
            {
                "260": {
                    "ind1": " ",
                    "ind2": " ",
                    "subfields": [{"a": "H."}, {"b": "Giáo dục"}, {"c": "2012"}],
                }
            },
            {"300": {"ind1": " ", "ind2": " ", "subfields": [{"a": "292 tr."}]}},
        ],
    }


def a_line(**changes: Any) -> str:
    pair = {"id": "one", "expected": "same", "left": a_side(), "right": a_side()}
    return json.dumps(pair | changes, ensure_ascii=False)


def decided(outcome: Outcome) -> MatchDecision:
    return MatchDecision(outcome, 0.0, False, ())


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({"category": "volumes", "pattern": "volume"}, "volumes"),
        ({"pattern": "volume+year"}, "volume+year"),
        ({"id": "D-VOL-MISSING"}, "VOL"),
        ({"id": "decision-12-1"}, ""),
    ],
)
def test_a_category_is_stated_or_stands_in_the_name(changes: dict[str, Any], category: str) -> None:
    assert read_labelled_pair(a_line(**changes), "line 1").category == category


def test_who_decided_and_why_is_not_looked_at() -> None:
    plain = read_labelled_pair(a_line(), "line 1")
    told = a_line(decided_by="a.cataloguer", decided_at="2026-01-01", reason="book in hand")
    assert read_labelled_pair(told, "line 1") == plain


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 7 of pairs.jsonl is not JSON"),
        ("[]", "line 7 of pairs.jsonl is not a labelled pair but a list"),
        ('{"id": "x", "expected": "same"}', "it has no left and no right"),
        (a_line(expected="maybe"), "expects 'maybe'"),
        (a_line(expected=["same"]), "expects ['same']"),
        (a_line(left="a book"), "the left record in line 7 of pairs.jsonl cannot be read"),
        (a_line(right={"leader": "x"}), "the right record in line 7 of pairs.jsonl cannot be read"),
    ],
)
def test_a_line_that_is_no_pair_is_named_with_what_is_wrong(line: str, said: str) -> None:
    with pytest.raises(FileUnreadable) as refused:
        read_labelled_pair(line, "line 7 of pairs.jsonl")
    assert said in str(refused.value)


def test_precision_counts_false_merges_and_recall_counts_what_was_missed() -> None:
    same, review, different = Outcome.SAME, Outcome.REVIEW, Outcome.DIFFERENT
    judged = [
        ("a", same, decided(same)),
        ("a", same, decided(review)),
        ("a", same, decided(different)),
        ("b", review, decided(same)),
        ("b", different, decided(review)),
    ]
    tables = tabulate_categories(judged)
    assert list(tables) == ["a", "b"]
    assert (tables["a"].precision, tables["a"].recall, tables["a"].reviews) == (1.0, 1 / 3, 1)
    assert (tables["b"].precision, tables["b"].recall, tables["b"].reviews) == (0.0, None, 1)
    assert tabulate(judged).precision == 0.5
    assert tabulate([("b", different, decided(different))]).precision is None


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    file = tmp_path / "pairs.jsonl"
    lines = [
        a_line(id="agreed", category="copies"),
        "",
        a_line(id="doubtful", expected="different", category="copies"),
        a_line(id="missed", category="volumes", left=a_side(number="T.1"), right=a_side(number="T.2")),
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def run(*arguments: object) -> tuple[int, str, BaseException | None]:
    ended = CliRunner().invoke(app, [str(one) for one in arguments])
    return ended.exit_code, ended.stdout, ended.exception


def test_disagreements_are_shown_with_their_reasons_and_agreements_only_counted(pairs: Path) -> None:
    status, said, _ = run("evaluate", pairs, "--language", "en")
    assert status == 0
    assert "agreed" not in said
    assert "doubtful: a cataloguer says: Two different publications; the matcher says: The same" in said
    assert said.count("FALSE MERGE") == 1
    assert "missed: a cataloguer says: The same publication; the matcher says: Two different" in said
    assert "    Volume" in said.split("missed:")[1]
    counts = {line.split()[0]: line.split()[1:] for line in said.splitlines() if line[:1].isalpha()}
    assert counts["copies"] == ["2", "1", "1", "1", "0", "0.500", "1.000"]
    assert counts["volumes"] == ["1", "1", "0", "0", "0", "–", "0.000"]
    assert counts["all"] == ["3", "2", "1", "1", "0", "0.500", "0.500"]


def test_the_table_is_in_vietnamese_unless_another_language_is_asked_for(pairs: Path) -> None:
    said = run("evaluate", pairs)[1]
    assert said.split("\n")[0].split("  ")[0] == "nhóm"
    assert said.count("GỘP SAI") == 1
    assert "missed: người biên mục: Cùng một ấn phẩm; máy: Hai ấn phẩm khác nhau" in said
    assert "0,500" in said
    assert "0.500" not in said


def test_a_false_merge_fails_only_where_it_is_asked_to(pairs: Path) -> None:
    assert run("evaluate", pairs)[0] == 0
    assert run("evaluate", pairs, "--fail-on-false-merge")[0] == 1
    pairs.write_text(a_line(expected="same"), encoding="utf-8")
    assert run("evaluate", pairs, "--fail-on-false-merge")[0] == 0


def test_several_files_are_one_table(pairs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text("\ufeff" + a_line(id="of the other", category="copies"), encoding="utf-8")
    status, said, _ = run("evaluate", pairs, other, "--json")
    result = json.loads(said)
    assert status == 0
    assert [one["id"] for one in result["pairs"]] == ["agreed", "doubtful", "missed", "of the other"]
    assert result["categories"]["copies"]["pairs"] == 3
    assert result["table"]["false_merges"] == 1


def test_an_unreadable_line_is_named_by_its_number(pairs: Path) -> None:
    pairs.write_text(f"{a_line()}\n\nnonsense\n", encoding="utf-8")
    assert "line 3 of pairs.jsonl is not JSON" in str(run("evaluate", pairs)[2])
    pairs.write_bytes(b"\xff\xfe\x00")
    assert "pairs.jsonl is not UTF-8" in str(run("evaluate", pairs)[2])
    assert "cannot be read" in str(run("evaluate", pairs.parent / "absent.jsonl")[2])
