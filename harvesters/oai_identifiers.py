"""The identifiers of a feed over OAI-PMH 2.0 (ListIdentifiers, section 4.3), to find out what is gone.

1. A header with the status `deleted` is told apart.
2. A list may lack what still exists: before a record is deleted, the provider is asked for it (GetRecord, 4.1).
   `idDoesNotExist` and a deleted record say that it is gone, a record that it is not; nothing else is an answer.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from harvesters.access import FeedAccess
from harvesters.guard import shown
from harvesters.http import FeedClient, Sleep
from harvesters.oai_list import OaiList
from harvesters.oai_provider import Provider, fault
from harvesters.oai_response import listed_identifiers
from unioncat.core.errors import NotAProvider
from unioncat.core.registry import Checkpoint


@dataclass(frozen=True, slots=True)
class IdentifierPage:
    """One answer: the identifiers of live and of deleted records, and the checkpoint once they are stored.

    `total` is the provider's own count where it tells one.
    """

    identifiers: tuple[str, ...]
    deleted: tuple[str, ...]
    checkpoint: Checkpoint
    total: int | None = None


class OaiIdentifierLister:
    """The identifiers of one feed; an `IdentifierLister` of `unioncat.pipeline.audit_identifiers`."""

    def __init__(
        self,
        address: str,
        metadata_prefix: str,
        set_spec: str | None = None,
        *,
        access: FeedAccess = FeedAccess(),
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._address = address
        self._prefix = metadata_prefix
        self._access = access
        self._sleep = sleep
        self._list = OaiList(
            address,
            "ListIdentifiers",
            metadata_prefix,
            set_spec,
            (None, None),
            access=access,
            sleep=sleep,
        )

    async def identifiers(self, resume: Checkpoint | None) -> AsyncIterator[IdentifierPage]:
        """Yield the pages after `resume`, none when it is the end of the list; raises FeedError."""
        async with aclosing(self._list.answers(resume)) as answers:
            async for answer, checkpoint in answers:
                live, deleted = listed_identifiers(answer)
                yield IdentifierPage(live, deleted, checkpoint, answer.total)

    async def confirm_gone(self, identifier: str) -> bool:
        """Whether the provider no longer has this record (rule 2); raises FeedError."""
        async with FeedClient(self._access, sleep=self._sleep) as client:
            provider = Provider(self._address, client)
            answer = await provider.ask("GetRecord", identifier=identifier, metadataPrefix=self._prefix)
        if answer.error:
            if answer.error[0] == "idDoesNotExist":
                return True
            raise fault(shown(self._address), answer.error)
        live, deleted = listed_identifiers(answer)
        if live or answer.broken:
            return False
        if identifier in deleted:
            return True
        raise NotAProvider(
            f"{shown(self._address)} was asked for the record {identifier[:200]} and answers with another or none; "
            "tell its library"
        )
