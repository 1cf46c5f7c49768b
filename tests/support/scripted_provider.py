"""A web server on loopback that says exactly what a test tells it to, and OAI-PMH answers for it to say."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Scripted:
    """One HTTP answer. `cut` sends only so many bytes of what is promised; `drip` waits after each byte."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0


Script = Callable[[dict[str, str]], Scripted]


@dataclass
class ScriptedProvider:
    """Where it listens, and what it was asked."""

    address: str
    requests: list[dict[str, str]]


@contextmanager
def scripted_provider(script: Script) -> Iterator[ScriptedProvider]:
    """Serve the answers of `script`, a function of the arguments of a request."""
    requests: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arguments = dict(parse_qsl(urlsplit(self.path).query))
            requests.append(arguments)
            answer = script(arguments)
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            body = answer.body[: answer.cut]
            try:
                for piece in [body[i : i + 1] for i in range(len(body))] if answer.drip else [body]:
                    self.wfile.write(piece)
                    time.sleep(answer.drip)
            except OSError:
                pass  # the harvester has had enough

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield ScriptedProvider(f"http://127.0.0.1:{server.server_port}/oai", requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


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


def fault(code: str, text: str = "") -> Scripted:
    """An error of the protocol."""
    return envelope(f'<error code="{code}">{text}</error>'.encode())


def identify(granularity: str = "YYYY-MM-DDThh:mm:ssZ") -> Scripted:
    """A provider's answer to Identify."""
    return envelope(
        b"<Identify><repositoryName>Scripted</repositoryName><protocolVersion>2.0</protocolVersion>"
        b"<earliestDatestamp>2001-01-01</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        + f"<granularity>{granularity}</granularity></Identify>".encode()
    )


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
