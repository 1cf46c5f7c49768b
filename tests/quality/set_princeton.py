"""Pairs that people at Princeton labelled, given as extracted fields."""

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from labelled_data import marc_of
from quality_page import Gate, Section, Table, at_most
from rapidfuzz.fuzz import ratio

from unioncat.core.match.decide import decide
from unioncat.core.match.evidence import MatchDecision, Outcome
from unioncat.core.normalise.description import describe
from unioncat.core.normalise.vietnamese import plain

_TEXT = (
    "`match/princeton_scsb_pairs.json`: pairs of a shared storage library that people labelled, given as title, author, year, "
    "pagination, edition and publisher. The fields do not allow a match where the titles are not alike (less than "
    "{alike} of 100) or the pages are more than a tenth apart: then nobody who sees only these fields would join the two. "
    "That is asked of the fields as they stand, not of the matcher."
)
_ALIKE = 90
_BAR = Fraction(18, 21)
_NUMBER = re.compile(r"\d+")

Side = Mapping[str, Any]


def measure(data: Path) -> Section:
    """Decide all pairs; no false merge, and the bar's share of what the fields allow is found."""
    pairs = json.loads((data / "match/princeton_scsb_pairs.json").read_text(encoding="utf-8"))
    decided = {
        label: [(left, right, _decide(left, right)) for left, right in pairs[label]] for label in pairs
    }
    rows = [
        (label, len(found), *(_count(found, outcome) for outcome in Outcome))
        for label, found in decided.items()
    ]
    missed = [one for one in decided["match"] if one[2].outcome is not Outcome.SAME]
    merged = _count(decided["distinct"], Outcome.SAME)
    tables = [Table("Decisions:", ("people say", "pairs", *(outcome.value for outcome in Outcome)), rows)]
    if missed:
        told = [
            (f"{left['id']} and {right['id']}", decision.outcome, decision.pattern, _forbids(left, right))
            for left, right, decision in missed
        ]
        head = ("pair", "answer", "what speaks against it", "the field that does not allow it")
        tables.append(Table("Matches that are not found:", head, told))
    allowed = sum(not _forbids(left, right) for left, right, _ in decided["match"])
    gates = (
        at_most("princeton: false merges", merged, 0),
        _gate(len(decided["match"]) - len(missed), allowed, len(decided["match"])),
    )
    return Section("Labels of people", _TEXT.format(alike=_ALIKE), gates, tuple(tables))


def _gate(found: int, allowed: int, pairs: int) -> Gate:
    bar = -(-allowed * _BAR.numerator // _BAR.denominator)
    name = "princeton: matches found where the fields allow it (18 of 21)"
    return Gate(name, bar, found, True, out_of=allowed, remark=f"(of {pairs} in all)")


def _decide(left: Side, right: Side) -> MatchDecision:
    return decide(describe(marc_of(_as_marc(left))), describe(marc_of(_as_marc(right))))


def _count(decided: list[tuple[Side, Side, MatchDecision]], outcome: Outcome) -> int:
    return sum(decision.outcome is outcome for _, _, decision in decided)


def _forbids(left: Side, right: Side) -> str:
    """The field in which the two say different things; empty when the fields allow a match."""
    if ratio(plain(left["title"]), plain(right["title"])) < _ALIKE:
        return "title"
    pages = [max(map(int, _NUMBER.findall(side["pagination"] or "")), default=None) for side in (left, right)]
    if None not in pages and abs(pages[0] - pages[1]) > max(pages) / 10:
        return "pagination"
    return ""


def _as_marc(side: Side) -> dict[str, Any]:
    """The fields where a cataloguer would have written them."""
    title, _, rest = side["title"].partition(" : ")
    online = side["is_electronic_resource"]
    pagination = side["pagination"] or ""
    extent = f"1 online resource ({pagination})" if online else pagination
    fields = [
        ("100", side["author"], [("a", side["author"])]),
        ("245", title, [("a", title), *([("b", rest)] if rest else [])]),
        ("250", side["edition"], [("a", side["edition"])]),
        ("264", True, [("b", side["publisher_name"] or ""), ("c", side["publication_year"] or "")]),
        ("300", extent, [("a", extent)]),
    ]
    return {
        "leader": f"00000n{side['type_of'] or 'a'}m a2200000 i 4500",
        "fields": [{"001": side["id"]}, *(_field(tag, subfields) for tag, said, subfields in fields if said)],
    }


def _field(tag: str, subfields: list[tuple[str, str]]) -> dict[str, Any]:
    return {tag: {"ind1": " ", "ind2": " ", "subfields": [{code: value} for code, value in subfields]}}
