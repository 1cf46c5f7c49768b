"""What master records looked like."""

from sqlalchemy.ext.asyncio import AsyncConnection


class VersionsTable:
    """Implements `Versions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
