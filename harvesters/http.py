"""The HTTP side of a feed: limits, patience, and an error that says what went wrong.

1. Connection faults, silence, 429, 502, 503, 504, and answers that are empty, damaged or cut off are temporary: the
   request is repeated, with a wait that doubles each time.
2. `Retry-After` (RFC 9110, 10.2.3: seconds or a date) sets the wait, up to `Limits.longest_wait`.
3. An answer that is too large, grows too much or takes too long as a whole ends the request at once: a feed that
   drips must not be waited for five times.
4. Each hop of a redirect goes through the guard and takes its turn. Credentials stay with the server they are for
   (another host or port does not get them) and never go from https to http.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

import httpx

from harvesters.access import FeedAccess, Limits
from harvesters.guard import shown
from harvesters.inflate import Damaged, Inflater, Unacceptable
from harvesters.transport import GuardedTransport
from unioncat.core.errors import SourceUnreachable

USER_AGENT = "unioncat/0.1"

Sleep = Callable[[float], Awaitable[None]]
Outcome = TypeVar("Outcome")

_TEMPORARY_STATUSES = frozenset({429, 502, 503, 504})
_TEMPORARY_FAULTS = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)
_COOKIES_KEPT = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent: any status that is not temporary, and the whole body."""

    status: int
    body: bytes

    @property
    def phrase(self) -> str:
        """The status as people know it: `404 Not Found`."""
        return phrase(self.status)


@dataclass(frozen=True, slots=True)
class Setback:
    """Why a try failed that may be repeated, and how long the server wants us to wait."""

    reason: str
    wait: float | None = None


class FeedClient:
    """Asks one feed, again and again if need be."""

    def __init__(self, access: FeedAccess = FeedAccess(), *, sleep: Sleep = asyncio.sleep) -> None:
        self._access = access
        self._sleep = sleep
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(access.guard),
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(access.limits.read, connect=access.limits.connect),
            follow_redirects=False,
        )

    @property
    def limits(self) -> Limits:
        """What is taken and waited for."""
        return self._access.limits

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(
        self, address: str, arguments: dict[str, str], *, is_whole: Callable[[bytes], bool] = bool
    ) -> Answer:
        """Ask once, or up to `Limits.tries` times; raises SourceUnreachable.

        `is_whole` tells an answer that is empty or cut off.
        """
        url = with_arguments(address, arguments)
        return await self.patiently(address, lambda: self._read(url, address, is_whole))

    async def patiently(self, address: str, attempt: Callable[[], Awaitable[Outcome | Setback]]) -> Outcome:
        """Repeat what ends in a setback (rules 1 to 3); raises SourceUnreachable."""
        tries = 0
        while True:
            tries += 1
            outcome = await self._try(address, attempt)
            if not isinstance(outcome, Setback):
                return outcome
            if tries >= self.limits.tries:
                raise SourceUnreachable(
                    f"{shown(address)} {outcome.reason} ({tries} tries); try again later, or check the address"
                )
            wait = 2.0 ** (tries - 1) if outcome.wait is None else outcome.wait
            await self._sleep(min(wait, self.limits.longest_wait))

    @asynccontextmanager
    async def open(self, address: str, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """One request, its redirects followed, its body not yet read; raises SourceUnreachable, httpx.HTTPError."""
        url = self._access.guard.check_url(address)
        credentials = self._access.credentials
        secret = dict([credentials.as_header]) if credentials else {}
        for _ in range(self.limits.redirects + 1):
            async with self._exchange(url, {**headers, **secret}) as response:
                onward = _onward(response)
                if onward is None:
                    yield response
                    return
            onward = self._access.guard.check_url(str(onward))
            secret = secret_for(onward, url, secret)
            url = onward
        raise SourceUnreachable(
            f"{shown(address)} redirects more than {self.limits.redirects} times; ask its library for the true address"
        )

    @asynccontextmanager
    async def _exchange(self, url: httpx.URL, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """One hop, within its time; waiting for a turn does not count."""
        if len(self._client.cookies.jar) > _COOKIES_KEPT:
            self._client.cookies.clear()
        turn = self._access.pace.turn(url.host) if self._access.pace else nullcontext()
        async with (
            turn,
            asyncio.timeout(self.limits.answer),
            self._client.stream("GET", url, headers=headers) as response,
        ):
            yield response

    async def body(self, response: httpx.Response, address: str) -> AsyncIterator[bytes]:
        """The contents, decompressed, in pieces, while they stay within the limits; raises SourceUnreachable, Damaged."""
        size = 0
        try:
            inflater = Inflater(response.headers.get("Content-Encoding", ""))
            async for chunk in response.aiter_raw():
                for piece in inflater.feed(chunk):
                    size += len(piece)
                    if size > self.limits.size:
                        raise SourceUnreachable(
                            f"{shown(address)} sends more than {self.limits.size:,} bytes in one answer; "
                            "ask its library for smaller pages, or for smaller files"
                        )
                    yield piece
            for piece in inflater.end():
                yield piece
        except Unacceptable as error:
            raise SourceUnreachable(f"{shown(address)} {error}; ask its library to stop it") from error

    async def _try(
        self, address: str, attempt: Callable[[], Awaitable[Outcome | Setback]]
    ) -> Outcome | Setback:
        try:
            return await attempt()
        except _TEMPORARY_FAULTS as fault:
            return Setback(f"cannot be reached: {_describe(fault)}")
        except Damaged as error:
            return Setback(f"sends a compressed answer that is damaged: {error}")
        except TimeoutError as error:
            raise SourceUnreachable(
                f"{shown(address)} needs more than {self.limits.answer:g} s for one answer; "
                "ask its library for smaller pages, or for smaller files"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceUnreachable(f"{shown(address)} cannot be asked: {_describe(error)}") from error

    async def _read(self, url: str, address: str, is_whole: Callable[[bytes], bool]) -> Answer | Setback:
        async with self.open(url, {"Accept-Encoding": "gzip, deflate"}) as response:
            if setback := temporary(response):
                return setback
            body = b"".join([piece async for piece in self.body(response, address)])
        if response.is_success and not is_whole(body):
            return Setback("sends an answer that is empty or cut off")
        return Answer(response.status_code, body)


def temporary(response: httpx.Response) -> Setback | None:
    """The setback that a temporary status is (rule 1)."""
    if response.status_code not in _TEMPORARY_STATUSES:
        return None
    wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    return Setback(f"is busy: {phrase(response.status_code)}", wait)


def phrase(status: int) -> str:
    """A status as people know it: `404 Not Found`."""
    return f"{status} {httpx.codes.get_reason_phrase(status)}".strip()


def with_arguments(address: str, arguments: dict[str, str]) -> str:
    """The address with the arguments added to those that it has already."""
    if not arguments:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(arguments)}"


def retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds to wait that a Retry-After header asks for; None when it is absent or unreadable."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def _onward(response: httpx.Response) -> httpx.URL | None:
    """Where a redirect leads to (RFC 9110, 15.4); None when it is none."""
    return response.url.join(response.headers["Location"]) if response.has_redirect_location else None


def secret_for(onward: httpx.URL, url: httpx.URL, secret: dict[str, str]) -> dict[str, str]:
    """The credentials that the hop from `url` to `onward` may have (rule 4); raises SourceUnreachable."""
    if not secret or onward.host != url.host:
        return {}
    if url.scheme == "https" and onward.scheme == "http":
        raise SourceUnreachable(
            f"{shown(str(url))} redirects to the unprotected {shown(str(onward))}, which must not get the secret of "
            "the source; ask its library for the true address"
        )
    upgraded = (url.scheme, url.port, onward.scheme, onward.port) == ("http", None, "https", None)
    return secret if upgraded or (url.scheme, url.port) == (onward.scheme, onward.port) else {}


def _describe(error: Exception) -> str:
    """httpx leaves the text of many time-outs empty; the class then says what happened."""
    return str(error)[:300] or type(error).__name__
