"""Rematch: the verdicts of the whole catalogue are made anew, because the rules or the policy changed, or to prove law 2.

Identifiers, versions and decisions of people stay; only what follows from them and from the records is forgotten.
"""

from unioncat.core.errors import Conflict
from unioncat.core.match.policy import Policy
from unioncat.pipeline.unit_of_work import Store, UnitOfWork


async def rematch(store: Store, policy: str) -> int:
    """Forget all verdicts and queue every live record for the matcher; returns how many were queued."""
    async with store.work() as work:
        await work.matching.lock()
        queued = await work.matching.begin_anew(policy)
        await work.commit()
    return queued


async def rematch_if_changed(store: Store, policy: str) -> int:
    """Do it if the verdicts were made by another policy; returns how many records were queued.

    Of several processes that find it changed one does it.
    """
    async with store.work() as work:
        if await work.matching.policy() == policy:
            return 0
        await work.matching.lock()
        queued = 0
        if await work.matching.policy() != policy:
            queued = await work.matching.begin_anew(policy)
        await work.commit()
    return queued


async def require_policy(work: UnitOfWork, policy: Policy) -> None:
    """Nothing is judged by one policy among verdicts of another; raises Conflict.

    The matcher's lock is held.
    """
    known = await work.matching.policy()
    if known not in (None, policy.name):
        raise Conflict(
            f"Another process has begun to match this catalogue by {known}, this one would by {policy.name}: "
            "start all with the same version, UNIONCAT_REPRINT and UNIONCAT_PUBLISHER"
        )
