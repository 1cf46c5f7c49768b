"""Connections that go to exactly the address that the guard has looked at.

The name stays in the Host header and in the check of the certificate; the connection is made to the number.
No proxy of the environment is used: what lies behind one cannot be looked at.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore
import httpx

from harvesters.guard import AddressGuard

_TRIED_AT_MOST = 4

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to allowed addresses only."""

    def __init__(self, guard: AddressGuard, inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._guard = guard
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore names it
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to one of the host's addresses, which share the time; raises SourceUnreachable, ConnectError."""
        try:
            async with asyncio.timeout(timeout):
                addresses = (await self._guard.addresses(host, port))[:_TRIED_AT_MOST]
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"nobody says in time where {host} is") from error
        except (OSError, UnicodeError) as error:  # a host that is no name of a domain is a UnicodeError
            raise httpcore.ConnectError(f"{host} is not known: {error}") from error
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        share = timeout / max(1, len(addresses)) if timeout is not None else None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore names it
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """No feed lives in a socket of this machine."""
        raise httpcore.ConnectError(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


class GuardedTransport(httpx.AsyncBaseTransport):
    """The transport of httpx over a `GuardedBackend`."""

    def __init__(self, guard: AddressGuard) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_ssl_context(), max_connections=4, network_backend=GuardedBackend(guard)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises httpx.TransportError, SourceUnreachable."""
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _faults_of_httpx():
            answer = await self._pool.handle_async_request(asked)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _faults_of_httpx():
            async for chunk in self._answer.aiter_stream():
                yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _faults_of_httpx() -> Iterator[None]:
    """httpx has each fault of httpcore under the same name."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as fault:
        raise getattr(httpx, type(fault).__name__)(str(fault)) from fault


@cache
def _ssl_context() -> ssl.SSLContext:
    """Reading the certificates takes longer than many a request; SSL_CERT_FILE names others."""
    return httpx.create_ssl_context()
