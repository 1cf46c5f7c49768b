"""The states of a master record, for people who ask what it looked like."""

from collections.abc import Sequence

from unioncat.core.errors import UnknownEntry
from unioncat.core.identifiers import MasterId
from unioncat.core.merge.master import MergedRecord
from unioncat.pipeline.unit_of_work import Store
from unioncat.pipeline.versions_port import VersionLine


async def states_of(store: Store, master: MasterId) -> Sequence[VersionLine]:
    """All states, the newest first; raises UnknownEntry."""
    async with store.work() as work:
        states = await work.versions.states(master)
    if not states:
        raise UnknownEntry(f"No record was ever called '{master}'")
    return states


async def content_of(store: Store, master: MasterId, version: int) -> MergedRecord:
    """The record as it was in a version; raises UnknownEntry."""
    async with store.work() as work:
        content = await work.versions.content(master, version)
    if content is None:
        raise UnknownEntry(f"{master} has no version {version}: see its versions")
    return content
