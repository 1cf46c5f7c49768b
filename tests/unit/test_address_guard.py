"""Where a feed may lead, and that the connection goes exactly there."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from ssl import SSLContext

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters.guard import AddressGuard, look_up, shown
from harvesters.transport import GuardedBackend
from unioncat.core.errors import SourceUnreachable, UnioncatError

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.2.1",
    "192.168.1.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::10.0.0.1",
    "::8.8.8.8",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:db8::1",
    "2002:a00:1::",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "100::1",
]
GLOBAL = [
    "1.1.1.1",
    "113.160.0.1",
    "172.32.0.1",
    "100.128.0.1",
    "2001:ee0::1",
    "2606:4700::1",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


def guard_of(*found: str, allowed: str = "") -> AddressGuard:
    """A guard for whom every host has these addresses."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return found

    return AddressGuard(AddressGuard.of(allowed).allowed, resolve)


@pytest.mark.parametrize("text", PRIVATE)
async def test_what_is_not_global_is_refused(text: str) -> None:
    with pytest.raises(
        SourceUnreachable, match=r"feed\.example leads to the private address .*UNIONCAT_ALLOWED"
    ):
        await guard_of(text).addresses("feed.example", 80)


@pytest.mark.parametrize("text", GLOBAL)
async def test_what_is_global_is_allowed(text: str) -> None:
    assert await guard_of(text).addresses("feed.example", 80) == (ip_address(text),)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_not_allowed_in_the_clothes_of_ipv6_either(inner: IPv4Address) -> None:
    guard = AddressGuard()
    number = int(inner)
    mapped, nat64 = IPv6Address((0xFFFF << 32) + number), IPv6Address((0x64FF9B << 96) + number)
    six_to_four = IPv6Address((0x2002 << 112) + (number << 80))
    for address in (mapped, nat64, six_to_four):
        assert guard.allows(address) == guard.allows(inner)


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_allowed(address: IPv4Address | IPv6Address) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        mapped = isinstance(address, IPv6Address) and address.ipv4_mapped
        assert not AddressGuard().allows(address) or mapped


async def test_one_private_address_among_others_is_enough_to_refuse() -> None:
    with pytest.raises(SourceUnreachable):
        await guard_of("1.1.1.1", "10.0.0.1").addresses("feed.example", 80)


async def test_a_network_of_the_operator_is_allowed_and_no_other() -> None:
    assert await guard_of("10.20.3.4", "::ffff:10.20.3.5", allowed="10.20.0.0/16").addresses("h", 80)
    with pytest.raises(SourceUnreachable):
        await guard_of("10.21.3.4", allowed="10.20.0.0/16").addresses("h", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost", "::1", "0"])
async def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    assert await look_up("127.0.0.1", 80) == ("127.0.0.1",)
    with pytest.raises((SourceUnreachable, OSError)):
        await AddressGuard().addresses(host, 80)


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "//example.org/",
        "example.org",
        "http://",
        "http:///oai",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://:secret@example.org/",
        "http://example.org:99999999/",
    ],
)
def test_an_address_of_another_kind_is_refused_and_no_password_is_shown(address: str) -> None:
    with pytest.raises(SourceUnreachable) as caught:
        AddressGuard().check_url(address)
    assert "secret@" not in str(caught.value)
    assert ":secret" not in str(caught.value)


def test_any_port_is_allowed() -> None:
    assert AddressGuard().check_url("https://example.org:8443/oai").port == 8443


def test_a_password_is_not_shown_even_with_another_at_sign() -> None:
    assert shown("http://a:b@c:secret@host/x@y") == "http://host/x@y"


@pytest.mark.parametrize("stated", ["10.0.0.0/33", "10.0.0.1/8", "intranet", "::1/129"])
def test_a_setting_that_is_no_network_is_named(stated: str) -> None:
    with pytest.raises(UnioncatError, match="UNIONCAT_ALLOWED_NETWORKS"):
        AddressGuard.of(stated)


@pytest.mark.parametrize(
    ("stated", "count"), [("", 0), (" , ", 0), ("10.0.0.0/8", 1), ("::1, 10.0.0.0/8", 2)]
)
def test_a_setting_lists_networks_and_addresses(stated: str, count: int) -> None:
    assert len(AddressGuard.of(stated).allowed) == count


class Recorder(httpcore.AsyncNetworkBackend):
    """Notes where a connection would have gone."""

    def __init__(self, *dead: str) -> None:
        self.went: list[str] = []
        self._dead = dead

    async def connect_tcp(
        self, host: str, port: int, *rest: object, **more: object
    ) -> httpcore.AsyncNetworkStream:
        self.went.append(host)
        if host in self._dead:
            raise httpcore.ConnectError("refused")
        return httpcore.AsyncMockStream([])


async def test_the_connection_goes_to_the_address_that_was_looked_at_and_the_host_is_asked_once() -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["1.1.1.1"] if len(asked) == 1 else ["127.0.0.1"]

    inner = Recorder()
    await GuardedBackend(AddressGuard(resolve=rebinding), inner).connect_tcp("feed.example", 80, 1)
    assert (inner.went, asked) == (["1.1.1.1"], ["feed.example"])


class NamedInTls(httpcore.AsyncMockStream):
    """Notes the name that a certificate would be checked against."""

    def __init__(self, names: list[str | None]) -> None:
        super().__init__([b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"])
        self._names = names

    async def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, *rest: object, **more: object
    ) -> httpcore.AsyncNetworkStream:
        self._names.append(server_hostname)
        return self


async def test_the_certificate_is_checked_against_the_name_although_the_connection_goes_to_a_number() -> None:
    names: list[str | None] = []

    class ToTls(Recorder):
        async def connect_tcp(
            self, host: str, port: int, *rest: object, **more: object
        ) -> httpcore.AsyncNetworkStream:
            self.went.append(host)
            return NamedInTls(names)

    inner = ToTls()
    backend = GuardedBackend(guard_of("1.1.1.1"), inner)
    async with httpcore.AsyncConnectionPool(network_backend=backend) as pool:
        await pool.request("GET", "https://feed.example/oai")
    assert (inner.went, names) == (["1.1.1.1"], ["feed.example"])


async def test_the_next_address_is_tried_when_one_is_dead() -> None:
    inner = Recorder("2606:4700::1")
    await GuardedBackend(guard_of("2606:4700::1", "1.1.1.1"), inner).connect_tcp("feed.example", 80, 1)
    assert inner.went == ["2606:4700::1", "1.1.1.1"]


async def test_a_host_that_nobody_knows_is_a_fault_that_may_pass() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with pytest.raises(httpcore.ConnectError, match=r"feed\.example is not known"):
        await GuardedBackend(AddressGuard(resolve=unknown)).connect_tcp("feed.example", 80, 1)


async def test_no_socket_of_this_machine_is_opened() -> None:
    with pytest.raises(httpcore.ConnectError):
        await GuardedBackend(AddressGuard()).connect_unix_socket("/run/x.sock")
