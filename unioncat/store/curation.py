"""The review queue and the decisions of people."""

from sqlalchemy.ext.asyncio import AsyncConnection


class CurationTables:
    """Implements `Curation`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
