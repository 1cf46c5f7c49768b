"""The master record: merged fields, each with its provenance."""

from dataclasses import dataclass

from unioncat.core.identifiers import ControlNumber, Isil
from unioncat.core.marc import MarcField, MarcRecord


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What one member library says about one publication.

    `datestamp` is ISO 8601 (from the feed, else when it was received); `rank` orders libraries where a
    field must come from one of several equals (smaller is preferred).
    """

    isil: Isil
    control_number: ControlNumber
    marc: MarcRecord
    datestamp: str
    rank: int = 100


@dataclass(frozen=True, slots=True, order=True)
class Contributor:
    """A source record that states a field: library, control number, date."""

    isil: Isil
    control_number: ControlNumber
    datestamp: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why a field stands in the master record: the rule that chose it and every record that states it.

    The first contributor is the one whose wording is shown.
    """

    rule: str
    contributors: tuple[Contributor, ...]


@dataclass(frozen=True, slots=True)
class MergedField:
    """One field of a master record with its provenance."""

    field: MarcField
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """The content of a master record; `marc()` is the plain MARC record of it."""

    leader: str
    leader_provenance: Provenance
    fields: tuple[MergedField, ...]

    def marc(self) -> MarcRecord:
        """The fields without their provenance."""
        return MarcRecord(self.leader, tuple(merged.field for merged in self.fields))
