"""Uploaded files as feeds: ISO 2709, MARCXML, MARC-in-JSON, gzip or not, told apart by what is in them."""

import asyncio
import gzip
import itertools
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.parse.framing import split_iso2709, split_json, split_xml
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage

PAGE = 500
_CHUNK = 256 * 1024
_HEAD = 4096
_ACCEPTED = "ISO 2709 (MARC 21), MARCXML, oai_dc XML and MARC-in-JSON, each as it is or with gzip"

SPLITTERS: dict[RecordFormat, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    RecordFormat.ISO2709: split_iso2709,
    RecordFormat.MARCXML: split_xml,
    RecordFormat.MARC_JSON: split_json,
}


def sniff_format(head: bytes) -> RecordFormat | None:
    """The format of a file from its first bytes; None when it is none that we know."""
    text = head.lstrip(b"\xef\xbb\xbf\r\n\t \x00")
    if text.startswith(b"<"):
        return RecordFormat.MARCXML
    if text.startswith((b"{", b"[")):
        return RecordFormat.MARC_JSON
    if text[:5].isdigit() or b"\x1e" in text or b"\x1f" in text or text[:4].lower() in (b"ldr ", b"#001"):
        return RecordFormat.ISO2709
    return None


class FileHarvester:
    """The records of one file; a `Harvester`.

    A checkpoint counts the records delivered so far; resuming skips them.
    """

    def __init__(self, path: Path, display_name: str | None = None) -> None:
        self._path = path
        self._name = display_name or path.name

    async def pages(self, resume: Checkpoint | None) -> AsyncIterator[HarvestPage]:
        """Yield pages of records; raises FileUnreadable, also after what could be read."""
        done = int(resume.state.get("records", 0)) if resume else 0
        records = itertools.islice(self._records(), done, None)
        delivered = done
        failure: FileUnreadable | None = None
        while failure is None:
            page, failure = await asyncio.to_thread(_take, records)
            if page:
                delivered += len(page)
                yield HarvestPage(tuple(page), Checkpoint({"records": str(delivered)}))
            elif failure is None:
                break
        if failure is not None:
            raise failure
        if delivered == 0:
            raise FileUnreadable(f"{self._name} holds no record")

    def _records(self) -> Iterator[DeliveredRecord]:
        chunks = self._chunks()
        head = next(chunks, b"")
        if not head.strip():
            raise FileUnreadable(f"{self._name} is empty")
        form = sniff_format(head[:_HEAD])
        if form is None:
            raise FileUnreadable(
                f"{self._name} begins with {head[:20]!r}, which is no format of records that we know; accepted are "
                f"{_ACCEPTED}"
            )
        for number, raw in enumerate(SPLITTERS[form](itertools.chain([head], chunks)), start=1):
            yield DeliveredRecord(raw, _format_of(form, raw), f"record {number} of {self._name}")

    def _chunks(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file, _inflated(file) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileUnreadable(
                f"{self._name} is a damaged gzip file ({error}); deliver it again"
            ) from error
        except OSError as error:
            raise FileUnreadable(f"{self._path} cannot be read: {error.strerror or error}") from error


def _take(records: Iterator[DeliveredRecord]) -> tuple[list[DeliveredRecord], FileUnreadable | None]:
    """The next page, and what stopped the reading, if anything: what was read before still counts."""
    page: list[DeliveredRecord] = []
    try:
        for record in itertools.islice(records, PAGE):
            page.append(record)
    except FileUnreadable as error:
        return page, error
    return page, None


def _inflated(file: BinaryIO) -> BinaryIO:
    magic = file.read(2)
    file.seek(0)
    return gzip.GzipFile(fileobj=file) if magic == b"\x1f\x8b" else file  # type: ignore[return-value]


def _format_of(form: RecordFormat, raw: bytes) -> RecordFormat:
    if form is RecordFormat.MARCXML and b"datafield" not in raw and b"/dc/elements/" in raw:
        return RecordFormat.OAI_DC
    return form
