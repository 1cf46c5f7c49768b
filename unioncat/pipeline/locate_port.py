"""What the holdings lookup for inter-library loan needs from the store: each question once for all lines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from unioncat.core.identifiers import ControlNumber, Isil, MasterId
from unioncat.core.locate.ranking import Membership
from unioncat.core.merge.holding import Holding


@dataclass(frozen=True, slots=True)
class KnownMaster:
    """What became of a master identifier: `now` is the live record that it leads to, None when there is none."""

    now: MasterId | None


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A live master record in short."""

    master_id: MasterId
    title: str
    responsibility: str | None
    edition: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class HeldAt:
    """A holding of a library, the record that says so, and when that was received."""

    isil: Isil
    control_number: ControlNumber
    holding: Holding
    received: datetime


class Lookup(Protocol):
    """Masters by number, and their holdings; live records only."""

    async def by_isbn(self, isbns: Collection[str]) -> Mapping[str, Sequence[MasterId]]:
        """The masters with each of these ISBN-13; a number that none has is left out."""
        ...

    async def by_issn(self, issns: Collection[str]) -> Mapping[str, Sequence[MasterId]]:
        """The masters with each of these ISSN."""
        ...

    async def by_control_number(
        self, asked: Collection[tuple[Isil, ControlNumber]]
    ) -> Mapping[tuple[str, ControlNumber], MasterId]:
        """The master of each of these records, under the ISIL in small letters and the control number."""
        ...

    async def registered(self, isils: Collection[Isil]) -> frozenset[str]:
        """Which of these libraries are registered, in small letters."""
        ...

    async def by_identifier(self, asked: Collection[MasterId]) -> Mapping[MasterId, KnownMaster]:
        """What became of each of these identifiers; one that was never given is left out."""
        ...

    async def titles(self, masters: Collection[MasterId]) -> Mapping[MasterId, FoundTitle]:
        """These masters in short."""
        ...

    async def other_editions(self, masters: Collection[MasterId]) -> Mapping[MasterId, Sequence[MasterId]]:
        """The other members of the edition group of each of these."""
        ...

    async def held(self, masters: Collection[MasterId]) -> Mapping[MasterId, Sequence[HeldAt]]:
        """Who has each of these."""
        ...

    async def memberships(self, isils: Collection[Isil]) -> Mapping[Isil, Sequence[Membership]]:
        """The groups of each of these libraries, also those that have ended."""
        ...
