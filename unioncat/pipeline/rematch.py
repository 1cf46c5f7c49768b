"""Rematch: the verdicts of the whole catalogue are made anew, because the rules or the policy changed, or to prove law 2.

Identifiers, versions and decisions of people stay; only what follows from them and from the records is forgotten.
"""

from unioncat.pipeline.unit_of_work import Store


async def rematch(store: Store, policy: str) -> int:
    """Forget all verdicts and queue every live record for the matcher; returns how many were queued."""
    async with store.work() as work:
        await work.matching.lock()
        queued = await work.matching.begin_anew(policy)
        await work.commit()
    return queued


async def rematch_if_changed(store: Store, policy: str) -> int:
    """Do it if the verdicts were made by another policy; returns how many records were queued."""
    async with store.work() as work:
        known = await work.matching.policy()
    return 0 if known == policy else await rematch(store, policy)
