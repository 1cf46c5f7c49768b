"""Corrections of curators."""

from typing import Protocol


class Corrections(Protocol):
    """The corrections that hang on source records."""
