"""The quality report of a source: numbers that add up, faults with examples, and what came back."""

from dataclasses import replace

import pytest
from deliveries import ListHarvester, a_deletion, a_delivery, a_source, deliver

from unioncat.core.delivery import DeliveredRecord, RecordFormat
from unioncat.core.errors import NotRegistered
from unioncat.core.findings import FindingKind
from unioncat.core.identifiers import SourceId
from unioncat.core.quality.sentences import Severity
from unioncat.core.registry import HarvestSource, Protocol
from unioncat.pipeline.ingest import run_harvest
from unioncat.pipeline.match import match_pending
from unioncat.pipeline.quality_report import QualityReport, quality_report, snapshot
from unioncat.store.engine import PostgresStore


def broken(number: int) -> DeliveredRecord:
    return DeliveredRecord(b"{broken %d" % number, RecordFormat.MARC_JSON, f"record {number} of books.json")


def nameless(number: int) -> DeliveredRecord:
    raw = a_delivery("x", title=f"Sách {number}").raw.replace(b'{"001": "x"}, ', b"")
    return DeliveredRecord(raw, RecordFormat.MARC_JSON, f"record {number}")


async def report_of(store: PostgresStore, source: HarvestSource, language: str = "vi") -> QualityReport:
    return await quality_report(store, source.id, language)


async def newest_run(store: PostgresStore, source: HarvestSource) -> int:
    async with store.work() as work:
        return (await work.harvests.of(source.id, 1))[0].id


async def delivered_and_kept(
    store: PostgresStore, source: HarvestSource, records: list[DeliveredRecord]
) -> int:
    await deliver(store, source, records)
    run = await newest_run(store, source)
    await snapshot(store, source, run)
    return run


async def test_the_counts_of_the_last_run_add_up(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [*(a_delivery(f"r{n}") for n in range(8)), broken(1), broken(2)])
    report = await report_of(store, source)
    assert report.last_run is not None
    assert report.last_run.counts.add_up
    assert (report.last_run.counts.delivered, report.live, report.rejected) == (10, 8, 2)


async def test_faults_are_counted_by_records_with_examples_and_how_to_mend_them(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [*(nameless(n) for n in range(7)), a_delivery("good"), broken(1)])
    await match_pending(store)
    report = await report_of(store, source)
    rejected, fault = (
        report.faults[0],
        next(f for f in report.faults if f.kind == FindingKind.NO_CONTROL_NUMBER),
    )
    assert (rejected.kind, rejected.rejected, rejected.severity, rejected.count) == (
        "json",
        True,
        Severity.SERIOUS,
        1,
    )
    assert rejected.examples[0].place == "record 1 of books.json"
    assert (fault.count, fault.share, fault.rejected) == (7, 0.875, False)
    assert len(fault.examples) == 5
    assert fault.examples[0].place.startswith("u")
    assert "001" in fault.mend
    assert (await report_of(store, source, "en")).faults[0].title != rejected.title


async def test_a_deleted_record_has_no_faults_any_more(store: PostgresStore) -> None:
    source = await a_source(store)
    delivered = nameless(1)
    named = DeliveredRecord(delivered.raw, delivered.format, delivered.place, "oai:1")
    await deliver(store, source, [named, a_delivery("b")])
    assert [fault.kind for fault in (await report_of(store, source)).faults] == ["no-control-number"]
    await deliver(store, source, [a_deletion("oai:1")])
    assert (await report_of(store, source)).faults == ()


# --- completeness -------------------------------------------------------------------------------------


async def test_without_a_whole_run_nothing_is_proven(store: PostgresStore) -> None:
    source = await a_source(store)
    report = await report_of(store, source)
    assert (report.completeness.outcome, report.proven) == ("unproven", None)
    await run_harvest(store, source, ListHarvester([a_delivery("a")]), window=("2024-01-01", None))
    assert (await report_of(store, source)).completeness.outcome == "unproven"


async def test_a_source_is_complete_when_each_record_is_live_or_rejected(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [*(a_delivery(f"r{n}") for n in range(8)), broken(1)])
    report = await report_of(store, source)
    assert (report.completeness.outcome, report.completeness.total) == ("complete", 9)
    assert "9" in report.completeness.said
    assert report.proven is not None


async def test_records_of_one_control_number_are_missing(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery("a"), a_delivery("a", title="Khác"), a_delivery("b")])
    found = (await report_of(store, source)).completeness
    assert (found.outcome, found.difference) == ("missing", 1)


async def an_oai_source(store: PostgresStore) -> HarvestSource:
    source = await a_source(store)
    async with store.work() as work:
        saved = await work.sources.save(replace(source, protocol=Protocol.OAI_PMH))
        await work.commit()
    return saved


async def test_files_that_are_parts_prove_nothing_about_the_whole(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery("a"), a_delivery("b")])
    assert (await report_of(store, source)).completeness.outcome == "complete"
    await deliver(store, source, [a_delivery("c")])
    assert (await report_of(store, source)).completeness.outcome == "unproven"


async def test_what_the_feed_lacks_is_too_many(store: PostgresStore) -> None:
    source = await an_oai_source(store)
    await deliver(store, source, [a_delivery("a"), a_delivery("b")])
    await deliver(store, source, [a_delivery("a")])
    found = (await report_of(store, source)).completeness
    assert (found.outcome, found.difference) == ("surplus", -1)


async def test_deleted_records_that_the_feed_counts_are_complete_too(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery("a"), a_deletion("b")])
    assert (await report_of(store, source)).completeness.outcome == "complete"


async def test_the_proof_is_that_of_its_own_time(store: PostgresStore) -> None:
    source = await an_oai_source(store)
    await delivered_and_kept(store, source, [a_delivery("a"), a_delivery("b")])
    await run_harvest(store, source, ListHarvester([a_delivery("c")]), window=("2024-01-01", None))
    report = await report_of(store, source)
    assert report.live == 3
    assert (report.completeness.outcome, report.completeness.total) == ("complete", 2)


# --- values and trend ---------------------------------------------------------------------------------


async def test_a_value_that_a_fifth_of_the_records_share_is_shown(store: PostgresStore) -> None:
    source = await a_source(store)
    records = [a_delivery(f"r{n}", publisher="BK Library system", pages=f"{n} tr.") for n in range(20)]
    records += [
        a_delivery(f"s{n}", publisher=f"Nhà {n}", pages="0p" if n < 12 else f"{n}p") for n in range(20)
    ]
    await deliver(store, source, records)
    values = (await report_of(store, source)).values
    assert [(v.field, v.value, v.count, v.share, v.placeholder) for v in values] == [
        ("260b", "BK Library system", 20, 0.5, True),
        ("300a", "0p", 12, 0.3, True),
    ]


async def test_a_small_source_has_no_frequent_values(store: PostgresStore) -> None:
    source = await a_source(store)
    await deliver(store, source, [a_delivery(f"r{n}") for n in range(3)])
    assert (await report_of(store, source)).values == ()


async def test_snapshots_make_the_trend_oldest_first(store: PostgresStore) -> None:
    source = await a_source(store)
    first = await delivered_and_kept(store, source, [nameless(1), nameless(2), broken(1)])
    second = await delivered_and_kept(store, source, [a_delivery("a")])
    trend = (await report_of(store, source)).trend
    assert [(p.harvest, p.live, p.rejected) for p in trend] == [(first, 2, 1), (second, 3, 1)]
    assert trend[0].faults["no-control-number"] == 2
    assert trend[0].at < trend[1].at


async def test_an_unknown_source_has_no_report(store: PostgresStore) -> None:
    with pytest.raises(NotRegistered):
        await quality_report(store, SourceId(4711), "vi")
