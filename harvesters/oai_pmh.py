"""Harvesting the records of a feed with OAI-PMH 2.0 (openarchives.org); how a list is followed is in `oai_list`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from harvesters.access import FeedAccess
from harvesters.http import Sleep
from harvesters.oai_list import OaiList
from harvesters.oai_response import OaiAnswer, delivered_records
from unioncat.core.delivery import DeliveredRecord
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage


class OaiPmhHarvester:
    """One feed over OAI-PMH; a `Harvester` of `unioncat.pipeline.ports`.

    `window_from` and `window_until` are datestamps (a day, or a second in UTC); None leaves that end open.
    """

    def __init__(
        self,
        address: str,
        metadata_prefix: str,
        set_spec: str | None = None,
        window_from: str | None = None,
        window_until: str | None = None,
        *,
        access: FeedAccess = FeedAccess(),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._prefix = metadata_prefix
        self._list = OaiList(
            address,
            "ListRecords",
            metadata_prefix,
            set_spec,
            (window_from, window_until),
            access=access,
            sleep=sleep,
        )

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield the pages after `resume`, none when it is the end of the list; raises FeedError."""
        async with aclosing(self._list.answers(resume)) as answers:
            async for answer, checkpoint in answers:
                records = await asyncio.to_thread(self._records, answer)
                yield HarvestPage(records, checkpoint, answer.total)

    def _records(self, answer: OaiAnswer) -> tuple[DeliveredRecord, ...]:
        return tuple(delivered_records(answer, self._prefix))
