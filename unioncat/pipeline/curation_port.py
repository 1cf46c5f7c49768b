"""The review queue and the decisions of people."""

from typing import Protocol


class Curation(Protocol):
    """The queue of pairs for people, their decisions, and what they put off."""
