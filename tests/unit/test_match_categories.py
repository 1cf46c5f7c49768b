"""The categories of `match_categories.txt`: difficulties of Vietnamese catalogues, each with what a cataloguer decides.

The labelled cases of the test data have the same categories; these pairs, written here, keep the rules general.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from wrong_encodings import as_double_utf8, as_tcvn3, as_viqr, as_vni

from unioncat.core.delivery import DeliveredRecord, ParsedRecord, RecordFormat
from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import Outcome
from unioncat.core.match.keys import match_keys
from unioncat.core.normalise.description import Description, describe
from unioncat.core.parse.read import read_record

_ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "tcvn3": as_tcvn3,
    "vni": as_vni,
    "viqr": as_viqr,
    "double-utf8": as_double_utf8,
}
_SETTINGS = ("LDR", "L", "F", "Y", "AS")
Side = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the file: its name, the outcome, both records."""

    name: str
    expected: Outcome
    left: Description
    right: Description


def _read_cases() -> Iterator[Case]:
    text = (Path(__file__).parent / "match_categories.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    for number, (head, one, other) in enumerate(zip(lines[::3], lines[1::3], lines[2::3], strict=True)):
        expected, category = head.split()
        left = _fields(one)
        right = {**{tag: given for tag, given in left.items() if tag != "AS"}, **_fields(other)}
        yield Case(f"{category}-{number}", Outcome(expected), _description(left), _description(right))


def _fields(line: str) -> Side:
    side: Side = {}
    for part in line.split(" | "):
        tag, _, value = part.partition(" ")
        if tag.startswith("-"):
            side[tag[1:]] = []
        else:
            side.setdefault(tag, []).append(value)
    return side


def _description(side: Side) -> Description:
    settings = {name: side[name][0] if side.get(name) else "" for name in _SETTINGS}
    wrong = _ENCODINGS.get(settings["AS"], str)
    fields = [
        {tag: value} if tag < "010" else {tag: _subfields(wrong(value))}
        for tag, values in sorted(side.items())
        if tag not in _SETTINGS
        for value in values
    ]
    if settings["L"] != "-":
        fields.insert(0, {"008": _fixed(side, settings)})
    record = {"leader": f"00000n{settings['LDR'] or 'am'} a2200000 a 4500", "fields": fields}
    read = read_record(DeliveredRecord(json.dumps(record).encode(), RecordFormat.MARC_JSON, "cases"))
    assert isinstance(read, ParsedRecord)
    return describe(read.marc)


def _subfields(value: str) -> dict[str, object]:
    codes = [{one[0]: one[1:].strip()} for one in value.split("$")[1:]]
    return {"ind1": " ", "ind2": " ", "subfields": codes}


def _fixed(side: Side, settings: Mapping[str, str]) -> str:
    imprint = " ".join(side.get("260", []) + side.get("264", [])).rpartition("$c")[2]
    year = settings["Y"] or "".join(sign for sign in imprint if sign.isdigit())[:4] or "uuuu"
    return f"010101s{year:u<4}    xx {' ' * 5}{settings['F'] or ' '}{' ' * 11}{settings['L'] or 'vie'} d"


CASES = tuple(_read_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_pair_is_decided_as_its_category_says(case: Case) -> None:
    assert decide(case.left, case.right).outcome is case.expected
    assert decide(case.left, case.right) == decide(case.right, case.left)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.expected is Outcome.SAME], ids=lambda case: case.name
)
def test_what_is_the_same_meets_by_a_key(case: Case) -> None:
    assert match_keys(case.left) & match_keys(case.right)
