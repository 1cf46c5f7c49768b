"""Corrections of curators."""

from sqlalchemy.ext.asyncio import AsyncConnection


class CorrectionsTables:
    """Implements `Corrections`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
