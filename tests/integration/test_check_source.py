"""A preflight says what a feed is worth, whatever the feed does, and writes no record."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from deliveries import a_delivery, a_source
from scripted_provider import Script, Scripted, deletion, envelope, fault, listing, marc, scripted_provider

from harvesters.access import FeedAccess
from harvesters.guard import AddressGuard
from harvesters.probes import OaiPmhProbe, probe_of, probe_of_file
from unioncat.core.delivery import DeliveredRecord, RecordFormat, TextEncoding
from unioncat.core.errors import SourceUnreachable, UnioncatError
from unioncat.core.identifiers import Isil
from unioncat.core.quality.feed import FeedIdentity
from unioncat.core.quality.verdict import Verdict
from unioncat.core.registry import NEW_SOURCE, Deletions, HarvestSource, Protocol, SourceState
from unioncat.pipeline.check_source import CheckReport, Sample, check_source
from unioncat.pipeline.quality_desk import QualityDesk
from unioncat.pipeline.source_states import accept_source, close_source, pause_source
from unioncat.store.engine import PostgresStore

LOOPBACK = FeedAccess(AddressGuard.of("127.0.0.0/8"))
FORMATS = b"".join(
    f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>x</schema>"
    f"<metadataNamespace>x</metadataNamespace></metadataFormat>".encode()
    for prefix in ("oai_dc", "marc21")
)
SETS = b"<set><setSpec>books</setSpec><setName>Books</setName></set>"


class Fixed:
    """A feed in memory."""

    def __init__(
        self,
        records: list[DeliveredRecord],
        total: int | None = None,
        identity: FeedIdentity = FeedIdentity(),
    ) -> None:
        self._records, self._total, self._identity = records, total, identity

    async def identity(self) -> FeedIdentity:
        return self._identity

    async def sample(self, limit: int) -> Sample:
        return Sample(tuple(self._records[:limit]), self._total)


def a_provider(
    records: list[bytes], total: int | None = None, policy: str = "persistent", formats: bytes = FORMATS
) -> Script:
    def answer(arguments: dict[str, str]) -> Scripted:
        if arguments["verb"] == "Identify":
            return envelope(
                b"<Identify><repositoryName>Scripted</repositoryName><protocolVersion>2.0</protocolVersion>"
                b"<granularity>YYYY-MM-DD</granularity><deletedRecord>"
                + policy.encode()
                + b"</deletedRecord></Identify>"
            )
        if arguments["verb"] == "ListMetadataFormats":
            return envelope(b"<ListMetadataFormats>" + formats + b"</ListMetadataFormats>")
        if arguments["verb"] == "ListSets":
            return envelope(b"<ListSets>" + SETS + b"</ListSets>")
        return listing(records, total=total) if records else fault("noRecordsMatch")

    return answer


async def an_oai_source(store: PostgresStore, address: str, **changes: object) -> HarvestSource:
    await a_source(store)
    draft = HarvestSource(NEW_SOURCE, Isil("VN-TEST1"), Protocol.OAI_PMH, address, state=SourceState.PROPOSED)
    async with store.work() as work:
        saved = await work.sources.save(replace(draft, **changes))
        await work.commit()
    return saved


async def check(store: PostgresStore, script: Script, **changes: object) -> tuple[HarvestSource, CheckReport]:
    with scripted_provider(script) as provider:
        source = await an_oai_source(store, provider.address, **changes)
        return source, await check_source(store, source, OaiPmhProbe(source, LOOPBACK))


async def check_records(store: PostgresStore, records: list[DeliveredRecord], total: int | None = None):
    return await check_source(store, await a_source(store), Fixed(records, total))


def codes(report: CheckReport) -> set[str]:
    return {reason.code for reason in report.reasons}


async def live(store: PostgresStore, source: HarvestSource) -> int:
    async with store.work() as work:
        return await work.quality.live(source.id)


# --- OAI-PMH ------------------------------------------------------------------------------------------


async def test_a_provider_is_described_and_nothing_of_it_is_stored(store: PostgresStore) -> None:
    source, report = await check(store, a_provider([marc("1"), marc("2"), deletion("3")], total=3))
    assert report.reachable
    assert report.identity.name == "Scripted"
    assert report.identity.protocol == "OAI-PMH 2.0"
    assert report.identity.formats == ("oai_dc", "marc21")
    assert (report.format_offered, report.set_offered) == (True, None)
    assert report.identity.granularity == "YYYY-MM-DD"
    assert report.proposed_deletions is Deletions.REPORTED
    assert (report.total, report.deleted, report.sample.read) == (3, 1, 2)
    assert [record.title for record in report.sample.records] == ["Truyện Kiều"] * 2
    assert report.verdict is Verdict.LOOK
    assert codes(report) == {"no-holdings"}
    assert await live(store, source) == 0


async def test_the_report_is_kept_and_can_be_read_again(store: PostgresStore) -> None:
    source, report = await check(store, a_provider([marc("1")], total=1))
    async with store.work() as work:
        _, kept = await work.sources.check_report(source.id)
    assert kept == json.loads(json.dumps(report.as_json()))
    assert kept["verdict"] == "look"


async def test_a_provider_that_does_not_report_deletions_reliably_should_be_audited(
    store: PostgresStore,
) -> None:
    for policy in ("no", "transient"):
        _, report = await check(store, a_provider([marc("1")], policy=policy))
        assert report.proposed_deletions is Deletions.AUDIT
        assert "deletions" in codes(report)
    _, audited = await check(
        store,
        a_provider([marc("1")], policy="no"),
        terms=replace(
            HarvestSource(NEW_SOURCE, Isil("VN-1"), Protocol.FILE, "x").terms, deletions=Deletions.AUDIT
        ),
    )
    assert "deletions" not in codes(audited)


@pytest.mark.parametrize(
    ("changes", "code"), [({"metadata_prefix": "marcxml"}, "no-format"), ({"set_spec": "novels"}, "no-set")]
)
async def test_a_format_or_set_that_is_not_there_is_bad_and_what_is_there_is_named(
    store: PostgresStore, changes: dict[str, str], code: str
) -> None:
    _, report = await check(store, a_provider([marc("1")]), **changes)
    assert report.verdict is Verdict.BAD
    assert codes(report) == {code}
    assert report.sample is None
    assert "marc21" in report.reasons[0].vi or "books" in report.reasons[0].vi


async def test_an_empty_provider_is_bad_and_one_with_deletions_only_wants_a_look(
    store: PostgresStore,
) -> None:
    _, report = await check(store, a_provider([]))
    assert codes(report) == {"empty"}
    _, report = await check(store, a_provider([deletion("1")]))
    assert codes(report) == {"only-deletions"}


async def test_what_is_no_provider_is_a_report_and_no_error(store: PostgresStore) -> None:
    source, report = await check(store, lambda arguments: Scripted(b"<html><h1>Welcome</h1></html>"))
    assert report.verdict is Verdict.BAD
    assert not report.reachable
    assert codes(report) == {"unreachable"}
    assert source.address.split("//")[1] in report.reasons[0].vi


async def test_a_server_that_is_not_there_is_a_report(store: PostgresStore) -> None:
    source = await an_oai_source(store, "http://127.0.0.1:9/oai")
    report = await check_source(store, source, OaiPmhProbe(source, LOOPBACK), patience=0.5)
    assert codes(report) <= {"unreachable", "too-slow"}


async def test_a_person_does_not_wait_for_ever(store: PostgresStore) -> None:
    class Slow(Fixed):
        async def sample(self, limit: int) -> Sample:
            await asyncio.sleep(60)
            raise AssertionError

    report = await check_source(store, await a_source(store), Slow([]), patience=0.05)
    assert report.reachable
    assert report.verdict is Verdict.BAD
    assert codes(report) == {"too-slow"}


# --- what a sample shows ------------------------------------------------------------------------------


async def test_a_good_feed_is_good(store: PostgresStore) -> None:
    report = await check_records(store, [a_delivery(f"r{n}", isbn="9786045701126") for n in range(30)], 30)
    assert report.verdict is Verdict.GOOD
    assert codes(report) == {"fine"}
    assert len(report.sample.records) == 20
    first = report.sample.records[0]
    assert (first.control_number, first.year, first.isbns) == ("r0", "2012", ("9786045701126",))
    assert [(h.location, h.call_number, h.copies) for h in first.holdings] == [("Kho A", None, 1)]


async def test_a_feed_whose_records_cannot_be_read_is_bad(store: PostgresStore) -> None:
    broken = [DeliveredRecord(b"{broken", RecordFormat.MARC_JSON, f"record {n}") for n in range(5)]
    report = await check_records(store, [*broken, *(a_delivery(f"r{n}") for n in range(5))], 10)
    assert report.verdict is Verdict.BAD
    assert "most-rejected" in codes(report)
    assert report.sample.rejections[0].count == 5
    report = await check_records(store, [*broken[:1], *(a_delivery(f"r{n}") for n in range(9))], 10)
    assert report.verdict is Verdict.LOOK
    assert "many-rejected" in codes(report)


async def test_control_numbers_that_stand_twice_are_told(store: PostgresStore) -> None:
    report = await check_records(store, [a_delivery("a"), a_delivery("a", title="Khác"), a_delivery("b")], 3)
    assert report.sample.duplicates == ("a",)
    assert "duplicates" in codes(report)


def in_koha(number: int, price: str | None = None) -> DeliveredRecord:
    delivered = a_delivery(f"k{number}", isbn=price)
    return replace(delivered, raw=delivered.raw.replace(b'"852"', b'"952"').replace(b'"j"', b'"o"'))


async def test_the_profile_that_fits_better_is_named(store: PostgresStore) -> None:
    report = await check_records(store, [in_koha(n) for n in range(10)], 10)
    assert report.sample.profile.best == "koha"
    assert (report.sample.profile.stated_reads, report.sample.profile.best_reads) == (0, 10)
    (reason,) = (reason for reason in report.reasons if reason.code == "better-profile")
    assert "“koha”" in reason.vi


async def test_prices_in_020_are_noted(store: PostgresStore) -> None:
    report = await check_records(store, [a_delivery(f"r{n}", isbn="45000đ") for n in range(10)], 10)
    assert codes(report) == {"running-numbers", "fine"}
    assert report.sample.faults[0].kind == "isbn-price"
    assert report.sample.faults[0].examples[0] == ("r0", "020 $a '45000đ'")


async def test_an_old_encoding_is_proposed_with_an_example(store: PostgresStore) -> None:
    title = "Th− viÖn Quèc gia ViÖt Nam vµ c«ng t¸c phôc vô b¹n ®äc"
    report = await check_records(
        store, [a_delivery(f"r{n}", title=title, author=None) for n in range(10)], 10
    )
    assert report.sample.encoding is not None
    assert report.sample.encoding.encoding is TextEncoding.TCVN3
    assert "encoding" in codes(report)


# --- files --------------------------------------------------------------------------------------------


async def test_a_file_is_counted_and_named(store: PostgresStore, tmp_path: Path) -> None:
    path = tmp_path / "sách.json"
    path.write_bytes(b"[" + b",".join(a_delivery(f"r{n}").raw for n in range(700)) + b"]")
    report = await check_source(store, await a_source(store), probe_of_file(path))
    assert (report.total, report.sample.read) == (700, 500)
    assert (report.identity.name, report.identity.protocol) == ("sách.json", "MARC-in-JSON")
    assert report.format_offered is None


async def test_a_file_that_is_none_is_a_report(store: PostgresStore, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.4 nothing")
    source = await a_source(store)
    for probe in (probe_of_file(path), probe_of_file(tmp_path / "missing.mrc"), probe_of(source)):
        report = await check_source(store, source, probe)
        assert codes(report) == {"unreachable"}


async def test_a_list_shows_its_columns_with_reasons(store: PostgresStore, tmp_path: Path) -> None:
    path = tmp_path / "danh mục.csv"
    rows = "\n".join(f"Sách thứ {n},Nguyễn Văn A,2001,DK{n:04}" for n in range(5))
    path.write_text(f"Tên sách,Tác giả,Năm XB,Số ĐKCB\n{rows}\n", "utf-8")
    report = await check_source(store, await a_source(store), probe_of_file(path))
    columns = {column.name: column for column in report.identity.columns}
    assert columns["Tên sách"].role == "title"
    assert "name" in columns["Tên sách"].reason
    assert columns["Tên sách"].examples[0] == "Sách thứ 0"
    assert "columns" in codes(report)
    assert report.total == 5
    assert report.sample.records[0].title == "Sách thứ 0"


# --- acceptance ---------------------------------------------------------------------------------------


async def test_a_source_is_accepted_after_a_check_that_is_not_bad(store: PostgresStore) -> None:
    source = await an_oai_source(store, "http://x/oai")
    with pytest.raises(UnioncatError, match="never checked"):
        await accept_source(store, source.id)
    await check_source(store, source, Fixed([]))
    with pytest.raises(UnioncatError, match="was bad"):
        await accept_source(store, source.id)
    await check_source(store, source, Fixed([a_delivery("a")]))
    assert (await accept_source(store, source.id)).state is SourceState.ACCEPTED
    assert (await pause_source(store, source.id)).state is SourceState.PAUSED
    assert (await accept_source(store, source.id)).state is SourceState.ACCEPTED
    assert (await close_source(store, source.id)).state is SourceState.CLOSED
    with pytest.raises(UnioncatError, match="closed"):
        await accept_source(store, source.id, force=True)


async def test_a_person_may_insist(store: PostgresStore) -> None:
    source = await an_oai_source(store, "http://x/oai")
    with pytest.raises(UnioncatError, match="only an accepted source"):
        await pause_source(store, source.id)
    assert (await accept_source(store, source.id, force=True)).state is SourceState.ACCEPTED


async def test_a_probe_that_cannot_be_opened_is_a_report(store: PostgresStore) -> None:
    async def refuse(source: HarvestSource) -> Fixed:
        raise SourceUnreachable("http://x/list.csv cannot be reached; check the address")

    source = await an_oai_source(store, "http://x/list.csv")
    desk = QualityDesk(store, refuse)
    assert await desk.last_check(source.id) is None
    assert codes(await desk.check(source.id)) == {"unreachable"}
    assert (await desk.last_check(source.id))[1]["reachable"] is False
