"""From what a probe found out to what is asked for: the whole catalogue in parts, or what changed since a day."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from hashlib import sha256

from harvesters.z3950.divisions import ByDigits, ByNumber, Division, Listed, Since, Whole
from harvesters.z3950.errors import Objection
from harvesters.z3950.messages import ScanRequest, TermCount
from harvesters.z3950.partition import Form, Line
from harvesters.z3950.profile import Strategy, TargetProfile, finding, profile_to_json
from harvesters.z3950.query import MOST_CLAUSES, Clause, Combined, Operator, Query

BY_DATE = frozenset((Strategy.DATE_RANGE, Strategy.DATE_PREFIX))
_YEARS = 150
"""More years than that are no years; and a query has an end."""


def form_of(profile: TargetProfile) -> Form:
    """How records are asked for."""
    return Form(profile.syntax, profile.element_set, profile.chunk)


def key_of(profile: TargetProfile, databases: tuple[str, ...]) -> str:
    """A mark of what is asked for and how: a checkpoint is good only under the same."""
    return sha256("\n".join((profile_to_json(profile), *databases)).encode()).hexdigest()[:16]


def changed_since(profile: TargetProfile, since: date, today: date) -> Division | None:
    """What changed since a day; None when the target cannot be asked that."""
    if profile.strategy not in BY_DATE or profile.date is None:
        return None
    compared = profile.strategy is Strategy.DATE_RANGE
    return Since(ByDigits(profile.date, compared=compared), since, today)


async def whole(profile: TargetProfile, line: Line, databases: tuple[str, ...]) -> Division | None:
    """Everything; None when nothing is known that finds it. Raises FeedError."""
    rest = profile.everything if profile.rest else None
    strategy = profile.whole_by or profile.strategy
    if strategy in BY_DATE and profile.date is not None:
        return ByDigits(profile.date, compared=strategy is Strategy.DATE_RANGE, everything=rest)
    if strategy is Strategy.ID_RANGE and profile.numbers is not None:
        return ByNumber(profile.numbers, 0, profile.last_number)
    if strategy is Strategy.PARTITION and profile.year is not None:
        if not profile.years_listed:
            return ByDigits(profile.year, 4, everything=rest)
        years = await listed_years(profile.year, line, databases)
        return Listed(profile.year, years, rest and _besides(rest, profile, years)) if years else None
    return Whole(profile.everything) if profile.everything else None


async def listed_years(
    attributes: tuple[tuple[int, int | str], ...], line: Line, databases: tuple[str, ...]
) -> tuple[str, ...]:
    """The years of publication as a scan of their index lists them; none when the target cannot."""
    try:
        session = await line.session()
        response = await session.scan(ScanRequest(databases, Clause("0", attributes), 500))
    except Objection:
        return ()
    return tuple(one.term for one in response.terms if isinstance(one, TermCount) and one.records)


def _besides(everything: Query, profile: TargetProfile, years: Sequence[str]) -> Query | None:
    """What has none of these years."""
    if profile.year is None or not 0 < len(years) <= min(_YEARS, MOST_CLAUSES - 2):
        return None
    known = reduce(
        lambda one, other: Combined(Operator.OR, one, other),
        [finding(profile.year, year) for year in years],
    )
    return Combined(Operator.NOT, everything, known)
