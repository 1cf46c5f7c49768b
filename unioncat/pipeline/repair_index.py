"""Repair: what the index has otherwise than the store is written anew (law 5)."""

from unioncat.core.errors import IndexUnavailable
from unioncat.pipeline.index import drain
from unioncat.pipeline.index_doubts import IndexDifference, compare_index
from unioncat.pipeline.ports import SearchEngine
from unioncat.pipeline.unit_of_work import Store


async def repair_index(store: Store, engine: SearchEngine) -> IndexDifference:
    """Catch up with the changes, then write what differs and remove what is in the index only; returns what that was.

    Raises IndexUnavailable when the index does not take it: then it is to be built anew.
    """
    async with store.indexer_lock():
        writer = await engine.open_writer()
        try:
            await drain(store, writer)
            found = await compare_index(store, engine.index)
            if not (found.differing or found.strays):
                return found
            await writer.repair(found.differing, found.strays)
            await drain(store, writer)
            left = await compare_index(store, engine.index)
        finally:
            await writer.close()
    still = {document.master_id for document in left.differing} & {
        document.master_id for document in found.differing
    }
    if stubborn := sorted(still | set(left.strays)):
        raise IndexUnavailable(
            f"{stubborn[0]} in the search index stays different from the database. Run `unioncat reindex`"
        )
    return found
