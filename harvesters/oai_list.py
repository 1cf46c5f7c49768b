"""Following a list of OAI-PMH 2.0 (ListRecords, ListIdentifiers) to its end, from any checkpoint on.

1. The first request names prefix, set and window; each further one only the resumption token (section 3.5).
2. A token that has expired: the list is asked for again from its beginning. Repeats change nothing.
3. A token that comes again with contents that came before would never end: the run stops there, and the next begins
   anew. A provider that keeps the place to itself sends one token with ever new contents: that is followed.
4. Answers that bring nothing new are followed MOST_FRUITLESS times in a row; a run ends after `Limits.answers`
   answers, and the next goes on from there.
5. `noRecordsMatch` is an empty list, unless the set does not exist.
6. A window is given as finely as the provider's granularity allows (section 2.7.1). A provider that then calls it a
   bad argument is asked once more in days, which each provider must take.

The state of a checkpoint: `from` and `until` (the window), `token` (what to send next), `done` at the end of the
list, and `response_date`: the provider's clock at the first answer, or ours where that is behind. The next window
begins there, so that what changed while this harvest ran comes again.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from harvesters.access import FeedAccess
from harvesters.guard import shown
from harvesters.http import FeedClient, Sleep
from harvesters.oai_provider import Provider, fault
from harvesters.oai_response import OAI, OaiAnswer, digest
from unioncat.core.errors import NotAProvider, ProtocolFault
from unioncat.core.registry import Checkpoint

MOST_FRUITLESS = 1000
_MOST_RESTARTS = 3
_LONGEST_TOKEN = 16 * 1024
_NAMED_AT_MOST = 20

State = dict[str, str]


class OaiList:
    """One list of one provider. `verb` is ListRecords or ListIdentifiers; `window` is from and until."""

    def __init__(
        self,
        address: str,
        verb: str,
        prefix: str,
        set_spec: str | None,
        window: tuple[str | None, str | None],
        *,
        access: FeedAccess,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._address = address
        self._verb = verb
        self._prefix = prefix
        self._set = set_spec
        self._window = _without_none({"from": window[0], "until": window[1]})
        self._access = access
        self._sleep = sleep

    async def answers(self, resume: Checkpoint | None) -> AsyncGenerator[tuple[OaiAnswer, Checkpoint], None]:
        """The answers after `resume`, each with the checkpoint that is true once it is stored; raises FeedError."""
        async with FeedClient(self._access, sleep=self._sleep) as client:
            provider = Provider(self._address, client)
            state = dict(resume.state) if resume and resume.state else await self._first_state(provider)
            course = _Course(shown(self._address), self._access.limits.answers)
            restarts = 0
            while "done" not in state:
                course.sends(state.get("token"))
                answer = await provider.ask(self._verb, **self._arguments(state))
                again = _asked_again(state, answer)
                if again is not None and restarts < _MOST_RESTARTS:
                    restarts += 1
                    state = again
                    course.begin_again()
                    continue
                await self._check(answer, provider)
                state = _advance(state, answer, datetime.now(UTC))
                looped = course.takes(answer)
                if looped is not None:
                    yield answer, Checkpoint(_without(state, "token"))
                    raise looped
                yield answer, Checkpoint(state)
                course.check_end(state)

    async def _first_state(self, provider: Provider) -> State:
        """The window, cut to days unless the provider says that it takes seconds; all of them take days."""
        if not any("T" in moment for moment in self._window.values()):
            return dict(self._window)
        if "T" in (await provider.granularity() or "").upper():
            return dict(self._window)
        return _in_days(self._window)

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
        """Raise what keeps the answer from being a part of the list."""
        address = shown(self._address)
        if answer.error is None:
            if answer.xml.find(f"{OAI}{self._verb}") is None:
                raise NotAProvider(f"{address} answers with neither records nor an error; tell its library")
            return
        code, _ = answer.error
        if code == "cannotDisseminateFormat":
            offered = _enumerate([prefix async for prefix in provider.formats()])
            raise ProtocolFault(
                code, f"{address} has no format “{self._prefix}”; it offers {offered}: choose one of these"
            )
        if self._set is not None and code in ("noSetHierarchy", "noRecordsMatch", "badArgument"):
            await self._check_set(code, self._set, provider)
        if code != "noRecordsMatch":
            raise fault(address, answer.error)

    async def _check_set(self, code: str, set_spec: str, provider: Provider) -> None:
        address = shown(self._address)
        sets = [spec async for spec, _ in provider.sets()]
        if not sets:
            raise ProtocolFault(
                code, f"{address} has no sets, so not “{set_spec}”; register the source without a set"
            )
        if set_spec not in sets:
            raise ProtocolFault(
                code, f"{address} has no set “{set_spec}”; it has {_enumerate(sets)}: choose one of these"
            )


class _Course:
    """What one run has sent and seen, so that it comes to an end (rules 3 and 4)."""

    def __init__(self, address: str, most_answers: int) -> None:
        self._address = address
        self._most_answers = most_answers
        self._sent: set[int] = set()
        self._seen: set[bytes] = set()
        self._answers = self._fruitless = 0

    def begin_again(self) -> None:
        """The list is asked for from its beginning."""
        self._sent.clear()
        self._seen.clear()

    def sends(self, token: str | None) -> None:
        """This token is sent."""
        self._sent.add(hash(token))

    def takes(self, answer: OaiAnswer) -> ProtocolFault | None:
        """This answer has come; the fault when it closes a loop."""
        contents = digest(answer)
        is_known = contents in self._seen
        is_empty = not answer.broken and answer.xml.find(f"*/{OAI}*/{OAI}*") is None
        self._seen.add(contents)
        self._answers += 1
        self._fruitless = self._fruitless + 1 if is_known or is_empty else 0
        if answer.token is None or not is_known or hash(answer.token) not in self._sent:
            return None
        return ProtocolFault(
            "loop", f"{self._address} sends a resumption token again and would never end; tell its library"
        )

    def check_end(self, state: State) -> None:
        """Raise when the list has no end that can be waited for."""
        if "done" in state:
            return
        if self._fruitless >= MOST_FRUITLESS:
            raise ProtocolFault(
                "endless",
                f"{self._address} has sent {self._fruitless:,} answers without anything new; tell its library",
            )
        if self._answers >= self._most_answers:
            raise ProtocolFault(
                "endless",
                f"{self._address} has sent {self._answers:,} answers and no end; the next harvest goes on from there",
            )


def utc_datestamp(text: str | None) -> str | None:
    """A provider's date as a datestamp of OAI-PMH (section 3.3: UTC, whole seconds); None when it is no date."""
    try:
        moment = datetime.fromisoformat(text or "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _advance(state: State, answer: OaiAnswer, now: datetime) -> State:
    """The state that is true once the records of the answer are stored.

    A clock that is ahead of ours is not followed: once it is put right, changes would be lost.
    """
    date = state.get("response_date") or utc_datestamp(answer.response_date)
    date = date and min(date, now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    token = answer.token
    if token and len(token) > _LONGEST_TOKEN:
        raise ProtocolFault("token", f"A resumption token has {len(token):,} characters; tell the library")
    end = {"token": token} if token else {"done": "true"}
    return _without(state, "token") | _without_none({"response_date": date}) | end


def _asked_again(state: State, answer: OaiAnswer) -> State | None:
    """What to ask instead, when the answer is an error that this may mend (rules 2 and 6)."""
    code = answer.error[0] if answer.error else None
    if "token" in state:
        return _without(state, "token") if code in ("badResumptionToken", "badArgument") else None
    is_in_seconds = "T" in state.get("from", "") + state.get("until", "")
    return {**state, **_in_days(state)} if code == "badArgument" and is_in_seconds else None


def _in_days(window: State) -> State:
    return {end: window[end][:10] for end in ("from", "until") if end in window}


def _without(state: State, key: str) -> State:
    return {name: value for name, value in state.items() if name != key}


def _without_none(arguments: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if value is not None}


def _enumerate(names: list[str]) -> str:
    rest = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
    return ", ".join(name[:60] for name in names[:_NAMED_AT_MOST]) + rest if names else "none"
