"""Harvesting with OAI-PMH 2.0 (openarchives.org), page by page, from any checkpoint on.

1. The first request names prefix, set and window; each further one only the resumption token (section 3.5).
2. A token that has expired: the window is harvested again from its beginning. Records are upserted, so repeats
   change nothing.
3. A token that comes a second time in one run would never end: the run stops there, and the next begins anew.
4. `noRecordsMatch` is an empty list, unless the set does not exist.
5. A window is given as finely as the provider's granularity allows (section 2.7.1).

The state of a checkpoint: `from` and `until` (the window), `token` (what to send next), `done` at the end of the
list, and `response_date`: the provider's clock at the first answer, a datestamp. The next window begins there, so
that what changed while this harvest ran comes again.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from harvesters.http import DEFAULT_LIMITS, FeedClient, Limits, Sleep
from harvesters.oai_provider import Provider, fault
from harvesters.oai_response import OAI, OaiAnswer, delivered_records
from unioncat.core.errors import NotAProvider, ProtocolFault
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

_MOST_RESTARTS = 3
_NAMED_AT_MOST = 20

State = dict[str, str]


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
        limits: Limits = DEFAULT_LIMITS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._address = address
        self._prefix = metadata_prefix
        self._set = set_spec
        self._window = _without_none({"from": window_from, "until": window_until})
        self._limits = limits
        self._sleep = sleep

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield the pages after `resume`, none when it is the end of the list; raises FeedError."""
        async with FeedClient(self._limits, sleep=self._sleep) as client:
            provider = Provider(self._address, client)
            state = dict(resume.state) if resume and resume.state else await self._first_state(provider)
            sent: set[str | None] = set()
            restarts = 0
            while "done" not in state:
                sent.add(state.get("token"))
                answer = await provider.ask("ListRecords", **self._arguments(state))
                if _is_expired(answer, state) and restarts < _MOST_RESTARTS:
                    restarts += 1
                    sent.clear()
                    state = _without(state, "token")
                    continue
                await self._check(answer, provider)
                state = _advance(state, answer)
                looped = "token" in state and state["token"] in sent
                if looped:
                    state = _without(state, "token")
                records = tuple(delivered_records(answer, self._prefix))
                yield HarvestPage(records, Checkpoint(state), answer.total)
                if looped:
                    raise ProtocolFault(
                        "loop",
                        f"{self._address} sends a resumption token again and would never end; tell its library",
                    )

    async def _first_state(self, provider: Provider) -> State:
        """The window, cut to days unless the provider says that it takes seconds; all of them take days."""
        if not any("T" in moment for moment in self._window.values()):
            return dict(self._window)
        if "T" in (await provider.granularity() or "").upper():
            return dict(self._window)
        return {end: moment[:10] for end, moment in self._window.items()}

    def _arguments(self, state: State) -> dict[str, str]:
        if "token" in state:
            return {"resumptionToken": state["token"]}
        return _without_none(
            {
                "metadataPrefix": self._prefix,
                "set": self._set,
                "from": state.get("from"),
                "until": state.get("until"),
            }
        )

    async def _check(self, answer: OaiAnswer, provider: Provider) -> None:
        """Raise what keeps the answer from being a page."""
        if answer.error is None:
            if answer.xml.find(f"{OAI}ListRecords") is None:
                raise NotAProvider(
                    f"{self._address} answers with neither records nor an error; tell its library"
                )
            return
        code, _ = answer.error
        if code == "cannotDisseminateFormat":
            offered = _enumerate([prefix async for prefix in provider.formats()])
            raise ProtocolFault(
                code,
                f"{self._address} has no format “{self._prefix}”; it offers {offered}: choose one of these",
            )
        if self._set is not None and code in ("noSetHierarchy", "noRecordsMatch", "badArgument"):
            await self._check_set(code, self._set, provider)
        if code != "noRecordsMatch":
            raise fault(self._address, answer.error)

    async def _check_set(self, code: str, set_spec: str, provider: Provider) -> None:
        sets = [spec async for spec, _ in provider.sets()]
        if not sets:
            raise ProtocolFault(
                code, f"{self._address} has no sets, so not “{set_spec}”; register the source without a set"
            )
        if set_spec not in sets:
            raise ProtocolFault(
                code,
                f"{self._address} has no set “{set_spec}”; it has {_enumerate(sets)}: choose one of these",
            )


def utc_datestamp(text: str | None) -> str | None:
    """A provider's date as a datestamp of OAI-PMH (section 3.3: UTC, whole seconds); None when it is no date."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _advance(state: State, answer: OaiAnswer) -> State:
    """The state that is true once the records of the answer are stored."""
    date = state.get("response_date") or utc_datestamp(answer.response_date)
    end = {"token": answer.token} if answer.token else {"done": "true"}
    return _without(state, "token") | _without_none({"response_date": date}) | end


def _is_expired(answer: OaiAnswer, state: State) -> bool:
    return "token" in state and answer.error is not None and answer.error[0] == "badResumptionToken"


def _without(state: State, key: str) -> State:
    return {name: value for name, value in state.items() if name != key}


def _without_none(arguments: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if value is not None}


def _enumerate(names: list[str]) -> str:
    rest = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    return ", ".join(names[:_NAMED_AT_MOST]) + rest if names else "none"
