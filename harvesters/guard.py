"""Which addresses a feed may lead us to. Feeds are registered by members, and a server can redirect anywhere.

1. Only http and https, and no user name or password in the address: a secret has its own place.
2. A host is looked up once for each connection, and the connection goes to an address that was looked at
   (`transport`): a name that answers differently the next time gains nothing.
3. Each address of the host must be global: not private, loopback, link-local, shared (RFC 6598), multicast or
   reserved (the registries of IANA for special purposes), and no other IPv6 than global unicast (RFC 4291, 2.4).
4. An IPv4 address inside an IPv6 one (mapped, compatible, 6to4, NAT64, Teredo) must be global too.
5. What the operator has allowed (UNIONCAT_ALLOWED_NETWORKS) is allowed.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Self

import httpx

from unioncat.core.errors import SourceUnreachable, UnioncatError

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks a host and port up; raises OSError when the host is unknown."""

_LOOKING_UP = ThreadPoolExecutor(max_workers=32, thread_name_prefix="look-up")
_LAST_PORT = 65535
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SPECIAL: tuple[Network, ...] = (  # in force, and not yet known to every version of `ipaddress`
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv6Network("3fff::/20"),
)


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the operating system orders them.

    The threads are for this alone, so that names that nobody answers for do not hold up the reading of records.
    """
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOKING_UP, ask)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True)
class AddressGuard:
    """Refuses addresses that a feed must not lead to. `allowed` are networks of the operator's own."""

    allowed: tuple[Network, ...] = ()
    resolve: Resolve = field(default=look_up, repr=False, compare=False)

    @classmethod
    def of(cls, stated: str) -> Self:
        """The guard that allows these networks: `10.20.0.0/16, ::1/128`; raises UnioncatError."""
        return cls(tuple(_network(part) for part in stated.replace(",", " ").split()))

    def check_url(self, address: str) -> httpx.URL:
        """The address, when its form is allowed (rule 1); raises SourceUnreachable."""
        try:
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            raise SourceUnreachable(f"{shown(address)} is no address: {error}") from error
        if url.userinfo:
            raise SourceUnreachable(
                f"{shown(address)} has a user name or password in it; register the address without, "
                "and give them as the secret of the source"
            )
        if url.scheme not in ("http", "https") or not url.host or (url.port or 0) > _LAST_PORT:
            raise SourceUnreachable(
                f"{shown(address)} is no address of the web; write http:// or https://, a host, and what comes behind it"
            )
        return url

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """The addresses of a host, all of them allowed.

        Raises SourceUnreachable for one that is not, OSError when the host is unknown.
        """
        found = tuple(_readable(text) for text in await self.resolve(host, port))
        for address in found:
            if not self.allows(address):
                raise SourceUnreachable(
                    f"{host} leads to the private address {address}; an operator may allow it with "
                    "UNIONCAT_ALLOWED_NETWORKS"
                )
        return found

    def allows(self, address: Address) -> bool:
        """Rules 3 to 5."""
        if any(address in network for network in self.allowed):
            return True
        inner = tuple(_inside(address))
        if inner and not all(self.allows(one) for one in inner):
            return False
        if isinstance(address, IPv6Address) and (address.ipv4_mapped or address in _NAT64):
            return True
        return _is_global(address)


PUBLIC_ONLY = AddressGuard()
"""Allows nothing private."""


def shown(address: str) -> str:
    """An address as messages may show it: without user name and password, and not without end."""
    scheme, mark, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{mark}{host.rpartition('@')[2]}{slash}{path}"[:300]


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise UnioncatError(
            f"UNIONCAT_ALLOWED_NETWORKS cannot be used: {error}; write networks as 10.20.0.0/16, with commas between"
        ) from error


def _readable(text: str) -> Address:
    """An address without the name of an interface (`fe80::1%eth0`); a mapped IPv4 address is that one."""
    address = ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


def _is_global(address: Address) -> bool:
    special = any(address in network for network in _SPECIAL)
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not special


def _inside(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that an IPv6 address carries."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    yield from address.teredo or ()
    if address in _NAT64 or address in _COMPATIBLE:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
