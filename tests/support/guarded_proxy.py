"""A reverse proxy before Elasticsearch with what our node lacks: TLS and API keys. A test may meddle with what passes."""

import contextlib
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

KEY = "dW5pb25jYXQ6c2VjcmV0"
Meddle = Callable[[str, httpx.Response], httpx.Response | None]
"""Path and answer of Elasticsearch in; another answer out, or None for the one that came."""


@dataclass
class GuardedProxy:
    """Where it listens, the certificate to trust, and what it does with answers."""

    target: str
    url: str = ""
    ca: Path | None = None
    meddle: Meddle = field(default=lambda path, answer: None)


@contextlib.contextmanager
def guarded_proxy(target: str, folder: Path | None = None) -> Iterator[GuardedProxy]:
    """Serve on a free port of the loopback interface; with a folder for a certificate also over TLS."""
    proxy = GuardedProxy(target)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
    server.daemon_threads = True
    scheme = "http"
    if folder:
        proxy.ca, scheme = _certificate(folder), "https"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(proxy.ca, folder / "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    proxy.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


def _handler(proxy: GuardedProxy) -> type[BaseHTTPRequestHandler]:
    client = httpx.Client(base_url=proxy.target, timeout=60, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            if self.headers.get("authorization") != f"ApiKey {KEY}":
                self.give(
                    httpx.Response(401, json={"error": {"type": "security_exception", "reason": "key"}})
                )
                return
            headers = {name: self.headers[name] for name in ("content-type", "accept") if self.headers[name]}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            self.give(proxy.meddle(self.path, answer) or answer)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on

        def give(self, answer: httpx.Response) -> None:
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers.get("content-type", "application/json"))
            self.send_header("content-length", str(len(answer.content)))
            if "x-not-elastic" not in answer.headers:
                self.send_header("x-elastic-product", "Elasticsearch")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.content)

        def log_message(self, *said: object) -> None:
            pass

    return Handler


def _certificate(folder: Path) -> Path:
    """A certificate of our own for 127.0.0.1, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "unioncat test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    ca = folder / "ca.pem"
    ca.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return ca
