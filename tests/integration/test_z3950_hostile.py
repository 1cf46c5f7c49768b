"""Hostile targets are contained within their limits, while another harvest goes on."""

import asyncio
import ssl
import subprocess
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from z3950_target import LOOPBACK, held

from harvesters.z3950 import ber
from harvesters.z3950.ber import Limits
from harvesters.z3950.client import Session, Target, connect
from harvesters.z3950.codec import encode_message
from harvesters.z3950.divisions import Whole
from harvesters.z3950.errors import Interrupted, Refused, Unreachable
from harvesters.z3950.harvest import Order, Z3950Harvester
from harvesters.z3950.messages import (
    Close,
    Credentials,
    InitResponse,
    PresentResponse,
    SearchResponse,
    Segment,
)
from harvesters.z3950.partition import Form, Line
from harvesters.z3950.query import Clause, Relation, Use
from harvesters.z3950.records import Record, Syntax
from harvesters.z3950.shelf import Shelf
from harvesters.z3950.target import Behaviour
from harvesters.z3950.target import Target as Server

QUERY = Clause("x", ((1, Use.ANY), (2, Relation.ALWAYS)))
MOST = 256 * 1024
"""Bytes of a message that the client takes here."""
INIT = encode_message(InitResponse(True, frozenset((0, 1, 2, 14)), MOST, MOST, utf8=True))
Hostility = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _write_for_ever(writer: asyncio.StreamWriter, piece: bytes) -> None:
    while True:
        writer.write(piece)
        await writer.drain()


async def _endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An answer of indefinite length that never ends."""
    writer.write(bytes((0xB7, 0x80)))
    await _write_for_ever(writer, ber.element(ber.OCTET_STRING, bytes(4000)))


async def _nested(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _write_for_ever(writer, bytes((0xB7, 0x80)) * 4000)


async def _bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A length of a terabyte."""
    writer.write(bytes((0xB7, 0x86, 1, 0, 0, 0, 0, 0)))
    await _write_for_ever(writer, bytes(4000))


async def _long_length(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(bytes((0xB7, 0xFE)) + b"\xff" * 126)
    await asyncio.sleep(60)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for byte in encode_message(SearchResponse(5, True)) * 1000:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(0.2)


async def _segments(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Records without an end before the answer to a Present."""
    writer.write(encode_message(SearchResponse(5, True)))
    await reader.read(1000)
    record = Record(Syntax.USMARC, bytes(1000))
    await _write_for_ever(writer, encode_message(Segment((record,))))


async def _other_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _write_for_ever(writer, encode_message(PresentResponse((), 1, 0)))


async def _close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(encode_message(Close(3, "pay first")))
    await asyncio.sleep(60)


HOSTILE: dict[str, tuple[Hostility, str]] = {
    "endless answer": (_endless, "sends no Z39.50"),
    "deep nesting": (_nested, "sends no Z39.50"),
    "length bomb": (_bomb, "sends no Z39.50"),
    "length of a length": (_long_length, "sends no Z39.50"),
    "slow drip": (_drip, "did not answer within"),
    "endless segments": (_segments, "sends no Z39.50: segments"),
    "other answers": (_other_answers, "sends no Z39.50|did not answer"),
    "farewell": (_close, r"closed the session \(reason 3\): pay first"),
}


@asynccontextmanager
async def _hostile(hostility: Hostility, patience: float = 1.0) -> AsyncIterator[Target]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.read(1000)
            writer.write(INIT)
            await reader.read(1000)
            await hostility(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Target("127.0.0.1", port, ("db",), timeout=patience, limits=Limits(message=MOST, depth=16))
    finally:
        server.close()


async def _ask(target: Target) -> None:
    session = await connect(target, LOOPBACK)
    try:
        await session.search(QUERY)
        await session.present(1, 5, Syntax.USMARC)
    finally:
        await session.close()


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_answer_ends_the_session_within_its_limits(name: str) -> None:
    hostility, said = HOSTILE[name]
    async with _hostile(hostility) as target:
        tracemalloc.start()
        try:
            with pytest.raises(Interrupted, match=said):
                await _ask(target)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 20 * MOST


def _line(target: Target) -> Line:
    async def open_one() -> Session:
        return await connect(target, LOOPBACK)

    return Line(open_one)


async def _harvest(target: Target, chunk: int = 50) -> int:
    harvester = Z3950Harvester("a target", _line(target), Order(Whole(QUERY), Form(chunk=chunk), QUERY))
    return sum([len(page.records) async for page in harvester.pages(None)])


async def test_another_harvest_goes_on_while_hostile_ones_are_awaited() -> None:
    async def hostile(name: str) -> None:
        async with _hostile(HOSTILE[name][0], patience=60.0) as target:
            await _ask(target)

    waiting = {name: asyncio.create_task(hostile(name)) for name in HOSTILE}
    server = Server(Shelf(held(range(1, 1001))), "db")
    async with server.listening() as port:
        assert await _harvest(Target("127.0.0.1", port, ("db",))) == 1000
    assert not waiting["slow drip"].done()
    for task in waiting.values():
        task.cancel()
    ended = await asyncio.gather(*waiting.values(), return_exceptions=True)
    assert all(isinstance(error, Interrupted | asyncio.CancelledError) for error in ended)


async def _search_for_ever(session: Session) -> None:
    while True:
        await session.search(QUERY)


async def test_a_question_that_is_given_up_ends_the_session() -> None:
    server = Server(Shelf(held(range(1, 10))), "db", Behaviour(stall_after=200))
    async with server.listening() as port:
        session = await connect(Target("127.0.0.1", port, ("db",), timeout=30), LOOPBACK)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_search_for_ever(session), 0.2)
        assert session.lost
        with pytest.raises(Interrupted, match="the session is over"):
            await session.search(QUERY)
        await session.close()


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (Credentials("lan", "secret"), Credentials("lan", "secret")),
        (Credentials("lan", "secret", "staff"), Credentials("lan", "secret", "staff")),
        (Credentials("lan/secret"), Credentials("lan/secret")),
        (Credentials(), Credentials()),
    ],
    ids=["user and password", "with a group", "one open string", "anonymous"],
)
async def test_credentials_in_all_their_forms(given: Credentials, right: Credentials) -> None:
    server = Server(Shelf(held(range(1, 10))), "db", Behaviour(credentials=right))
    async with server.listening() as port:
        target = Target("127.0.0.1", port, ("db",), credentials=given)
        assert await _harvest(target) == 9
        with pytest.raises(Refused):
            await connect(replace(target, credentials=Credentials("lan", "wrong")), LOOPBACK)
        assert "secret" not in repr(target)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key, found = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        (
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(found)),
        ),
        check=True,
        capture_output=True,
    )
    return found, key


async def test_over_tls_only_a_certificate_that_is_trusted_is_taken(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found, key)
    server = Server(Shelf(held(range(1, 10))), "db")
    async with server.listening(ssl=context) as port:
        target = Target("localhost", port, ("db",), tls=True, timeout=5)
        with pytest.raises(Unreachable, match="certificate"):
            await connect(target, LOOPBACK)
        monkeypatch.setenv("SSL_CERT_FILE", str(found))
        assert await _harvest(target) == 9
