"""Uploaded files as feeds: ISO 2709, MARCXML, oai_dc, MARC-in-JSON, text exports of Libol and Aleph, gzip or not.

They are told apart by what is in them.
"""

import asyncio
import gzip
import re
import zlib
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from io import BufferedReader
from itertools import chain, islice
from pathlib import Path

from harvesters.inflate import MOST_GROWTH
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.parse.framing import in_utf8, split_iso2709, split_json
from unioncat.core.parse.text_framing import (
    looks_like_aleph,
    looks_like_libol_text,
    split_aleph,
    split_libol_text,
)
from unioncat.core.parse.xml_framing import split_xml
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

PAGE = 500
_PAGE_BYTES = 16 * 1024 * 1024
_CHUNK = 256 * 1024
_ALWAYS_FINE = 16 * 1024 * 1024
_ACCEPTED = "ISO 2709 (MARC 21), MARCXML, oai_dc XML, MARC-in-JSON, the text exports of Libol and Aleph sequential, each as it is or with gzip"
_MARC = re.compile(rb"\A\d{5}[ -~]{7}\d{5}[ -~]{7}[0-9A-Za-z\x1e]|\x1e[ -~]{2}\x1f[ -~]")
_JSON_RECORD = re.compile(rb'"(fields|leader)"\s*:')


def sniff_format(head: bytes) -> RecordFormat | None:
    """The format of a file from its beginning; None when it is none that we read.

    XML counts as MARCXML; its records tell each for itself whether they are oai_dc.
    """
    text = head.lstrip(b"\xef\xbb\xbf\r\n\t \x00\xff\xfe")
    if text.startswith(b"<"):
        return RecordFormat.MARCXML
    if text.startswith((b"{", b"[")):
        return RecordFormat.MARC_JSON if _JSON_RECORD.search(text.replace(b"\x00", b"")) else None
    if looks_like_libol_text(text):
        return RecordFormat.LIBOL
    if looks_like_aleph(text):
        return RecordFormat.ALEPH
    return RecordFormat.ISO2709 if _MARC.search(text) else None


class FileHarvester:
    """The records of one file; a `Harvester`.

    A checkpoint counts the records delivered so far; resuming skips them.
    """

    def __init__(self, path: Path, display_name: str | None = None) -> None:
        self._path = path
        self._name = display_name or path.name

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield pages of records; raises FileUnreadable, for a damaged file after what could be read."""
        delivered = int(resume.state.get("records", 0)) if resume else 0
        failures: list[FileUnreadable] = []
        with closing(self._records(failures)) as everything:
            records = islice(everything, delivered, None)
            while page := await asyncio.to_thread(_take, records):
                delivered += len(page)
                yield HarvestPage(page, Checkpoint({"records": str(delivered)}))
        if failures:
            raise failures[0]
        if delivered == 0:
            raise FileUnreadable(f"{self._name} holds no bibliographic record; accepted are {_ACCEPTED}")

    def _records(self, failures: list[FileUnreadable]) -> Generator[DeliveredRecord, None, None]:
        chunks = self._chunks(failures)
        head = next(chunks, b"")
        if failures and not head:
            return
        form = sniff_format(head)
        if form is None:
            failures[:] = [self._refusal(head)]
            return
        for number, record in enumerate(_split(form, head, chunks), start=1):
            yield replace(record, place=f"record {number} of {self._name}")

    def _chunks(self, failures: list[FileUnreadable]) -> Iterator[bytes]:
        """The contents, as far as they can be read; what stopped the reading is added to `failures`."""
        place = 0
        try:
            with self._path.open("rb") as file:
                stream = _inflated(file)
                while chunk := stream.read1(_CHUNK):
                    place += len(chunk)
                    if place > max(_ALWAYS_FINE, MOST_GROWTH * file.tell()):
                        failures.append(self._bomb())
                        return
                    yield chunk
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            said = f"{self._name} is a damaged gzip file: after {place} bytes of its contents: {error}"
            failures.append(FileUnreadable(f"{said}; what came before was read, deliver the file again"))
        except OSError as error:
            failures.append(FileUnreadable(f"{self._path} cannot be read: {error.strerror or error}"))

    def _bomb(self) -> FileUnreadable:
        return FileUnreadable(
            f"{self._name} grows more than {MOST_GROWTH} times when it is decompressed; deliver it as it is"
        )

    def _refusal(self, head: bytes) -> FileUnreadable:
        text = head.lstrip()
        if not text:
            return FileUnreadable(f"{self._name} is empty; deliver a file with records")
        if text.startswith((b"{", b"[")):
            found = 'holds JSON without the "leader" and "fields" of MARC-in-JSON'
        else:
            shown = "".join(c if c.isprintable() else "·" for c in text[:30].decode("utf-8", "replace"))
            found = f"begins with '{shown}', which is no format that is read"
        return FileUnreadable(f"{self._name} {found}; accepted are {_ACCEPTED}")


def _take(records: Iterator[DeliveredRecord]) -> tuple[DeliveredRecord, ...]:
    """The next page: so many records, fewer when they are long."""
    page: list[DeliveredRecord] = []
    size = 0
    while len(page) < PAGE and size < _PAGE_BYTES and (record := next(records, None)):
        page.append(record)
        size += len(record.raw)
    return tuple(page)


def _inflated(file: BufferedReader) -> gzip.GzipFile | BufferedReader:
    return gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == b"\x1f\x8b" else file


def _split(form: RecordFormat, head: bytes, rest: Iterable[bytes]) -> Iterator[DeliveredRecord]:
    chunks: Iterable[bytes] = chain([head], rest)
    if form is RecordFormat.MARCXML:
        for piece in split_xml(in_utf8(chunks)):
            yield DeliveredRecord(
                piece.raw, piece.format, "", piece.identifier, piece.datestamp, deleted=piece.deleted
            )
        return
    chunks = in_utf8(chunks) if form is RecordFormat.MARC_JSON else chunks
    yield from (DeliveredRecord(raw, form, "") for raw in _FRAMERS[form](chunks))


_FRAMERS: dict[RecordFormat, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    RecordFormat.ISO2709: split_iso2709,
    RecordFormat.MARC_JSON: split_json,
    RecordFormat.LIBOL: split_libol_text,
    RecordFormat.ALEPH: split_aleph,
}
