"""Labelled pairs: two records and the decision that a cataloguer would take, one JSON object a line.

1. `id` names the pair, `expected` is same, different or review, `left` and `right` are records in MARC-in-JSON.
2. Its category is what `category` says, else `pattern`; else the middle of an id such as D-VOL-MISSING, which is VOL.
3. Whatever else a line says (who decided, when and why) is for people and is not looked at.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from unioncat.core.delivery import DeliveredRecord, RecordFormat, RejectedRecord
from unioncat.core.errors import FileUnreadable
from unioncat.core.marc import MarcRecord
from unioncat.core.match.evidence import Outcome
from unioncat.core.parse.read import read_record

_NAMED = re.compile(r"[A-Z]+-([A-Z]+)-")


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two records, the decision that a cataloguer would take, and the kind of difficulty they stand for."""

    name: str
    category: str
    expected: Outcome
    left: MarcRecord
    right: MarcRecord


def read_labelled_pair(line: str, place: str) -> LabelledPair:
    """The pair of one line; `place` says where it stands, for the FileUnreadable that a wrong line raises."""
    value = _value(line, place)
    name = str(value["id"])
    return LabelledPair(
        name,
        _category(value, name),
        Outcome(value["expected"]),
        _record(value["left"], f"the left record in {place}"),
        _record(value["right"], f"the right record in {place}"),
    )


def _value(line: str, place: str) -> dict[str, Any]:
    """The JSON object of a line that has what a pair needs."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise FileUnreadable(f"{place} is not JSON: {error.msg} (sign {error.colno})") from error
    if not isinstance(value, dict):
        raise FileUnreadable(f"{place} is not a labelled pair but a {type(value).__name__}")
    if missing := [name for name in ("id", "expected", "left", "right") if name not in value]:
        raise FileUnreadable(f"{place} is not a labelled pair: it has no {' and no '.join(missing)}")
    if value["expected"] not in list(Outcome):
        raise FileUnreadable(
            f"{place} expects {value['expected']!r}, which is neither {', '.join(Outcome)}, so it cannot be compared"
        )
    return value


def _category(value: dict[str, Any], name: str) -> str:
    stated = value.get("category") or value.get("pattern")
    if stated:
        return str(stated)
    found = _NAMED.match(name)
    return found[1] if found else ""


def _record(value: object, place: str) -> MarcRecord:
    parsed = read_record(DeliveredRecord(json.dumps(value).encode(), RecordFormat.MARC_JSON, place))
    if isinstance(parsed, RejectedRecord):
        raise FileUnreadable(f"{place} cannot be read: {parsed.reason}")
    return parsed.marc
