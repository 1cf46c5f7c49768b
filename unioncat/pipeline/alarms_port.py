"""What an operator should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CrowdedKey:
    """A match key that so many descriptions share that a pair needs a second one."""

    key: str
    descriptions: int
    libraries: tuple[str, ...]
    titles: tuple[str, ...]
    """Samples, in order of the alphabet."""


class Alarms(Protocol):
    """What the matcher came upon that a person should know."""

    async def crowded_keys(self, over: int, limit: int, titles: int) -> Sequence[CrowdedKey]:
        """The keys that more than `over` descriptions share, most shared first, with so many sample titles."""
        ...
