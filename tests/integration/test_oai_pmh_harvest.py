import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from scripted_provider import (
    Script,
    Scripted,
    deletion,
    envelope,
    fault,
    identify,
    in_order,
    listing,
    marc,
    paged,
    scripted_provider,
)

from harvesters.http import Limits, retry_after, with_arguments
from harvesters.oai_pmh import OaiPmhHarvester, utc_datestamp
from harvesters.oai_provider import identify as identify_provider
from unioncat.core.errors import FeedError, NotAProvider, ProtocolFault, SourceUnreachable
from unioncat.core.registry import Checkpoint
from unioncat.pipeline.ports import HarvestPage
from unioncat.samples import SampleFeed, sample_providers

ONE_PAGE = listing([marc("1"), deletion("2")])
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Harvest:
    """One run against a script: its pages, its error, what was asked, how long it would have slept."""

    def __init__(self) -> None:
        self.pages: list[HarvestPage] = []
        self.requests: list[dict[str, str]] = []
        self.naps: list[float] = []
        self.error: FeedError | None = None

    @property
    def identifiers(self) -> list[str | None]:
        return [record.identifier for page in self.pages for record in page.records]

    async def nap(self, seconds: float) -> None:
        self.naps.append(seconds)


async def harvest(
    script: Script,
    *,
    set_spec: str | None = None,
    window: tuple[str | None, str | None] = (None, None),
    resume: Checkpoint | None = None,
    limits: Limits = Limits(),
) -> Harvest:
    run = Harvest()
    with scripted_provider(script) as provider:
        harvester = OaiPmhHarvester(
            provider.address, "marc21", set_spec, *window, limits=limits, sleep=run.nap
        )
        try:
            async for page in harvester.pages(resume):
                run.pages.append(page)
        except FeedError as error:
            run.error = error
        run.requests = provider.requests
    return run


# --- the list ---------------------------------------------------------------------------------------


async def test_three_pages_are_followed_by_their_tokens() -> None:
    run = await harvest(paged([[marc("1"), marc("2")], [marc("3")], [deletion("4")]]))
    assert run.identifiers == ["1", "2", "3", "4"]
    assert [page.total for page in run.pages] == [4, 4, 4]
    assert [request.get("resumptionToken") for request in run.requests] == [None, "1", "2"]
    assert [page.checkpoint.state.get("done") for page in run.pages] == [None, None, "true"]


async def test_after_the_first_request_only_verb_and_token_are_sent() -> None:
    run = await harvest(paged([[marc("1")], [marc("2")]]), set_spec="books")
    assert run.requests == [
        {"verb": "ListRecords", "metadataPrefix": "marc21", "set": "books"},
        {"verb": "ListRecords", "resumptionToken": "1"},
    ]


async def test_a_token_arrives_as_it_was_given() -> None:
    token = "a=b&c%20d+e/ü"
    run = await harvest(in_order(listing([marc("1")], token=token.replace("&", "&amp;")), ONE_PAGE))
    assert run.requests[1]["resumptionToken"] == token


async def test_an_address_keeps_the_arguments_it_has() -> None:
    assert with_arguments("http://x/oai?repo=a", {"verb": "Identify"}) == "http://x/oai?repo=a&verb=Identify"


async def test_no_records_match_is_an_empty_list_with_the_providers_date() -> None:
    run = await harvest(in_order(fault("noRecordsMatch")))
    assert run.identifiers == []
    assert [page.checkpoint.state for page in run.pages] == [
        {"response_date": "2024-05-01T10:00:00Z", "done": "true"}
    ]


async def test_a_page_without_records_is_no_end_while_it_has_a_token() -> None:
    run = await harvest(in_order(listing([], token="t"), ONE_PAGE))
    assert run.identifiers == ["1", "2"]


# --- checkpoints ------------------------------------------------------------------------------------


async def test_the_response_date_of_the_first_answer_is_kept_to_the_end() -> None:
    run = await harvest(
        in_order(
            listing([marc("1")], token="t", date="2024-05-01T17:00:00+07:00"),
            listing([marc("2")], date="2024-05-01T11:00:00Z"),
        )
    )
    assert run.pages[-1].checkpoint.state["response_date"] == "2024-05-01T10:00:00Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2000-01-01T00:00:00.000Z", "2000-01-01T00:00:00Z"),
        ("2023-03-30T16:02:12+05:45", "2023-03-30T10:17:12Z"),
        ("2002-06-01", "2002-06-01T00:00:00Z"),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_response_date_becomes_a_datestamp(text: str | None, expected: str | None) -> None:
    assert utc_datestamp(text) == expected


async def test_an_expired_token_restarts_the_window_of_the_checkpoint() -> None:
    resume = Checkpoint({"from": "2024-01-01", "token": "old", "response_date": "2024-04-30T00:00:00Z"})
    run = await harvest(in_order(fault("badResumptionToken"), ONE_PAGE), resume=resume)
    assert run.requests == [
        {"verb": "ListRecords", "resumptionToken": "old"},
        {"verb": "ListRecords", "metadataPrefix": "marc21", "from": "2024-01-01"},
    ]
    assert run.identifiers == ["1", "2"]
    assert run.pages[-1].checkpoint.state["response_date"] == "2024-04-30T00:00:00Z"


async def test_a_token_that_always_expires_ends_with_the_fault() -> None:
    def script(arguments: dict[str, str]) -> Scripted:
        return (
            fault("badResumptionToken")
            if "resumptionToken" in arguments
            else listing([marc("1")], token="short-lived")
        )

    run = await harvest(script)
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "badResumptionToken"


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]])
async def test_a_token_that_comes_again_ends_the_run_and_the_next_begins_anew(tokens: list[str]) -> None:
    pages = [listing([marc(str(number))], token=token) for number, token in enumerate(tokens)]
    run = await harvest(in_order(*pages))
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "loop"
    assert run.identifiers == [str(number) for number in range(len(tokens))]
    assert not {"token", "done"} & run.pages[-1].checkpoint.state.keys()


# --- windows ----------------------------------------------------------------------------------------


def windowed(granularity: str) -> Script:
    return lambda arguments: identify(granularity) if arguments["verb"] == "Identify" else ONE_PAGE


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        ("YYYY-MM-DD", ("2024-01-02", "2024-02-03")),
        ("YYYY-MM-DDThh:mm:ssZ", ("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z")),
    ],
)
async def test_a_window_is_as_fine_as_the_provider_allows(
    granularity: str, expected: tuple[str, str]
) -> None:
    run = await harvest(windowed(granularity), window=("2024-01-02T03:04:05Z", "2024-02-03T04:05:06Z"))
    assert (run.requests[-1]["from"], run.requests[-1]["until"]) == expected
    assert run.pages[-1].checkpoint.state["from"] == expected[0]


async def test_without_a_readable_identify_the_window_is_given_in_days() -> None:
    run = await harvest(faulty("badVerb", ListRecords=ONE_PAGE), window=("2024-01-02T03:04:05Z", None))
    assert run.requests[-1]["from"] == "2024-01-02"


async def test_a_window_of_days_needs_no_identify() -> None:
    run = await harvest(windowed("YYYY-MM-DD"), window=("2024-01-02", None))
    assert [request["verb"] for request in run.requests] == ["ListRecords"]


# --- errors of the protocol -------------------------------------------------------------------------


def faulty(code: str, **answers: Scripted) -> Script:
    return lambda arguments: answers.get(arguments["verb"], fault(code, "no"))


FORMATS = listing(
    [
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>".encode()
        for prefix in ("oai_dc", "marcxml")
    ],
    verb="ListMetadataFormats",
)
SETS = listing(
    [f"<set><setSpec>{spec}</setSpec><setName>n</setName></set>".encode() for spec in ("books", "maps")],
    verb="ListSets",
)


async def test_an_unknown_prefix_is_named_with_those_that_exist() -> None:
    run = await harvest(faulty("cannotDisseminateFormat", ListMetadataFormats=FORMATS))
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "cannotDisseminateFormat"
    assert "“marc21”; it offers oai_dc, marcxml" in str(run.error)


@pytest.mark.parametrize("code", ["noRecordsMatch", "badArgument"])
async def test_an_unknown_set_is_named_with_those_that_exist(code: str) -> None:
    run = await harvest(faulty(code, ListSets=SETS), set_spec="novels")
    assert isinstance(run.error, ProtocolFault)
    assert "“novels”; it has books, maps" in str(run.error)
    assert not run.pages


async def test_a_known_set_without_records_is_an_empty_list() -> None:
    run = await harvest(faulty("noRecordsMatch", ListSets=SETS), set_spec="maps")
    assert run.error is None
    assert run.pages[-1].checkpoint.state["done"] == "true"


async def test_a_set_of_a_provider_without_sets_is_named() -> None:
    run = await harvest(faulty("noSetHierarchy"), set_spec="novels")
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == "noSetHierarchy"
    assert "no sets, so not “novels”" in str(run.error)


@pytest.mark.parametrize("code", ["badArgument", "badVerb", "badResumptionToken", "strange"])
async def test_other_errors_keep_their_code_and_words(code: str) -> None:
    run = await harvest(in_order(fault(code, "so said the provider")))
    assert isinstance(run.error, ProtocolFault)
    assert run.error.code == code
    assert "so said the provider" in str(run.error)


async def test_an_error_of_the_protocol_counts_under_any_http_status() -> None:
    answer = fault("badArgument")
    run = await harvest(in_order(Scripted(answer.body, status=422)))
    assert isinstance(run.error, ProtocolFault)


# --- not a provider ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(b"<!DOCTYPE html><html><body>Trang ch\xe1\xbb\xa7</body></html>"),
        Scripted(b'{"error": "no"}'),
        Scripted(b"<rss/>"),
        Scripted(b"<html>Not here</html>", status=404),
        envelope(b""),
    ],
)
async def test_another_kind_of_answer_is_not_a_provider(answer: Scripted) -> None:
    run = await harvest(in_order(answer))
    assert isinstance(run.error, NotAProvider)
    assert "127.0.0.1" in str(run.error)
    assert not run.naps


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_refusing_or_failing_server_is_unreachable(status: int) -> None:
    run = await harvest(in_order(Scripted(b"<html>no</html>", status=status)))
    assert isinstance(run.error, SourceUnreachable)
    assert str(status) in str(run.error)


# --- patience ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_temporary_status_is_tried_again(status: int) -> None:
    run = await harvest(in_order(Scripted(status=status), Scripted(status=status), ONE_PAGE))
    assert run.identifiers == ["1", "2"]
    assert run.naps == [1, 2]


async def test_after_five_tries_the_status_is_reported() -> None:
    run = await harvest(in_order(Scripted(status=503)))
    assert isinstance(run.error, SourceUnreachable)
    assert "503" in str(run.error)
    assert run.naps == [1, 2, 4, 8]


async def test_retry_after_in_seconds_is_waited_for() -> None:
    run = await harvest(in_order(Scripted(status=503, headers={"Retry-After": "77"}), ONE_PAGE))
    assert run.naps == [77]


async def test_retry_after_as_a_date_is_waited_for() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=5), usegmt=True)
    run = await harvest(
        in_order(Scripted(status=429, headers={"Retry-After": date}), ONE_PAGE),
        limits=Limits(longest_wait=86400),
    )
    assert 4 * 3600 < run.naps[0] <= 5 * 3600


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("120", 120),
        ("Wed, 01 May 2024 12:01:30 GMT", 90),
        ("Wed, 01 May 2024 11:00:00 GMT", 0),
        ("Wednesday, 01-May-24 12:00:10 GMT", 10),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_both_forms_of_retry_after_are_read(header: str | None, expected: float | None) -> None:
    assert retry_after(header, NOON) == expected


async def test_no_server_makes_us_wait_longer_than_the_limit() -> None:
    run = await harvest(in_order(Scripted(status=503, headers={"Retry-After": "999999"}), ONE_PAGE))
    assert run.naps == [600]


@pytest.mark.parametrize(
    "answer",
    [
        Scripted(b""),
        Scripted(b" \n"),
        Scripted(ONE_PAGE.body, cut=300),
        Scripted(ONE_PAGE.body[:-40]),
    ],
)
async def test_an_empty_or_cut_answer_is_asked_for_again(answer: Scripted) -> None:
    run = await harvest(in_order(answer, ONE_PAGE))
    assert run.identifiers == ["1", "2"]
    assert len(run.naps) == 1


async def test_answers_that_stay_empty_make_the_source_unreachable() -> None:
    run = await harvest(in_order(Scripted(b"")))
    assert isinstance(run.error, SourceUnreachable)
    assert "empty" in str(run.error)


async def test_nobody_listening_is_unreachable_and_names_the_address() -> None:
    with scripted_provider(in_order(ONE_PAGE)) as provider:
        address = provider.address
    run = Harvest()
    with pytest.raises(SourceUnreachable, match=address):
        await anext(OaiPmhHarvester(address, "marc21", sleep=run.nap).pages(None))
    assert len(run.naps) == 4


@pytest.mark.parametrize("address", ["nonsense", "ftp://example.org/", "http://", "http://example.org:port/"])
async def test_an_impossible_address_is_refused_at_once(address: str) -> None:
    run = Harvest()
    with pytest.raises(SourceUnreachable):
        await anext(OaiPmhHarvester(address, "marc21", sleep=run.nap).pages(None))
    assert not run.naps


# --- limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_beyond_the_limit_is_refused_also_when_it_was_small_on_the_wire(packed: bool) -> None:
    body = listing([marc("1", "x" * 100_000)]).body
    answer = Scripted(gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Scripted(body)
    run = await harvest(in_order(answer), limits=Limits(size=50_000))
    assert isinstance(run.error, SourceUnreachable)
    assert "50,000 bytes" in str(run.error)
    assert not run.naps


async def test_a_compressed_answer_is_read() -> None:
    run = await harvest(
        in_order(Scripted(gzip.compress(ONE_PAGE.body), headers={"Content-Encoding": "gzip"}))
    )
    assert run.identifiers == ["1", "2"]


async def test_compression_in_layers_is_refused() -> None:
    body = gzip.compress(gzip.compress(ONE_PAGE.body))
    run = await harvest(in_order(Scripted(body, headers={"Content-Encoding": "gzip, gzip"})))
    assert isinstance(run.error, SourceUnreachable)


async def test_a_dripping_answer_ends_with_the_time_for_one_answer() -> None:
    run = await harvest(in_order(Scripted(ONE_PAGE.body, drip=0.05)), limits=Limits(answer=0.3))
    assert isinstance(run.error, SourceUnreachable)
    assert "0.3 s" in str(run.error)
    assert not run.naps


async def test_silence_is_tried_again() -> None:
    run = await harvest(in_order(Scripted(ONE_PAGE.body, drip=2, cut=1), ONE_PAGE), limits=Limits(read=0.2))
    assert run.identifiers == ["1", "2"]


async def test_redirects_are_followed_five_times_at_the_most() -> None:
    with scripted_provider(in_order(ONE_PAGE)) as target:
        away = Scripted(status=302, headers={"Location": f"{target.address}?verb=ListRecords"})
        run = await harvest(in_order(away))
        assert run.identifiers == ["1", "2"]
    run = await harvest(in_order(Scripted(status=302, headers={"Location": "/oai"})))
    assert isinstance(run.error, SourceUnreachable)
    assert len(run.requests) == 6


# --- what a provider is -----------------------------------------------------------------------------


async def test_identify_tells_what_registration_needs() -> None:
    script = faulty("badVerb", Identify=identify("YYYY-MM-DD"), ListMetadataFormats=FORMATS, ListSets=SETS)
    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address)
    assert (found.name, found.protocol_version, found.granularity) == ("Scripted", "2.0", "YYYY-MM-DD")
    assert (found.earliest_datestamp, found.deleted_record) == ("2001-01-01", "persistent")
    assert found.formats == ("oai_dc", "marcxml")
    assert found.sets == (("books", "n"), ("maps", "n"))


async def test_identify_takes_what_a_careless_provider_leaves_out() -> None:
    script = faulty("noSetHierarchy", Identify=envelope(b"<Identify/>"), ListMetadataFormats=FORMATS)
    with scripted_provider(script) as provider:
        found = await identify_provider(provider.address)
    assert (found.name, found.granularity, found.sets) == (provider.address, None, ())


# --- a provider that is not ours --------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, SampleFeed]]:
    with sample_providers(tmp_path_factory.mktemp("samples")) as feeds:
        yield {feed.isil: feed for feed in feeds}


async def test_every_sample_library_is_harvested_to_its_end(samples: dict[str, SampleFeed]) -> None:
    delivered: dict[str, int] = {}
    for feed in samples.values():
        pages = [page async for page in OaiPmhHarvester(feed.address, feed.metadata_prefix).pages(None)]
        assert len(pages) > 1
        assert pages[-1].checkpoint.state["done"] == "true"
        records = [record for page in pages for record in page.records]
        assert len({record.identifier for record in records}) == len(records)
        delivered[feed.isil] = len(records)
    assert len(delivered) == 5
    assert 250 <= sum(delivered.values()) <= 350


async def test_the_first_sample_library_has_a_deletion(samples: dict[str, SampleFeed]) -> None:
    harvester = OaiPmhHarvester(samples["VN-MAU01"].address, "marc21")
    records = [record async for page in harvester.pages(None) for record in page.records]
    assert [record.raw for record in records if record.deleted] == [b""]


async def test_a_set_and_a_window_choose_from_a_sample_library(samples: dict[str, SampleFeed]) -> None:
    address = samples["VN-MAU01"].address
    serials = [p async for p in OaiPmhHarvester(address, "marc21", "serials").pages(None)]
    assert len(serials[0].records) == 2
    late = OaiPmhHarvester(address, "marc21", None, "2024-01-05T09:00:00Z", "2024-01-05T09:03:00Z")
    assert [len(page.records) async for page in late.pages(None)] == [4]
    later = OaiPmhHarvester(address, "marc21", None, "2090-01-01T00:00:00Z")
    assert [page.records async for page in later.pages(None)] == [()]


async def test_a_sample_library_names_unknown_prefixes_and_sets(samples: dict[str, SampleFeed]) -> None:
    address = samples["VN-MAU02"].address
    with pytest.raises(ProtocolFault, match="it offers marcxml, oai_dc"):
        await anext(OaiPmhHarvester(address, "marc21").pages(None))
    with pytest.raises(ProtocolFault, match="it has books, serials, other"):
        await anext(OaiPmhHarvester(address, "marcxml", "novels").pages(None))


async def test_a_sample_library_says_who_it_is(samples: dict[str, SampleFeed]) -> None:
    found = await identify_provider(samples["VN-MAU04"].address)
    assert (found.name, found.deleted_record) == ("Thư viện Mẫu Cần Thơ", "persistent")


def test_the_sample_libraries_are_gone_when_the_block_ends(tmp_path: Path) -> None:
    with sample_providers(tmp_path) as feeds:
        addresses = [feed.address for feed in feeds]
    with pytest.raises(OSError, match="refused"):
        urlopen(addresses[0])
