"""Deliveries for tests: small MARC-in-JSON records, pages of them, and what the store makes of them."""

import json
import random
from collections.abc import Iterable, Sequence

from unioncat.core.delivery import DeliveredRecord, ReadingRules, RecordFormat
from unioncat.core.identifiers import Isil, SourceId
from unioncat.core.library import MemberLibrary
from unioncat.core.match.clusters import cluster_all
from unioncat.core.match.policy import DEFAULT, Policy
from unioncat.core.normalise.description import describe, fingerprint
from unioncat.core.parse.read import read_record
from unioncat.core.registry import NEW_SOURCE, Checkpoint, HarvestCounts, HarvestSource, Protocol
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.ports import HarvestPage
from unioncat.store.engine import PostgresStore

TITLES = (
    "Cơ sở văn hoá Việt Nam",
    "Cơ sở văn hóa Việt Nam",
    "Kinh tế học vi mô",
    "Kinh tế học vĩ mô",
    "Đất rừng phương Nam",
    "Giáo trình giải tích",
    "Giáo trình giải tích. T.1",
    "Giáo trình giải tích. Tập 2",
)
AUTHORS = ("Trần Quốc Vượng", "Đoàn Giỏi", "Nguyễn Văn An ; Lê Thị Bình", None)
PUBLISHERS = ("Giáo dục", "Nxb. Giáo dục", "Kim Đồng", None)
ISBNS = ("9786045701126", "978-604-57-0112-6", "9780306406157", None, None)


def a_delivery(
    identifier: str,
    title: str = TITLES[0],
    author: str | None = AUTHORS[0],
    publisher: str | None = PUBLISHERS[0],
    year: str | None = "2012",
    isbn: str | None = None,
    pages: str | None = "292 tr.",
    edition: str | None = None,
    store: str = "Kho A",
) -> DeliveredRecord:
    """One delivered MARC-in-JSON record with a holding in 852."""
    parts = (
        ("020", {"a": isbn}),
        ("100", {"a": author}),
        ("245", {"a": title, "c": author}),
        ("250", {"a": edition}),
        ("260", {"a": "Hà Nội", "b": publisher, "c": year}),
        ("300", {"a": pages}),
        ("852", {"b": store, "j": f"V-{identifier}"}),
    )
    fields: list[dict[str, object]] = [{"001": identifier}]
    for tag, values in parts:
        subfields = [{code: value} for code, value in values.items() if value is not None]
        if subfields:
            fields.append({tag: {"ind1": " ", "ind2": " ", "subfields": subfields}})
    record = {"leader": "00000nam a2200000 a 4500", "fields": fields}
    raw = json.dumps(record, ensure_ascii=False).encode()
    return DeliveredRecord(raw, RecordFormat.MARC_JSON, f"record {identifier}", identifier)


def a_random_delivery(draw: random.Random, identifier: str) -> DeliveredRecord:
    """A record drawn from a small world, so that many of them meet."""
    return a_delivery(
        identifier,
        draw.choice(TITLES),
        draw.choice(AUTHORS),
        draw.choice(PUBLISHERS),
        draw.choice(("2012", "2012", "2013", "2019", None)),
        draw.choice(ISBNS),
        draw.choice(("292 tr.", "292tr. ; 21cm", "310 tr.", None)),
        draw.choice((None, None, "Tái bản lần thứ 2", "In lần thứ 3")),
        draw.choice(("Kho A", "Kho B")),
    )


def a_deletion(identifier: str) -> DeliveredRecord:
    """A deletion in the envelope."""
    return DeliveredRecord(b"", RecordFormat.MARC_JSON, f"record {identifier}", identifier, deleted=True)


class ListHarvester:
    """A feed that is a list of records, in pages of `size`."""

    def __init__(self, records: Sequence[DeliveredRecord], size: int = 50) -> None:
        self._records, self._size = records, size

    async def pages(self, resume: Checkpoint | None):
        begin = int(resume.state["records"]) if resume else 0
        for start in range(begin, len(self._records), self._size):
            page = tuple(self._records[start : start + self._size])
            yield HarvestPage(page, Checkpoint({"records": str(start + len(page))}), len(self._records))


async def a_source(store: PostgresStore, isil: str = "VN-TEST1", profile: str = "default") -> HarvestSource:
    """A registered library with one source."""
    async with store.work() as work:
        await work.registry.save_library(MemberLibrary(Isil(isil), f"Thư viện {isil}", None, "Hà Nội"))
        rules = ReadingRules(profile)
        source = await work.sources.save(
            HarvestSource(NEW_SOURCE, Isil(isil), Protocol.FILE, "upload", "auto", None, rules)
        )
        await work.commit()
    return source


async def deliver(
    store: PostgresStore, source: HarvestSource, records: Sequence[DeliveredRecord], size: int = 50
) -> HarvestCounts:
    """Harvest a list of records."""
    return await run_harvest(store, source, ListHarvester(records, size))


async def clusters_in(store: PostgresStore) -> frozenset[frozenset[tuple[str, str]]]:
    """The partition of the live source records as the store has it."""
    groups: dict[str, set[tuple[str, str]]] = {}
    async with store.work() as work:
        async for isil, control_number, master_id in work.audit.clusters():
            groups.setdefault(master_id, set()).add((isil, control_number))
    return frozenset(frozenset(group) for group in groups.values())


def clusters_of(
    live: Iterable[tuple[SourceId, str, DeliveredRecord]], policy: Policy = DEFAULT
) -> frozenset[frozenset[tuple[str, str]]]:
    """The partition that the rules give for a set of live records (isil, identifier, record), in memory."""
    members: dict[str, set[tuple[str, str]]] = {}
    descriptions = {}
    for isil, identifier, delivered in live:
        description = describe(read_record(delivered).marc)
        name = fingerprint(description)
        descriptions[name] = description
        members.setdefault(name, set()).add((str(isil), identifier))
    return frozenset(
        frozenset(member for name in cluster for member in members[name])
        for cluster in cluster_all(descriptions, policy)
    )
