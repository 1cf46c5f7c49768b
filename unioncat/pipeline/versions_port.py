"""What master records looked like."""

from typing import Protocol


class Versions(Protocol):
    """Former versions of master records."""
