"""What an operator should look at."""

from typing import Protocol


class Alarms(Protocol):
    """Alarms, and harvests that wait for a person."""
