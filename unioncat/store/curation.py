"""The review queue and the decisions of people."""

from sqlalchemy.ext.asyncio import AsyncConnection

from unioncat.store.curation_decisions import DecisionTables
from unioncat.store.curation_queue import ReviewQueueTables


class CurationTables(ReviewQueueTables, DecisionTables):
    """Implements `Curation`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
