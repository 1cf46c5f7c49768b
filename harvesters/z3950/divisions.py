"""A catalogue in slices: how everything, or what changed, is asked for in parts that a target can give.

1. A slice is a query with a name. The slices of a division hold every record between them; one that is in two of them
   does no harm. What the attribute of a division does not know is in slices that end in `~rest`.
2. A slice that is too large is split: dates and years by their digits, numbers by halves. One that cannot be split
   is read as it is.
3. Names sort in the order in which slices are read, so that a resumed harvest goes on behind the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Protocol

from harvesters.z3950.profile import Attributes, finding
from harvesters.z3950.query import Combined, Operator, Query, Relation, both

REST = "~rest"
_DIGITS = "0123456789"
_DATE = 8


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a catalogue."""

    name: str
    query: Query


class Division(Protocol):
    """A way to cut a catalogue into slices."""

    def slices(self) -> Sequence[Slice]:
        """All of it, by rising name."""
        ...

    def split(self, one: Slice) -> Sequence[Slice]:
        """The slices that one consists of, by rising name; none when it cannot be split."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything in one slice."""

    everything: Query

    def slices(self) -> Sequence[Slice]:
        """One."""
        return (Slice("all", self.everything),)

    def split(self, one: Slice) -> Sequence[Slice]:
        """It cannot be."""
        return ()


@dataclass(frozen=True, slots=True)
class ByDigits:
    """By values of one length: dates (`length` 8) or years (4). Names are their beginnings: `2`, `20`, … `20260131`.

    `compared`: a beginning is asked for as a range, otherwise by right truncation. `everything` gives the rest, too.
    """

    attributes: Attributes
    length: int = _DATE
    compared: bool = False
    everything: Query | None = None

    def slices(self) -> Sequence[Slice]:
        """The first digits, and the rest."""
        return self._parts("", self.everything)

    def _digits_after(self, digits: str) -> str:
        """Dates and years begin with 1 or 2; an index of words may have a `0` for each record (`20260131.0`)."""
        return _DIGITS if digits else "12"

    def split(self, one: Slice) -> Sequence[Slice]:
        """By the next digit, and what has none there: a date that is none must not get lost."""
        if one.name.endswith(REST) or len(one.name) >= self.length:
            return ()
        return self._parts(one.name, one.query)

    def _parts(self, digits: str, whole: Query | None) -> Sequence[Slice]:
        known = [self.beginning(digits + digit) for digit in self._digits_after(digits)]
        if whole is None:
            return known
        parts = reduce(lambda one, other: Combined(Operator.OR, one, other), [one.query for one in known])
        return [*known, Slice(digits + REST, Combined(Operator.NOT, whole, parts))]

    def beginning(self, digits: str) -> Slice:
        """The values that begin so."""
        if len(digits) == self.length:
            return Slice(digits, finding(self.attributes, digits))
        if self.compared:
            return Slice(
                digits, self._between(digits.ljust(self.length, "0"), digits.ljust(self.length, "9"))
            )
        return Slice(digits, finding(self.attributes, digits, truncation=1))

    def _between(self, first: str, last: str) -> Query:
        return both(
            finding(self.attributes, first, relation=Relation.GREATER_OR_EQUAL),
            finding(self.attributes, last, relation=Relation.LESS_OR_EQUAL),
        )


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a day, until tomorrow: as one range where dates compare, otherwise day by day."""

    by_day: ByDigits
    since: date
    today: date

    def slices(self) -> Sequence[Slice]:
        """One, or a slice for each day."""
        if not self.by_day.compared:
            return self._days()
        changed = finding(self.by_day.attributes, _digits(self.since), relation=Relation.GREATER_OR_EQUAL)
        return (Slice(f"since {self.since}", changed),)

    def split(self, one: Slice) -> Sequence[Slice]:
        """A range into its days."""
        return self._days() if one.name.startswith("since") else ()

    def _days(self) -> Sequence[Slice]:
        days = (self.today - self.since).days + 2
        names = [_digits(self.since + timedelta(days=number)) for number in range(days)]
        return [self.by_day.beginning(name) for name in names]


@dataclass(frozen=True, slots=True)
class ByNumber:
    """By control numbers that are numbers, from `first` to `last`; names are the bounds with leading zeros."""

    attributes: Attributes
    first: int
    last: int

    def slices(self) -> Sequence[Slice]:
        """One."""
        return (self._slice(self.first, self.last),)

    def split(self, one: Slice) -> Sequence[Slice]:
        """Two halves."""
        first, last = (int(bound) for bound in one.name.split("-"))
        middle = (first + last) // 2
        return () if first == last else (self._slice(first, middle), self._slice(middle + 1, last))

    def _slice(self, first: int, last: int) -> Slice:
        query = both(
            finding(self.attributes, str(first), relation=Relation.GREATER_OR_EQUAL),
            finding(self.attributes, str(last), relation=Relation.LESS_OR_EQUAL),
        )
        width = len(str(self.last))
        return Slice(f"{first:0{width}d}-{last:0{width}d}", query)


@dataclass(frozen=True, slots=True)
class Listed:
    """By values that a scan of the index has listed."""

    attributes: Attributes
    terms: tuple[str, ...]
    rest: Query | None = None

    def slices(self) -> Sequence[Slice]:
        """One for each term, and the rest."""
        found = [Slice(term, finding(self.attributes, term)) for term in sorted(set(self.terms))]
        return found if self.rest is None else [*found, Slice(REST, self.rest)]

    def split(self, one: Slice) -> Sequence[Slice]:
        """They cannot be."""
        return ()


def _digits(day: date) -> str:
    return f"{day:%Y%m%d}"
