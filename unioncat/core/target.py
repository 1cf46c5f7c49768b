"""How a target of Z39.50 is to be treated, beside what holds for every feed, and what a run found in each part of it."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from unioncat.core.errors import InvalidSource


class AskedSyntax(StrEnum):
    """The record syntaxes that can be asked for."""

    USMARC = "usmarc"
    UNIMARC = "unimarc"
    XML = "xml"
    OPAC = "opac"  # with holdings and circulation


@dataclass(frozen=True, slots=True)
class Hours:
    """From one hour of the day to another in the operator's time zone; over midnight where the first is the later."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def hold(self, now: time) -> bool:
        """Whether it is that time of the day."""
        if self.first < self.last:
            return self.first <= now.hour < self.last
        return now.hour >= self.first or now.hour < self.last


def read_hours(text: str) -> Hours:
    """Hours as people write them, `22-6`; raises InvalidSource."""
    first, sign, last = text.partition("-")
    if not (sign and first.strip().isdecimal() and last.strip().isdecimal()):
        raise InvalidSource(
            f"“{text[:40]}” are no hours; write them as 22-6: from ten in the evening until six"
        )
    hours = Hours(int(first), int(last))
    if hours.first > 23 or hours.last > 24 or hours.first == hours.last:
        raise InvalidSource(
            f"“{text[:40]}” are no hours: a day has the hours 0 to 24, and the two must differ"
        )
    return hours


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """What a person sets for a target.

    `syntax`: None leaves it to the probe. `charset` is that of terms where UTF-8 is not agreed on. `timeout` (seconds)
    is for each answer. `hours` narrows when it is asked; None: always. `most_records` are taken in one run; None: all.
    Everything is read again when that was last done `whole_every` days ago, for a date of change may not tell all.
    `connections` read different parts at a time; a licence may allow one only.
    """

    syntax: AskedSyntax | None = None
    charset: str = "utf-8"
    timeout: int = 60
    hours: Hours | None = None
    most_records: int | None = None
    whole_every: int = 30
    connections: int = 1


@dataclass(frozen=True, slots=True)
class HarvestPart:
    """A part of a target's catalogue in one run: its hits, and what became of them here.

    It is proven to be complete when `hits` is the sum of the three others.
    """

    name: str
    hits: int
    live: int = 0
    deleted: int = 0
    rejected: int = 0

    @property
    def missing(self) -> int:
        """Hits that are not here; negative where more came than were told."""
        return self.hits - self.live - self.deleted - self.rejected
