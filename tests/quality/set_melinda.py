"""Melinda's cases of the question whether two records may be merged, and the policies by which we answer otherwise."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelled_data import marc_of
from quality_page import Section, Table, at_most

from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.normalise.description import describe

_TEXT = (
    "`match/melinda-validator.jsonl`, cases `index` and `index-merge-ui`: two records of which Melinda, the Finnish union "
    "catalogue, says that they may be merged or may not. Melinda asks that of a pair which something else found already; unioncat decides "
    "from the two records alone. `Review` counts as agreement where they may not be merged, as nothing is joined without a person. "
    "Cases that Melinda itself skips are left out. Every other answer than Melinda's must be one of the named policies below."
)


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of Melinda's: its name, whether it may be merged, and which of Melinda's tests it fails."""

    name: str
    may_merge: bool
    failed: str
    decision: MatchDecision


@dataclass(frozen=True, slots=True)
class Policy:
    """Why unioncat answers otherwise, and to which cases that applies."""

    name: str
    reason: str
    applies: Callable[[Case], bool]


def _fails(*tests: str) -> Callable[[Case], bool]:
    return lambda case: not case.may_merge and any(test in case.failed for test in tests)


def _kept_apart_by(*patterns: str) -> Callable[[Case], bool]:
    """Whether what may be merged is not joined, and nothing but these features (or, `weak`, none) speaks against it."""
    return lambda case: case.may_merge and set(case.decision.pattern.split("+")) <= set(patterns)


POLICIES = (
    Policy(
        "incomplete-is-review",
        "Nothing speaks against the two, but they share too little (no identifier, or neither year, pages nor publisher). "
        "Missing is neutral for Melinda, which was given the pair; unioncat found it by the title only and asks a person.",
        _kept_apart_by("weak"),
    ),
    Policy(
        "reprint-strict",
        "Another numbered edition or another year of publication is another publication; the two are linked as editions and "
        "found together, but each keeps its own record.",
        _kept_apart_by("edition", "year"),
    ),
    Policy(
        "volume-on-one-side",
        "A volume number on one side only may mean a volume and its set, or a number that somebody left out. A person must look.",
        _kept_apart_by("volume"),
    ),
    Policy(
        "carrier-by-code",
        "The carrier is read from MARC codes and from Vietnamese and English words. A Finnish word in 300 on one side and "
        "a code in 007 on the other look like two carriers, and carriers are never joined by guess.",
        _kept_apart_by("carrier"),
    ),
    Policy(
        "copies-of-one-library-are-joined",
        "Melinda lets a library stand only once in a merged record. In unioncat two records of one library may be one "
        "publication, as many libraries catalogue every copy; each keeps its own holdings.",
        _fails("SID test", "paikalliskannan tietokantatunnus"),
    ),
    Policy(
        "marks-of-one-system-are-not-read",
        "That a record is a test record stands in a local field of one system. Test records are a matter of the feed: "
        "they are kept out where it is set up, not by matching.",
        _fails("testitietuetta"),
    ),
    Policy(
        "one-isbn-one-publication",
        "Both sides have the same ISBN and qualify it differently (PDF, EPUB). The qualifier is read where it names a set or a "
        "volume; the file format alone makes no other publication, as the publisher gave it no number of its own.",
        _fails("ISBN qualifier"),
    ),
    Policy(
        "content-by-leader",
        "Content and carrier are read from the leader, 007, 008, 245 $h, 300 and 338. Fields 336 and 337 are often filled in by "
        "conversion and part nothing when all of those agree.",
        _fails("336", "337"),
    ),
    Policy(
        "host-by-title",
        "The hosts of articles are compared by title and place ($t, $g). Record numbers in 773 $w are numbers of one "
        "catalogue, and 973 is a local field.",
        _fails("773"),
    ),
)


def measure(data: Path) -> Section:
    """Decide every case; no answer other than Melinda's without a policy."""
    lines = (data / "match/melinda-validator.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for line in lines if (case := _case(json.loads(line))) is not None]
    answers = Counter((case.may_merge, case.decision.outcome) for case in cases)
    rows = [
        (said, *(answers[may, outcome] for outcome in Outcome))
        for may, said in ((True, "may be merged"), (False, "may not be merged"))
    ]
    apart = [case for case in cases if not is_agreed(case)]
    told = [
        (
            case.name,
            "may" if case.may_merge else "may not",
            case.decision.outcome.value,
            case.failed,
            policy_of(case),
        )
        for case in sorted(apart, key=lambda case: (policy_of(case), case.name))
    ]
    used = Counter(row[-1] for row in told)
    policies = [(policy.name, used[policy.name], policy.reason) for policy in POLICIES if used[policy.name]]
    unexplained = used["unexplained"]
    gates = (at_most("melinda: disagreements without a policy", unexplained, 0),)
    tables = (
        Table(
            f"Answers to {len(cases)} cases:", ("Melinda says", *(outcome.value for outcome in Outcome)), rows
        ),
        Table("Policies by which unioncat answers otherwise:", ("policy", "cases", "reason"), policies),
        Table(
            "Every disagreement:", ("case", "Melinda", "unioncat", "Melinda's failed test", "policy"), told
        ),
    )
    return Section("May these be merged", _TEXT, gates, tables)


def is_agreed(case: Case) -> bool:
    """Whether unioncat joins what may be merged, and nothing else."""
    return case.may_merge == (case.decision.outcome is Outcome.SAME)


def policy_of(case: Case) -> str:
    """The name of the policy that explains a disagreement."""
    return next((policy.name for policy in POLICIES if policy.applies(case)), "unexplained")


def _case(value: Mapping[str, Any]) -> Case | None:
    """The case of a line; none for cases of another question and for those that Melinda skips."""
    _, _, name = value["case"].partition("/")
    files = value["files"]
    if not name.startswith(("index/", "index-merge-ui/")) or files["metadata.json"].get("skip"):
        return None
    sides = [describe(marc_of(_as_marc(files[f"inputRecord{side}.json"]))) for side in "AB"]
    return Case(name, *_answer(files["expectedResults.json"]), decide(*sides))


def _answer(expected: Any) -> tuple[bool, str]:
    """Whether the two may be merged, and the test that says no: an action, or a list of errors and warnings."""
    if isinstance(expected, list):
        errors = [one["message"] for one in expected if one["result"] == "error"]
        return not errors, "; ".join(errors)
    may_merge = expected["action"] == "merge"
    return may_merge, "" if may_merge else expected["message"]


def _as_marc(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "leader": record["leader"],
        "fields": [{field["tag"]: _content(field)} for field in record["fields"]],
    }


def _content(field: Mapping[str, Any]) -> Any:
    if "subfields" not in field:
        return field.get("value", "")
    return {
        "ind1": field.get("ind1") or " ",
        "ind2": field.get("ind2") or " ",
        "subfields": [{one["code"]: one.get("value") or ""} for one in field["subfields"]],
    }
