"""Asking an OAI-PMH provider: one request, what it is, which formats and sets it has."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from lxml import etree
from sickle.models import Identify, MetadataFormat, Set

from harvesters.http import Answer, FeedClient, Limits, Sleep
from harvesters.oai_response import OAI, OaiAnswer, first_words, is_whole, read_answer
from unioncat.core.errors import NotAProvider, ProtocolFault, SourceUnreachable

_PERSON_IS_WAITING = Limits(tries=2, longest_wait=10)
_SETS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ProviderIdentity:
    """What a provider says about itself (Identify, ListMetadataFormats, ListSets).

    `sets` are up to 100 pairs of setSpec and name. What a provider leaves out is None.
    """

    name: str
    protocol_version: str | None
    granularity: str | None
    earliest_datestamp: str | None
    deleted_record: str | None
    formats: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]


class Provider:
    """One provider, asked through a client that belongs to the caller."""

    def __init__(self, address: str, client: FeedClient) -> None:
        self.address = address
        self._client = client

    async def ask(self, verb: str, **arguments: str) -> OaiAnswer:
        """One request and its answer, which may be an error of the protocol.

        Raises SourceUnreachable or NotAProvider.
        """
        answer = await self._client.get(self.address, {"verb": verb, **arguments}, is_whole=is_whole)
        try:
            return await asyncio.to_thread(read_answer, answer.body, self.address)
        except NotAProvider as error:
            if answer.status >= 400:
                raise self._refusal(answer) from error
            raise

    async def granularity(self) -> str | None:
        """The finest datestamp that the provider takes: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`; None: unknown."""
        try:
            return getattr(await self._identify(), "granularity", None)
        except (NotAProvider, ProtocolFault):
            return None

    async def identity(self) -> ProviderIdentity:
        """All that is worth knowing at registration; raises FeedError."""
        identify = await self._identify()
        sets = [(spec, name) async for spec, name in self.sets()][:_SETS_SHOWN]
        return ProviderIdentity(
            name=getattr(identify, "repositoryName", None) or self.address,
            protocol_version=getattr(identify, "protocolVersion", None),
            granularity=getattr(identify, "granularity", None),
            earliest_datestamp=getattr(identify, "earliestDatestamp", None),
            deleted_record=getattr(identify, "deletedRecord", None),
            formats=tuple([prefix async for prefix in self.formats()]),
            sets=tuple(sets),
        )

    async def formats(self) -> AsyncIterator[str]:
        """The metadata prefixes."""
        async for element in self._list("ListMetadataFormats", "metadataFormat"):
            yield MetadataFormat(element).metadataPrefix

    async def sets(self) -> AsyncIterator[tuple[str, str]]:
        """The sets as setSpec and name; none from a provider without sets."""
        async for element in self._list("ListSets", "set"):
            found = Set(element)
            yield found.setSpec, getattr(found, "setName", None) or found.setSpec

    async def _identify(self) -> Identify:
        answer = await self.ask("Identify")
        if answer.error:
            raise fault(self.address, answer.error)
        if answer.xml.find(f"{OAI}Identify") is None:
            raise NotAProvider(
                f"{self.address} does not say who it is (Identify is missing); check the address"
            )
        return Identify(answer)

    async def _list(self, verb: str, name: str) -> AsyncIterator[etree._Element]:
        """The elements of a list over all its answers; an error of the protocol ends it."""
        arguments: dict[str, str] = {}
        seen: set[str] = set()
        while True:
            answer = await self.ask(verb, **arguments)
            for element in answer.xml.iterfind(f"{OAI}{verb}/{OAI}{name}"):
                yield element
            if answer.token is None or answer.token in seen:
                return
            seen.add(answer.token)
            arguments = {"resumptionToken": answer.token}

    def _refusal(self, answer: Answer) -> NotAProvider | SourceUnreachable:
        message = f"{self.address} answers {answer.phrase} (“{first_words(answer.body)}”)"
        if answer.status >= 500 or answer.status in (401, 403):
            return SourceUnreachable(f"{message}; ask its library for access, or try again later")
        return NotAProvider(f"{message}; check the address of the source")


def fault(address: str, error: tuple[str, str]) -> ProtocolFault:
    """An error of the protocol as an exception, with the provider's own words."""
    code, text = error
    words = f" (“{text}”)" if text else ""
    return ProtocolFault(
        code, f"{address} answers with the error {code}{words}; check set and prefix, or tell its library"
    )


async def identify(
    address: str, *, limits: Limits = _PERSON_IS_WAITING, sleep: Sleep = asyncio.sleep
) -> ProviderIdentity:
    """What the provider at this address is; raises FeedError."""
    async with FeedClient(limits, sleep=sleep) as client:
        return await Provider(address, client).identity()
