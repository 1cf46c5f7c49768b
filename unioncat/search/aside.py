"""Work that is done elsewhere, so that this process can go on."""

from collections.abc import Callable
from typing import Protocol, TypeVar

_A = TypeVar("_A")
_B = TypeVar("_B")


class Aside(Protocol):
    """Calls a function elsewhere, in a thread or a process."""

    async def __call__(self, function: Callable[[_A], _B], given: _A, /) -> _B:
        """What the function returns for what is given."""
        ...
