"""Large clusters, for an operator to see what holds them together."""

from unioncat.pipeline.alarms_port import LargeCluster, Listing
from unioncat.pipeline.unit_of_work import Store

SAMPLES = 5
"""Match keys shown with a cluster."""


async def large_clusters(store: Store, over: int, limit: int) -> Listing[LargeCluster]:
    """The clusters of more than `over` source records, largest first, at most `limit`."""
    async with store.work() as work:
        return await work.alarms.large_clusters(over, limit, SAMPLES)
