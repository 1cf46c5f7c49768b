"""What a probe found out about a target, as it is stored with the source and used by harvests.

Attributes are those of bib-1 with which a query did what it should; None: nothing did. A profile is JSON, so that an
operator can read it, and that a harvest years later knows why it asks as it does.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from harvesters.z3950.query import Clause, Query
from harvesters.z3950.records import Syntax

Attributes = tuple[tuple[int, int | str], ...]


class Strategy(StrEnum):
    """How the whole catalogue and what changed are asked for; in the order in which they are preferred."""

    DATE_RANGE = "date-range"
    DATE_PREFIX = "date-prefix"
    ID_RANGE = "id-range"
    PARTITION = "partition"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class TargetProfile:
    """A target as it was when it was probed.

    `everything` is a clause that finds all records. `date` finds by the day of change: for DATE_RANGE compared, for
    DATE_PREFIX with the beginning of the date. `id` finds one record by its control number, `id_listed`: a scan
    lists them; `numbers` compares control numbers that are numbers, up to `last_number`. `year` finds by year of
    publication, `years_listed` by a scan.
    `whole_by`: how everything is asked for where the strategy for what changed cannot prove that it finds all.
    `fault` is what keeps it from being harvested. `rest`: what has no value of the division can be asked for.
    """

    strategy: Strategy
    syntax: str = Syntax.USMARC
    element_set: str | None = "F"
    everything: Clause | None = None
    date: Attributes | None = None
    id: Attributes | None = None
    id_listed: bool = False
    numbers: Attributes | None = None
    last_number: int = 0
    year: Attributes | None = None
    years_listed: bool = False
    whole_by: Strategy | None = None
    rest: bool = True
    fault: str = ""
    hit_cap: int | None = None
    chunk: int = 200
    probed: str = ""
    """The day, ISO 8601."""
    reason: str = ""
    """Why this strategy, for people."""


def profile_to_json(profile: TargetProfile) -> str:
    """A profile as JSON, without what is as it is by default."""
    default = asdict(TargetProfile(profile.strategy))
    stated = {name: value for name, value in asdict(profile).items() if value != default[name]}
    return json.dumps({"strategy": profile.strategy, **stated}, ensure_ascii=False)


def profile_from_json(text: str) -> TargetProfile:
    """The profile; raises ValueError when it is none."""
    stated: Any = json.loads(text)
    if not isinstance(stated, dict):
        raise ValueError(f"not the profile of a target: {text[:80]}")
    everything = stated.pop("everything", None)
    for name in ("date", "id", "numbers", "year"):
        if stated.get(name) is not None:
            stated[name] = _attributes(stated[name])
    try:
        return TargetProfile(
            strategy=Strategy(stated.pop("strategy")),
            whole_by=Strategy(whole_by) if (whole_by := stated.pop("whole_by", None)) else None,
            everything=everything and Clause(everything["term"], _attributes(everything["attributes"])),
            **stated,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not the profile of a target: {error}") from error


def _attributes(pairs: Any) -> Attributes:
    return tuple((int(kind), value) for kind, value in pairs)


def finding(attributes: Attributes, term: str, **more: int) -> Query:
    """A clause with these attributes and others: `relation`, `truncation`."""
    types = {"relation": 2, "truncation": 5}
    found = dict(attributes) | {types[name]: value for name, value in more.items()}
    return Clause(term, tuple(sorted(found.items())))
