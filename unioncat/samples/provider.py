"""The process that serves the sample libraries over OAI-PMH; run it as `python -m unioncat.samples.provider`.

All of the protocol is the package `oaipmh` (verbs, arguments, tokens, errors, XML); only the repository behind it and
a small HTTP server are here. Each library has a port of its own. The ports are printed as one line of JSON, when all
of them listen; the process ends when its standard input does, so that it never outlives who started it.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from oaipmh import error  # type: ignore[import-untyped]
from oaipmh.common import Header, Identify, Metadata  # type: ignore[import-untyped]
from oaipmh.metadata import MetadataRegistry  # type: ignore[import-untyped]
from oaipmh.server import BatchingServer, oai_dc_writer  # type: ignore[import-untyped]

from unioncat.samples.dialects import LIBRARIES, SampleLibrary
from unioncat.samples.generate import FIRST_DATESTAMP, MARC_NAMESPACE, SETS, SampleRecord, records_of

PAGE_SIZE = 25
_MARC_SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_DC_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"

Delivered = tuple[Header, Metadata | None, None]


class SampleRepository:
    """The records of one library, in the shape of `oaipmh.interfaces.IBatchingOAI` (hence its names)."""

    def __init__(self, library: SampleLibrary, address: str) -> None:
        self._library = library
        self._address = address

    @cached_property
    def _records(self) -> tuple[SampleRecord, ...]:
        return tuple(records_of(self._library))

    def identify(self) -> Identify:
        """What the library says about itself."""
        return Identify(
            repositoryName=self._library.name,
            baseURL=self._address,
            protocolVersion="2.0",
            adminEmails=["library@example.org"],
            earliestDatestamp=FIRST_DATESTAMP,
            deletedRecord="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
            compression=["identity"],
        )

    def listMetadataFormats(self, identifier: str | None = None) -> list[tuple[str, str, str]]:  # noqa: N802
        """The library's own MARC prefix and Dublin Core."""
        return [
            (self._library.metadata_prefix, _MARC_SCHEMA, MARC_NAMESPACE),
            ("oai_dc", _DC_SCHEMA, _DC_NAMESPACE),
        ]

    def listSets(self, cursor: int = 0, batch_size: int = PAGE_SIZE) -> list[tuple[str, str, None]]:  # noqa: N802
        """The sets, few enough for one answer."""
        return [(spec, name, None) for spec, name in SETS.items()][cursor : cursor + batch_size]

    def getRecord(self, metadataPrefix: str, identifier: str) -> Delivered:  # noqa: N802, N803
        """One record."""
        self._check_prefix(metadataPrefix)
        for record in self._records:
            if record.identifier == identifier:
                return _delivered(record)
        raise error.IdDoesNotExistError(f"there is no record {identifier}")

    def listRecords(  # noqa: N802
        self,
        metadataPrefix: str,  # noqa: N803
        set: str | None = None,  # noqa: A002
        from_: datetime | None = None,
        until: datetime | None = None,
        cursor: int = 0,
        batch_size: int = PAGE_SIZE,
    ) -> Iterable[Delivered]:
        """The records of a set and a window from a position on."""
        self._check_prefix(metadataPrefix)
        chosen = [record for record in self._records if _is_in(record, set, from_, until)]
        return map(_delivered, chosen[cursor : cursor + batch_size])

    def listIdentifiers(self, **arguments: Any) -> Iterator[Header]:  # noqa: N802
        """The headers of `listRecords`."""
        return (header for header, _, _ in self.listRecords(**arguments))

    def _check_prefix(self, prefix: str) -> None:
        if prefix not in (self._library.metadata_prefix, "oai_dc"):
            raise error.CannotDisseminateFormatError(f"there is no format {prefix}")


def _is_in(record: SampleRecord, set_spec: str | None, start: datetime | None, end: datetime | None) -> bool:
    return (
        set_spec in (None, record.set_spec)
        and (start is None or start <= record.datestamp)
        and (end is None or record.datestamp <= end)
    )


def _delivered(record: SampleRecord) -> Delivered:
    header = Header(None, record.identifier, record.datestamp, [record.set_spec], record.deleted)
    metadata = None if record.deleted else Metadata(etree.fromstring(record.marcxml), record.dublin_core)
    return header, metadata, None


def _write_marc(element: etree._Element, metadata: Metadata) -> None:
    element.append(metadata.element())


class LibraryServer(ThreadingHTTPServer):
    """One library on a free port of 127.0.0.1."""

    def __init__(self, library: SampleLibrary) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"http://127.0.0.1:{self.server_port}/oai"
        registry = MetadataRegistry()
        registry.registerWriter(library.metadata_prefix, _write_marc)
        registry.registerWriter("oai_dc", oai_dc_writer)
        self.protocol = BatchingServer(
            SampleRepository(library, self.address), registry, resumption_batch_size=PAGE_SIZE
        )


class _Handler(BaseHTTPRequestHandler):
    """GET and POST, as OAI-PMH asks for."""

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, query: str) -> None:
        assert isinstance(self.server, LibraryServer)
        body = self.server.protocol.handleRequest(dict(parse_qsl(query)))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve all sample libraries until standard input ends."""
    servers = {library.isil: LibraryServer(library) for library in LIBRARIES}
    for server in servers.values():
        Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({isil: server.address for isil, server in servers.items()}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
