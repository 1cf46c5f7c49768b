"""Curation on the command line, as a cataloguer works with it: from the queue to the export."""

import json
import re
from collections.abc import Iterator

import pytest
from command_home import Home, a_home
from deliveries import a_delivery

from unioncat.core.errors import Conflict, InvalidDecision, InvalidIdentifier, InvalidQuery

ISBN = "9786045701126"


def _pairs(home: Home, pattern: str | None = None) -> list[str]:
    asked = ("--pattern", pattern) if pattern else ()
    return [entry["pair"] for entry in json.loads(home.good("review", "list", "--json", *asked))]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A home with two doubtful pairs."""
    records = [
        a_delivery("1", isbn=ISBN),
        a_delivery("2", isbn=ISBN, year="2015"),
        a_delivery("3", "Đất rừng phương Nam", "Đoàn Giỏi"),
        a_delivery("4", "Đất rừng phương Nam", "Đoàn Giỏi", year=None, pages=None),
    ]
    with a_home(records) as made:
        yield made


def test_the_queue_and_a_pair_can_be_read(home: Home) -> None:
    listed = home.good("review", "list")
    assert "Against it: year" in listed
    assert all(len(line) <= 110 for line in listed.splitlines())
    assert "year" in home.good("review", "patterns")
    (pair,) = _pairs(home, "year")
    shown = home.good("review", "show", pair)
    assert re.search(r"Year +2012 +≠ +2015|Year +2015 +≠ +2012", shown)
    assert "the matcher leaves it to people" in shown
    assert "Năm xuất bản" in home.good("review", "show", pair, "--language", "vi")


def test_a_pair_is_decided_told_and_undone(home: Home) -> None:
    (pair,) = _pairs(home, "year")
    said = home.good("decide", pair, "same", "--why", "cùng ISBN", "--by", "Lan")
    number = re.findall(r"Decision (\d+)", said)[0]
    assert pair not in _pairs(home)
    told = home.good("decisions", number)
    assert "Lan: cùng ISBN" in told
    assert "in force" in told
    home.good("decide", pair, "different", "--why", "bản in khác", "--by", "Minh")
    refused = home("decide", pair, "same", "--why", "nhầm", "--by", "Lan")
    assert isinstance(refused.exception, Conflict)
    assert "Minh" in str(refused.exception)
    exported = home.good("curation", "export", "-")
    assert json.loads(exported.splitlines()[0])["who"] == "Lan"
    for one in json.loads(home.good("decisions", "--standing", "--json")):
        home.good("undo", str(one["id"]), "--why", "thử")
    assert _pairs(home, "year") == [pair]
    assert "withdrawn by" in home.good("decisions", "--undone")


def test_a_pair_is_put_off_and_recalled(home: Home) -> None:
    (pair,) = _pairs(home, "weak")
    home.good("decide", pair, "later", "--why", "chờ xem sách", "--until", "2099-01-31")
    assert pair not in _pairs(home)
    assert "2099-01-31" in home.good("review", "later")
    home.good("review", "recall", pair)
    assert pair in _pairs(home)


def test_a_pattern_is_decided_with_the_token_of_its_dry_run(home: Home) -> None:
    shown = home.good("decide-pattern", "year", "different")
    assert "1 pairs would be decided" in shown
    token = shown.rsplit("--apply ", 1)[1].strip()
    done = home.good("decide-pattern", "year", "different", "--why", "bản in khác", "--apply", token)
    batch = re.findall(r"unioncat undo (\d+) --bulk", done)[0]
    assert not _pairs(home, "year")
    home.good("undo", batch, "--bulk", "--why", "xem lại")
    assert len(_pairs(home, "year")) == 1


def test_master_records_are_merged_and_split(home: Home) -> None:
    (entry,) = json.loads(home.good("review", "list", "--json", "--pattern", "weak"))
    names = [entry["left"]["id"], entry["right"]["id"]]
    merged = home.good("merge", *names, "--why", "một sách")
    number = re.findall(r"Decision (\d+)", merged)[0]
    assert f"before: {names[0]}, {names[1]}; now: {min(names)}." in merged
    home.good("undo", number, "--why", "nhầm")
    home.good("merge", *names, "--why", "một sách")
    kept = json.loads(home.good("decisions", "--standing", "--json"))[0]["masters"][0]
    parted = home.good("split", kept, "--leave", "VN-A=4", "--why", "hai bản in")
    now = re.findall(r"now: (.*)\. Undo", parted)[0].split(", ")
    assert f"before: {kept};" in parted
    assert (kept in now, len(now)) == (True, 2)
    assert _pairs(home, "weak") == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("review", "show", "abc"), InvalidQuery),
        (("decisions", "--record", "VN-A"), InvalidDecision),
        (("split", "u0000", "--leave", "VN-A=1", "--why", "lí do"), InvalidIdentifier),
        (("decide", "1-2", "same", "--why", ""), InvalidDecision),
    ],
)
def test_what_cannot_be_used_is_a_sentence(
    home: Home, arguments: tuple[str, ...], error: type[Exception]
) -> None:
    assert isinstance(home(*arguments).exception, error)
