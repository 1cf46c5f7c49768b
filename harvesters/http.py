"""The HTTP side of a feed: limits, patience, and an error that says what went wrong.

1. Connection faults, time-outs between bytes, 429, 502, 503, 504, and answers that are empty or cut off
   are temporary: the request is repeated, with a wait that doubles each time.
2. `Retry-After` (RFC 9110, 10.2.3: seconds or a date) sets the wait, up to `Limits.longest_wait`.
3. An answer that is too large or takes too long as a whole ends the request at once: a feed that drips
   must not be waited for five times.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx

from unioncat.core.errors import SourceUnreachable

USER_AGENT = "unioncat/0.1"

Sleep = Callable[[float], Awaitable[None]]

_TEMPORARY_STATUSES = frozenset({429, 502, 503, 504})
_TEMPORARY_FAULTS = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait for a feed (seconds) and how much to take from it (bytes after decompression)."""

    connect: float = 10
    read: float = 60
    answer: float = 300
    size: int = 32 * 1024 * 1024
    tries: int = 5
    longest_wait: float = 600
    redirects: int = 5


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent: any status that is not temporary, and the whole body."""

    status: int
    body: bytes

    @property
    def phrase(self) -> str:
        """The status as people know it: `404 Not Found`."""
        return f"{self.status} {httpx.codes.get_reason_phrase(self.status)}".strip()


class FeedClient:
    """Asks one feed, again and again if need be."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, *, sleep: Sleep = asyncio.sleep) -> None:
        self._limits = limits
        self._sleep = sleep
        self._client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            follow_redirects=True,
            max_redirects=limits.redirects,
            mounts={"all://127.0.0.1": None, "all://localhost": None},  # never through a proxy
        )

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
        attempt = 0
        while True:
            attempt += 1
            outcome = await self._try(url, address, is_whole)
            if isinstance(outcome, Answer):
                return outcome
            if attempt == self._limits.tries:
                raise SourceUnreachable(
                    f"{address} {outcome.reason} ({attempt} tries); try again later, or check the address"
                )
            await self._sleep(self._wait(attempt, outcome))

    async def _try(self, url: str, address: str, is_whole: Callable[[bytes], bool]) -> "Answer | _Setback":
        try:
            async with asyncio.timeout(self._limits.answer):
                return await self._read(url, address, is_whole)
        except _TEMPORARY_FAULTS as fault:
            return _Setback(f"cannot be reached: {_describe(fault)}")
        except TimeoutError as error:
            raise SourceUnreachable(
                f"{address} needs more than {self._limits.answer:g} s for one answer; ask its library for smaller pages"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceUnreachable(f"{address} cannot be asked: {_describe(error)}") from error

    async def _read(self, url: str, address: str, is_whole: Callable[[bytes], bool]) -> "Answer | _Setback":
        async with self._client.stream("GET", url) as response:
            if response.status_code in _TEMPORARY_STATUSES:
                wait = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
                return _Setback(f"is busy: {response.status_code} {response.reason_phrase}", wait)
            body = await self._body(response, address)
        if response.is_success and not is_whole(body):
            return _Setback("sends an answer that is empty or cut off")
        return Answer(response.status_code, body)

    async def _body(self, response: httpx.Response, address: str) -> bytes:
        """The body, decompressed, while it stays within the limit.

        Layered compression is refused, because each layer multiplies what one small packet grows to.
        """
        if "," in response.headers.get("Content-Encoding", ""):
            raise SourceUnreachable(
                f"{address} compresses its answers more than once; ask its library to stop it"
            )
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._limits.size:
                raise SourceUnreachable(
                    f"{address} sends more than {self._limits.size:,} bytes in one answer; "
                    "ask its library for smaller pages"
                )
        return bytes(body)

    def _wait(self, attempt: int, setback: "_Setback") -> float:
        wait = 2.0 ** (attempt - 1) if setback.wait is None else setback.wait
        return min(wait, self._limits.longest_wait)


@dataclass(frozen=True, slots=True)
class _Setback:
    """Why a try failed that may be repeated, and how long the server wants us to wait."""

    reason: str
    wait: float | None = None


def with_arguments(address: str, arguments: dict[str, str]) -> str:
    """The address with the arguments added to those that it has already."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(arguments)}"


def retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds to wait that a Retry-After header asks for; None when it is absent or unreadable."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _describe(error: Exception) -> str:
    """httpx leaves the text of many time-outs empty; the class then says what happened."""
    return str(error) or type(error).__name__
