"""The keys that too many descriptions share: pairs under them need a second key, and an operator can see which."""

from unioncat.core.match.keys import MAX_SHARE
from unioncat.pipeline.alarms_port import CrowdedKey, Listing
from unioncat.pipeline.unit_of_work import Store

SAMPLES = 3
"""Titles shown with a key: enough to tell a common title from a placeholder."""


async def crowded_keys(store: Store, limit: int) -> Listing[CrowdedKey]:
    """The most crowded keys of the graph, at most `limit`."""
    async with store.work() as work:
        return await work.alarms.crowded_keys(MAX_SHARE, limit, SAMPLES)
