"""Asking an OAI-PMH provider: one request, what it is, which formats and sets it has."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from lxml import etree

from harvesters.access import FeedAccess
from harvesters.guard import shown
from harvesters.http import Answer, FeedClient, Sleep
from harvesters.oai_response import OAI, OaiAnswer, first_words, is_whole, read_answer
from unioncat.core.errors import NotAProvider, ProtocolFault, SourceUnreachable

_SETS_SHOWN = 100
_MOST_ANSWERS = 500
_LONGEST_NAME = 500


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
            return await asyncio.to_thread(read_answer, answer.body, shown(self.address))
        except NotAProvider as error:
            if answer.status >= 400:
                raise self._refusal(answer) from error
            raise

    async def granularity(self) -> str | None:
        """The finest datestamp that the provider takes: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`; None: unknown."""
        try:
            return _said(await self._identify(), "granularity")
        except (NotAProvider, ProtocolFault):
            return None

    async def identity(self) -> ProviderIdentity:
        """All that is worth knowing at registration; raises FeedError."""
        identify = await self._identify()
        return ProviderIdentity(
            name=_said(identify, "repositoryName") or shown(self.address),
            protocol_version=_said(identify, "protocolVersion"),
            granularity=_said(identify, "granularity"),
            earliest_datestamp=_said(identify, "earliestDatestamp"),
            deleted_record=_said(identify, "deletedRecord"),
            formats=tuple([prefix async for prefix in self.formats()]),
            sets=await self._first_sets(),
        )

    async def formats(self) -> AsyncIterator[str]:
        """The metadata prefixes."""
        async for element in self._list("ListMetadataFormats", "metadataFormat"):
            if prefix := _said(element, "metadataPrefix"):
                yield prefix

    async def sets(self) -> AsyncGenerator[tuple[str, str], None]:
        """The sets as setSpec and name; none from a provider without sets."""
        async for element in self._list("ListSets", "set"):
            if spec := _said(element, "setSpec"):
                yield spec, _said(element, "setName") or spec

    async def _first_sets(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        async with aclosing(self.sets()) as sets:
            async for one in sets:
                found.append(one)
                if len(found) == _SETS_SHOWN:
                    break
        return tuple(found)

    async def _identify(self) -> etree._Element:
        answer = await self.ask("Identify")
        if answer.error:
            raise fault(shown(self.address), answer.error)
        identify = answer.xml.find(f"{OAI}Identify")
        if identify is None:
            raise NotAProvider(
                f"{shown(self.address)} does not say who it is (Identify is missing); check the address"
            )
        return identify

    async def _list(self, verb: str, name: str) -> AsyncIterator[etree._Element]:
        """The elements of a list over all its answers, which are not without end; an error of the protocol ends it."""
        arguments: dict[str, str] = {}
        seen: set[str] = set()
        while len(seen) < _MOST_ANSWERS:
            answer = await self.ask(verb, **arguments)
            for element in answer.xml.iterfind(f"{OAI}{verb}/{OAI}{name}"):
                yield element
            if answer.token is None or answer.token in seen:
                return
            seen.add(answer.token)
            arguments = {"resumptionToken": answer.token}

    def _refusal(self, answer: Answer) -> NotAProvider | SourceUnreachable:
        message = f"{shown(self.address)} answers {answer.phrase} (“{first_words(answer.body)}”)"
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


def _said(element: etree._Element, name: str) -> str | None:
    """What a child of an element says."""
    text = " ".join((element.findtext(f"{OAI}{name}") or "").split())
    return text[:_LONGEST_NAME] or None


async def identify(
    address: str, *, access: FeedAccess = FeedAccess(), sleep: Sleep = asyncio.sleep
) -> ProviderIdentity:
    """What the provider at this address is, for someone who waits; raises FeedError."""
    async with FeedClient(access.for_a_person(), sleep=sleep) as client:
        return await Provider(address, client).identity()
