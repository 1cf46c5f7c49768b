"""A web server on loopback that says exactly what a test tells it to, and OAI-PMH answers for it to say."""

import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qsl, urlsplit

from harvesters.access import FeedAccess
from harvesters.guard import AddressGuard

LOOPBACK = AddressGuard.of("127.0.0.0/8, ::1/128")
HERE = FeedAccess(guard=LOOPBACK)
"""How tests reach the servers that they start."""


@dataclass(frozen=True)
class Scripted:
    """One HTTP answer. `cut` sends only so many bytes of what is promised; `drip` waits after each byte.

    `pieces` are sent instead of the body, for as long as someone listens. `raw` is sent instead of everything, without
    any HTTP. `reset` breaks the connection at the end instead of closing it. `silent` never answers.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0
    pieces: Iterable[bytes] | None = None
    raw: bytes | None = None
    reset: bool = False
    silent: bool = False


Script = Callable[[dict[str, str]], Scripted]


@dataclass
class ScriptedProvider:
    """Where it listens, and what it was asked: the arguments, the headers and the path of each request."""

    address: str
    requests: list[dict[str, str]]
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0


@contextmanager
def scripted_provider(script: Script, host: str = "127.0.0.1") -> Iterator[ScriptedProvider]:
    """Serve the answers of `script`, a function of the arguments of a request, on an address of loopback."""
    requests: list[dict[str, str]] = []
    headers: list[dict[str, str]] = []
    paths: list[str] = []
    ended = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arguments = dict(parse_qsl(urlsplit(self.path).query))
            requests.append(arguments)
            paths.append(urlsplit(self.path).path)
            headers.append({name.lower(): value for name, value in self.headers.items()})
            answer = script({**arguments, **_asked_range(self.headers.get("Range"))})
            try:
                self.answer(answer)
                if answer.reset:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
            except OSError:
                self.close_connection = True  # the harvester has had enough

        def answer(self, answer: Scripted) -> None:
            if answer.silent:
                ended.wait(60)
                return
            if answer.raw is not None:
                self.send(answer.raw, answer.drip)
                return
            self.send_response(answer.status)
            length = {"Content-Length": str(len(answer.body))} if answer.pieces is None else {}
            for name, value in {**length, **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if answer.pieces is None:
                self.send(answer.body[: answer.cut], answer.drip)
            for piece in answer.pieces or ():
                self.send(piece, answer.drip)

        def send(self, body: bytes, drip: float) -> None:
            for piece in [body[i : i + 1] for i in range(len(body))] if drip else [body]:
                self.wfile.write(piece)
                if drip and ended.wait(drip):
                    return

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield ScriptedProvider(f"http://{host}:{server.server_port}/oai", requests, headers, paths)
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _asked_range(header: str | None) -> dict[str, str]:
    """The header Range, as an argument of the script beside those of the address."""
    return {"Range": header} if header else {}


def in_order(*answers: Scripted) -> Script:
    """These answers one after the other; the last one for ever."""
    left = list(answers)
    return lambda arguments: left.pop(0) if len(left) > 1 else left[0]


def paged(pages: Sequence[Sequence[bytes]], verb: str = "ListRecords") -> Script:
    """A provider of these pages of records, whose tokens are the numbers of the pages."""

    def answer(arguments: dict[str, str]) -> Scripted:
        number = int(arguments.get("resumptionToken", "0"))
        token = str(number + 1) if number + 1 < len(pages) else None
        return listing(pages[number], token=token, total=sum(map(len, pages)), verb=verb)

    return answer


def envelope(content: bytes, date: str = "2024-05-01T10:00:00Z") -> Scripted:
    """An OAI-PMH answer around `content`."""
    return Scripted(
        b'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        + f"<responseDate>{date}</responseDate><request>x</request>".encode()
        + content
        + b"</OAI-PMH>"
    )


def listing(
    records: Sequence[bytes],
    token: str | None = None,
    total: int | None = None,
    date: str = "2024-05-01T10:00:00Z",
    verb: str = "ListRecords",
) -> Scripted:
    """A page of records (or, with another verb, of sets or formats)."""
    size = f' completeListSize="{total}"' if total is not None else ""
    end = f"<resumptionToken{size}>{token or ''}</resumptionToken>".encode() if token or size else b""
    return envelope(f"<{verb}>".encode() + b"".join(records) + end + f"</{verb}>".encode(), date)


def fault(code: str, text: str = "", status: int = 200) -> Scripted:
    """An error of the protocol."""
    return replace(envelope(f'<error code="{code}">{text}</error>'.encode()), status=status)


def identify(
    granularity: str = "YYYY-MM-DDThh:mm:ssZ", earliest: str = "2001-01-01", deleted: str = "persistent"
) -> Scripted:
    """A provider's answer to Identify."""
    return envelope(
        b"<Identify><repositoryName>Scripted</repositoryName><protocolVersion>2.0</protocolVersion>"
        + f"<earliestDatestamp>{earliest}</earliestDatestamp><deletedRecord>{deleted}</deletedRecord>"
        f"<granularity>{granularity}</granularity></Identify>".encode()
    )


def header(identifier: str, status: str = "live") -> bytes:
    """An entry of ListIdentifiers."""
    return _header(identifier, status).encode()


def marc(identifier: str, title: str = "Truyện Kiều") -> bytes:
    """A record with a MARCXML record of one title."""
    return oai_record(
        identifier,
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{title}</subfield></datafield></record>',
    )


def oai_record(identifier: str, content: str) -> bytes:
    """A record with any metadata."""
    return f"<record>{_header(identifier)}<metadata>{content}</metadata></record>".encode()


def deletion(identifier: str) -> bytes:
    """A deleted record."""
    return f"<record>{_header(identifier, status='deleted')}</record>".encode()


def _header(identifier: str, status: str = "live") -> str:
    return (
        f"<header status='{status}'><identifier>{identifier}</identifier>"
        "<datestamp>2024-04-01</datestamp><setSpec>books</setSpec></header>"
    )
