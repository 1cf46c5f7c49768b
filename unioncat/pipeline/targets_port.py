"""What the steps need from the store about targets of Z39.50."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from unioncat.core.identifiers import SourceId
from unioncat.core.target import HarvestPart, TargetTerms


class Targets(Protocol):
    """What is set for targets, what was found out about them, and the parts of their catalogues."""

    async def terms(self, source: SourceId) -> TargetTerms:
        """What a person set; raises NotRegistered."""
        ...

    async def save_terms(self, source: SourceId, terms: TargetTerms) -> None:
        """Keep what a person set."""
        ...

    async def profile(self, source: SourceId) -> tuple[datetime, str] | None:
        """When the target was probed, and what was found out (JSON); None: never, or it is to be probed again."""
        ...

    async def save_profile(self, source: SourceId, profile: str | None) -> None:
        """Keep what a probe found out; None: the target is not what it was."""
        ...

    async def note_part(self, harvest: int, page: HarvestPart, *, begins: bool) -> None:
        """Add what a page brought to its part; where it begins here, what was read of it before does not count."""
        ...

    async def parts(self, harvest: int) -> Sequence[HarvestPart]:
        """The parts of a run, by name."""
        ...

    async def seen(self, source: SourceId, limit: int) -> Sequence[str]:
        """Some live records that a run of the source which is not settled yet has seen, by their control numbers."""
        ...
