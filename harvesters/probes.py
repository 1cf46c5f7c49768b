"""Feeds that are looked at before they are harvested: the probes of `unioncat/pipeline/check_source.py`.

1. An OAI-PMH provider says what it is, and gives the first pages of the list that would be harvested.
2. A file of records is read to its end to count it, unless it is so large that a person would wait too long.
3. A list tells what its columns hold, with the reason of each guess.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import cast

from harvesters.access import FeedAccess
from harvesters.files import FileHarvester, sniff_format
from harvesters.http import FeedClient
from harvesters.lists import ListHarvester, ListHead, is_list, read_head
from harvesters.oai_pmh import OaiPmhHarvester
from harvesters.oai_provider import Provider, ProviderIdentity, identify
from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import FileUnreadable
from unioncat.core.quality.feed import ColumnSeen, FeedIdentity
from unioncat.core.registry import HarvestSource, Protocol
from unioncat.pipeline.check_source import Probe, Sample
from unioncat.pipeline.ports import HarvestPage

_LONGEST_COUNT = 20.0
_HEAD_BYTES = 256 * 1024
_EXAMPLES = 3
_LONGEST_EXAMPLE = 60
_CALLED = {
    RecordFormat.ISO2709: "ISO 2709",
    RecordFormat.MARCXML: "MARCXML",
    RecordFormat.MARC_JSON: "MARC-in-JSON",
    RecordFormat.OAI_DC: "oai_dc",
    RecordFormat.LIBOL: "Libol",
    RecordFormat.ALEPH: "Aleph",
}


class OaiPmhProbe:
    """A provider of OAI-PMH 2.0; implements `Probe`. Someone waits, so it is not asked again and again."""

    def __init__(self, source: HarvestSource, access: FeedAccess = FeedAccess()) -> None:
        self._source = source
        self._access = access.for_a_person()

    async def identity(self) -> FeedIdentity:
        """Identify, ListMetadataFormats and ListSets; raises FeedError."""
        found = await identify(self._source.address, access=self._access)
        return FeedIdentity(
            name=found.name,
            protocol=f"OAI-PMH {found.protocol_version or '?'}",
            formats=found.formats,
            sets=await self._sets(found),
            granularity=found.granularity,
            earliest_datestamp=found.earliest_datestamp,
            deleted_record=found.deleted_record,
        )

    async def sample(self, limit: int) -> Sample:
        """The first records of the list that would be harvested; raises FeedError."""
        source = self._source
        harvester = OaiPmhHarvester(
            source.address, source.metadata_prefix, source.set_spec, access=self._access
        )
        records: list[DeliveredRecord] = []
        total = None
        async with _closing(harvester.pages(None)) as pages:
            async for page in pages:
                records += page.records
                total = page.total if total is None else total
                if len(records) >= limit:
                    return Sample(tuple(records[:limit]), total)
        return Sample(tuple(records), len(records))

    async def _sets(self, found: ProviderIdentity) -> tuple[tuple[str, str], ...]:
        """The sets that `identify` tells, which are not all, and the one that is asked for."""
        asked = self._source.set_spec
        if asked is None or any(spec == asked for spec, _ in found.sets):
            return found.sets
        async with FeedClient(self._access) as client:
            async for spec, name in Provider(self._source.address, client).sets():
                if spec == asked:
                    return (*found.sets, (spec, name))
        return found.sets


class FileProbe:
    """A file of bibliographic records; implements `Probe`."""

    def __init__(self, path: Path, display_name: str | None = None) -> None:
        self._path = path
        self._name = display_name or path.name

    async def identity(self) -> FeedIdentity:
        """The format of the file; raises FileUnreadable."""
        async with _closing(FileHarvester(self._path, self._name).pages(None)) as pages:
            async for page in pages:
                return FeedIdentity(self._name, _CALLED.get(page.records[0].format, "?"))
        return FeedIdentity(self._name)

    async def sample(self, limit: int) -> Sample:
        """The first records, and how many there are (rule 2)."""
        return await _counted(FileHarvester(self._path, self._name).pages(None), limit)


class ListProbe:
    """A list (CSV, XLSX); implements `Probe`. `columns` is the mapping of the source, if it has one."""

    def __init__(
        self, path: Path, columns: tuple[tuple[str, str], ...] = (), display_name: str | None = None
    ) -> None:
        self._path = path
        self._columns = columns
        self._name = display_name or path.name

    async def identity(self) -> FeedIdentity:
        """The columns and what they seem to hold; raises FileUnreadable."""
        head = await asyncio.to_thread(read_head, self._path, self._name, self._columns)
        return FeedIdentity(self._name, _described(head), columns=_columns_of(head))

    async def sample(self, limit: int) -> Sample:
        """The first rows, and how many there are."""
        return await _counted(ListHarvester(self._path, self._columns, self._name).pages(None), limit)


def probe_of_file(
    path: Path, columns: tuple[tuple[str, str], ...] = (), display_name: str | None = None
) -> Probe:
    """The probe for a file, told by what is in it; one that cannot be opened says so when it is asked."""
    name = display_name or path.name
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return FileProbe(path, name)
    if sniff_format(head) is None and is_list(head, name):
        return ListProbe(path, columns, name)
    return FileProbe(path, name)


def _closing(pages: AsyncIterator[HarvestPage]) -> aclosing[AsyncGenerator[HarvestPage, None]]:
    """The pages of a harvester, which is left before its end."""
    return aclosing(cast("AsyncGenerator[HarvestPage, None]", pages))


async def _counted(pages: AsyncIterator[HarvestPage], limit: int) -> Sample:
    """The first records of a file, and their number; None where counting took too long."""
    begun, count = time.monotonic(), 0
    kept: tuple[DeliveredRecord, ...] = ()
    async with _closing(pages) as opened:
        try:
            async for page in opened:
                count += len(page.records)
                kept += page.records[: limit - len(kept)]
                if page.total is not None and len(kept) >= limit:
                    return Sample(kept, page.total)
                if time.monotonic() - begun > _LONGEST_COUNT:
                    return Sample(kept)
        except FileUnreadable as error:
            if not kept:
                raise
            return Sample(kept, count, str(error))
    return Sample(kept, count)


def _described(head: ListHead) -> str:
    if head.sheet is not None:
        return f"XLSX ({head.sheet})"
    return f"CSV ({head.encoding}, {head.delimiter!r})"


def _columns_of(head: ListHead) -> tuple[ColumnSeen, ...]:
    return tuple(
        ColumnSeen(guess.name, guess.role, guess.reason, _examples(head.sample, place))
        for place, guess in enumerate(head.guesses)
    )


def _examples(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    """The first filled cells of a column."""
    cells = (row[place].strip()[:_LONGEST_EXAMPLE] for row in rows if place < len(row) and row[place].strip())
    return tuple(dict.fromkeys(cells))[:_EXAMPLES]


class _NothingWaits:
    """Stands for a source of files of which none is there; says so when it is asked."""

    def __init__(self, source: HarvestSource) -> None:
        self._said = (
            f"No file of source {source.id} of {source.isil} is there to be looked at ({source.address}); deliver one, "
            f"or look at a file first: unioncat source check FILE --library {source.isil}"
        )

    async def identity(self) -> FeedIdentity:
        raise FileUnreadable(self._said)

    async def sample(self, limit: int) -> Sample:
        raise FileUnreadable(self._said)


def probe_of(
    source: HarvestSource, files: Sequence[tuple[Path, str]] = (), access: FeedAccess = FeedAccess()
) -> Probe:
    """The probe of a registered source; `access` is how its server is reached.

    `files` are those that wait for their delivery, each with the name that its sender gave it, the newest last.
    """
    if source.protocol is Protocol.OAI_PMH:
        return OaiPmhProbe(source, access)
    if not files:
        return _NothingWaits(source)
    path, name = files[-1]
    return probe_of_file(path, source.rules.columns, name)
