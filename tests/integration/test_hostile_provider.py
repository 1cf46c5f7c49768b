"""Providers that are broken or mean harm: each ends in the right records or in an error that names it, soon."""

import asyncio
import gzip
import re
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import repeat

import httpx
import pytest
from scripted_harvest import ONE_PAGE, Harvest, harvest
from scripted_provider import (
    HERE,
    LOOPBACK,
    Script,
    Scripted,
    in_order,
    listing,
    marc,
    scripted_provider,
)

from harvesters.access import FeedAccess, Limits
from harvesters.credentials import basic
from harvesters.guard import AddressGuard
from harvesters.http import FeedClient, secret_for
from harvesters.oai_pmh import OaiPmhHarvester
from harvesters.pacing import Hosts
from unioncat.core.errors import FeedError, SourceUnreachable

SHORT = Limits(connect=1, read=0.3, answer=1, size=4 * 1024 * 1024, tries=2)


@pytest.fixture(autouse=True)
async def soon() -> AsyncIterator[None]:
    """No server may hold us up."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < 6


async def attack(script: Script, limits: Limits = SHORT, access: FeedAccess = HERE) -> Harvest:
    return await harvest(script, limits=limits, access=access)


def packed(body: bytes, encoding: str = "gzip") -> Scripted:
    return Scripted(body, headers={"Content-Encoding": encoding})


# --- where it leads ---------------------------------------------------------------------------------


async def test_a_feed_at_a_private_address_is_refused_and_no_byte_is_sent() -> None:
    run = await attack(in_order(ONE_PAGE), access=FeedAccess())
    assert isinstance(run.error, SourceUnreachable)
    assert "private address 127.0.0.1; an operator may allow it with UNIONCAT_ALLOWED_NETWORKS" in str(
        run.error
    )
    assert run.requests == []
    assert run.naps == []


def elsewhere(*found: str) -> AddressGuard:
    """Loopback is allowed, and every other name leads to these addresses."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return (host,) if host == "127.0.0.1" else found

    return AddressGuard(LOOPBACK.allowed, resolve)


@pytest.mark.parametrize(
    "target",
    [
        "http://internal.example/admin",
        "http://10.0.0.1/",
        "http://[fd00::1]/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
async def test_a_redirect_to_a_private_address_is_not_followed(target: str) -> None:
    access = FeedAccess(guard=AddressGuard(LOOPBACK.allowed, elsewhere("10.0.0.1").resolve))
    access = access if "internal" in target else HERE
    run = await attack(in_order(Scripted(status=302, headers={"Location": target})), access=access)
    assert isinstance(run.error, SourceUnreachable)
    assert "leads to the private address" in str(run.error)


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "http://user:secret@127.0.0.1/", "http://[", "javascript:x"],
)
async def test_a_redirect_to_no_address_of_the_web_is_not_followed(target: str) -> None:
    run = await attack(in_order(Scripted(status=301, headers={"Location": target})))
    assert isinstance(run.error, SourceUnreachable)
    assert "secret" not in str(run.error).replace("the secret of the source", "")


async def test_a_redirect_loop_ends() -> None:
    run = await attack(in_order(Scripted(status=307, headers={"Location": "/oai"})))
    assert isinstance(run.error, SourceUnreachable)
    assert "redirects more than 5 times" in str(run.error)


async def test_a_redirect_to_a_name_goes_to_the_address_that_was_looked_at_with_the_name_as_host() -> None:
    with scripted_provider(in_order(ONE_PAGE)) as target:
        away = Scripted(status=302, headers={"Location": f"http://feed.example:{target.port}/oai"})
        run = await attack(in_order(away), access=FeedAccess(guard=elsewhere("127.0.0.1")))
        assert run.identifiers == ["1", "2"]
        assert target.headers[0]["host"] == f"feed.example:{target.port}"


# --- what it learns ---------------------------------------------------------------------------------

OPEN_SESAME = replace(HERE, credentials=basic("u", "p"))


async def test_credentials_are_sent_to_the_feed_and_on_redirects_within_it() -> None:
    with scripted_provider(
        in_order(Scripted(status=302, headers={"Location": "/else"}), ONE_PAGE)
    ) as provider:
        async with FeedClient(OPEN_SESAME) as client:
            await client.get(provider.address, {})
    assert [asked.get("authorization") for asked in provider.headers] == ["Basic dTpw", "Basic dTpw"]


async def test_another_server_does_not_get_the_credentials_not_even_when_it_sends_back() -> None:
    with scripted_provider(in_order(ONE_PAGE)) as other:
        run = await attack(
            in_order(Scripted(status=302, headers={"Location": other.address})), access=OPEN_SESAME
        )
        assert run.identifiers == ["1", "2"]
        assert [asked.get("authorization") for asked in other.headers] == [None]
    back: list[Scripted] = []
    with (
        scripted_provider(lambda asked: back.pop(0)) as feed,
        scripted_provider(in_order(Scripted(status=302, headers={"Location": feed.address}))) as other,
    ):
        back += [Scripted(status=302, headers={"Location": other.address}), ONE_PAGE]
        async with FeedClient(OPEN_SESAME) as client:
            await client.get(feed.address, {})
        assert [asked.get("authorization") for asked in feed.headers] == ["Basic dTpw", None]


SECRET = {"Authorization": "Basic dTpw"}


@pytest.mark.parametrize(
    ("url", "onward", "is_sent"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("http://a.example/x", "http://a.example:80/y", True),
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "https://a.example:444/x", False),
        ("http://a.example:8080/x", "https://a.example/x", False),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.example/x", "http://b.example/x", False),
        ("https://a.example/x", "https://a.example.evil.example/x", False),
    ],
)
def test_credentials_stay_with_their_server(url: str, onward: str, is_sent: bool) -> None:
    assert secret_for(httpx.URL(onward), httpx.URL(url), SECRET) == (SECRET if is_sent else {})


def test_credentials_never_go_from_https_to_http() -> None:
    with pytest.raises(SourceUnreachable, match="redirects to the unprotected"):
        secret_for(httpx.URL("http://a.example/x"), httpx.URL("https://a.example/x"), SECRET)
    assert secret_for(httpx.URL("http://a.example/x"), httpx.URL("https://a.example/x"), {}) == {}


# --- how long it takes ------------------------------------------------------------------------------


async def test_a_server_that_never_answers_is_given_up() -> None:
    run = await attack(in_order(Scripted(silent=True)))
    assert isinstance(run.error, SourceUnreachable)
    assert "2 tries" in str(run.error)


async def test_a_body_that_drips_ends_with_the_time_for_one_answer() -> None:
    run = await attack(in_order(Scripted(ONE_PAGE.body, drip=0.05)))
    assert isinstance(run.error, SourceUnreachable)
    assert "more than 1 s" in str(run.error)


async def test_headers_that_drip_end_with_the_time_for_one_answer() -> None:
    run = await attack(in_order(Scripted(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99, drip=0.05)))
    assert isinstance(run.error, SourceUnreachable)
    assert "more than 1 s" in str(run.error)


async def test_a_slow_feed_does_not_hold_up_another_under_one_pace() -> None:
    hosts = Hosts(at_once=1)
    access = replace(HERE, pace=hosts.pace())

    async def at(name: str, script: Script) -> float:
        async def resolve(host: str, port: int) -> Sequence[str]:
            return ("127.0.0.1",)

        begun = time.monotonic()
        with scripted_provider(script) as provider:
            own = replace(
                access, guard=AddressGuard(LOOPBACK.allowed, resolve), limits=replace(SHORT, read=3, tries=1)
            )
            address = f"http://{name}:{provider.port}/oai"

            try:
                async for _ in OaiPmhHarvester(address, "marc21", access=own).pages(None):
                    pass
            except FeedError:
                pass
        return time.monotonic() - begun

    slow, quick = await asyncio.gather(
        at("slow.example", in_order(Scripted(silent=True))), at("quick.example", in_order(ONE_PAGE))
    )
    assert quick < 0.7 < slow


# --- how much it sends ------------------------------------------------------------------------------


async def bounded(script: Script, limits: Limits = SHORT) -> Harvest:
    tracemalloc.start()
    try:
        run = await attack(script, limits)
        assert tracemalloc.get_traced_memory()[1] < 24 * 1024 * 1024
    finally:
        tracemalloc.stop()
    return run


async def test_an_endless_body_ends_at_the_limit() -> None:
    run = await bounded(in_order(Scripted(pieces=repeat(b"x" * 65536))), replace(SHORT, answer=5))
    assert isinstance(run.error, SourceUnreachable)
    assert "4,194,304 bytes" in str(run.error)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_of_compression_is_named_before_it_has_grown(encoding: str) -> None:
    nothing = bytes(200 * 1024 * 1024)
    bomb = gzip.compress(nothing, 9) if encoding == "gzip" else zlib.compress(nothing, 9)
    del nothing
    run = await bounded(in_order(packed(bomb, encoding)), replace(SHORT, size=512 * 1024 * 1024, answer=5))
    assert isinstance(run.error, SourceUnreachable)
    assert "grows more than 200 times when it is decompressed" in str(run.error)


async def test_a_small_answer_may_be_as_compressible_as_it_likes() -> None:
    body = listing([marc("1", "a" * 900_000)]).body
    assert len(body) > 200 * len(gzip.compress(body, 9))
    assert (await attack(in_order(packed(gzip.compress(body, 9))))).identifiers == ["1"]


async def test_headers_without_end_are_refused() -> None:
    run = await bounded(in_order(Scripted(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2_000_000)))
    assert isinstance(run.error, SourceUnreachable)


async def test_thousands_of_cookies_are_not_kept() -> None:
    cookies = b"".join(b"Set-Cookie: c%d=1\r\n" % number for number in range(2000))
    pages = [
        Scripted(raw=b"HTTP/1.1 200 OK\r\n" + cookies + b"\r\n" + listing([marc(str(n))], token=t).body)
        for n, t in enumerate(("1", "2", None))
    ]
    run = await attack(in_order(*pages))
    assert run.identifiers == ["0", "1", "2"]


# --- compression that is broken ---------------------------------------------------------------------

WHOLE = gzip.compress(ONE_PAGE.body)


@pytest.mark.parametrize(
    "body",
    [WHOLE[:-20], WHOLE[:-1], WHOLE[:15], WHOLE[:40] + bytes(20) + WHOLE[60:], WHOLE[:-8] + bytes(8)],
    ids=["cut", "one byte short", "header only", "broken", "wrong checksum"],
)
async def test_damaged_compression_is_asked_for_again_and_then_named(body: bytes) -> None:
    assert (await attack(in_order(packed(body), packed(WHOLE)))).identifiers == ["1", "2"]
    run = await attack(in_order(packed(body)))
    assert isinstance(run.error, SourceUnreachable)
    assert re.search("damaged|empty or cut off", str(run.error))


@pytest.mark.parametrize(
    "answer",
    [
        packed(gzip.compress(ONE_PAGE.body[:200]) + gzip.compress(ONE_PAGE.body[200:])),
        packed(WHOLE + bytes(100)),
        packed(ONE_PAGE.body),
        packed(zlib.compress(ONE_PAGE.body), "deflate"),
        packed(zlib.compress(ONE_PAGE.body)[2:-4], "deflate"),
        packed(WHOLE, "x-gzip"),
        packed(ONE_PAGE.body, "identity"),
    ],
    ids=["two members", "padding", "plain", "deflate", "raw deflate", "x-gzip", "identity"],
)
async def test_compression_that_is_odd_is_read(answer: Scripted) -> None:
    assert (await attack(in_order(answer))).identifiers == ["1", "2"]


async def test_a_compression_that_nobody_asked_for_is_refused() -> None:
    run = await attack(in_order(packed(ONE_PAGE.body, "br")))
    assert isinstance(run.error, SourceUnreachable)
    assert "“br”" in str(run.error)


# --- what is no HTTP --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" + bytes(range(256)),
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
    ],
    ids=["TLS", "nothing", "SSH", "no status"],
)
async def test_another_protocol_is_named(raw: bytes) -> None:
    run = await attack(in_order(Scripted(raw=raw)))
    assert isinstance(run.error, SourceUnreachable)
    assert "cannot be reached" in str(run.error)


async def test_https_at_a_port_without_it_is_named() -> None:

    run = Harvest()
    with scripted_provider(in_order(ONE_PAGE)) as provider:
        address = provider.address.replace("http:", "https:")
        with pytest.raises(SourceUnreachable, match="cannot be reached"):
            await anext(
                OaiPmhHarvester(address, "x", access=replace(HERE, limits=SHORT), sleep=run.nap).pages(None)
            )


async def test_a_connection_that_breaks_in_the_middle_is_asked_again() -> None:
    run = await attack(in_order(Scripted(ONE_PAGE.body, cut=100, reset=True), ONE_PAGE))
    assert run.identifiers == ["1", "2"]
    run = await attack(in_order(Scripted(ONE_PAGE.body, cut=100, reset=True)))
    assert isinstance(run.error, SourceUnreachable)
