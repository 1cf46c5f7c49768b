"""Corrections of curators."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from unioncat.core.marc import MarcField
from unioncat.core.merge.correction import Correction, CorrectionAction
from unioncat.pipeline.curation_port import Signed


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """A correction to be kept, see `Correction`."""

    action: CorrectionAction
    tag: str
    replaced: str | None
    field: MarcField | None


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction, and whether it was withdrawn."""

    correction: Correction
    withdrawn: datetime | None
    withdrawal: Signed | None


class Corrections(Protocol):
    """The corrections that hang on source records."""

    async def save(self, new: NewCorrection, anchors: Collection[int], signed: Signed) -> int:
        """Keep a correction that hangs on these records; returns its number."""
        ...

    async def withdraw(self, number: int, signed: Signed) -> bool:
        """Withdraw a correction; False when it was before. Raises UnknownEntry."""
        ...

    async def anchors(self, number: int) -> frozenset[int]:
        """The live records that a correction hangs on."""
        ...

    async def of_records(self, records: Collection[int]) -> Mapping[int, Sequence[Correction]]:
        """The standing corrections that hang on each of these records, by number; records without are left out."""
        ...

    async def of_masters(self, serials: Collection[int]) -> Sequence[CorrectionView]:
        """All corrections that hang on live records of these master records, withdrawn or not, by number."""
        ...
