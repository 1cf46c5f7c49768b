"""The careful client of feeds: what is no provider, patience with a server, limits on its answers."""

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scripted_harvest import ONE_PAGE, Harvest, harvest
from scripted_provider import (
    HERE,
    Scripted,
    envelope,
    in_order,
    listing,
    marc,
    scripted_provider,
)

from harvesters.access import Limits
from harvesters.http import retry_after
from harvesters.oai_pmh import OaiPmhHarvester
from unioncat.core.errors import NotAProvider, SourceUnreachable

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


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
        await anext(OaiPmhHarvester(address, "marc21", access=HERE, sleep=run.nap).pages(None))
    assert len(run.naps) == 4


@pytest.mark.parametrize("address", ["nonsense", "ftp://example.org/", "http://", "http://example.org:port/"])
async def test_an_impossible_address_is_refused_at_once(address: str) -> None:
    run = Harvest()
    with pytest.raises(SourceUnreachable):
        await anext(OaiPmhHarvester(address, "marc21", access=HERE, sleep=run.nap).pages(None))
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
