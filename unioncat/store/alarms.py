"""What an operator should look at."""

from sqlalchemy.ext.asyncio import AsyncConnection


class AlarmsTable:
    """Implements `Alarms`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
